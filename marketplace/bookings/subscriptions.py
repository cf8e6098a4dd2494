"""What follows a step of a booking: mails to those concerned, deadlines and reminders."""

from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.queries import organisation_by_id, people_of
from marketplace.accounts.rules.mail_choices import MailTopic
from marketplace.bookings.events import BookingStepped, HelpOffered
from marketplace.bookings.models import BookingStep
from marketplace.bookings.operations.calendars import calendar_of
from marketplace.bookings.operations.reminding import plan_reminders
from marketplace.bookings.operations.telling import tell
from marketplace.bookings.queries import booking_by_id
from marketplace.bookings.rules.news import news_for
from marketplace.bookings.rules.states import OPEN, BookingState, Side
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.events import subscribe
from marketplace.listings.queries import listing_by_id
from marketplace.messaging.queries import first_message
from marketplace.messaging.rules.messages import shortened


@subscribe(BookingStepped)
def tell_both_sides(work: UnitOfWork, event: BookingStepped) -> None:
    """Tell each side what it has to know of a step."""
    booking = booking_by_id(work, event.booking_id)
    step = work.session.get_one(BookingStep, event.step_id)
    for reader in Side:
        news = news_for(
            BookingState(step.state),
            reader=reader,
            actor=Side(step.side) if step.side else None,
            is_returned=booking.standing.is_returned,
            is_over=booking.ends_at <= work.now(),
            has_to_confirm=booking.standing.unconfirmed_by is reader,
        )
        if news is not None:
            tell(
                work,
                booking,
                news,
                reader=reader,
                event_key=f"booking-{booking.id}-{step.position}",
                note=step.note if step.side else "",  # the deadline's own words are the news
                calendar=calendar_of(work, booking, reader=reader, sequence=step.position)
                if news.has_calendar
                else "",
            )


@subscribe(BookingStepped)
def watch_the_time(work: UnitOfWork, event: BookingStepped) -> None:
    """Have the worker see to the deadline and to reminders."""
    booking = booking_by_id(work, event.booking_id)
    if booking.state in OPEN:
        work.enqueue("lapse_booking", due_at=booking.hold_until, booking_id=booking.id)
    if booking.state == BookingState.HANDED_OVER:
        # From then on it is away until it is back: searches have to know.
        work.enqueue("index_free_times", due_at=booking.ends_at, listing_id=booking.listing_id)
    plan_reminders(work, booking)


@subscribe(HelpOffered)
def tell_who_looks(work: UnitOfWork, event: HelpOffered) -> None:
    """Tell those who look for something who can help."""
    listing = listing_by_id(work, event.listing_id)
    helping = organisation_by_id(work, event.organisation_id)
    for person in people_of(work, listing.organisation_id):
        mail_to(
            work,
            person,
            "help_offered",
            event_key=f"help-{event.thread_id}",
            topic=MailTopic.AGREEMENTS,
            organisation=helping.name,
            place=helping.place,
            title=listing.title,
            message=shortened(first_message(work, event.thread_id).body),
            path=f"/messages/{event.thread_id}",
        )
