"""Instants from the clock on the wall, where an hour may be missing or happen twice."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class NonexistentTime(ValueError):
    """The clocks jump over this time; `before` and `after` are the instants around the gap."""

    def __init__(self, after: datetime) -> None:
        """Keep the first instant after the gap, in UTC."""
        super().__init__("this local time does not exist")
        self.after = after


class AmbiguousTime(ValueError):
    """The clocks are set back over this time, so that it happens twice."""

    def __init__(self, first: datetime, second: datetime) -> None:
        """Keep both instants, in UTC."""
        super().__init__("this local time happens twice")
        self.first = first
        self.second = second


def local_instant(day: date, at: time, zone: ZoneInfo, *, second: bool | None = None) -> datetime:
    """Give the instant of a day and time in a zone, in UTC.

    `second`: which of the two is meant where it happens twice. Raises NonexistentTime and, where
    `second` is None, AmbiguousTime.
    """
    early = datetime.combine(day, at, zone).replace(fold=0)
    late = early.replace(fold=1)
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    if early.astimezone(UTC).astimezone(zone).time() != at:
        raise NonexistentTime(_end_of_gap(early, zone))
    if second is None:
        raise AmbiguousTime(early.astimezone(UTC), late.astimezone(UTC))
    return (late if second else early).astimezone(UTC)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Give the instant at which a day begins in the zone, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def days_as_instants(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give whole days, both inclusive, as `[start, end)`; a day may have 23 or 25 hours."""
    return day_start(first, zone), day_start(last + timedelta(days=1), zone)


def first_and_last_day(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """Give the first and the last day that `[start, end)` touches."""
    last_instant = end - timedelta(microseconds=1)
    return start.astimezone(zone).date(), last_instant.astimezone(zone).date()


def is_whole_days(start: datetime, end: datetime, zone: ZoneInfo) -> bool:
    """Tell whether `[start, end)` runs from midnight to midnight."""
    return all(each.astimezone(zone).time() == time.min for each in (start, end))


def _end_of_gap(within: datetime, zone: ZoneInfo) -> datetime:
    # Before the gap and after it the offsets differ by its length; the clocks jump at the instant
    # whose local time, by the offset before, is the gap's beginning. Zones change on whole minutes.
    low, high = within.astimezone(UTC) - timedelta(hours=4), within.astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(second=0, microsecond=0) if high.second < 30 else _next_minute(high)


def _next_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0) + timedelta(minutes=1)
