"""What the index holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, null, select

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId, OrganisationId
from marketplace.geo.rules.points import Point
from marketplace.search.models import SearchEntry
from marketplace.search.rules.analysis import ANALYSER_VERSION, AnalysedText, analysed
from marketplace.search.rules.documents import SearchDocument, windows_from_json
from marketplace.search.rules.windows import Window


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """All that decides whether a document is a hit, but for its words."""

    point: Point | None
    listing_id: ListingId
    direction: str
    kind: str
    category: str | None
    terms_mode: str | None
    choices: list[str]
    organisation_id: OrganisationId
    quantity: int
    valid_until: datetime
    published_at: datetime
    stored_windows: list[list[str]]

    @property
    def windows(self) -> tuple[Window, ...]:
        """When it is free; read only where somebody asks, for there may be many."""
        return windows_from_json(self.stored_windows)


_DECISIVE = (
    SearchEntry.lat,
    SearchEntry.lon,
    SearchEntry.listing_id,
    SearchEntry.direction,
    SearchEntry.kind,
    SearchEntry.category,
    SearchEntry.terms_mode,
    SearchEntry.choices,
    SearchEntry.organisation_id,
    SearchEntry.quantity,
    SearchEntry.valid_until,
    SearchEntry.published_at,
    SearchEntry.windows,
)

_WORDS = (
    SearchEntry.word_terms,
    SearchEntry.word_spellings,
    # What an older analyser left is analysed on the spot, until the index is built anew.
    case(
        (SearchEntry.analyser_version != ANALYSER_VERSION, SearchEntry.document), else_=null()
    ).label("outdated"),
)


def index_entries(work: UnitOfWork) -> list[IndexEntry]:
    """Give the entries of the whole district, as columns: they are read at every search."""
    rows = work.session.execute(select(*_DECISIVE))
    return [_entry(*row) for row in rows]


def index_entries_with_text(work: UnitOfWork) -> list[tuple[IndexEntry, AnalysedText]]:
    """Give the entries of the whole district and their words."""
    rows = work.session.execute(select(*_DECISIVE, *_WORDS))
    return [
        (_entry(*decisive), _text(terms, spellings, outdated))
        for *decisive, terms, spellings, outdated in rows
    ]


def _entry(lat: float | None, lon: float | None, *rest: Any) -> IndexEntry:  # noqa: ANN401 (_DECISIVE)
    return IndexEntry(None if lat is None or lon is None else Point(lat, lon), *rest)


def _text(
    terms: dict[str, str], spellings: dict[str, str], outdated: dict[str, Any] | None
) -> AnalysedText:
    if outdated is not None:
        return analysed(SearchDocument.from_json(outdated).texts())
    return AnalysedText(terms, spellings)


def documents_by_id(
    work: UnitOfWork, listing_ids: Iterable[ListingId]
) -> dict[ListingId, SearchDocument]:
    """Give those of the documents that are there."""
    rows = work.session.execute(
        select(SearchEntry.listing_id, SearchEntry.document).where(
            SearchEntry.listing_id.in_(list(listing_ids))
        )
    )
    return {row.listing_id: SearchDocument.from_json(row.document) for row in rows}


def titles_by_id(work: UnitOfWork, listing_ids: Iterable[ListingId]) -> dict[ListingId, str]:
    """Give the titles of those of the documents that are there."""
    rows = work.session.execute(
        select(
            SearchEntry.listing_id, SearchEntry.document["title"].as_string().label("title")
        ).where(SearchEntry.listing_id.in_(list(listing_ids)))
    )
    return {row.listing_id: row.title for row in rows}
