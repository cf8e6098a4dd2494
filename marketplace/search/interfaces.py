"""What a search engine promises, and what goes in and comes out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.geo.rules.points import Point
from marketplace.search.rules.analysis import TextField
from marketplace.search.rules.areas import Box
from marketplace.search.rules.cursors import SortKey
from marketplace.search.rules.documents import Json, SearchDocument, Terms
from marketplace.search.rules.free_time import FreeInterval
from marketplace.search.rules.marks import Marks, Segment
from marketplace.search.rules.requests import SearchRequest, Sort
from marketplace.search.rules.windows import FreeTime, Window
from marketplace.search.rules.word_query import WordQuery

__all__ = [
    "Box",
    "Facet",
    "Found",
    "FreeInterval",
    "FreeTime",
    "Hit",
    "Json",
    "NearestOutside",
    "Outside",
    "Pin",
    "Pins",
    "Placed",
    "SearchBackend",
    "SearchDocument",
    "SearchRequest",
    "SearchResult",
    "Segment",
    "Sort",
    "Terms",
    "TextField",
    "Window",
    "WordMatch",
]

# As many as one district may have on a map that still answers; list and map agree up to here.
MOST_PINS = 2_000


class Facet(StrEnum):
    """What the answer is counted by."""

    KIND = "kind"
    CATEGORY = "category"
    TERMS = "terms"


class WordMatch(NamedTuple):
    """Words of one field, as written there, that the search found."""

    field: TextField
    words: tuple[str, ...]


class Hit(NamedTuple):
    """A document that was found, and why.

    `distance_metres` is the geodesic from the origin, None without origin or place. `free` is when
    as many as were asked for are next free: at or after the start of the wanted period, or else
    after now; None: never.
    """

    document: SearchDocument
    matches: tuple[WordMatch, ...]
    distance_metres: float | None
    free: FreeTime | None
    marks: Marks

    @property
    def title(self) -> tuple[Segment, ...]:
        """The title, cut into what was found and what lies between."""
        return self.marks.marked(self.document.title)


@dataclass(frozen=True, kw_only=True)
class NearestOutside:
    """Documents that meet everything but the radius: how many, and the nearest of them."""

    count: int
    listing_id: ListingId
    place: str
    distance_metres: float  # the geodesic


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """One page of hits, and figures over the whole answer.

    Each facet counts what would be found without its own filter, by value; values that nothing
    has are missing. `without_place` counts documents that meet everything but have no place: they
    are part of the answer, at its end, only where neither radius nor box is asked for.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[Facet, Mapping[str, int]]
    choices: Mapping[str, int]  # by "question=answer", as a facet of each question
    nearest_outside: NearestOutside | None  # None: no radius asked for, or nothing outside it
    without_place: int
    next_cursor: str | None  # None: this is the last page
    did_you_mean: str | None = None  # what was searched for instead, where a word is in no offer


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A hit on the map."""

    listing_id: ListingId
    kind: str
    title: str
    point: Point


@dataclass(frozen=True, kw_only=True)
class Pins:
    """The hits of the whole answer that have a place, in its order; at most MOST_PINS of them."""

    pins: tuple[Pin, ...]
    total: int  # how many there would be without that bound


@dataclass(frozen=True, slots=True)
class Outside:
    """What meets everything but the radius: how many, and the nearest of them."""

    count: int
    nearest: ListingId


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What an engine finds: a page by its ids in order, and figures as SearchResult has them."""

    listing_ids: tuple[ListingId, ...]
    last_key: SortKey | None  # of the last hit where more follow; None: this is the last page
    total: int
    facets: Mapping[Facet, Mapping[str, int]]
    choices: Mapping[str, int]
    outside: Outside | None
    without_place: int


@dataclass(frozen=True, slots=True)
class Placed:
    """The first MOST_PINS hits that have a place, in order, and how many have one."""

    listing_ids: tuple[ListingId, ...]
    total: int


class SearchBackend(Protocol):
    """An engine; all engines give the same answers.

    Order: by distance, that is by the chord between earth-centred WGS 84 points, things without
    place last; by relevance (`search.rules.ranking`); or the newest first. What is equal then is
    ordered by id. Inside a radius lies what is at most as far away by the geodesic. Everything is
    confined to the district of the unit of work, and shows at least what was committed before
    the call.
    """

    def find(self, work: UnitOfWork, request: SearchRequest, query: WordQuery) -> Found:
        """Answer one page; `query` stands for the words of the request."""
        ...

    def placed(self, work: UnitOfWork, request: SearchRequest, query: WordQuery) -> Placed:
        """Give the whole answer for the map: the same set that `find` gives page by page."""
        ...

    def known(self, work: UnitOfWork, lexemes: Collection[str]) -> set[str]:
        """Give those of the lexemes that any document of the district has."""
        ...

    def documents(
        self, work: UnitOfWork, listing_ids: Collection[ListingId]
    ) -> Mapping[ListingId, SearchDocument]:
        """Give those of the documents that are there."""
        ...
