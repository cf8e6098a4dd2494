"""When an offer can be had at all: single windows, hours by the week, closures, holidays."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marketplace.bookings.rules.local_time import NonexistentTime, day_start, local_instant
from marketplace.search.rules.windows import Window, merged

BERLIN = ZoneInfo("Europe/Berlin")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of a day by the clock, `[start, end)`; `end` None: until midnight."""

    start: time
    end: time | None


WHOLE_DAY = Hours(time.min, None)
MIDNIGHT = "24:00"


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The times of an offer, by the clock of its zone.

    `windows`: none at all means at any time. `weekly`: hours by weekday, 0 is Monday; empty means
    around the clock, and a weekday that is missing is closed. `holidays` are closed days.
    """

    zone: ZoneInfo = BERLIN
    windows: tuple[Window, ...] = ()
    weekly: Mapping[int, tuple[Hours, ...]] = field(default_factory=dict)
    closures: tuple[Window, ...] = ()
    holidays: frozenset[date] = frozenset()

    @property
    def is_unlimited(self) -> bool:
        """Whether it can be had at any time."""
        return not (self.windows or self.weekly or self.closures or self.holidays)

    @property
    def closes_every_night(self) -> bool:
        """Whether no time goes on past midnight, so that each day has to be had by itself."""
        return bool(self.weekly) and not any(
            hours.end is None and following.start == time.min
            for weekday, stretches in self.weekly.items()
            for hours in stretches
            for following in self.weekly.get((weekday + 1) % 7, ())
        )


def weekly_hours(stored: Mapping[str, list[list[str]]]) -> dict[int, tuple[Hours, ...]]:
    """Read hours by the week as they are stored (models.OfferSchedule)."""
    return {
        int(weekday): tuple(
            Hours(time.fromisoformat(start), None if end == MIDNIGHT else time.fromisoformat(end))
            for start, end in pairs
        )
        for weekday, pairs in stored.items()
    }


def open_windows(opening: Opening, period: Window) -> tuple[Window, ...]:
    """Give when within the period it can be had, earliest first; touching windows are one."""
    offered = [clipped for each in opening.windows or (period,) if (clipped := clip(each, period))]
    if opening.weekly or opening.holidays:
        by_day = merged(_open_days(opening, period))
        offered = [
            clipped for each in merged(offered) for day in by_day if (clipped := clip(day, each))
        ]
    return without(merged(offered), opening.closures)


def clip(window: Window, period: Window) -> Window | None:
    """Give what of a window lies within the period; None where nothing does."""
    start, end = max(window.start, period.start), min(window.end, period.end)
    return Window(start, end) if start < end else None


def without(windows: Iterable[Window], closures: Iterable[Window]) -> tuple[Window, ...]:
    """Give what of the windows lies in none of the closures."""
    result = list(windows)
    for closure in merged(closures):
        result = [part for each in result for part in _cut(each, closure)]
    return tuple(result)


def _cut(window: Window, closure: Window) -> Iterator[Window]:
    if window.start < min(closure.start, window.end):
        yield Window(window.start, min(closure.start, window.end))
    if max(closure.end, window.start) < window.end:
        yield Window(max(closure.end, window.start), window.end)


def _open_days(opening: Opening, period: Window) -> Iterator[Window]:
    day = period.start.astimezone(opening.zone).date()
    while day_start(day, opening.zone) < period.end:
        if day not in opening.holidays:
            for hours in opening.weekly.get(day.weekday(), ()) if opening.weekly else (WHOLE_DAY,):
                window = _hours_on(day, hours, opening.zone)
                if window is not None:
                    yield window
        day += _DAY


def _hours_on(day: date, hours: Hours, zone: ZoneInfo) -> Window | None:
    # Where an hour happens twice both are meant; of one that does not exist nothing is left.
    start = _instant(day, hours.start, zone, second=False)
    end = (
        day_start(day + _DAY, zone)
        if hours.end is None
        else _instant(day, hours.end, zone, second=True)
    )
    return Window(start, end) if start < end else None


def _instant(day: date, at: time, zone: ZoneInfo, *, second: bool) -> datetime:
    try:
        return local_instant(day, at, zone, second=second)
    except NonexistentTime as gap:
        return gap.after
