"""Fills the gazetteer and the boundaries."""

from pathlib import Path

from sqlalchemy import delete

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.geo.gazetteer_files import read_gazetteer, version_of
from marketplace.geo.models import (
    Boundary,
    BoundaryKind,
    GazetteerRelease,
    Place,
    PlaceName,
    Postcode,
)
from marketplace.geo.queries import release_version
from marketplace.geo.rules.areas import area_from_geojson
from marketplace.geo.sources import SHIPPED


def load_gazetteer(work: UnitOfWork, folder: Path = SHIPPED) -> bool:
    """Fill the tables from the shipped data; say whether anything had to be done.

    Nothing is read but the files' digest where the tables hold them already. Outlines that
    districts brought themselves stay.
    """
    version = version_of(folder)
    if release_version(work.session) == version:
        return False
    session = work.session
    rows = read_gazetteer(folder)
    for model in (PlaceName, Place, Postcode, GazetteerRelease):
        session.execute(delete(model))
    session.execute(delete(Boundary).where(Boundary.kind == BoundaryKind.OFFICIAL.value))
    for table in (rows.boundaries, rows.places, rows.names, rows.postcodes):
        session.add_all(table)
        session.flush()
        session.expunge_all()
    session.add(GazetteerRelease(version=version))
    session.flush()
    return True


def keep_own_boundary(work: UnitOfWork, slug: str, geojson: str, *, name: str = "") -> str:
    """Keep the outline that a district brings itself, in the place of an earlier one; give its key.

    Raises InvalidInput (field `boundary`) where it is no valid outline.
    """
    area = area_from_geojson(geojson)
    west, south, east, north = area.bounds
    key = f"own:{slug}"
    work.session.merge(
        Boundary(
            key=key,
            kind=BoundaryKind.OWN.value,
            name=name or slug,
            designation="",
            land="",
            area_km2=None,
            population=None,
            population_date=None,
            west=west,
            south=south,
            east=east,
            north=north,
            source="own",
            outline=area.to_wkb(),
        )
    )
    return key
