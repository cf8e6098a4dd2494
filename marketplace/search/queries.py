"""What the index holds."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple, TypeVar

import orjson
from sqlalchemy import func, select

from marketplace.foundation.database.tenancy import district_rows
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId, OrganisationId
from marketplace.geo.rules.points import Point
from marketplace.search.models import SearchChange, SearchEntry, SearchWord
from marketplace.search.rules.analysis import ANALYSER_VERSION
from marketplace.search.rules.documents import SearchDocument

_ROWS_AT_A_TIME = 500
# Some databases take no more parameters than some thousand.
_VALUES_AT_A_TIME = 500

_Value = TypeVar("_Value", bound=str)

_NEWEST_CHANGE = {
    "sqlite": "SELECT max(number) FROM search_change WHERE district_id = :district_id",
    "postgresql": "SELECT max(number) FROM search_change WHERE district_id = %(district_id)s",
}


_DOCUMENTS = {
    "sqlite": (
        "SELECT listing_id, document FROM search_entry WHERE district_id = :district_id "
        "AND listing_id IN (SELECT value FROM json_each(:ids))"
    ),
    "postgresql": (
        "SELECT listing_id, document::text FROM search_entry WHERE district_id = %(district_id)s "
        "AND listing_id IN (SELECT jsonb_array_elements_text(%(ids)s::jsonb))"
    ),
}


class IndexEntry(NamedTuple):
    """All that decides whether, and where, a document stands in an answer."""

    listing_id: ListingId
    direction: str
    kind: str
    category: str | None
    terms_mode: str | None
    choices: list[str]
    organisation_id: OrganisationId
    lat: float | None
    lon: float | None
    x: float | None
    y: float | None
    z: float | None
    stretches: list[list[float]]
    valid_until: datetime
    published_at: datetime
    freshness: float
    lexemes: dict[str, int]
    sequence: str

    @property
    def point(self) -> Point | None:
        """Where it is, None where nobody knows."""
        return None if self.lat is None or self.lon is None else Point(self.lat, self.lon)


_COLUMNS = tuple(getattr(SearchEntry, name) for name in IndexEntry._fields)


class PinRow(NamedTuple):
    """What the map shows of a document."""

    listing_id: ListingId
    kind: str
    title: str
    lat: float | None
    lon: float | None

    @property
    def point(self) -> Point | None:
        """Where it is, None where nobody knows."""
        return None if self.lat is None or self.lon is None else Point(self.lat, self.lon)


def newest_change(work: UnitOfWork) -> int:
    """Give the number of the district's newest change; 0: there has been none.

    Every search asks this first, so it goes the shortest way.
    """
    dialect = work.session.get_bind().dialect.name
    ((number,),) = district_rows(work.session, _NEWEST_CHANGE[dialect], {})
    return int(number or 0)


def oldest_change(work: UnitOfWork) -> int:
    """Give the number of the oldest change that the log still has; 0: it has none."""
    return work.session.scalar(select(func.min(SearchChange.number))) or 0


def known_words(work: UnitOfWork, words: Collection[str]) -> set[str]:
    """Give those of the words that documents of the district have or had."""
    return {
        word
        for some in _in_parts(words)
        for word in work.session.scalars(select(SearchWord.word).where(SearchWord.word.in_(some)))
    }


def words_about_as_long(work: UnitOfWork, word: str, *, most: int) -> list[str]:
    """Give the words of the district that have at most so many letters more or less."""
    length = func.length(SearchWord.word)
    wanted = length.between(len(word) - most, len(word) + most)
    return list(work.session.scalars(select(SearchWord.word).where(wanted)))


def outdated_entries(work: UnitOfWork) -> int:
    """Count the entries that another release's analysis wrote."""
    return (
        work.session.scalar(
            select(func.count())
            .select_from(SearchEntry)
            .where(SearchEntry.analyser_version != ANALYSER_VERSION)
        )
        or 0
    )


def listings_changed_since(work: UnitOfWork, number: int) -> set[ListingId]:
    """Give the listings whose entries were written or removed after a number."""
    return set(
        work.session.scalars(
            select(SearchChange.listing_id).where(SearchChange.number > number).distinct()
        )
    )


def index_entries(
    work: UnitOfWork, listing_ids: Collection[ListingId] | None = None
) -> Iterator[IndexEntry]:
    """Give the entries of these listings, or of the whole district."""
    if listing_ids is None:
        rows = work.session.execute(select(*_COLUMNS).execution_options(yield_per=_ROWS_AT_A_TIME))
        yield from (IndexEntry(*row) for row in rows)
        return
    for some in _in_parts(listing_ids):
        rows = work.session.execute(select(*_COLUMNS).where(SearchEntry.listing_id.in_(some)))
        yield from (IndexEntry(*row) for row in rows)


def documents_by_id(
    work: UnitOfWork, listing_ids: Collection[ListingId]
) -> dict[ListingId, SearchDocument]:
    """Give those of the documents that are there.

    Every search asks this for what it shows, so it goes the shortest way too.
    """
    if not listing_ids:
        return {}
    statement = _DOCUMENTS[work.session.get_bind().dialect.name]
    ids = orjson.dumps(list(listing_ids)).decode()
    return {
        ListingId(listing_id): SearchDocument.from_json(orjson.loads(document))
        for listing_id, document in district_rows(work.session, statement, {"ids": ids})
    }


def documents_of_kind(work: UnitOfWork, *, kind: str, direction: str) -> Iterator[SearchDocument]:
    """Give what is offered or looked for of a kind now, in the order of their ids."""
    for (document,) in work.session.execute(
        select(SearchEntry.document)
        .where(
            SearchEntry.kind == kind,
            SearchEntry.direction == direction,
            SearchEntry.valid_until > work.now(),
        )
        .order_by(SearchEntry.listing_id)
        .execution_options(yield_per=_ROWS_AT_A_TIME)
    ):
        yield SearchDocument.from_json(document)


def pins_by_id(work: UnitOfWork, listing_ids: Collection[ListingId]) -> dict[ListingId, PinRow]:
    """Give what the map shows of those of the documents that are there."""
    return {
        row.listing_id: PinRow(*row)
        for some in _in_parts(listing_ids)
        for row in work.session.execute(
            select(
                SearchEntry.listing_id,
                SearchEntry.kind,
                SearchEntry.document["title"].as_string(),
                SearchEntry.lat,
                SearchEntry.lon,
            ).where(SearchEntry.listing_id.in_(some))
        )
    }


def _in_parts(values: Collection[_Value]) -> Iterator[list[_Value]]:
    whole = list(values)
    for start in range(0, len(whole), _VALUES_AT_A_TIME):
        yield whole[start : start + _VALUES_AT_A_TIME]
