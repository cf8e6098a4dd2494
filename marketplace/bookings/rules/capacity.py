"""How much of an offer is free when, and whether a request fits: the rule that nothing overbooks.

What counts is the most that is taken at any instant, found by one sweep over the boundaries, and
never the sum of all that overlaps: two bookings that touch take one place, not two. A budget
(person-days, machine hours) is besides a sum over the whole offer. Both must hold.

All intervals are half-open, `[start, end)`. Instants are swept as whole numbers, so that thousands
of bookings cost milliseconds; later an axis of a route can take the place of time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from marketplace.search.rules.windows import Window

Numbers: TypeAlias = NDArray[np.int64]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


def ticks(instant: datetime) -> int:
    """Give an instant in microseconds since 1970."""
    return (instant - _EPOCH) // _MICROSECOND


class Taken(NamedTuple):
    """So many are away or promised during `[start, end)`; `end` None: nobody knows until when."""

    start: datetime
    end: datetime | None
    quantity: int


@dataclass(frozen=True, kw_only=True, eq=False)
class TakenTimes:
    """What is away or promised, an entry a booking; starts and ends in microseconds since 1970.

    An end of `FOREVER`: nobody knows until when.
    """

    starts: Numbers
    ends: Numbers
    quantities: Numbers

    @classmethod
    def of(cls, taken: Iterable[Taken]) -> "TakenTimes":
        """Give them from single ones."""
        listed = [(ticks(each.start), ticks(each.end or FOREVER), each.quantity) for each in taken]
        starts, ends, quantities = np.array(listed, dtype=np.int64).reshape(-1, 3).T
        return cls(starts=starts, ends=ends, quantities=quantities)

    def __len__(self) -> int:
        """Count the bookings."""
        return len(self.starts)


NOTHING_TAKEN = TakenTimes.of(())


class Piece(NamedTuple):
    """At every instant of `[start, end)` so many could be had, and so many are taken."""

    start: datetime
    end: datetime
    capacity: int
    taken: int

    @property
    def free(self) -> int:
        """How many are left; never below zero."""
        return max(self.capacity - self.taken, 0)

    @property
    def is_closed(self) -> bool:
        """Whether it cannot be had then at all, whatever is taken."""
        return self.capacity == 0


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What there is: `quantity` at the same time, whenever it is open.

    `open` and `taken` need only tell of the period that is looked at.
    """

    quantity: int
    open: tuple[Window, ...]
    taken: TakenTimes = NOTHING_TAKEN


@dataclass(frozen=True, kw_only=True, eq=False)
class Timeline:
    """The capacity over a period, piecewise constant, without gaps; neighbours differ.

    Piece `i` is `[starts[i], ends[i])`, in microseconds since 1970.
    """

    starts: Numbers
    ends: Numbers
    capacity: Numbers
    taken: Numbers

    @property
    def free(self) -> Numbers:
        """How many are left in each piece; never below zero."""
        left: Numbers = np.maximum(self.capacity - self.taken, 0)
        return left

    def pieces(self) -> tuple[Piece, ...]:
        """Give it piece by piece."""
        columns = (
            (each.replace(tzinfo=UTC) for each in instants_of(self.starts)),
            (each.replace(tzinfo=UTC) for each in instants_of(self.ends)),
            self.capacity.tolist(),
            self.taken.tolist(),
        )
        return tuple(Piece(*values) for values in zip(*columns, strict=True))

    def joined(self, *, capacity: Numbers, taken: Numbers) -> "Timeline":
        """Give the same time with other figures, neighbours with the same figures as one piece."""
        differs = np.ones(len(self.starts), dtype=bool)
        differs[1:] = (np.diff(capacity) != 0) | (np.diff(taken) != 0)
        first = np.flatnonzero(differs)
        return Timeline(
            starts=self.starts[first],
            ends=self.ends[np.append(first[1:], len(self.starts)) - 1],
            capacity=capacity[first],
            taken=taken[first],
        )


def instants_of(numbers: Numbers) -> list[datetime]:
    """Give microseconds since 1970 as times in UTC, without their zone."""
    instants: list[datetime] = numbers.astype("datetime64[us]").tolist()
    return instants


def timeline_of(stock: Stock, period: Window) -> Timeline:
    """Give the capacity over the whole period.

    Cost: sorting the boundaries of what is open and taken.
    """
    begin, finish = ticks(period.start), ticks(period.end)
    opens = np.array([(ticks(each.start), ticks(each.end)) for each in stock.open], dtype=np.int64)
    open_from, open_until = opens.reshape(-1, 2).T
    taken = stock.taken
    instants = np.concatenate(
        ([begin], open_from, open_until, taken.starts, taken.ends), dtype=np.int64
    )
    all_of_it = np.full(len(stock.open), stock.quantity, dtype=np.int64)
    nothing = np.zeros(len(taken), dtype=np.int64)
    capacity = np.concatenate(([0], all_of_it, -all_of_it, nothing, nothing))
    quantity = np.concatenate(
        (np.zeros(1 + 2 * len(stock.open), dtype=np.int64), taken.quantities, -taken.quantities)
    )
    # What changes before the period counts at its beginning, what changes after it not at all.
    order = np.argsort(instants)
    order = order[instants[order] < finish]
    starts = np.maximum(instants[order], begin)
    last = np.append(np.diff(starts) != 0, True)  # of all changes at the same instant
    starts = starts[last]
    timeline = Timeline(
        starts=starts,
        ends=np.append(starts[1:], finish),
        capacity=np.cumsum(capacity[order])[last],
        taken=np.cumsum(quantity[order])[last],
    )
    return timeline.joined(capacity=timeline.capacity, taken=timeline.taken)


def least_free(pieces: Iterable[Piece], period: Window) -> int:
    """Give how many are free all through the period; the pieces must cover it."""
    return min(
        (each.free for each in pieces if each.start < period.end and period.start < each.end),
        default=0,
    )


def stretches_with(pieces: Sequence[Piece], quantity: int) -> tuple[Window, ...]:
    """Give the stretches, as long as possible, in which at least so many are free."""
    stretches: list[Window] = []
    for piece in pieces:
        if piece.free < quantity:
            continue
        if stretches and stretches[-1].end == piece.start:
            stretches[-1] = Window(stretches[-1].start, piece.end)
        else:
            stretches.append(Window(piece.start, piece.end))
    return tuple(stretches)
