"""Answering a search from the columns: masks over rows, one filter after the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import numpy as np

from marketplace.foundation.identifiers import ListingId
from marketplace.geo.rules.points import Point
from marketplace.search.backends.column_index import Array, ColumnIndex, Rows, counted, places_where
from marketplace.search.backends.column_rows import (
    are_free,
    are_within,
    count_of,
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
from marketplace.search.rules.word_query import WordQuery

# The search for the nearest outside widens by this factor until something lies in it.
_GROWTH = 1.5
_HALF_WAY_ROUND = 20_100_000.0
# So many are sorted faster than the first of them are found.
_FEW = 1_000
_COUNTED = {Facet.KIND: "kind", Facet.CATEGORY: "category", Facet.TERMS: "terms"}


def find(index: ColumnIndex, request: SearchRequest, query: WordQuery) -> Found:
    """Answer one page."""
    everywhere = _everywhere(index, request, query) if request.with_outside else None
    view = everywhere.around() if everywhere else _view(index, request, query)
    hits = view.hits()
    rows = numbers_of(view.rows, hits)
    page, last_key = _page(index, rows, view.keys(hits), request)
    return Found(
        listing_ids=page,
        last_key=last_key,
        total=len(rows),
        facets=_facets(view, hits),
        choices=_choices(view, hits),
        outside=_outside(everywhere, request, len(rows)) if everywhere else None,
        without_place=view.without_place(hits),
    )


def placed(index: ColumnIndex, request: SearchRequest, query: WordQuery) -> Placed:
    """Give the hits for the map."""
    view = _view(index, request, query)
    hits = view.hits()
    rows, keys = numbers_of(view.rows, hits), view.keys(hits)
    if view.inside is None:
        there = places_where(~np.isnan(index.column("lat")[rows]))
        rows, keys = rows[there], keys[there]
    first = _first(index, rows, keys, MOST_PINS)
    return Placed(_listing_ids(index, rows[first]), len(rows))


def _everywhere(index: ColumnIndex, request: SearchRequest, query: WordQuery) -> "_View | None":
    """Give the rows for a request without its radius; None where it has none."""
    if request.radius_metres is None or request.origin is None or request.without_place:
        return None
    return _view(index, request, query, beyond_radius=True)


def _view(
    index: ColumnIndex, request: SearchRequest, query: WordQuery, *, beyond_radius: bool = False
) -> "_View":
    """Give the rows that can be hits by words and place, and those like them without place.

    Beyond the radius no distances are worked out.
    """
    rows: Rows
    origin = None if beyond_radius else request.origin
    radius = None if beyond_radius else request.radius_metres
    words = None
    if query.wanted:
        rows, words = rows_with_words(index, query.wanted)
        nowhere = places_where(np.isnan(index.column("lat")[rows]))
        if request.without_place:
            rows, words = rows[nowhere], words[nowhere]
    else:
        rows = index.nowhere if request.without_place else rows_near(index, request, radius)
    squared = None if origin is None else squared_chords(index, rows, origin)
    # Looked up before the place, for rows that lie in a row: that is faster than row by row.
    free = are_free(index, rows, request)
    if not has_bounds(request, radius):
        view = _View(index, request, query, rows=rows, words=words, squared=squared)
        return view.narrowed(free)
    meets = lie_inside(index, rows, request, radius, squared)
    found = places_where(meets if free is None else meets & free)
    inside = len(found)
    if words is None:
        numbers = np.concatenate([numbers_of(rows, found), _nowhere(index, request)])
    else:
        found = np.concatenate([found, nowhere if free is None else nowhere[free[nowhere]]])
        numbers, words = numbers_of(rows, found), words[found]
    if squared is not None:
        far = np.full(len(numbers), np.nan)
        far[:inside] = squared[found[:inside]]
        squared = far
    view = _View(index, request, query, rows=numbers, words=words, squared=squared, inside=inside)
    return view.narrowed()


def _nowhere(index: ColumnIndex, request: SearchRequest) -> Array:
    """Give the rows without place that are free."""
    rows, free = index.nowhere, are_free(index, index.nowhere, request)
    return numbers_of(rows, slice(0, count_of(rows)) if free is None else places_where(free))


@dataclass(frozen=True, kw_only=True)
class _View:
    """Some rows of the index, and which filters each of them meets.

    Rows are numbers of the index; places tell where among these rows something stands.
    """

    index: ColumnIndex = field(kw_only=False)
    request: SearchRequest = field(kw_only=False)
    query: WordQuery = field(kw_only=False)
    rows: Rows
    # Of each of the rows:
    words: Array | None  # what the words count; None: none were asked for
    squared: Array | None  # the square of the chord from the origin; not a number: nowhere
    # The first so many lie inside the bounds, the others have no place; None: there are no bounds.
    inside: int | None = None

    def column(self, name: str) -> Array:
        """Give a column of these rows."""
        values: Array = self.index.column(name)[self.rows]
        return values

    def narrowed(self, free: Array | None = None) -> "_View":
        """Give those of the rows that meet what no facet leaves out, and are free."""
        masks = self._common() if free is None else [free, *self._common()]
        if not masks:
            return self
        kept = places_where(_all_of(masks))
        return replace(
            self,
            rows=numbers_of(self.rows, kept),
            words=None if self.words is None else self.words[kept],
            squared=None if self.squared is None else self.squared[kept],
            inside=None if self.inside is None else int(kept.searchsorted(self.inside)),
        )

    def around(self) -> "_View":
        """Give those of the rows within the radius, and those without place."""
        origin, radius = self.request.origin, self.request.radius_metres
        if origin is None or radius is None:
            raise ValueError("there is no radius without an origin")
        if isinstance(self.rows, slice):  # all rows are still there, in the order of latitude
            return _view(self.index, self.request, self.query)
        lats, (south, north) = self.column("lat"), latitudes_within(origin, radius)
        belt = places_where((lats >= south) & (lats <= north))
        rows = numbers_of(self.rows, belt)
        squared = squared_chords(self.index, rows, origin)
        near = are_within(self.index, rows, squared, origin, radius)
        kept = np.concatenate([belt[near], places_where(np.isnan(lats))])
        inside = int(np.count_nonzero(near))
        far = np.full(len(kept), np.nan)
        far[:inside] = squared[near]
        return replace(
            self,
            rows=numbers_of(self.rows, kept),
            words=None if self.words is None else self.words[kept],
            squared=far,
            inside=inside,
        )

    def _common(self) -> list[Array]:
        """Give what no facet leaves out; what all rows of the index meet is missing."""
        request, index = self.request, self.index
        masks: list[Array] = []
        direction = index.having_direction(request.direction)
        if direction is not None:
            masks.append(direction[self.rows])
        if index.earliest_end <= request.now.timestamp():
            masks.append(self.column("valid_until") > request.now.timestamp())
        if request.organisation_id is not None:
            organisation = _code(index.organisations.find(request.organisation_id))
            masks.append(self.column("organisation") == organisation)
        if request.quantity is not None:
            masks.append(self.column("largest_level") >= request.quantity)
        for part in self.query.unwanted:
            unwanted = np.zeros(len(index), bool)
            unwanted[rows_with(index, part)[0]] = True
            masks.append(~unwanted[self.rows])
        return masks

    @cached_property
    def filters(self) -> Mapping[str, Array]:
        """What facets leave out one by one; filters that were not asked for are missing."""
        request, index = self.request, self.index
        masks: dict[str, Array] = {}
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
        if request.choices:
            sets = self.column("choice_set")
            for question, choices in request.choices_by_question().items():
                masks[_of_question(question)] = index.choice_sets.having(choices)[sets]
        return masks

    def _is_one_of(self, name: str, codes: Iterable[int | None]) -> Array:
        values = self.column(name)
        first, *others = codes
        mask: Array = values == _code(first)
        for code in others:
            mask |= values == _code(code)
        return mask

    def hits(self, *, but: str = "") -> Rows:
        """Give the places of what meets all filters, one of them left out."""
        masks = [mask for name, mask in self.filters.items() if name != but]
        if not masks:
            return slice(0, count_of(self.rows) if self.inside is None else self.inside)
        return places_where(_all_of(masks)[: self.inside])

    def without_place(self, hits: Rows) -> int:
        """Count what meets everything but the bounds and has no place."""
        if self.inside is None:
            return int(np.count_nonzero(np.isnan(self.column("lat")[hits])))
        masks = [*self.filters.values()]
        if not masks:
            return count_of(self.rows) - self.inside
        return int(np.count_nonzero(_all_of(masks)[self.inside :]))

    def keys(self, places: Rows) -> Array:
        """Give what the rows at these places are ordered by, smallest first."""
        match self.request.order:
            case Sort.NEWEST:
                newest: Array = -self.column("published_at")[places]
                return newest
            case Sort.DISTANCE:
                squared = self._squared_at(places)
                return squared if self.inside is not None else _nowhere_last(squared)
            case Sort.RELEVANCE:
                words = 1 if self.words is None else self.words[places]
                fresh, near = self.column("freshness")[places], self._nearness_at(places)
                relevance: Array = -(words * fresh * near)
                return relevance

    def _squared_at(self, places: Rows) -> Array:
        if self.squared is None:
            raise ValueError("there is no distance without an origin")
        squared: Array = self.squared[places]
        return squared

    def _nearness_at(self, places: Rows) -> Array | float:
        if self.request.origin is None:
            return 1.0
        near = HALFWAY_METRES / (HALFWAY_METRES + np.sqrt(self._squared_at(places)))
        return np.where(np.isnan(near), NEARNESS_WITHOUT_PLACE, near)


def _all_of(masks: list[Array]) -> Array:
    first, *others = masks
    mask = first
    for other in others:
        mask = mask & other
    return mask


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
    places = None
    if len(keys) > _FEW:
        places = places_where(keys <= np.partition(keys, count - 1)[count - 1])
        rows, keys = rows[places], keys[places]
    order = keys.argsort()
    first = keys[order[: count + 1]]
    if (first[1:] == first[:-1]).any():
        # The ids of those alone that can be among the first: they lie all over the memory.
        order = order[: int(keys[order].searchsorted(first[:count][-1], "right"))]
        order = order[np.lexsort((index.column("listing_id")[rows[order]], keys[order]))]
    order = order[:count]
    return order if places is None else places[order]


def _listing_ids(index: ColumnIndex, rows: Array) -> tuple[ListingId, ...]:
    ids = index.column("listing_id")[rows]
    length, text = ids.dtype.itemsize, ids.tobytes().decode("ascii")
    # In one piece: of a map's hundreds of ids, each on its own would be a third of the time.
    texts = [text[start : start + length].rstrip("\0") for start in range(0, len(text), length)]
    return cast(tuple[ListingId, ...], tuple(texts))


def _facets(view: _View, hits: Rows) -> dict[Facet, dict[str, int]]:
    codes = {
        Facet.KIND: view.index.kinds,
        Facet.CATEGORY: view.index.categories,
        Facet.TERMS: view.index.modes,
    }
    return {
        facet: counted(
            np.bincount(
                view.column(column)[view.hits(but=facet) if facet in view.filters else hits]
            ),
            codes[facet],
        )
        for facet, column in _COUNTED.items()
    }


def _choices(view: _View, hits: Rows) -> dict[str, int]:
    sets, choice_sets = view.column("choice_set"), view.index.choice_sets
    counts = choice_sets.counts(sets[hits])
    for question in view.request.choices_by_question():
        others = choice_sets.counts(sets[view.hits(but=_of_question(question))])
        beginning = f"{question}="
        counts = {
            **{choice: n for choice, n in counts.items() if not choice.startswith(beginning)},
            **{choice: n for choice, n in others.items() if choice.startswith(beginning)},
        }
    return counts


def _outside(everywhere: _View, request: SearchRequest, inside: int) -> Outside | None:
    """Count what meets everything but the radius, and find the nearest of it."""
    origin, radius, index = request.origin, request.radius_metres, everywhere.index
    if radius is None or origin is None:
        return None
    rows = numbers_of(everywhere.rows, everywhere.hits())
    if everywhere.inside is None:
        rows = rows[~np.isnan(index.column("lat")[rows])]
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
        beyond = places_where(~are_within(index, near, squared, origin, radius))
        if len(beyond):
            first = _first(index, near[beyond], squared[beyond], 1)
            if squared[beyond][first[0]] <= reach**2 or reach > _HALF_WAY_ROUND:
                (listing_id,) = _listing_ids(index, near[beyond][first])
                return listing_id


def _code(code: int | None) -> int:
    return -1 if code is None else code


def _of_question(question: str) -> str:
    return f"choice {question}"
