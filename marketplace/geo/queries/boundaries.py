"""Reads outlines of districts, what lies in them, and what a map of one shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from marketplace.foundation.errors import NotFound
from marketplace.geo.gazetteer_files import municipality_outlines
from marketplace.geo.models import Boundary, BoundaryKind, Place
from marketplace.geo.rules.areas import Area
from marketplace.geo.rules.places import PlaceKind, district_title
from marketplace.geo.rules.points import Point

# Inhabitants from which a town of a neighbouring district helps people find their way on the map:
# ISI 1887 calls it a "Mittelstadt".
_LANDMARK_POPULATION = 20_000


@dataclass(frozen=True, kw_only=True)
class DistrictFacts:
    """What is officially known of a district; area in square kilometres.

    Land is empty and the figures are None for an outline that a district brought itself.
    """

    key: str
    name: str
    title: str
    land: str
    area_km2: float | None
    population: int | None
    population_date: date | None


def boundary_area(session: Session, key: str) -> Area:
    """Give the outline under an official key (AGS) or a district's own key; raises NotFound."""
    outline = session.scalar(select(Boundary.outline).where(Boundary.key == key))
    if outline is None:
        raise NotFound
    return Area.from_wkb(outline)


def district_facts(session: Session, key: str) -> DistrictFacts:
    """Give name and figures of a district; raises NotFound."""
    row = session.execute(_facts().where(Boundary.key == key)).one_or_none()
    if row is None:
        raise NotFound
    return _district_facts(row)


def district_titles(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """Give "Landkreis Potsdam-Mittelmark" for each of these keys that is known."""
    rows = session.execute(_facts().where(Boundary.key.in_(set(keys))))
    return {row.key: _district_facts(row).title for row in rows}


def district_of(session: Session, point: Point) -> str | None:
    """Give the official key of the district that holds a point, None outside of all."""
    statement = _official(point.lon, point.lat, point.lon, point.lat)
    for key, outline in session.execute(statement):
        if Area.from_wkb(outline).contains(point):
            return str(key)
    return None


def neighbours_of(session: Session, key: str) -> dict[str, Area]:
    """Give the official districts that touch or overlap an outline, by key, without itself."""
    area = boundary_area(session, key)
    candidates = (
        (str(other), Area.from_wkb(outline))
        for other, outline in session.execute(_official(*area.bounds))
        if other != key
    )
    return {other: outline for other, outline in candidates if area.touches_or_overlaps(outline)}


def district_map(session: Session, key: str) -> dict[str, Any]:
    """Give what a map of a district shows, as a GeoJSON FeatureCollection (RFC 7946).

    `role` of each feature: `district` (its outline), `neighbour`, `municipality` (outlines inside
    it; a municipality on the edge of an own outline counts where its inside point does), `town`
    (a point with `name` and `population`, null where unknown). Raises NotFound.
    """
    area = boundary_area(session, key)
    neighbours = neighbours_of(session, key)
    facts = {row.key: _district_facts(row) for row in session.execute(
        _facts().where(Boundary.key.in_({key, *neighbours}))
    )}
    districts = [
        _feature("neighbour", other, facts[other].title, outline.to_geojson())
        for other, outline in sorted(neighbours.items())
    ]
    own = _feature("district", key, facts[key].title, area.to_geojson())
    return {
        "type": "FeatureCollection",
        "features": [
            *districts,
            *_municipalities(area, {key, *neighbours}),
            own,
            *_towns(session, area, {key, *neighbours}),
        ],
    }


def _municipalities(area: Area, districts: set[str]) -> list[dict[str, Any]]:
    return [
        _feature("municipality", outline.ags, outline.name, outline.geometry)
        for ags in sorted(districts)
        for outline in municipality_outlines(ags)
        if area.contains(Area.from_geojson_geometry(outline.geometry).label_point)
    ]


def _towns(session: Session, area: Area, districts: set[str]) -> list[dict[str, Any]]:
    statement = (
        select(Place.id, Place.name, Place.lat, Place.lon, Place.population)
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


def _official(west: float, south: float, east: float, north: float) -> Select[Any]:
    return select(Boundary.key, Boundary.outline).where(
        Boundary.kind == BoundaryKind.OFFICIAL.value,
        Boundary.west <= east,
        Boundary.east >= west,
        Boundary.south <= north,
        Boundary.north >= south,
    )


def _facts() -> Select[Any]:
    return select(
        Boundary.key,
        Boundary.name,
        Boundary.designation,
        Boundary.land,
        Boundary.area_km2,
        Boundary.population,
        Boundary.population_date,
    )


def _district_facts(row: Row[Any]) -> DistrictFacts:
    return DistrictFacts(
        key=row.key,
        name=row.name,
        title=district_title(row.name, row.designation).strip(),
        land=row.land,
        area_km2=row.area_km2,
        population=row.population,
        population_date=row.population_date,
    )
