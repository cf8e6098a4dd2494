"""The reference engine: a loop over every document of the district, with nothing left out.

It is there to be obviously right: every filter is asked about every document, and everything else
follows from which of them say no.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.geo.rules.points import Point, chord_metres
from marketplace.search.interfaces import (
    MOST_PINS,
    Facet,
    Found,
    Outside,
    Placed,
    SearchDocument,
    SearchRequest,
    Sort,
)
from marketplace.search.queries import IndexEntry, documents_by_id, index_entries
from marketplace.search.rules.analysis import AnalysedText
from marketplace.search.rules.areas import lies_within
from marketplace.search.rules.cursors import SortKey
from marketplace.search.rules.free_time import Stretch, are_free
from marketplace.search.rules.ranking import (
    NEARNESS_WITHOUT_PLACE,
    nearness,
    relevance,
    squared_chord,
)
from marketplace.search.rules.word_query import WordQuery

_WHERE = frozenset({"radius", "bbox", "area"})

_Filter = Callable[[IndexEntry], bool]
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

    def find(self, work: UnitOfWork, request: SearchRequest, query: WordQuery) -> Found:
        answer = _answer(work, request, query)
        after = request.after
        rest = [hit for hit in answer.hits if after is None or hit[0] > after]
        page = rest[: request.limit]
        return Found(
            listing_ids=tuple(entry.listing_id for _, entry in page),
            last_key=page[-1][0] if len(rest) > len(page) else None,
            total=len(answer.hits),
            facets=answer.facets,
            choices=answer.choices,
            outside=Outside(len(answer.outside), answer.outside[0][1].listing_id)
            if answer.outside
            else None,
            without_place=answer.without_place,
        )

    def placed(self, work: UnitOfWork, request: SearchRequest, query: WordQuery) -> Placed:
        hits = _answer(work, request, query).hits
        placed = [entry.listing_id for _, entry in hits if entry.point is not None]
        return Placed(tuple(placed[:MOST_PINS]), len(placed))

    def known(self, work: UnitOfWork, lexemes: Collection[str]) -> set[str]:
        return set(lexemes) & {each for entry in index_entries(work) for each in entry.lexemes}

    def documents(
        self, work: UnitOfWork, listing_ids: Collection[ListingId]
    ) -> Mapping[ListingId, SearchDocument]:
        return documents_by_id(work, listing_ids)


def _answer(work: UnitOfWork, request: SearchRequest, query: WordQuery) -> _Answer:
    answer = _Answer()
    filters = _filters(request)
    for entry in index_entries(work):
        if entry.direction != request.direction or entry.valid_until <= request.now:
            continue
        words = query.weight_in(AnalysedText(entry.lexemes, entry.sequence))
        if words is None:
            continue
        failed = {name for name, meets in filters.items() if not meets(entry)}
        if not failed:
            answer.hits.append((_sort_key(entry, words, request, query), entry))
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


def _filters(request: SearchRequest) -> dict[str, _Filter]:
    kinds, category, terms = request.kinds, request.category, request.terms
    organisation, period, quantity = request.organisation_id, request.period, request.quantity
    asked = _choices_by_question(request.choices)
    return {
        **{question: _has_any(wanted) for question, wanted in asked.items()},
        Facet.KIND: lambda entry: not kinds or entry.kind in kinds,
        Facet.CATEGORY: lambda entry: _is_in_category(entry, category),
        Facet.TERMS: lambda entry: not terms or entry.terms_mode in terms,
        "organisation": lambda entry: organisation in (None, entry.organisation_id),
        "period": lambda entry: (
            period is None or are_free(_stretches(entry), period, quantity or 1)
        ),
        "quantity": lambda entry: (
            quantity is None or any(each.level >= quantity for each in _stretches(entry))
        ),
        "radius": lambda entry: _is_in_radius(entry.point, request),
        "bbox": lambda entry: _is_in_box(entry.point, request),
        "area": lambda entry: _is_in_area(entry.point, request),
        "without place": lambda entry: not request.without_place or entry.point is None,
    }


def _stretches(entry: IndexEntry) -> list[Stretch]:
    return [Stretch(int(level), start, end) for level, start, end in entry.stretches]


def _question_of(choice: str) -> str:
    return f"choice {choice.partition('=')[0]}"


def _choices_by_question(choices: Iterable[str]) -> dict[str, set[str]]:
    asked: dict[str, set[str]] = {}
    for choice in choices:
        asked.setdefault(_question_of(choice), set()).add(choice)
    return asked


def _has_any(wanted: set[str]) -> _Filter:
    return lambda entry: bool(wanted & set(entry.choices))


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


def _is_in_area(point: Point | None, request: SearchRequest) -> bool:
    if request.area is None or request.without_place:
        return True
    return point is not None and request.area.contains(point)


def _facet_values(entry: IndexEntry) -> dict[Facet, str | None]:
    return {
        Facet.KIND: entry.kind,
        Facet.CATEGORY: entry.category,
        Facet.TERMS: entry.terms_mode,
    }


def _sort_key(entry: IndexEntry, words: int, request: SearchRequest, query: WordQuery) -> SortKey:
    match request.order:
        case Sort.NEWEST:
            return (-entry.published_at.timestamp(),), entry.listing_id
        case Sort.DISTANCE:
            return _distance_key(entry, request)
        case Sort.RELEVANCE:
            counted = words if query.wanted else 1
            return (-relevance(counted, entry.freshness, _nearness(entry, request)),), (
                entry.listing_id
            )


def _nearness(entry: IndexEntry, request: SearchRequest) -> float:
    if request.origin is None:
        return 1.0
    if entry.point is None:
        return NEARNESS_WITHOUT_PLACE
    return nearness(_squared(entry, request.origin))


def _distance_key(entry: IndexEntry, request: SearchRequest) -> SortKey:
    if entry.point is None or request.origin is None:
        return (math.inf,), entry.listing_id
    squared = _squared(entry, request.origin)
    # The reference keeps its own idea of distance; the key's last bits are the shared formula's.
    assert math.isclose(math.sqrt(squared), chord_metres(request.origin, entry.point), abs_tol=1e-6)
    return (squared,), entry.listing_id


def _squared(entry: IndexEntry, origin: Point) -> float:
    assert entry.x is not None
    assert entry.y is not None
    assert entry.z is not None
    return squared_chord(origin, (entry.x, entry.y, entry.z))
