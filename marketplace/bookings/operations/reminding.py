"""Remind the sides of a booking of what is to come."""

from marketplace.accounts.rules.mail_choices import MailTopic
from marketplace.bookings.models import Booking
from marketplace.bookings.operations.telling import tell
from marketplace.bookings.queries import booking_by_id
from marketplace.bookings.rules.news import news_of
from marketplace.bookings.rules.reminders import (
    Reminder,
    reminders_for,
    sides_reminded,
    states_for,
)
from marketplace.bookings.rules.states import BookingState, Side
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import BookingId
from marketplace.foundation.mail.operations import is_queued

# Of what lies ahead anyway nobody has to be told; where the other side waits, one cannot opt out.
_TOPICS = {
    Reminder.HANDOVER: MailTopic.REMINDERS,
    Reminder.RETURN: MailTopic.REMINDERS,
}


def plan_reminders(work: UnitOfWork, booking: Booking) -> None:
    """Have the worker remind the sides when the time comes; needs the listing."""
    for due in reminders_for(
        BookingState(booking.state),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        hold_until=booking.hold_until,
        is_returned=booking.standing.is_returned,
        now=work.now(),
    ):
        work.enqueue(
            "remind_of_booking",
            due_at=due.at,
            booking_id=booking.id,
            reminder=due.reminder,
            at=due.at.isoformat(),
        )


def remind_of_booking(
    work: UnitOfWork, booking_id: BookingId, reminder: Reminder, *, planned: str
) -> None:
    """Send a reminder once, if the booking still stands as it did when it was planned."""
    booking = booking_by_id(work, booking_id)
    event_key = f"booking-{booking.id}-{reminder}-{planned}"
    if (
        booking.state not in states_for(reminder)
        or booking.standing.has_lapsed(work.now())
        or is_queued(work, event_key)
        or not _is_still_planned(booking, reminder, planned)
    ):
        return
    for side in sides_reminded(reminder, Side(booking.proposed_by)):
        tell(
            work,
            booking,
            news_of(reminder, reader=side),
            reader=side,
            event_key=event_key,
            topic=_TOPICS.get(reminder, MailTopic.AGREEMENTS),
        )


def _is_still_planned(booking: Booking, reminder: Reminder, planned: str) -> bool:
    """Tell whether time and deadline are those it was planned for: a counter-offer moves them."""
    return any(
        due.reminder is reminder and due.at.isoformat() == planned
        for due in reminders_for(
            BookingState(booking.state),
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            hold_until=booking.hold_until,
            is_returned=booking.standing.is_returned,
            now=booking.created_at,
        )
    )
