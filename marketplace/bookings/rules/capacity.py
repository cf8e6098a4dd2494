"""How much of an offer is free when, and whether a request fits: the rule that nothing overbooks.

What counts is the most that is taken at any instant, found by one sweep over the boundaries, and
never the sum of all that overlaps: two bookings that touch take one place, not two. A budget
(person-days, machine hours) is besides a sum over the whole offer. Both must hold.

All intervals are half-open, `[start, end)`. Later an axis of a route can take the place of time:
nothing here knows more of an instant than that it can be compared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from marketplace.search.rules.windows import Window


class Taken(NamedTuple):
    """So many are away or promised during `[start, end)`; `end` None: nobody knows until when."""

    start: datetime
    end: datetime | None
    quantity: int


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


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What there is: `quantity` at the same time, whenever it is open.

    `open` and `taken` need only tell of the period that is looked at.
    """

    quantity: int
    open: tuple[Window, ...]
    taken: tuple[Taken, ...] = ()


def pieces_of(stock: Stock, period: Window) -> tuple[Piece, ...]:
    """Give the capacity over the whole period, piecewise constant, without gaps.

    Cost: sorting the boundaries of what is open and taken.
    """
    changes: dict[datetime, tuple[int, int]] = {period.start: (0, 0)}

    def change(at: datetime, capacity: int, taken: int) -> None:
        before = changes.get(at, (0, 0))
        changes[at] = (before[0] + capacity, before[1] + taken)

    for window in stock.open:
        start, end = max(window.start, period.start), min(window.end, period.end)
        if start < end:
            change(start, stock.quantity, 0)
            change(end, -stock.quantity, 0)
    for each in stock.taken:
        start = max(each.start, period.start)
        end = period.end if each.end is None else min(each.end, period.end)
        if start < end:
            change(start, 0, each.quantity)
            change(end, 0, -each.quantity)
    return _swept(changes, period)


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


def _swept(changes: dict[datetime, tuple[int, int]], period: Window) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    capacity = taken = 0
    instants = sorted(changes)
    for start, end in zip(instants, [*instants[1:], period.end], strict=True):
        capacity_change, taken_change = changes[start]
        capacity += capacity_change
        taken += taken_change
        if start >= end:
            continue
        last = pieces[-1] if pieces else None
        if last is not None and (last.capacity, last.taken) == (capacity, taken):
            pieces[-1] = Piece(last.start, end, capacity, taken)
        else:
            pieces.append(Piece(start, end, capacity, taken))
    return tuple(pieces)
