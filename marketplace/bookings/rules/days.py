"""What a calendar says of each day: open or not, how much is free, and at which hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from marketplace.bookings.rules.capacity import Piece, least_free, stretches_with
from marketplace.bookings.rules.local_time import days_as_instants, is_whole_days
from marketplace.search.rules.windows import Window

_DAY = timedelta(days=1)


class DayState(StrEnum):
    """What a day is to somebody who wants a certain quantity."""

    CLOSED = "closed"  # it cannot be had at any hour
    TAKEN = "taken"  # so much is not free at any of its hours
    PARTLY = "partly"  # at some of its hours
    FREE = "free"  # at all of its hours


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day by the calendar of the offer.

    `best`: the longest time of the day with as many as are wanted; None: there is none.
    `free`: how many there are all through it; `most`: at the best of all instants of the day.
    """

    day: date
    state: DayState
    free: int
    most: int
    best: Window | None
    zone: ZoneInfo

    @property
    def is_whole(self) -> bool:
        """Whether it can be had from midnight to midnight."""
        return self.best is not None and is_whole_days(self.best.start, self.best.end, self.zone)

    @property
    def hours(self) -> tuple[time, time | None] | None:
        """The best time by the clock, until None at midnight; None: there is none."""
        if self.best is None:
            return None
        start, end = (each.astimezone(self.zone) for each in (self.best.start, self.best.end))
        return start.time(), end.time() if end.date() == self.day else None


def days_of(
    pieces: Sequence[Piece], first: date, last: date, zone: ZoneInfo, *, wanted: int = 1
) -> tuple[Day, ...]:
    """Give the days from the first to the last, both inclusive; the pieces must cover them."""
    return tuple(_days(pieces, first, last, zone, wanted))


def free_until(pieces: Sequence[Piece], start: datetime, wanted: int) -> datetime:
    """Give until when so many are free without a break from `start` on; `start`: they are not."""
    for stretch in stretches_with(pieces, wanted):
        if stretch.start <= start < stretch.end:
            return stretch.end
    return start


def month_of(day: date) -> tuple[date, date]:
    """Give the first and the last day of its month."""
    first = day.replace(day=1)
    return first, (first + 31 * _DAY).replace(day=1) - _DAY


def week_of(day: date) -> tuple[date, date]:
    """Give Monday and Sunday of its week."""
    monday = day - day.weekday() * _DAY
    return monday, monday + 6 * _DAY


def _days(
    pieces: Sequence[Piece], first: date, last: date, zone: ZoneInfo, wanted: int
) -> Iterator[Day]:
    position = 0
    for offset in range((last - first).days + 1):
        day = first + offset * _DAY
        start, end = days_as_instants(day, day, zone)
        while position < len(pieces) and pieces[position].end <= start:
            position += 1
        within = []
        for piece in pieces[position:]:
            if piece.start >= end:
                break
            within.append(piece._replace(start=max(piece.start, start), end=min(piece.end, end)))
        yield _day(day, within, zone, wanted)


def _day(day: date, pieces: Sequence[Piece], zone: ZoneInfo, wanted: int) -> Day:
    free = [each.free for each in pieces if each.capacity]
    best = max(
        stretches_with(pieces, max(wanted, 1)),
        key=lambda each: each.end - each.start,
        default=None,
    )
    if not free:
        state = DayState.CLOSED
    elif best is None:
        state = DayState.TAKEN
    else:
        state = DayState.FREE if min(free) >= wanted else DayState.PARTLY
    return Day(
        day=day,
        state=state,
        free=least_free(pieces, best) if best else 0,
        most=max(free, default=0),
        best=best,
        zone=zone,
    )
