"""How much of something is free when: what bookings take away is told to the search like this.

A free interval says how many are free at every instant of it. Intervals of one thing do not
overlap; between them nothing is free. The search stores them by level: for each number of things
the stretches in which at least so many are free. Then "n are free all through a period" means that
one stretch of a level of n or more holds the whole period.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from marketplace.search.rules.windows import FreeTime, Window, merged

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
    """Give the stretches by level, each as long as possible; no interval at all: always free."""
    free = [each for each in intervals if each.quantity > 0]
    if not intervals:
        return (Stretch(quantity, ALWAYS_FROM, ALWAYS_UNTIL),)
    return tuple(
        Stretch(level, window.start.timestamp(), window.end.timestamp())
        for level in sorted({each.quantity for each in free})
        for window in merged(each.window for each in free if each.quantity >= level)
    )


def are_free(stretches: Iterable[Stretch], period: Window, quantity: int) -> bool:
    """Tell whether so many are free all through the period."""
    start, end = period.start.timestamp(), period.end.timestamp()
    return any(
        each.level >= quantity and each.start <= start and end <= each.end for each in stretches
    )


def next_free_time(stretches: Iterable[Stretch], at: datetime, quantity: int) -> FreeTime | None:
    """Give the first time at or after `at` when so many are free; None where there is none."""
    instant = at.timestamp()
    coming = min(
        (each for each in stretches if each.level >= quantity and each.end > instant),
        key=lambda each: (each.start, -each.end),
        default=None,
    )
    if coming is None:
        return None
    end = None if coming.end >= ALWAYS_UNTIL else datetime.fromtimestamp(coming.end, UTC)
    return FreeTime(max(at, datetime.fromtimestamp(coming.start, UTC)), end)
