"""Which rows of the columns a question can find at all: by their words, and by their place."""

from collections.abc import Iterable

import numpy as np
import shapely

from marketplace.geo.rules.points import Point, earth_centred, geodesics_metres
from marketplace.search.backends.column_index import Array, ColumnIndex, Rows, places_where
from marketplace.search.rules.areas import LONGEST_BULGE_METRES, latitudes_within
from marketplace.search.rules.requests import SearchRequest
from marketplace.search.rules.word_query import SAME, Beginning, InARow, OneWord, Part


def rows_with_words(index: ColumnIndex, parts: Iterable[Part]) -> tuple[Array, Array]:
    """Give the rows that have every part, and what their words count in sum."""
    first, *others = parts
    rows, total = rows_with(index, first)
    for part in others:
        other, counts = rows_with(index, part)
        if not len(other):
            return other, counts
        at = np.minimum(other.searchsorted(rows), len(other) - 1)
        both = places_where(other[at] == rows)
        rows, total = rows[both], total[both] + counts[at[both]]
    return rows, total


def rows_with(index: ColumnIndex, part: Part) -> tuple[Array, Array]:
    """Give the rows that have a part, in their order, and what it counts there."""
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
    there = [
        (rows, weights.astype(np.int64) * count) for rows, weights, count in found if len(rows)
    ]
    if not there:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    if len(there) == 1:
        return there[0]
    rows = np.concatenate([rows for rows, _ in there])
    order = rows.argsort(kind="stable")  # each is in order: they are only merged
    rows, counts = rows[order], np.concatenate([counts for _, counts in there])[order]
    begins = places_where(np.concatenate([[True], rows[1:] != rows[:-1]]))
    return rows[begins], np.maximum.reduceat(counts, begins)


def rows_near(index: ColumnIndex, request: SearchRequest, radius: float | None) -> Rows:
    """Give the rows with a place whose latitude allows them to lie inside; and all of the tail.

    Here and below `radius` is the one of the request, or None to look beyond it.
    """
    bounds = _latitudes(request, radius)
    if bounds is None:
        return slice(0, len(index))
    lats = index.column("lat")[: index.placed]
    first, last = lats.searchsorted(bounds[0], "left"), lats.searchsorted(bounds[1], "right")
    if not index.tail:
        return slice(int(first), int(max(first, last)))
    return np.concatenate([np.arange(first, last), np.arange(index.base, len(index))])


def _latitudes(request: SearchRequest, radius: float | None) -> tuple[float, float] | None:
    bounds = []
    if request.origin is not None and radius is not None:
        bounds.append(latitudes_within(request.origin, radius))
    if request.bbox is not None:
        bounds.append((request.bbox.south, request.bbox.north))
    if request.area is not None:
        _, south, _, north = request.area.bounds
        bounds.append((south, north))
    if not bounds:
        return None
    return max(low for low, _ in bounds), min(high for _, high in bounds)


def has_bounds(request: SearchRequest, radius: float | None) -> bool:
    """Tell whether a request asks for a part of the map, where nothing without place lies."""
    is_around = request.origin is not None and radius is not None
    is_on_map = request.bbox is not None or request.area is not None
    return not request.without_place and (is_around or is_on_map)


def lie_inside(
    index: ColumnIndex,
    rows: Rows,
    request: SearchRequest,
    radius: float | None,
    squared: Array | None,
) -> Array:
    """Tell which rows lie in the radius, the box and the area of a request.

    `squared` are their squared chords from the origin, None where there is none. False where the
    place is unknown.
    """
    parts = []
    if squared is not None and request.origin is not None and radius is not None:
        parts.append(are_within(index, rows, squared, request.origin, radius))
    box, area = request.bbox, request.area
    if box is not None or area is not None:
        lat, lon = index.column("lat")[rows], index.column("lon")[rows]
        if box is not None:
            parts += [lon >= box.west, lon <= box.east]
            if not isinstance(rows, slice):  # else they were cut out by their latitudes
                parts += [lat >= box.south, lat <= box.north]
        if area is not None:
            parts.append(shapely.intersects_xy(area.geometry, lon, lat))
    mask: Array = parts[0]
    for part in parts[1:]:
        mask &= part
    return mask


def are_free(index: ColumnIndex, rows: Rows, request: SearchRequest) -> Array | None:
    """Tell which rows have the wanted quantity free all through the wanted period.

    None: no period is wanted.
    """
    period, quantity = request.period, request.quantity
    if period is None:
        return None
    start, end = period.start.timestamp(), period.end.timestamp()

    def holds(places: Rows) -> Array:
        free: Array = index.column("stretch_start")[places] <= start
        free &= index.column("stretch_end")[places] >= end
        if quantity is not None:
            free &= index.column("stretch_level")[places] >= quantity
        return free

    return index.any_stretch(rows, holds)


def are_within(
    index: ColumnIndex, rows: Rows, squared: Array, origin: Point, radius: float
) -> Array:
    """Tell by squared chords which rows lie within a radius; the geodesic decides at its edge.

    All in metres. False where the place is unknown.
    """
    inside: Array = squared < max(0.0, radius - LONGEST_BULGE_METRES) ** 2
    edge = places_where(inside ^ (squared <= (radius + LONGEST_BULGE_METRES) ** 2))
    if len(edge):
        lat, lon = index.column("lat")[rows], index.column("lon")[rows]
        points = [Point(float(lat[each]), float(lon[each])) for each in edge]
        inside[edge] = np.array(geodesics_metres(origin, points)) <= radius
    return inside


def squared_chords(index: ColumnIndex, rows: Rows, origin: Point) -> Array:
    """Give the square of the chord from a point, in square metres; not a number without place."""
    squared, *others = (
        index.column(name)[rows] - value
        for name, value in zip("xyz", earth_centred(origin), strict=True)
    )
    # In place: what a search writes besides drives everything else out of the processor's cache.
    squared *= squared
    for other in others:
        other *= other
        squared += other
    return squared


def count_of(rows: Rows) -> int:
    """Give how many rows there are."""
    return rows.stop - rows.start if isinstance(rows, slice) else len(rows)


def numbers_of(rows: Rows, found: Rows) -> Array:
    """Give the numbers of those of the rows that stand at these places among them."""
    if not isinstance(rows, slice):
        numbers: Array = rows[found]
        return numbers
    if isinstance(found, slice):
        return np.arange(rows.start + found.start, rows.start + found.stop)
    return np.add(found, rows.start)
