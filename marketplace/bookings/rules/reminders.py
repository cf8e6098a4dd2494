"""When the two sides of a booking are reminded, and of what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.bookings.rules.states import HANDOVER_BEFORE, OPEN, BookingState, Side

# Long enough to answer within a working day, short enough to be about today.
ANSWER_BEFORE = timedelta(hours=12)
RETURN_BEFORE = timedelta(hours=24)
# After the agreed end: first thing that is wrong is that it is still away.
OVERDUE_AFTER = timedelta(hours=2)


class Reminder(StrEnum):
    """What somebody is reminded of."""

    ANSWER = "answer"  # the one whose answer is waited for
    HANDOVER = "handover"  # both
    RETURN = "return"  # who has it
    OVERDUE = "overdue"  # both


@dataclass(frozen=True, kw_only=True)
class Due:
    """A reminder at an instant."""

    reminder: Reminder
    at: datetime


def reminders_for(
    state: BookingState,
    *,
    starts_at: datetime,
    ends_at: datetime,
    hold_until: datetime | None,
    is_returned: bool,
    now: datetime,
) -> Iterator[Due]:
    """Give what to remind of after a step into this state, as far as it lies ahead."""
    planned = []
    if state in OPEN and hold_until is not None:
        planned.append(Due(reminder=Reminder.ANSWER, at=hold_until - ANSWER_BEFORE))
    if state is BookingState.ACCEPTED:
        planned.append(Due(reminder=Reminder.HANDOVER, at=starts_at - HANDOVER_BEFORE))
    if state is BookingState.HANDED_OVER and is_returned:
        if ends_at - starts_at > RETURN_BEFORE:
            planned.append(Due(reminder=Reminder.RETURN, at=ends_at - RETURN_BEFORE))
        planned.append(Due(reminder=Reminder.OVERDUE, at=ends_at + OVERDUE_AFTER))
    yield from (each for each in planned if each.at > now)


def states_for(reminder: Reminder) -> frozenset[BookingState]:
    """Give in which states a reminder still makes sense."""
    match reminder:
        case Reminder.ANSWER:
            return OPEN
        case Reminder.HANDOVER:
            return frozenset({BookingState.ACCEPTED})
        case _:
            return frozenset({BookingState.HANDED_OVER})


def sides_reminded(reminder: Reminder, proposed_by: Side) -> tuple[Side, ...]:
    """Give who is reminded."""
    match reminder:
        case Reminder.ANSWER:
            return (proposed_by.other,)
        case Reminder.RETURN:
            return (Side.ASKER,)
        case _:
            return (Side.OWNER, Side.ASKER)
