"""Answering a search from the columns: masks over rows, one filter after the other."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely

from marketplace.foundation.identifiers import ListingId
from marketplace.geo.rules.points import Point, earth_centred, geodesics_metres
from marketplace.search.backends.column_index import Array, ColumnIndex, Rows, ragged
from marketplace.search.interfaces import MOST_PINS, Facet, Found, Outside, Placed
from marketplace.search.rules.areas import LONGEST_BULGE_METRES, latitudes_within
from marketplace.search.rules.cursors import SortKey
from marketplace.search.rules.ranking import HALFWAY_METRES, NEARNESS_WITHOUT_PLACE
from marketplace.search.rules.requests import SearchRequest, Sort
from marketplace.search.rules.windows import Window
from marketplace.search.rules.word_query import SAME, Beginning, InARow, OneWord, Part, WordQuery

_RADIUS, _AREA = "radius", "area"
# The search for the nearest outside widens by this factor until something lies in it.
_GROWTH = 3.0
_HALF_WAY_ROUND = 20_100_000.0
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
        outside=_outside(index, request, query, view) if request.with_outside else None,
        without_place=int(
            np.count_nonzero(view.meets_all(but=(_RADIUS, _AREA)) & np.isnan(view.column("lat")))
        ),
    )


def placed(index: ColumnIndex, request: SearchRequest, query: WordQuery) -> Placed:
    """Give the hits for the map."""
    view = _view(index, request, query)
    rows, keys = view.ranked(view.meets_all() & ~np.isnan(view.column("lat")))
    first = _first(index, rows, keys, MOST_PINS)
    return Placed(_listing_ids(index, rows[first]), len(rows))


def _view(index: ColumnIndex, request: SearchRequest, query: WordQuery) -> "_View":
    """Give the rows that can be hits at all: by words, else by latitude, else all."""
    if query.wanted:
        rows, words = _rows_with_words(index, query.wanted)
        return _view_of(index, rows, request, query, words)
    return _view_of(index, _rows_near(index, request), request, query)


def _view_of(
    index: ColumnIndex,
    rows: Rows,
    request: SearchRequest,
    query: WordQuery,
    words: Array | None = None,
) -> "_View":
    view = _View(index, rows, request, words)
    for part in query.unwanted:
        having, _ = _rows_with(index, part)
        unwanted = np.zeros(len(index), bool)
        unwanted[having] = True
        view.common &= ~unwanted[rows]
    return view


def _rows_with_words(index: ColumnIndex, parts: Iterable[Part]) -> tuple[Array, Array]:
    """Give the rows that have every part, and what their words count in sum."""
    total = np.zeros(len(index), np.int64)
    has_all = np.ones(len(index), bool)
    for part in parts:
        rows, counts = _rows_with(index, part)
        has_part = np.zeros(len(index), bool)
        has_part[rows] = True
        has_all &= has_part
        total[rows] += counts
    rows = np.flatnonzero(has_all)
    return rows, total[rows]


def _rows_with(index: ColumnIndex, part: Part) -> tuple[Array, Array]:
    """Give the rows that have a part, and what it counts there."""
    match part:
        case OneWord(lexemes=lexemes):
            found = [(*index.postings(lexeme), count) for lexeme, count in lexemes]
            return _best(index, found)
        case Beginning(lexeme=start):
            codes = index.lexemes.beginning_with(start)
            return _best(index, [(*index.postings_of_code(code), SAME) for code in codes])
        case InARow(terms=terms):
            rows = index.rows_with_terms(terms)
            least = np.full(len(index), np.iinfo(np.int64).max)
            for term in terms:
                having, weights = index.postings(term)
                least[having] = np.minimum(least[having], weights)
            return rows, SAME * least[rows]


def _best(index: ColumnIndex, found: list[tuple[Array, Array, int]]) -> tuple[Array, Array]:
    """Give the rows of any of several postings, with the most that one of them counts."""
    there = [each for each in found if len(each[0])]
    if len(there) == 1:
        rows, weights, count = there[0]
        return rows, weights.astype(np.int64) * count
    best = np.zeros(len(index), np.int64)
    for rows, weights, count in there:
        best[rows] = np.maximum(best[rows], weights.astype(np.int64) * count)
    rows = np.flatnonzero(best)
    return rows, best[rows]


def _rows_near(index: ColumnIndex, request: SearchRequest) -> Rows:
    """Give the rows whose latitude allows them to lie inside, and those without place."""
    bounds = _latitudes(request)
    if bounds is None:
        return slice(0, len(index))
    return _rows_between(index, *bounds)


def _latitudes(request: SearchRequest) -> tuple[float, float] | None:
    bounds = []
    if request.without_place:
        return None
    if request.origin is not None and request.radius_metres is not None:
        bounds.append(latitudes_within(request.origin, request.radius_metres))
    if request.bbox is not None:
        bounds.append((request.bbox.south, request.bbox.north))
    if request.area is not None:
        _, south, _, north = request.area.bounds
        bounds.append((south, north))
    if not bounds:
        return None
    return max(low for low, _ in bounds), min(high for _, high in bounds)


def _rows_between(index: ColumnIndex, south: float, north: float) -> Rows:
    lats = index.column("lat")[: index.placed]
    first, last = np.searchsorted(lats, south, "left"), np.searchsorted(lats, north, "right")
    if index.placed == len(index):
        return slice(int(first), int(max(first, last)))
    return np.concatenate([np.arange(first, last), np.arange(index.placed, len(index))])


@dataclass
class _View:
    """Some rows of the index, and which filters each of them meets."""

    index: ColumnIndex
    rows: Rows
    request: SearchRequest
    words: Array | None  # what the words count, for each of the rows; None: none were asked for
    reach: float = math.inf  # metres from the origin within which no row is missing

    def column(self, name: str) -> Array:
        """Give a column of these rows."""
        values: Array = self.index.column(name)[self.rows]
        return values

    def row_numbers(self, found: Array) -> Array:
        """Give the index's numbers of rows that were found in this view."""
        if isinstance(self.rows, slice):
            return np.add(found, self.rows.start)
        rows: Array = self.rows[found]
        return rows

    @cached_property
    def common(self) -> Array:
        """What every hit meets and no facet leaves out."""
        request, index = self.request, self.index
        mask = self.column("alive") & (self.column("valid_until") > request.now.timestamp())
        mask &= self.column("direction") == index.directions[request.direction]
        if request.organisation_id is not None:
            mask &= self.column("organisation") == _code(
                index.organisations.find(request.organisation_id)
            )
        if request.quantity is not None:
            mask &= self.column("largest_level") >= request.quantity
        if request.period is not None:
            mask &= self._is_free(request.period)
        if request.without_place:
            mask &= np.isnan(self.column("lat"))
        return mask

    def _is_free(self, period: Window) -> Array:
        places, owners = ragged(self.column("first_stretch"), self.column("stretches"))
        holds = self.index.column("stretch_level")[places] >= (self.request.quantity or 1)
        holds &= self.index.column("stretch_start")[places] <= period.start.timestamp()
        holds &= self.index.column("stretch_end")[places] >= period.end.timestamp()
        mask = np.zeros(len(self.column("alive")), bool)
        mask[owners[holds]] = True
        return mask

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
        for question, choices in request.choices_by_question().items():
            masks[_of_question(question)] = self._has_choice(choices)
        if not request.without_place:
            if request.origin is not None and request.radius_metres is not None:
                masks[_RADIUS] = self.is_inside(request.origin, request.radius_metres)
            if request.bbox is not None or request.area is not None:
                masks[_AREA] = self._is_in_area()
        return masks

    def _is_one_of(self, name: str, codes: Iterable[int | None]) -> Array:
        values = self.column(name)
        mask = np.zeros(len(values), bool)
        for code in codes:
            mask |= values == _code(code)
        return mask

    def _has_choice(self, choices: Iterable[str]) -> Array:
        codes = [_code(self.index.choice_codes.find(choice)) for choice in choices]
        places, owners = ragged(self.column("first_choice"), self.column("choices"))
        mask = np.zeros(len(self.column("alive")), bool)
        mask[owners[np.isin(self.index.column("choice")[places], codes)]] = True
        return mask

    @property
    def _origin(self) -> Point:
        if self.request.origin is None:
            raise ValueError("there is no distance without an origin")
        return self.request.origin

    @cached_property
    def squared_chords(self) -> Array:
        """The square of the chord from the origin, in square metres; not a number without place."""
        x, y, z = earth_centred(self._origin)
        dx, dy, dz = self.column("x") - x, self.column("y") - y, self.column("z") - z
        squared: Array = dx * dx + dy * dy + dz * dz
        return squared

    def is_inside(self, origin: Point, radius: float) -> Array:
        """Tell which rows lie within a radius; the geodesic decides at its edge."""
        squared = self.squared_chords
        inside = squared < max(0.0, radius - LONGEST_BULGE_METRES) ** 2
        edge = np.flatnonzero(~inside & (squared <= (radius + LONGEST_BULGE_METRES) ** 2))
        if len(edge):
            points = [
                Point(float(self.column("lat")[each]), float(self.column("lon")[each]))
                for each in edge
            ]
            inside[edge] = np.array(geodesics_metres(origin, points)) <= radius
        return inside

    def _is_in_area(self) -> Array:
        lat, lon = self.column("lat"), self.column("lon")
        mask = ~np.isnan(lat)
        box, area = self.request.bbox, self.request.area
        if box is not None:
            mask &= (lat >= box.south) & (lat <= box.north) & (lon >= box.west) & (lon <= box.east)
        if area is not None:
            found = np.flatnonzero(mask)
            mask[found] = shapely.intersects_xy(area.geometry, lon[found], lat[found])
        return mask

    def meets_all(self, *, but: tuple[str, ...] = ()) -> Array:
        """Tell which rows meet everything, some filters left out."""
        mask = self.common.copy()
        for name, meets in self.filters.items():
            if name not in but:
                mask &= meets
        return mask

    def ranked(self, mask: Array) -> tuple[Array, Array]:
        """Give the rows of a mask and what they are ordered by, smallest first."""
        rows = self.row_numbers(np.flatnonzero(mask))
        match self.request.order:
            case Sort.NEWEST:
                return rows, -self.column("published_at")[mask]
            case Sort.DISTANCE:
                squared = self.squared_chords[mask]
                return rows, np.where(np.isnan(squared), np.inf, squared)
            case Sort.RELEVANCE:
                words = 1 if self.words is None else self.words[mask]
                return rows, -(words * self.column("freshness")[mask] * self._nearness(mask))

    def _nearness(self, mask: Array) -> Array | float:
        if self.request.origin is None:
            return 1.0
        near = HALFWAY_METRES / (HALFWAY_METRES + np.sqrt(self.squared_chords[mask]))
        return np.where(np.isnan(near), NEARNESS_WITHOUT_PLACE, near)


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
    found: list[bytes] = index.column("listing_id")[rows].tolist()
    return tuple(ListingId(each.decode()) for each in found)


