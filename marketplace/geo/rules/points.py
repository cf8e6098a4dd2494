"""Points on the WGS 84 ellipsoid and the distances between them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pyproj import Geod

# Semi-major axis in metres and first eccentricity squared of WGS 84
# (NGA.STND.0036, 2014, table 3.1 and 3.5).
_SEMI_MAJOR_AXIS = 6_378_137.0
_ECCENTRICITY_SQUARED = 6.694_379_990_141e-3
# Karney's geodesics, as geopy has them too, but for many points at once.
_WGS_84 = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Point:
    """A position in degrees, WGS 84; latitude first, as people say it."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        """Raise ValueError unless both numbers are finite and on the globe."""
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise ValueError(f"not a position on the globe: {self.lat}, {self.lon}")


def earth_centred(point: Point) -> tuple[float, float, float]:
    """Give the earth-centred cartesian position in metres, on the ellipsoid's surface."""
    lat = math.radians(point.lat)
    lon = math.radians(point.lon)
    normal = _SEMI_MAJOR_AXIS / math.sqrt(1 - _ECCENTRICITY_SQUARED * math.sin(lat) ** 2)
    return (
        normal * math.cos(lat) * math.cos(lon),
        normal * math.cos(lat) * math.sin(lon),
        normal * (1 - _ECCENTRICITY_SQUARED) * math.sin(lat),
    )


def chord_metres(start: Point, end: Point) -> float:
    """Give the straight line through the earth in metres: cheap, and exact in its order."""
    return math.dist(earth_centred(start), earth_centred(end))


def geodesic_metres(start: Point, end: Point) -> float:
    """Give the shortest way over the ellipsoid in metres, as it is shown to people."""
    return geodesics_metres(start, [end])[0]


def geodesics_metres(start: Point, ends: Sequence[Point]) -> list[float]:
    """Give the shortest ways from one point to each of several, in metres."""
    if not ends:
        return []
    count = len(ends)
    _, _, metres = _WGS_84.inv(
        [start.lon] * count,
        [start.lat] * count,
        [end.lon for end in ends],
        [end.lat for end in ends],
    )
    return [float(each) for each in metres]
