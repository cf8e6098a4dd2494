"""When a gift can be collected, and what happens when nobody comes.

One comes at a time: the capacity of the giver's yard is one, as the rules of bookings count it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.bookings.rules.capacity import (
    Stock,
    Taken,
    TakenTimes,
    stretches_with,
    timeline_of,
)
from marketplace.search.rules.windows import Window

SLOT = timedelta(hours=1)
MOST_SLOTS = 60
# Nobody plans a pick-up further ahead.
HORIZON = timedelta(days=60)
# Where nobody said until when, so long after it was agreed.
_USUAL_TIME = timedelta(days=14)


class Missed(StrEnum):
    """What follows when something was not collected."""

    FIRST_REMINDER = "first_reminder"
    SECOND_REMINDER = "second_reminder"
    GIVEN_BACK = "given_back"  # to the pool


# So long after it should have been collected: two reminders, then others get it (domain.md 1.2).
_AFTER = {
    Missed.FIRST_REMINDER: timedelta(days=1),
    Missed.SECOND_REMINDER: timedelta(days=4),
    Missed.GIVEN_BACK: timedelta(days=7),
}


@dataclass(frozen=True, kw_only=True)
class MissedAt:
    """Something that follows, and when."""

    missed: Missed
    at: datetime


def missed_after(due: datetime) -> Iterator[MissedAt]:
    """Give what follows when it was not collected until an instant, the earliest first."""
    for missed, after in _AFTER.items():
        yield MissedAt(missed=missed, at=due + after)


def given_back_at(due: datetime) -> datetime:
    """Give when others get what should have been collected until an instant."""
    return due + _AFTER[Missed.GIVEN_BACK]


def due_at(
    *, pickup_ends_at: datetime | None, collect_until: datetime | None, accepted_at: datetime
) -> datetime:
    """Give until when something that was accepted should be collected."""
    return pickup_ends_at or collect_until or accepted_at + _USUAL_TIME


def free_slots(
    open_windows: Sequence[Window], taken: Sequence[Window], period: Window
) -> tuple[Window, ...]:
    """Give the hours of a period in which nobody else comes, the earliest first."""
    stock = Stock(
        quantity=1,
        open=tuple(open_windows),
        taken=TakenTimes.of(Taken(each.start, each.end, 1) for each in taken),
    )
    slots: list[Window] = []
    for stretch in stretches_with(timeline_of(stock, period).pieces(), 1):
        start = stretch.start
        while start + SLOT <= stretch.end and len(slots) < MOST_SLOTS:
            slots.append(Window(start, start + SLOT))
            start += SLOT
    return tuple(slots)


def is_free(open_windows: Sequence[Window], taken: Sequence[Window], wanted: Window) -> bool:
    """Tell whether somebody can come all through a time."""
    is_open = any(each.start <= wanted.start and wanted.end <= each.end for each in open_windows)
    return is_open and not any(
        each.start < wanted.end and wanted.start < each.end for each in taken
    )
