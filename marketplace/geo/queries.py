"""Reads the gazetteer and the boundaries."""

import math
from collections.abc import Collection
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from marketplace.foundation.errors import NotFound
from marketplace.geo.gazetteer_files import municipality_outlines
from marketplace.geo.models import (
    Boundary,
    BoundaryKind,
    GazetteerRelease,
    Place,
    PlaceName,
    Postcode,
)
from marketplace.geo.rules.areas import Area
from marketplace.geo.rules.places import NamedPlace, PlaceKind, PostcodeArea, district_title
from marketplace.geo.rules.points import Point, chord_metres

# Metres of one degree of latitude, at least (at the equator; WGS 84).
_DEGREE_METRES = 110_574.0

_PLACE_COLUMNS = (
    Place.id,
    Place.name,
    Place.label,
    Place.region,
    Place.kind,
    Place.lat,
    Place.lon,
    Place.population,
    Place.municipality_ags,
    Place.district_ags,
    PlaceName.key,
    PlaceName.is_alternate,
)

# A point is named after the nearest place; no spot of a district is farther from one.
_NAMED_WITHIN_METRES = 15_000.0

# Inhabitants from which a town of a neighbouring district helps people find their way on the map:
# ISI 1887 calls it a "Mittelstadt".
_LANDMARK_POPULATION = 20_000


def release_version(session: Session) -> str:
    """Give which state of the shipped data is loaded; empty where none is."""
    return session.scalar(select(GazetteerRelease.version)) or ""


def postcode_area(session: Session, code: str) -> PostcodeArea | None:
    """Give the area of a five-digit postcode."""
    postcode = session.get(Postcode, code)
    return _postcode_area(postcode) if postcode else None


def postcodes_beginning(session: Session, digits: str, *, limit: int) -> list[PostcodeArea]:
    """Give the first postcodes that begin so."""
    statement = (
        select(Postcode)
        .where(Postcode.code.startswith(digits, autoescape=True))
        .order_by(Postcode.code)
        .limit(limit)
    )
    return [_postcode_area(postcode) for postcode in session.scalars(statement)]


def only_postcodes(session: Session, municipalities: Collection[str]) -> dict[str, str]:
    """Give the postcode of each of these municipalities (AGS) that has exactly one."""
    if not municipalities:
        return {}
    statement = select(Postcode.code, Postcode.municipalities).where(
        or_(*(Postcode.municipalities.contains(ags, autoescape=True) for ags in municipalities))
    )
    codes: dict[str, list[str]] = {ags: [] for ags in municipalities}
    for code, served in session.execute(statement):
        for ags in codes.keys() & set(served.split()):
            codes[ags].append(code)
    return {ags: found[0] for ags, found in codes.items() if len(found) == 1}


def has_postcode_near(session: Session, point: Point, *, beginning: str, metres: float) -> bool:
    """Say whether the middle of a postcode that begins so lies in the square around a point."""
    west, south, east, north = square_around(point, metres)
    statement = select(Postcode.code).where(
        Postcode.lat.between(south, north),
        Postcode.lon.between(west, east),
        Postcode.code.startswith(beginning, autoescape=True),
    )
    return session.scalars(statement.limit(1)).first() is not None


def places_named(session: Session, keys: Collection[str]) -> list[NamedPlace]:
    """Give the places found under one of these keys."""
    return _places(session, _select_places().where(PlaceName.key.in_(keys)))


def places_beginning(
    session: Session, key: str, *, limit: int, within: Area | None = None
) -> list[NamedPlace]:
    """Give the most populous places under a key that begins so; a place may come twice.

    `within`: only places inside the rectangle around that area.
    """
    statement = _select_places().where(PlaceName.key.startswith(key, autoescape=True))
    if within is not None:
        west, south, east, north = within.bounds
        statement = statement.where(Place.lat.between(south, north), Place.lon.between(west, east))
    population = func.coalesce(Place.population, 0)
    return _places(session, statement.order_by(population.desc(), Place.id).limit(limit))


def places_around(session: Session, centre: Point, *, metres: float) -> list[NamedPlace]:
    """Give the places in the square around a point, once for each of their names."""
    west, south, east, north = square_around(centre, metres)
    statement = _select_places().where(
        Place.lat.between(south, north), Place.lon.between(west, east)
    )
    return _places(session, statement)


def nearest_place(session: Session, point: Point, *, name: str = "") -> NamedPlace | None:
    """Give the place nearest to a point; one that is called so goes before all others."""
    around = places_around(session, point, metres=_NAMED_WITHIN_METRES)
    return min(
        around,
        key=lambda each: (each.name != name, chord_metres(point, each.point)),
        default=None,
    )


def all_place_keys(session: Session) -> tuple[str, ...]:
    """Give every key under which a place is found, some 40,000, sorted by the database."""
    return tuple(session.scalars(select(PlaceName.key).distinct().order_by(PlaceName.key)))


def square_around(point: Point, metres: float) -> tuple[float, float, float, float]:
    """Give west, south, east and north of a rectangle that holds the circle of that radius."""
    height = metres / _DEGREE_METRES
    width = height / max(math.cos(math.radians(abs(point.lat) + height)), 0.01)
    return point.lon - width, point.lat - height, point.lon + width, point.lat + height


