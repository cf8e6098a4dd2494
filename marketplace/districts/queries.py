"""What is known about districts."""

import json
from dataclasses import dataclass

from sqlalchemy import select

from marketplace.districts.models import District, DistrictText, Host
from marketplace.districts.rules.texts import TextKey
from marketplace.foundation.database.tenancy import district_rows
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import DistrictId
from marketplace.geo.queries import boundary_area
from marketplace.geo.rules.areas import Area

_SYNONYMS = {
    "sqlite": (
        "SELECT synonyms FROM (SELECT id AS district_id, synonyms FROM district) AS own "
        "WHERE district_id = :district_id"
    ),
    "postgresql": (
        "SELECT synonyms FROM (SELECT id AS district_id, synonyms FROM district) AS own "
        "WHERE district_id = %(district_id)s"
    ),
}


@dataclass(frozen=True, kw_only=True)
class CurrentText:
    """The version of a text that counts now; `body` is Markdown."""

    version: int
    body: str


def district_id_of_host(work: UnitOfWork, host: str) -> DistrictId | None:
    """Give the district that answers on this host name (lower case, without port)."""
    return work.session.scalars(select(Host.district_id).where(Host.name == host)).first()


def own_district(work: UnitOfWork) -> District:
    """Give the district that this unit of work serves."""
    district = work.session.get(District, work.district_id)
    if district is None:
        raise NotFound
    return district


def own_synonyms(work: UnitOfWork) -> list[list[str]]:
    """Give the groups of words that mean the same in the district that this unit of work serves.

    Every search for words asks this, so it goes the shortest way.
    """
    dialect = work.session.get_bind().dialect.name
    ((synonyms,),) = district_rows(work.session, _SYNONYMS[dialect], {})
    found: list[list[str]] = json.loads(synonyms) if isinstance(synonyms, str) else synonyms
    return found


def lock_district(work: UnitOfWork) -> None:
    """Let nobody else who asks for this lock on before the end of the transaction."""
    # Its key stays free: rows that point at the district can be written meanwhile.
    work.session.execute(
        select(District.id).where(District.id == work.district_id).with_for_update(key_share=True)
    )


def primary_host(work: UnitOfWork, district_id: DistrictId) -> str:
    """Give the host name that links in mails lead to."""
    name = work.session.scalars(
        select(Host.name).where(Host.district_id == district_id, Host.is_primary)
    ).first()
    if name is None:
        raise NotFound
    return name


def all_districts(work: UnitOfWork) -> list[District]:
    """Give all districts by slug."""
    return list(work.session.scalars(select(District).order_by(District.slug)))


def district_by_slug(work: UnitOfWork, slug: str) -> District | None:
    """Give the district of that slug."""
    return work.session.scalars(select(District).where(District.slug == slug)).first()


def current_text(work: UnitOfWork, key: str) -> CurrentText | None:
    """Give the newest version of one of the district's texts."""
    row = work.session.execute(
        select(DistrictText.version, DistrictText.body)
        .where(DistrictText.key == key)
        .order_by(DistrictText.version.desc())
        .limit(1)
    ).first()
    return CurrentText(version=row.version, body=row.body) if row else None


def texts_present(work: UnitOfWork) -> list[TextKey]:
    """Give which of its texts the district has written, in the order of TextKey."""
    stored = set(work.session.scalars(select(DistrictText.key).distinct()))
    return [key for key in TextKey if key in stored]


def own_area(work: UnitOfWork) -> Area:
    """Give the area of the district served; raises NotFound."""
    return boundary_area(work.session, boundary_key(work))


def boundary_key(work: UnitOfWork) -> str:
    """Give the key of the outline that counts for the district served."""
    district = own_district(work)
    return district.boundary_key or district.ags
