"""Answering a search from the columns: masks over rows, one filter after the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from marketplace.foundation.identifiers import ListingId
from marketplace.geo.rules.points import Point
from marketplace.search.backends.column_index import Array, ColumnIndex, Rows, ragged
from marketplace.search.backends.column_rows import (
    are_within,
    has_bounds,
    lie_inside,
    numbers_of,
    rows_near,
    rows_with,
    rows_with_words,
    squared_chords,
)
from marketplace.search.interfaces import MOST_PINS, Facet, Found, Outside, Placed
from marketplace.search.rules.areas import latitudes_within
from marketplace.search.rules.cursors import SortKey
from marketplace.search.rules.ranking import HALFWAY_METRES, NEARNESS_WITHOUT_PLACE
from marketplace.search.rules.requests import SearchRequest, Sort
from marketplace.search.rules.windows import Window
from marketplace.search.rules.word_query import WordQuery

# The search for the nearest outside widens by this factor until something lies in it.
_GROWTH = 1.5
_HALF_WAY_ROUND = 20_100_000.0
_WHERE = "where"
_COUNTED = {Facet.KIND: "kind", Facet.CATEGORY: "category", Facet.TERMS: "terms"}


def find(index: ColumnIndex, request: SearchRequest, query: WordQuery) -> Found:
    """Answer one page."""
    view = _view(index, request, query)
    hits = view.meets_all()
    rows, keys = view.ranked(hits)
    page, last_key = _page(index, rows, keys, request)
    return Found(
        listing_ids=page,
        last_key=last_key,
        total=len(rows),
        facets=_facets(view, hits),
        choices=_choices(view, hits),
        outside=_outside(index, request, query, len(rows)) if request.with_outside else None,
        without_place=int(
            np.count_nonzero(view.meets_all(but=_WHERE) & np.isnan(view.column("lat")))
        ),
    )


def placed(index: ColumnIndex, request: SearchRequest, query: WordQuery) -> Placed:
    """Give the hits for the map."""
    view = _view(index, request, query)
    rows, keys = view.ranked(view.meets_all() & ~np.isnan(view.column("lat")))
    first = _first(index, rows, keys, MOST_PINS)
    return Placed(_listing_ids(index, rows[first]), len(rows))


def _view(index: ColumnIndex, request: SearchRequest, query: WordQuery) -> "_View":
    """Give the rows that can be hits by words and place, and those like them without place."""
    rows: Rows
    words = None
    if query.wanted:
        rows, words = rows_with_words(index, query.wanted)
        nowhere = np.flatnonzero(np.isnan(index.column("lat")[rows]))
        if request.without_place:
            rows, words = rows[nowhere], words[nowhere]
    else:
        rows = index.nowhere if request.without_place else rows_near(index, request)
    squared = None if request.origin is None else squared_chords(index, rows, request.origin)
    if not has_bounds(request):
        return _View(index, rows, request, query, words=words, squared=squared)
    inside = np.flatnonzero(lie_inside(index, rows, request, squared))
    if words is None:
        numbers = np.concatenate([numbers_of(rows, inside), index.nowhere])
    else:
        found = np.concatenate([inside, nowhere])
        numbers, words = numbers_of(rows, found), words[found]
    view = _View(index, numbers, request, query, words=words, inside=len(inside))
    if squared is not None:
        view.squared = np.full(len(numbers), np.nan)
        view.squared[: len(inside)] = squared[inside]
    return view


@dataclass
class _View:
    """Some rows of the index, and which filters each of them meets."""

    index: ColumnIndex
    rows: Rows
    request: SearchRequest
    query: WordQuery
    # Of each of the rows:
    words: Array | None = None  # what the words count; None: none were asked for
    squared: Array | None = None  # the square of the chord from the origin; not a number: nowhere
    # The first so many lie inside the bounds, the others have no place; None: there are no bounds.
    inside: int | None = None

    def column(self, name: str) -> Array:
        """Give a column of these rows."""
        values: Array = self.index.column(name)[self.rows]
        return values

    @cached_property
    def common(self) -> Array:
        """What every hit meets and no facet leaves out."""
        request, index = self.request, self.index
        mask: Array = self.column("direction") == index.directions[request.direction]
        mask &= self.column("valid_until") > request.now.timestamp()
        if request.organisation_id is not None:
            mask &= self.column("organisation") == _code(
                index.organisations.find(request.organisation_id)
            )
        if request.quantity is not None:
            mask &= self.column("largest_level") >= request.quantity
        if request.period is not None:
            mask &= self._is_free(request.period)
        for part in self.query.unwanted:
            unwanted = np.zeros(len(index), bool)
            unwanted[rows_with(index, part)[0]] = True
            mask &= ~unwanted[self.rows]
        return mask

    def _is_free(self, period: Window) -> Array:
        places, owners = self.index.values_of(self.rows, "first_stretch", "stretches")
        holds = self.index.column("stretch_start")[places] <= period.start.timestamp()
        holds &= self.index.column("stretch_end")[places] >= period.end.timestamp()
        if self.request.quantity is not None:
            holds &= self.index.column("stretch_level")[places] >= self.request.quantity
        return self._having(owners[np.flatnonzero(holds)])

    @cached_property
    def filters(self) -> Mapping[str, Array]:
        """What facets leave out one by one; filters that were not asked for are missing."""
        request, index = self.request, self.index
        masks: dict[str, Array] = {}
        if self.inside is not None:
            masks[_WHERE] = is_inside = np.zeros(len(self.column("direction")), bool)
            is_inside[: self.inside] = True
        if request.kinds:
            masks[Facet.KIND] = self._is_one_of(
                "kind", [index.kinds.find(k) for k in request.kinds]
            )
        if request.category is not None:
            group = [index.categories.find(request.category)]
            group += index.categories.beginning_with(f"{request.category}.")
            masks[Facet.CATEGORY] = self._is_one_of("category", group)
        if request.terms:
            modes = [index.modes.find(mode) for mode in request.terms]
            masks[Facet.TERMS] = self._is_one_of("terms", modes)
        for question, choices in request.choices_by_question().items():
            masks[_of_question(question)] = self._has_choice(choices)
        return masks

    def _is_one_of(self, name: str, codes: Iterable[int | None]) -> Array:
        values = self.column(name)
        first, *others = codes
        mask: Array = values == _code(first)
        for code in others:
            mask |= values == _code(code)
        return mask

    def _has_choice(self, choices: Iterable[str]) -> Array:
        codes = [_code(self.index.choice_codes.find(choice)) for choice in choices]
        places, owners = self.index.values_of(self.rows, "first_choice", "choices")
        given = np.isin(self.index.column("choice")[places], codes)
        return self._having(owners[np.flatnonzero(given)])

    def _having(self, owners: Array) -> Array:
        """Give the mask of the rows at these places."""
        mask = np.zeros(len(self.column("direction")), bool)
        mask[owners] = True
        return mask

    def meets_all(self, *, but: str = "") -> Array:
        """Tell which rows meet everything, one filter left out."""
        mask = self.common.copy()
        for name, meets in self.filters.items():
            if name != but:
                mask &= meets
        return mask

    def ranked(self, mask: Array) -> tuple[Array, Array]:
        """Give the rows of a mask and what they are ordered by, smallest first."""
        rows = numbers_of(self.rows, np.flatnonzero(mask))
        match self.request.order:
            case Sort.NEWEST:
                return rows, -self.column("published_at")[mask]
            case Sort.DISTANCE:
                squared = self._squared_of(mask)
                return rows, squared if self.inside is not None else _nowhere_last(squared)
            case Sort.RELEVANCE:
                words = 1 if self.words is None else self.words[mask]
                return rows, -(words * self.column("freshness")[mask] * self._nearness(mask))

    def _squared_of(self, mask: Array) -> Array:
        if self.squared is None:
            raise ValueError("there is no distance without an origin")
        squared: Array = self.squared[mask]
        return squared

    def _nearness(self, mask: Array) -> Array | float:
        if self.request.origin is None:
            return 1.0
        near = HALFWAY_METRES / (HALFWAY_METRES + np.sqrt(self._squared_of(mask)))
        return np.where(np.isnan(near), NEARNESS_WITHOUT_PLACE, near)


def _nowhere_last(squared: Array) -> Array:
    return np.where(np.isnan(squared), np.inf, squared)


def _page(
    index: ColumnIndex, rows: Array, keys: Array, request: SearchRequest
) -> tuple[tuple[ListingId, ...], SortKey | None]:
    """Give the ids of the page, and the key of its last hit where more follow."""
    if request.after is not None:
        (value, *_), listing_id = request.after
        ids = index.column("listing_id")[rows]
        rest = (keys > value) | ((keys == value) & (ids > listing_id.encode()))
        rows, keys = rows[rest], keys[rest]
    first = _first(index, rows, keys, request.limit)
    page = _listing_ids(index, rows[first])
    more = len(rows) > len(page)
    return page, ((float(keys[first[-1]]),), page[-1]) if more else None


def _first(index: ColumnIndex, rows: Array, keys: Array, count: int) -> Array:
    """Give the places of the first so many, in order; what is equal by id."""
    places = np.arange(len(keys))
    if len(keys) > count:
        places = np.flatnonzero(keys <= np.partition(keys, count - 1)[count - 1])
    ids = index.column("listing_id")[rows[places]]
    return places[np.lexsort((ids, keys[places]))[:count]]


def _listing_ids(index: ColumnIndex, rows: Array) -> tuple[ListingId, ...]:
    # As one text: decoded one by one they would take longer than all the rest.
    ids = index.column("listing_id")[rows]
    text, length = ids.tobytes().decode("ascii"), ids.itemsize
    starts = range(0, len(text), length)
    return tuple(ListingId(text[start : start + length].rstrip("\0")) for start in starts)


def _facets(view: _View, hits: Array) -> dict[Facet, dict[str, int]]:
    codes = {
        Facet.KIND: view.index.kinds,
        Facet.CATEGORY: view.index.categories,
        Facet.TERMS: view.index.modes,
    }
    return {
        facet: _counts(
            view.column(column)[view.meets_all(but=facet) if facet in view.filters else hits],
            codes[facet].texts,
        )
        for facet, column in _COUNTED.items()
    }


def _counts(codes: Array, texts: list[str]) -> dict[str, int]:
    counts: list[int] = np.bincount(codes).tolist()
    return {texts[code]: count for code, count in enumerate(counts) if count and code}


def _choices(view: _View, hits: Array) -> dict[str, int]:
    texts = view.index.choice_codes.texts
    counts = _counts(_choice_codes(view, hits), texts)
    for question in view.request.choices_by_question():
        own = _of_question(question)
        others = _counts(_choice_codes(view, view.meets_all(but=own)), texts)
        beginning = f"{question}="
        counts = {
            **{choice: n for choice, n in counts.items() if not choice.startswith(beginning)},
            **{choice: n for choice, n in others.items() if choice.startswith(beginning)},
        }
    return counts


def _choice_codes(view: _View, mask: Array) -> Array:
    places, _ = ragged(view.column("first_choice")[mask], view.column("choices")[mask])
    return view.index.column("choice")[places]


def _outside(
    index: ColumnIndex, request: SearchRequest, query: WordQuery, inside: int
) -> Outside | None:
    """Count what meets everything but the radius, and find the nearest of it."""
    radius, origin = request.radius_metres, request.origin
    if radius is None or origin is None or request.without_place:
        return None
    anywhere = replace(request, radius_metres=None, cursor=None)
    view = _view(index, anywhere, query)
    rows = numbers_of(view.rows, np.flatnonzero(view.meets_all() & ~np.isnan(view.column("lat"))))
    count = len(rows) - inside
    return Outside(count, _nearest_beyond(index, rows, origin, radius)) if count else None


def _nearest_beyond(index: ColumnIndex, rows: Array, origin: Point, radius: float) -> ListingId:
    """Give the nearest of some rows that lie outside a radius; there must be one."""
    lats, reach = index.column("lat")[rows], radius
    while True:
        # In ever wider belts of latitude: all within `reach` lie in a belt.
        reach *= _GROWTH
        south, north = latitudes_within(origin, reach)
        near = rows[(lats >= south) & (lats <= north)]
        squared = squared_chords(index, near, origin)
        beyond = np.flatnonzero(~are_within(index, near, squared, origin, radius))
        if len(beyond):
            first = _first(index, near[beyond], squared[beyond], 1)
            if squared[beyond][first[0]] <= reach**2 or reach > _HALF_WAY_ROUND:
                (listing_id,) = _listing_ids(index, near[beyond][first])
                return listing_id


def _code(code: int | None) -> int:
    return -1 if code is None else code


def _of_question(question: str) -> str:
    return f"choice {question}"
