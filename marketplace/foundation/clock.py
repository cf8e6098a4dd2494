"""What time it is: the only place that asks the machine."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the present instant."""

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""
        return datetime.now(UTC)


class StartedClock:
    """A clock that shows a given instant when it is made and runs on from there."""

    def __init__(self, start: datetime) -> None:
        """Begin at `start`, which must be aware."""
        if start.tzinfo is None:
            raise ValueError("the clock's start needs a time zone")
        self._start = start.astimezone(UTC)
        self._made = time.monotonic()

    def now(self) -> datetime:
        """Give the start plus the time that has passed since, aware, in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._made)


@dataclass
class FixedClock:
    """A clock that stands still until it is set."""

    instant: datetime

    def now(self) -> datetime:
        """Give the instant it was set to."""
        return self.instant

    def advance(self, delta: timedelta) -> None:
        """Move on by `delta`."""
        self.instant += delta


def clock_from(start: str | None) -> Clock:
    """Make the clock for the setting MARKETPLACE_NOW: RFC 3339, or None for the machine's time.

    Raises ValueError where the text is no instant with an offset.
    """
    if not start:
        return SystemClock()
    return StartedClock(datetime.fromisoformat(start))
