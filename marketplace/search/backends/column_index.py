"""The documents of one district as columns and postings in memory.

Rows up to `base` are sorted by latitude, those without place last; rows after it, the tail, stand
in the order of their arrival. A row never changes: a changed document gets a new one and the old
one dies. Postings of the base lie by lexeme, those of the tail in the order of arrival.
`compacted` makes it all base again.

Not safe for threads by itself: backends/columns.py holds one lock per district.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from marketplace.foundation.identifiers import ListingId, new_id
from marketplace.search.queries import IndexEntry
from marketplace.search.rules.analysis import FIELD_END

Rows: TypeAlias = NDArray[np.intp] | slice
Array: TypeAlias = NDArray[Any]

_LONGEST_ID = len(new_id())  # all characters are ASCII

# Of one value for each row: name and type.
_COLUMNS: Mapping[str, Any] = {
    "listing_id": f"S{_LONGEST_ID}",
    "direction": np.uint8,  # 0 of a dead row
    "kind": np.int32,
    "category": np.int32,
    "terms": np.int32,
    "organisation": np.int32,
    "lat": np.float64,  # degrees; not a number where the place is unknown, like all that follow
    "lon": np.float64,
    "x": np.float64,  # metres from the earth's centre
    "y": np.float64,
    "z": np.float64,
    "valid_until": np.float64,  # seconds since 1970, UTC
    "published_at": np.float64,
    "freshness": np.float64,
    "largest_level": np.int32,  # the most that are ever free at once
    "choice_set": np.int32,
    # Where the row's part of the lists of several values begins, and how long it is.
    "first_stretch": np.int32,
    "stretches": np.int32,
    "first_term": np.int32,
    "terms_in_row": np.int32,
}
_STRETCH, _TERM = ("stretch_level", "stretch_start", "stretch_end"), ("term",)
_OWNER = "stretch_row"
_POSTING = ("posted_lexeme", "posted_row", "posted_weight")
# Of several values for each row, one row's after the other.
_LISTS: Mapping[str, Any] = {
    "stretch_level": np.int32,
    "stretch_start": np.float64,
    "stretch_end": np.float64,
    _OWNER: np.int32,  # whose stretch it is
    "term": np.int32,
}
_POSTINGS: Mapping[str, Any] = {
    "posted_lexeme": np.int32,
    "posted_row": np.int32,
    "posted_weight": np.uint8,
}
_NOTHING = 0  # the code of a value that is missing
_END = -1  # the term that ends a field
_NEVER_FREE = ((0, float("inf"), float("-inf")),)  # so that every row has a stretch


def places_where(mask: Array) -> Array:
    """Give the places at which a mask is true; half the way of numpy's own `flatnonzero`."""
    places: Array = mask.nonzero()[0]
    return places


class Codes:
    """Numbers for texts, counted from 1; 0 stands for none."""

    def __init__(self) -> None:
        """Know none yet."""
        self.texts: list[str] = [""]
        self._codes: dict[str, int] = {}

    def __getitem__(self, text: str | None) -> int:
        """Give the number of a text, a new one where it has none."""
        if text is None:
            return _NOTHING
        code = self._codes.get(text)
        if code is None:
            code = self._codes[text] = len(self.texts)
            self.texts.append(text)
        return code

    def find(self, text: str) -> int | None:
        """Give the number of a text; None: nothing has it."""
        return self._codes.get(text)

    def beginning_with(self, start: str) -> list[int]:
        """Give the numbers of all texts that begin so."""
        return [code for text, code in self._codes.items() if text.startswith(start)]