def _select_places() -> Select[*tuple[Any, ...]]:
    return select(*_PLACE_COLUMNS).join(PlaceName, PlaceName.place_id == Place.id)


def _places(session: Session, statement: Select[*tuple[Any, ...]]) -> list[NamedPlace]:
    return [_named_place(row) for row in session.execute(statement)]


def _named_place(row: Row[Any]) -> NamedPlace:
    return NamedPlace(
        id=row.id,
        name=row.name,
        label=row.label,
        region=row.region,
        kind=PlaceKind(row.kind),
        point=Point(row.lat, row.lon),
        population=row.population or 0,
        municipality_ags=row.municipality_ags or "",
        district_ags=row.district_ags,
        key=row.key,
        is_alternate=row.is_alternate,
    )


def _postcode_area(postcode: Postcode) -> PostcodeArea:
    return PostcodeArea(
        code=postcode.code,
        label=postcode.label,
        point=Point(postcode.lat, postcode.lon),
        district_ags=postcode.district_ags,
        municipalities=tuple(postcode.municipalities.split()),
        divides_town=postcode.divides_town,
    )


def boundary_area(session: Session, key: str) -> Area:
    """Give the outline under an official key (AGS) or a district's own key; raises NotFound."""
    outline = session.scalar(select(Boundary.outline).where(Boundary.key == key))
    if outline is None:
        raise NotFound
    return Area.from_wkb(outline)


def boundary_exists(session: Session, key: str) -> bool:
    """Say whether there is an outline under an official key (AGS) or a district's own key."""
    return session.scalar(select(Boundary.key).where(Boundary.key == key)) is not None


def district_titles(session: Session, keys: Collection[str]) -> dict[str, str]:
    """Give "Landkreis Potsdam-Mittelmark" for each of these keys that is known."""
    rows = session.execute(
        select(Boundary.key, Boundary.name, Boundary.designation).where(Boundary.key.in_(set(keys)))
    )
    return {row.key: district_title(row.name, row.designation) for row in rows}


def district_map(session: Session, key: str) -> dict[str, Any]:
    """Give what a map of a district shows, as a GeoJSON FeatureCollection (RFC 7946).

    `role` of each feature: `district` (its outline), `neighbour`, `municipality` (outlines inside
    it; a municipality on the edge of an own outline counts where its inside point does), `town`
    (a point with `name` and `population`, null where unknown). Raises NotFound.
    """
    area = boundary_area(session, key)
    touching = _touching(session, area)
    titles = district_titles(session, {key, *touching})
    neighbours = [
        _feature("neighbour", other, titles[other], outline.to_geojson())
        for other, outline in _neighbours(key, area, touching).items()
    ]
    return {
        "type": "FeatureCollection",
        "features": [
            *neighbours,
            *_municipalities(area, touching.keys()),
            _feature("district", key, titles[key], area.to_geojson()),
            *_towns(session, area, touching.keys()),
        ],
    }


def _touching(session: Session, area: Area) -> dict[str, Area]:
    """Give the official districts that have a point in common with an area, sorted by key."""
    candidates = (
        (str(key), Area.from_wkb(outline))
        for key, outline in session.execute(_official(*area.bounds))
    )
    return {
        key: outline
        for key, outline in sorted(candidates, key=itemgetter(0))
        if area.touches_or_overlaps(outline)
    }


def _neighbours(key: str, area: Area, touching: dict[str, Area]) -> dict[str, Area]:
    return {
        other: outline
        for other, outline in touching.items()
        # An own outline may cover whole districts: they are no neighbours of it.
        if other != key and not area.contains(outline.label_point)
    }


def _municipalities(area: Area, districts: Collection[str]) -> list[dict[str, Any]]:
    return [
        _feature("municipality", outline.ags, outline.name, outline.geometry)
        for ags in districts
        for outline in municipality_outlines(ags)
        if area.contains(Area.from_geojson_geometry(outline.geometry).label_point)
    ]


def _towns(session: Session, area: Area, districts: Collection[str]) -> list[dict[str, Any]]:
    statement = (
        select(Place.name, Place.lat, Place.lon, Place.population)
        .where(Place.district_ags.in_(districts), Place.kind == PlaceKind.TOWN.value)
        .order_by(Place.id)
    )
    return [
        {
            "type": "Feature",
            "properties": {"role": "town", "name": row.name, "population": row.population},
            "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        }
        for row in session.execute(statement)
        if (row.population or 0) >= _LANDMARK_POPULATION or area.contains(Point(row.lat, row.lon))
    ]


def _feature(role: str, key: str, name: str, geometry: dict[str, Any]) -> dict[str, Any]:
    properties = {"role": role, "key": key, "name": name}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _official(west: float, south: float, east: float, north: float) -> Select[*tuple[Any, ...]]:
    return select(Boundary.key, Boundary.outline).where(
        Boundary.kind == BoundaryKind.OFFICIAL.value,
        Boundary.west <= east,
        Boundary.east >= west,
        Boundary.south <= north,
        Boundary.north >= south,
    )
