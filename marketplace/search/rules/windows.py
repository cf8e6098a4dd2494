"""Times when something is free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time `[start, end)` in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Raise ValueError unless both ends have a time zone and the start lies before the end."""
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs instants with a time zone")
        if self.start >= self.end:
            raise ValueError("a window starts before it ends")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    def contains(self, other: "Window") -> bool:
        """Tell whether the other window lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


class FreeTime(NamedTuple):
    """Free from `start` on, until `end`; None: with no end."""

    start: datetime
    end: datetime | None


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Give the same time in as few windows as possible, earliest first: touching ones are one."""
    result: list[Window] = []
    for window in sorted(windows, key=lambda window: window.start):
        if result and window.start <= result[-1].end:
            result[-1] = Window(result[-1].start, max(result[-1].end, window.end))
        else:
            result.append(window)
    return tuple(result)


def is_free(windows: Iterable[Window], period: Window) -> bool:
    """Tell whether the windows together cover the whole period; no window at all: always free."""
    free = merged(windows)
    return not free or any(window.contains(period) for window in free)
