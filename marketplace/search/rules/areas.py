"""What lies inside a circle or a part of the map."""

from dataclasses import dataclass

from marketplace.foundation.errors import N_, InvalidInput
from marketplace.geo.rules.points import Point, chord_metres, geodesic_metres

LARGEST_RADIUS_METRES = 100_000

# On WGS 84 a geodesic s is longer than its chord by s - 2R sin(s / 2R), at most 1.04 m for 100 km
# and the ellipsoid's smallest radius of curvature R = a(1 - e²) = 6,335,439 m.
LONGEST_BULGE_METRES = 2
# A degree of latitude is shortest at the equator: 110,574 m on WGS 84.
_SHORTEST_DEGREE_METRES = 110_500


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map between meridians and parallels, edges included; degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        """Raise InvalidInput unless it is a part of the globe; none crosses the 180th meridian."""
        if not (-180 <= self.west <= self.east <= 180 and -90 <= self.south <= self.north <= 90):
            raise InvalidInput({"bbox": N_("Diesen Kartenausschnitt gibt es nicht.")})

    def holds(self, point: Point) -> bool:
        """Tell whether the point lies inside or on the edge."""
        return self.west <= point.lon <= self.east and self.south <= point.lat <= self.north


def lies_within(origin: Point, point: Point, radius_metres: float) -> bool:
    """Tell whether the geodesic between both is at most the radius, which is at most 100 km.

    The geodesic decides, because it is the distance that people are shown. It is slow, so the
    chord answers wherever both must agree.
    """
    chord = chord_metres(origin, point)
    if abs(chord - radius_metres) > LONGEST_BULGE_METRES:
        return chord < radius_metres
    return geodesic_metres(origin, point) <= radius_metres


def latitudes_within(origin: Point, radius_metres: float) -> tuple[float, float]:
    """Give the southernmost and the northernmost latitude that a circle can reach, in degrees."""
    degrees = (radius_metres + LONGEST_BULGE_METRES) / _SHORTEST_DEGREE_METRES
    return origin.lat - degrees, origin.lat + degrees
