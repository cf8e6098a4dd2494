"""How much of something is free when: what bookings take away is told to the search like this.

A free interval says how many are free at every instant of it. Intervals of one thing do not
overlap; between them, before and after nothing is free. What is never fully free has intervals
with 0 of it, for no interval at all means that all of it is free at any time.

The search stores stretches: the largest rectangles under the steps of what is free over time.
Then "n are free all through a period" means that one stretch of level n or more holds the period.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from marketplace.search.rules.windows import FreeTime, Window

# Before and after everything that anybody can ask for (rules.requests), in seconds since 1970.
ALWAYS_FROM, ALWAYS_UNTIL = 0.0, 2.0**33


@dataclass(frozen=True, slots=True)
class FreeInterval:
    """So many are free at every instant of the window."""

    window: Window
    quantity: int


class Stretch(NamedTuple):
    """At least `level` things are free in `[start, end)`, in seconds since 1970, UTC."""

    level: int
    start: float
    end: float


def stretches_of(intervals: Sequence[FreeInterval], quantity: int) -> tuple[Stretch, ...]:
    """Give the stretches that no other holds, at most one for each interval.

    They come in the order of their starts, the longest first.

    One pass with a stack of the levels that are still free and since when, as for the largest
    rectangle in a histogram (folklore; Morgan, Programming from Specifications, 1994, chapter 21).
    """
    if not intervals:
        return (Stretch(quantity, ALWAYS_FROM, ALWAYS_UNTIL),)
    found: list[Stretch] = []
    rising: list[tuple[int, float]] = []
    for instant, level in _steps(intervals):
        since = instant
        while rising and rising[-1][0] >= level:
            ending, since = rising.pop()
            if ending > level:
                found.append(Stretch(ending, since, instant))
        if level > 0:
            rising.append((level, since))
    return tuple(sorted(found, key=lambda each: (each.start, -each.end)))


def _steps(intervals: Iterable[FreeInterval]) -> Iterator[tuple[float, int]]:
    """Give from when on how many are free, earliest first; none are in the end."""
    until = ALWAYS_FROM
    for each in sorted(intervals, key=lambda each: each.window.start):
        start = each.window.start.timestamp()
        if start > until:
            yield until, 0
        yield start, each.quantity
        until = each.window.end.timestamp()
    yield until, 0


def are_free(stretches: Iterable[Stretch], period: Window, quantity: int) -> bool:
    """Tell whether so many are free all through the period."""
    start, end = period.start.timestamp(), period.end.timestamp()
    return any(
        each.level >= quantity and each.start <= start and end <= each.end for each in stretches
    )


def next_free_time(stretches: Iterable[Stretch], at: datetime, quantity: int) -> FreeTime | None:
    """Give the first time at or after `at` when so many are free; None where there is none.

    The stretches come in the order of their starts, the longest first.
    """
    instant = at.timestamp()
    for level, start, end in stretches:
        if level >= quantity and end > instant:
            return FreeTime(
                at if start <= instant else datetime.fromtimestamp(start, UTC),
                None if end >= ALWAYS_UNTIL else datetime.fromtimestamp(end, UTC),
            )
    return None