def _facets(view: _View, hits: Array) -> dict[Facet, dict[str, int]]:
    codes = {
        Facet.KIND: view.index.kinds,
        Facet.CATEGORY: view.index.categories,
        Facet.TERMS: view.index.modes,
    }
    return {
        facet: _counts(
            view.column(column)[view.meets_all(but=(facet,)) if facet in view.filters else hits],
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
        others = _counts(_choice_codes(view, view.meets_all(but=(own,))), texts)
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
    index: ColumnIndex, request: SearchRequest, query: WordQuery, view: _View
) -> Outside | None:
    """Count what meets everything but the radius, and find the nearest of it."""
    radius, origin = request.radius_metres, request.origin
    if radius is None or origin is None or request.without_place:
        return None
    anywhere = replace(request, radius_metres=None, cursor=None)
    if view.words is not None:
        views = iter([_view_of(index, view.rows, anywhere, query, view.words)])
        count = None
    else:
        everything = _view_of(index, slice(0, len(index)), anywhere, query)
        hits = everything.meets_all() & ~np.isnan(everything.column("lat"))
        count = int(np.count_nonzero(hits) - np.count_nonzero(view.meets_all()))
        if not count:
            return None
        views = _ever_wider(index, anywhere, query, origin, radius)
    for wider in views:
        places = np.flatnonzero(
            wider.meets_all() & ~np.isnan(wider.column("lat")) & ~wider.is_inside(origin, radius)
        )
        if len(places):
            keys = wider.squared_chords[places]
            nearest = _first(index, wider.row_numbers(places), keys, 1)
            (listing_id,) = _listing_ids(index, wider.row_numbers(places)[nearest])
            if count is None or keys[nearest[0]] <= wider.reach**2:
                return Outside(len(places) if count is None else count, listing_id)
    return None


def _ever_wider(
    index: ColumnIndex, request: SearchRequest, query: WordQuery, origin: Point, radius: float
) -> Iterator[_View]:
    """Give the rows of ever wider belts of latitude; all within `reach` metres lie in a belt."""
    while radius < _HALF_WAY_ROUND:
        radius *= _GROWTH
        view = _view_of(
            index, _rows_between(index, *latitudes_within(origin, radius)), request, query
        )
        view.reach = radius
        yield view


def _code(code: int | None) -> int:
    return -1 if code is None else code


def _of_question(question: str) -> str:
    return f"choice {question}"
