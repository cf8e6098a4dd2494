"""The reference engine: a loop over every document of the district, with nothing left out.

It is there to be obviously right: every filter is asked about every document, and everything else
follows from which of them say no.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.geo.rules.points import Point, chord_metres, geodesic_metres
from marketplace.search.interfaces import (
    MOST_PINS,
    Facet,
    Hit,
    NearestOutside,
    Pin,
    Pins,
    SearchDocument,
    SearchRequest,
    SearchResult,
    Sort,
    WordMatch,
)
from marketplace.search.queries import (
    IndexEntry,
    documents_by_id,
    index_entries,
    index_entries_with_text,
    titles_by_id,
)
from marketplace.search.rules.analysis import AnalysedText
from marketplace.search.rules.areas import lies_within
from marketplace.search.rules.cursors import SortKey
from marketplace.search.rules.windows import is_free, next_free_time
from marketplace.search.rules.word_query import WordQuery, parsed

_NO_TEXT = AnalysedText({}, {})
_WHERE = frozenset({"radius", "bbox"})

_Filter = Callable[[IndexEntry, AnalysedText], bool]
_Ranked = tuple[SortKey, IndexEntry]


@dataclass
class _Answer:
    """What the loop finds: the hits in order, and what lies outside the radius, nearest first."""

    hits: list[_Ranked] = field(default_factory=list)
    facets: dict[Facet, Counter[str]] = field(
        default_factory=lambda: {facet: Counter() for facet in Facet}
    )
    choices: Counter[str] = field(default_factory=Counter)
    outside: list[_Ranked] = field(default_factory=list)
    without_place: int = 0


class NaiveBackend:
    """Looks at everything, every time."""

    def search(self, work: UnitOfWork, request: SearchRequest) -> SearchResult:
        """Answer one page."""
        query = parsed(request.words)
        answer = _answer(work, request, query)
        after = request.after
        rest = [hit for hit in answer.hits if after is None or hit[0] > after]
        page = rest[: request.limit]
        shown = (*page, *answer.outside[:1])
        documents = documents_by_id(work, [entry.listing_id for _, entry in shown])
        return SearchResult(
            hits=tuple(
                _hit(documents[entry.listing_id], request, query)
                for _, entry in page
                if entry.listing_id in documents  # it may have gone since the loop
            ),
            total=len(answer.hits),
            facets=answer.facets,
            choices=answer.choices,
            nearest_outside=_nearest_outside(answer, request, documents),
            without_place=answer.without_place,
            next_cursor=request.continued_after(page[-1][0]) if len(rest) > len(page) else None,
        )

    def pins(self, work: UnitOfWork, request: SearchRequest) -> Pins:
        """Give the whole answer for the map."""
        answer = _answer(work, request, parsed(request.words))
        placed = [(entry, entry.point) for _, entry in answer.hits if entry.point is not None]
        shown = placed[:MOST_PINS]
        titles = titles_by_id(work, [entry.listing_id for entry, _ in shown])
        return Pins(
            pins=tuple(
                Pin(
                    listing_id=entry.listing_id,
                    kind=entry.kind,
                    title=titles[entry.listing_id],
                    point=point,
                )
                for entry, point in shown
                if entry.listing_id in titles
            ),
            total=len(placed),
        )


def _answer(work: UnitOfWork, request: SearchRequest, query: WordQuery) -> _Answer:
    answer = _Answer()
    filters = _filters(request, query)
    for entry, text in _candidates(work, query):
        if entry.direction != request.direction or entry.valid_until <= request.now:
            continue
        failed = {name for name, meets in filters.items() if not meets(entry, text)}
        if not failed:
            answer.hits.append((_sort_key(entry, text, request, query), entry))
        if failed == {"radius"} and entry.point is not None:
            answer.outside.append((_distance_key(entry, request), entry))
        if failed <= _WHERE and entry.point is None:
            answer.without_place += 1
        for facet, value in _facet_values(entry).items():
            if failed <= {facet} and value is not None:
                answer.facets[facet][value] += 1
        for choice in entry.choices:
            if failed <= {_question_of(choice)}:
                answer.choices[choice] += 1
    answer.hits.sort(key=itemgetter(0))
    answer.outside.sort(key=itemgetter(0))
    return answer


def _candidates(work: UnitOfWork, query: WordQuery) -> Iterable[tuple[IndexEntry, AnalysedText]]:
    if query.wanted or query.unwanted:
        return index_entries_with_text(work)
    return ((entry, _NO_TEXT) for entry in index_entries(work))


def _filters(request: SearchRequest, query: WordQuery) -> dict[str, _Filter]:
    kinds, category, terms = request.kinds, request.category, request.terms
    organisation, period, quantity = request.organisation_id, request.period, request.quantity
    asked = _choices_by_question(request.choices)
    return {
        **{question: _has_any(wanted) for question, wanted in asked.items()},
        "words": lambda entry, text: query.finds(text),
        Facet.KIND: lambda entry, text: not kinds or entry.kind in kinds,
        Facet.CATEGORY: lambda entry, text: _is_in_category(entry, category),
        Facet.TERMS: lambda entry, text: not terms or entry.terms_mode in terms,
        "organisation": lambda entry, text: organisation in (None, entry.organisation_id),
        "period": lambda entry, text: period is None or is_free(entry.windows, period),
        "quantity": lambda entry, text: quantity is None or entry.quantity >= quantity,
        "radius": lambda entry, text: _is_in_radius(entry.point, request),
        "bbox": lambda entry, text: _is_in_box(entry.point, request),
        "without place": lambda entry, text: not request.without_place or entry.point is None,
    }


def _question_of(choice: str) -> str:
    return f"choice {choice.partition('=')[0]}"


def _choices_by_question(choices: Iterable[str]) -> dict[str, set[str]]:
    asked: dict[str, set[str]] = {}
    for choice in choices:
        asked.setdefault(_question_of(choice), set()).add(choice)
    return asked


def _has_any(wanted: set[str]) -> _Filter:
    return lambda entry, text: bool(wanted & set(entry.choices))


def _is_in_category(entry: IndexEntry, category: str | None) -> bool:
    if category is None:
        return True
    return entry.category is not None and f"{entry.category}.".startswith(f"{category}.")


def _is_in_radius(point: Point | None, request: SearchRequest) -> bool:
    if request.origin is None or request.radius_metres is None or request.without_place:
        return True
    return point is not None and lies_within(request.origin, point, request.radius_metres)


def _is_in_box(point: Point | None, request: SearchRequest) -> bool:
    if request.bbox is None or request.without_place:
        return True
    return point is not None and request.bbox.holds(point)


def _facet_values(entry: IndexEntry) -> dict[Facet, str | None]:
    return {
        Facet.KIND: entry.kind,
        Facet.CATEGORY: entry.category,
        Facet.TERMS: entry.terms_mode,
    }


def _sort_key(
    entry: IndexEntry, text: AnalysedText, request: SearchRequest, query: WordQuery
) -> SortKey:
    newest: SortKey = (-entry.published_at.timestamp(),), entry.listing_id
    match request.order:
        case Sort.NEWEST:
            return newest
        case Sort.DISTANCE:
            return _distance_key(entry, request)
        case Sort.RELEVANCE:
            equals, listing_id = _distance_key(entry, request) if request.origin else newest
            return (-float(query.relevance(text)), *equals), listing_id


def _distance_key(entry: IndexEntry, request: SearchRequest) -> SortKey:
    if entry.point is None or request.origin is None:
        return (math.inf,), entry.listing_id
    return (chord_metres(request.origin, entry.point),), entry.listing_id


def _hit(document: SearchDocument, request: SearchRequest, query: WordQuery) -> Hit:
    return Hit(
        document=document,
        title=query.marked(document.title),
        matches=tuple(
            WordMatch(field=name, words=words)
            for name, text in document.texts().items()
            if (words := query.found_words(text))
        ),
        distance_metres=_geodesic(document.point, request),
        free=next_free_time(
            document.windows, request.period.start if request.period else request.now
        ),
    )


def _nearest_outside(
    answer: _Answer, request: SearchRequest, documents: Mapping[ListingId, SearchDocument]
) -> NearestOutside | None:
    if not answer.outside:
        return None
    document = documents.get(answer.outside[0][1].listing_id)
    distance = _geodesic(document.point, request) if document else None
    if document is None or distance is None:  # it has gone since the loop
        return None
    return NearestOutside(
        count=len(answer.outside),
        listing_id=document.listing_id,
        place=document.place,
        distance_metres=distance,
    )


def _geodesic(point: Point | None, request: SearchRequest) -> float | None:
    if point is None or request.origin is None:
        return None
    return geodesic_metres(request.origin, point)
