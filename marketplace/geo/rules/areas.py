"""Areas on the map: what lies inside, and outlines that people bring themselves."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import shapely
from shapely.geometry.base import BaseGeometry

from marketplace.foundation.errors import N_, InvalidInput
from marketplace.geo.rules.points import Point

# Decimals of a degree in outlines for maps: 4 are 11 m or less.
OUTLINE_DECIMALS = 4

# Reference systems whose coordinates are longitude and latitude (RFC 7946, section 4; older files
# name it in a "crs" member).
_LON_LAT_SYSTEMS = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4258", "EPSG:4258")


@dataclass(frozen=True, eq=False)
class Area:
    """One or several polygons in longitude and latitude, WGS 84; their edge belongs to them."""

    geometry: BaseGeometry

    def __post_init__(self) -> None:
        """Prepare the geometry, so that one question takes microseconds."""
        shapely.prepare(self.geometry)

    @classmethod
    def from_wkb(cls, outline: bytes) -> Self:
        """Read well-known binary as the database keeps it."""
        return cls(shapely.from_wkb(outline))

    @classmethod
    def from_geojson_geometry(cls, geometry: dict[str, Any]) -> Self:
        """Read a GeoJSON geometry that is known to be a valid polygon or multipolygon."""
        return cls(shapely.from_geojson(json.dumps(geometry)))

    def to_wkb(self) -> bytes:
        """Give well-known binary for the database."""
        return shapely.to_wkb(self.geometry)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Give west, south, east and north in degrees."""
        west, south, east, north = self.geometry.bounds
        return west, south, east, north

    @property
    def label_point(self) -> Point:
        """Give a point that surely lies inside, for a name on the map."""
        inside = self.geometry.point_on_surface()
        return Point(inside.y, inside.x)

    def contains(self, point: Point) -> bool:
        """Say whether the point lies inside or on the edge."""
        return bool(shapely.intersects_xy(self.geometry, point.lon, point.lat))

    def touches_or_overlaps(self, other: "Area") -> bool:
        """Say whether both have at least one point in common."""
        return bool(self.geometry.intersects(other.geometry))

    def to_geojson(self) -> dict[str, Any]:
        """Give a GeoJSON geometry (RFC 7946), rounded to `OUTLINE_DECIMALS`."""
        rounded = shapely.transform(self.geometry, lambda xy: xy.round(OUTLINE_DECIMALS))
        geometry: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
        return geometry


def area_from_geojson(text: str) -> Area:
    """Read the outline of a district from a GeoJSON document; several features are united.

    Raises InvalidInput (field `boundary`) that says what is wrong and, as far as possible, where.
    """
    try:
        document = json.loads(text)
        _check_reference_system(document)
        polygons = [_polygon(rings) for rings in _polygons_in(document)]
    except (ValueError, RecursionError):
        raise _refusal(N_("Die Datei ist kein GeoJSON: Sie lässt sich nicht lesen.")) from None
    if not polygons:
        raise _refusal(N_("Die Datei enthält keine Fläche (Polygon oder MultiPolygon)."))
    return Area(shapely.union_all(polygons))


def _check_reference_system(document: object) -> None:
    if not isinstance(document, dict):
        raise _refusal(N_("Die Datei ist kein GeoJSON: Sie enthält kein Objekt."))
    system = json.dumps(document.get("crs") or "")
    if document.get("crs") and not any(known in system for known in _LON_LAT_SYSTEMS):
        raise _refusal(
            N_("Die Koordinaten müssen Länge und Breite in Grad sein (WGS 84, EPSG:4326).")
        )


def _polygons_in(item: object) -> Iterator[list[Any]]:
    if not isinstance(item, dict):
        raise _refusal(N_("Die Datei ist kein GeoJSON: Sie enthält Teile, die keine Objekte sind."))
    kind = item.get("type")
    if kind == "FeatureCollection":
        for feature in _list(item.get("features")):
            yield from _polygons_in(feature)
    elif kind == "GeometryCollection":
        for geometry in _list(item.get("geometries")):
            yield from _polygons_in(geometry)
    elif kind == "Feature":
        yield from _polygons_in(item.get("geometry"))
    elif kind == "Polygon":
        yield _list(item.get("coordinates"))
    elif kind == "MultiPolygon":
        yield from map(_list, _list(item.get("coordinates")))
    else:
        raise _refusal(
            N_("Nur Flächen sind erlaubt (Polygon oder MultiPolygon), gefunden wurde: %(kind)s."),
            kind=str(kind),
        )


def _polygon(rings: list[Any]) -> BaseGeometry:
    if not rings:
        raise _refusal(N_("Eine Fläche hat keine Linie, die sie umschließt."))
    for ring in rings:
        _check_ring(_list(ring))
    shell, *holes = [[(lon, lat) for lon, lat, *_height in ring] for ring in rings]
    polygon = shapely.Polygon(shell, holes)
    if not polygon.is_valid:
        raise _crossing(polygon)
    return polygon


def _check_ring(ring: list[Any]) -> None:
    # RFC 7946, section 3.1.6: four or more positions, the first and the last the same.
    if len(ring) < 4:
        raise _refusal(N_("Eine Linie hat weniger als vier Punkte und umschließt keine Fläche."))
    for position in ring:
        _check_position(position)
    if ring[0][:2] != ring[-1][:2]:
        raise _refusal(
            N_(
                "Eine Linie ist nicht geschlossen: Sie beginnt bei %(start)s und endet bei %(end)s."
            ),
            start=_written(ring[0]),
            end=_written(ring[-1]),
        )


def _check_position(position: object) -> None:
    numbers = position[:2] if isinstance(position, list) else []
    if len(numbers) < 2 or any(type(number) not in (int, float) for number in numbers):
        raise _refusal(
            N_("Ein Punkt besteht nicht aus zwei Zahlen: %(position)s."),
            position=str(position)[:60],
        )
    lon, lat = numbers
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise _refusal(
            N_(
                "Der Punkt %(position)s liegt nicht auf der Erde. Erst kommt die Länge, dann die "
                "Breite, beide in Grad (WGS 84)."
            ),
            position=_written(numbers),
        )


def _crossing(polygon: BaseGeometry) -> InvalidInput:
    # GEOS names the reason and, in brackets, the first place: "Self-intersection[12.5 52.1]".
    reason, _, place = shapely.is_valid_reason(polygon).partition("[")
    place = place.rstrip("]").replace(" ", ", ")
    if "elf-intersection" in reason:
        return _refusal(
            N_("Eine Linie kreuzt oder berührt sich selbst bei %(place)s."), place=place
        )
    return _refusal(
        N_("Eine Fläche ist nicht gültig (%(reason)s) bei %(place)s."), reason=reason, place=place
    )


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise _refusal(N_("Die Datei ist kein GeoJSON: Eine Liste fehlt."))
    return value


def _written(position: list[Any]) -> str:
    return f"{position[0]}, {position[1]}"


def _refusal(message: str, **values: object) -> InvalidInput:
    return InvalidInput({"boundary": message}, **values)