class _Growing:
    """An array at whose end values are put."""

    def __init__(self, kind: Any, values: Array | None = None) -> None:  # noqa: ANN401 (numpy's)
        self._space: Array = np.zeros(16, kind) if values is None else values
        self._size = 0 if values is None else len(values)

    def append(self, value: Any) -> None:  # noqa: ANN401 (whatever numpy takes)
        self._make_room(1)
        self._space[self._size - 1] = value

    def extend(self, values: Sequence[Any] | Array) -> None:
        self._make_room(len(values))
        self._space[self._size - len(values) : self._size] = values

    def _make_room(self, more: int) -> None:
        size = self._size + more
        if size > len(self._space):
            space = np.zeros(max(size, 5 * len(self._space) // 4), self._space.dtype)
            space[: self._size] = self.values
            self._space = space
        self._size = size

    @property
    def values(self) -> Array:
        return self._space[: self._size]


class ChoiceSets:
    """Numbers for sets of choices: many documents have few different ones."""

    def __init__(self) -> None:
        """Know none yet."""
        self.choices = Codes()
        self._numbers: dict[tuple[int, ...], int] = {}
        # Each choice of each set, and whose it is.
        self._choice, self._owner = _Growing(np.int32), _Growing(np.int32)

    def __getitem__(self, choices: Iterable[str]) -> int:
        """Give the number of a set, a new one where it has none."""
        codes = tuple(sorted({self.choices[choice] for choice in choices}))
        number = self._numbers.get(codes)
        if number is None:
            number = self._numbers[codes] = len(self._numbers)
            self._choice.extend(codes)
            self._owner.extend([number] * len(codes))
        return number

    def having(self, choices: Iterable[str]) -> Array:
        """Tell of each set whether it has any of these choices."""
        codes = [code for choice in choices if (code := self.choices.find(choice)) is not None]
        have = np.zeros(len(self._numbers), bool)
        have[self._owner.values[np.isin(self._choice.values, codes)]] = True
        return have

    def counts(self, numbers: Array) -> dict[str, int]:
        """Count each choice in many sets."""
        times = np.bincount(numbers, minlength=len(self._numbers))
        counts = np.bincount(self._choice.values, weights=times[self._owner.values])
        return counted(counts.astype(np.int64), self.choices)


def counted(counts: Array, codes: Codes) -> dict[str, int]:
    """Give what was counted by code by its text, without what there is none of."""
    # The last texts may have no count; the first one stands for none.
    pairs = zip(codes.texts, counts.tolist(), strict=False)
    return {text: count for text, count in pairs if count and text}


class ColumnIndex:
    """What one district's documents are found by."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self.directions, self.kinds, self.categories = Codes(), Codes(), Codes()
        self.modes, self.organisations = Codes(), Codes()
        self.choice_sets, self.lexemes = ChoiceSets(), Codes()
        self._columns = {name: _Growing(kind) for name, kind in _COLUMNS.items()}
        self._lists = {name: _Growing(kind) for name, kind in _LISTS.items()}
        self._tail = {name: _Growing(kind) for name, kind in _POSTINGS.items()}
        self._rows_of_tail: dict[bytes, int] = {}
        self._base_by_id: Array = np.zeros(0, np.int32)
        self.base = 0  # rows that are sorted by latitude
        self.placed = 0  # those of them that have a place
        self._spans: Array = np.zeros((0, 2), np.int64)  # of each lexeme: start and end in these
        self._posted_row: Array = np.zeros(0, np.int32)
        self._posted_weight: Array = np.zeros(0, np.uint8)
        # As they were when last asked for:
        self._arrays: dict[str, Array] = {}
        self._having_direction: dict[str, Array | None] = {}
        self._earliest_end: float | None = None

    def __len__(self) -> int:
        """Give the number of rows, dead ones too."""
        return len(self.column("direction"))

    @property
    def documents(self) -> int:
        """The number of documents."""
        return int(np.count_nonzero(self.column("direction")))

    @property
    def tail(self) -> int:
        """The number of rows that came after the base."""
        return len(self) - self.base

    @property
    def nbytes(self) -> int:
        """About how much memory the arrays take."""
        growing = (*self._columns.values(), *self._lists.values(), *self._tail.values())
        arrays = [each.values for each in growing]
        arrays += [self._spans, self._base_by_id, self._posted_row, self._posted_weight]
        return sum(array.nbytes for array in arrays)

    def column(self, name: str) -> Array:
        """Give a column, or a list of several values a row, by its name."""
        array = self._arrays.get(name)
        if array is None:
            array = (self._columns.get(name) or self._lists[name]).values
            self._arrays[name] = array
        return array

    @property
    def nowhere(self) -> Rows:
        """The rows without place, dead ones too."""
        if not self.tail:
            return slice(self.placed, self.base)
        nowhere = self._arrays.get("nowhere")
        if nowhere is None:
            tail = places_where(np.isnan(self.column("lat")[self.base :])) + self.base
            nowhere = np.concatenate([np.arange(self.placed, self.base), tail])
            self._arrays["nowhere"] = nowhere
        return nowhere

    def having_direction(self, direction: str) -> Array | None:
        """Tell of each row whether it is alive and has a direction; None: all of them."""
        if direction not in self._having_direction:
            have = self.column("direction") == (self.directions.find(direction) or -1)
            self._having_direction[direction] = None if have.all() else have
        return self._having_direction[direction]

    @property
    def earliest_end(self) -> float:
        """When the first row ceases to be valid, in seconds since 1970, UTC."""
        if self._earliest_end is None:
            self._earliest_end = float(self.column("valid_until").min(initial=np.inf))
        return self._earliest_end

    def _forget_asked(self) -> None:
        self._arrays.clear()
        self._having_direction.clear()
        self._earliest_end = None

    def remove(self, listing_id: ListingId) -> None:
        """Forget a document; nothing happens where there is none."""
        row = self._row_of(listing_id.encode())
        if row is not None:
            self._columns["direction"].values[row] = _NOTHING
            self._forget_asked()

    def _row_of(self, listing_id: bytes) -> int | None:
        """Give the newest row of a listing; one of the base may be dead."""
        if listing_id in self._rows_of_tail:
            return self._rows_of_tail[listing_id]
        ids = self.column("listing_id")
        place = np.searchsorted(ids[: self.base], np.bytes_(listing_id), sorter=self._base_by_id)
        if place < self.base and ids[self._base_by_id[place]] == listing_id:
            return int(self._base_by_id[place])
        return None

    def add_all(self, entries: Iterable[IndexEntry]) -> None:
        """Put documents into the tail, in place of what was there of the same listings."""
        for entry in entries:
            self.remove(entry.listing_id)
            self._add(entry)
            self._forget_asked()

    def _add(self, entry: IndexEntry) -> None:
        if len(entry.listing_id.encode()) > _LONGEST_ID:
            raise ValueError(f"id too long for the index: {entry.listing_id}")
        row = len(self)
        self._rows_of_tail[entry.listing_id.encode()] = row
        nowhere = float("nan")
        stretches = entry.stretches or _NEVER_FREE
        terms = [
            _END if term == FIELD_END else self.lexemes[term] for term in entry.sequence.split()
        ]
        values: dict[str, Any] = {
            "listing_id": entry.listing_id.encode(),
            "direction": self.directions[entry.direction],
            "kind": self.kinds[entry.kind],
            "category": self.categories[entry.category],
            "terms": self.modes[entry.terms_mode],
            "organisation": self.organisations[entry.organisation_id],
            "lat": nowhere if entry.lat is None else entry.lat,
            "lon": nowhere if entry.lon is None else entry.lon,
            "x": nowhere if entry.x is None else entry.x,
            "y": nowhere if entry.y is None else entry.y,
            "z": nowhere if entry.z is None else entry.z,
            "valid_until": entry.valid_until.timestamp(),
            "published_at": entry.published_at.timestamp(),
            "freshness": entry.freshness,
            "largest_level": max((level for level, _, _ in entry.stretches), default=0),
            "first_stretch": len(self.column("stretch_level")),
            "stretches": len(stretches),
            "choice_set": self.choice_sets[entry.choices],
            "first_term": len(self.column("term")),
            "terms_in_row": len(terms),
        }
        for name, value in values.items():
            self._columns[name].append(value)
        for place, name in enumerate(_STRETCH):
            self._lists[name].extend([stretch[place] for stretch in stretches])
        self._lists[_OWNER].extend([row] * len(stretches))
        self._lists["term"].extend(terms)
        self._tail["posted_lexeme"].extend([self.lexemes[each] for each in entry.lexemes])
        self._tail["posted_row"].extend(np.full(len(entry.lexemes), row, np.int32))
        self._tail["posted_weight"].extend([*entry.lexemes.values()])

    def postings(self, lexeme: str) -> tuple[Array, Array]:
        """Give the rows, dead ones too, and the weights of a lexeme; no row stands twice."""
        code = self.lexemes.find(lexeme)
        return self.postings_of_code(code) if code is not None else _NO_POSTINGS

    def postings_of_code(self, code: int) -> tuple[Array, Array]:
        """Give rows and weights for the number of a lexeme."""
        rows, weights = self._base_postings(code)
        if self.tail:
            there = self._tail["posted_lexeme"].values == code
            if there.any():
                rows = np.concatenate([rows, self._tail["posted_row"].values[there]])
                weights = np.concatenate([weights, self._tail["posted_weight"].values[there]])
        return rows, weights

    def _base_postings(self, code: int) -> tuple[Array, Array]:
        if code >= len(self._spans):
            return _NO_POSTINGS
        start, end = self._spans[code]
        return self._posted_row[start:end], self._posted_weight[start:end]

    def any_stretch(self, rows: Rows, holds: Callable[[Rows], Array]) -> Array:
        """Tell of each row whether one of its stretches does; `holds` tells by their places."""
        firsts, counts = self.column("first_stretch")[rows], self.column("stretches")[rows]
        found: Array = np.zeros(len(firsts), bool)
        if not len(firsts):
            return found
        if isinstance(rows, slice):  # the stretches of rows in a row lie in a row
            places = slice(int(firsts[0]), int(firsts[-1] + counts[-1]))
            owners = self.column(_OWNER)[places][places_where(holds(places))]
            found[owners - rows.start] = True
            return found
        begin, apart = ragged(firsts, counts)
        held = holds(apart)
        until = np.zeros(len(held) + 1, np.int32)  # how many do before each
        np.cumsum(held, out=until[1:])
        found |= until[begin + counts] > until[begin]
        return found

    def is_posted(self, lexeme: str) -> bool:
        """Tell whether a document has this lexeme."""
        rows, _ = self.postings(lexeme)
        return bool(self.column("direction")[rows].any())

    def rows_with_terms(self, terms: tuple[str, ...]) -> Array:
        """Give the rows that have these terms in a row."""
        codes = [self.lexemes.find(term) for term in terms]
        if any(code is None for code in codes):
            return np.zeros(0, np.int64)
        sequence = self.column("term")
        starts = len(sequence) - len(codes) + 1
        there = np.ones(max(0, starts), bool)
        for place, code in enumerate(codes):
            there &= sequence[place : place + starts] == code
        found = places_where(there)
        rows = np.searchsorted(self.column("first_term"), found, side="right") - 1
        return np.unique(rows)

    def compacted(self) -> "ColumnIndex":
        """Give the same documents without dead rows and all of them in the base."""
        alive = places_where(self.column("direction"))
        order = alive[np.argsort(self.column("lat")[alive], kind="stable")]  # nan goes last
        fresh = ColumnIndex()
        fresh.directions, fresh.kinds, fresh.categories = (
            self.directions,
            self.kinds,
            self.categories,
        )
        fresh.modes, fresh.organisations = self.modes, self.organisations
        fresh.choice_sets, fresh.lexemes = self.choice_sets, self.lexemes
        columns = {name: self.column(name)[order] for name in _COLUMNS}
        for first, count, names in (
            ("first_stretch", "stretches", _STRETCH),
            ("first_term", "terms_in_row", _TERM),
        ):
            _, places = ragged(columns[first], columns[count])
            for name in names:
                fresh._lists[name] = _Growing(_LISTS[name], self.column(name)[places])
            ends = np.cumsum(columns[count], dtype=np.int32)
            columns[first] = ends - columns[count].astype(np.int32)
        owners = np.repeat(np.arange(len(order), dtype=np.int32), columns["stretches"])
        fresh._lists[_OWNER] = _Growing(_LISTS[_OWNER], owners)
        fresh._columns = {
            name: _Growing(_COLUMNS[name], values) for name, values in columns.items()
        }
        fresh.base = len(order)
        fresh.placed = int(np.count_nonzero(~np.isnan(columns["lat"])))
        fresh._base_by_id = np.argsort(columns["listing_id"]).astype(np.int32)
        fresh._take_postings(self, order)
        return fresh

    def _take_postings(self, old: "ColumnIndex", order: Array) -> None:
        """Take the postings over, without dead rows and with new numbers.

        Many lexemes have the same rows and weights, all words of a category for one; they share
        one place in memory.
        """
        new_row = np.full(len(old), -1, np.int32)
        new_row[order] = np.arange(len(order), dtype=np.int32)
        places: dict[bytes, tuple[int, int]] = {}
        rows, weights = _Growing(np.int32), _Growing(np.uint8)
        spans = np.zeros((len(self.lexemes.texts), 2), np.int64)
        for code, (old_rows, old_weights) in enumerate(old._all_postings()):
            new_rows = new_row[old_rows]
            kept = places_where(new_rows >= 0)
            kept = kept[np.argsort(new_rows[kept])]
            new_rows, new_weights = new_rows[kept], old_weights[kept]
            digest = blake2b(new_rows.tobytes() + new_weights.tobytes()).digest()
            if digest not in places:
                start = len(rows.values)
                rows.extend(new_rows)
                weights.extend(new_weights)
                places[digest] = start, start + len(new_rows)
            spans[code] = places[digest]
        self._spans = spans
        self._posted_row, self._posted_weight = rows.values.copy(), weights.values.copy()

    def _all_postings(self) -> Iterator[tuple[Array, Array]]:
        """Give rows and weights of every lexeme by its number."""
        tail = {name: each.values for name, each in self._tail.items()}
        by_lexeme = np.argsort(tail["posted_lexeme"], kind="stable")
        codes = np.arange(len(self.lexemes.texts) + 1)
        starts = np.searchsorted(tail["posted_lexeme"], codes, sorter=by_lexeme)
        for code in codes[:-1]:
            rows, weights = self._base_postings(code)
            if starts[code] < starts[code + 1]:
                added = by_lexeme[starts[code] : starts[code + 1]]
                rows = np.concatenate([rows, tail["posted_row"][added]])
                weights = np.concatenate([weights, tail["posted_weight"][added]])
            yield rows, weights


_NO_POSTINGS: tuple[Array, Array] = (np.zeros(0, np.int32), np.zeros(0, np.uint8))


def ragged(firsts: Array, counts: Array) -> tuple[Array, Array]:
    """Give where the values of each row begin, and the places of all of them in their list."""
    ends = np.cumsum(counts)
    begin = ends - counts
    total = int(ends[-1]) if len(ends) else 0
    return begin, np.arange(total) + np.repeat(firsts - begin, counts)
