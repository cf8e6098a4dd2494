"""Mails about a booking to the people of one side."""

from datetime import datetime

from marketplace.accounts.models import Organisation
from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.queries import people_of
from marketplace.accounts.rules.mail_choices import MailTopic
from marketplace.bookings.models import Booking
from marketplace.bookings.queries import zone_of
from marketplace.bookings.rules.news import News
from marketplace.bookings.rules.requests import written_instant, written_time
from marketplace.bookings.rules.states import Side
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.kinds import KINDS
from marketplace.messaging.rules.messages import shortened
from marketplace.search.rules.windows import Window


def tell(
    work: UnitOfWork,
    booking: Booking,
    news: News,
    *,
    reader: Side,
    event_key: str,
    topic: MailTopic = MailTopic.AGREEMENTS,
    note: str = "",
    calendar: str = "",
) -> None:
    """Send news to everybody of one side; needs the booking's listing and organisations."""
    own, across = _organisations(booking, reader)
    zone = zone_of(work, booking.listing_id)
    for person in people_of(work, own.id):
        mail_to(
            work,
            person,
            "booking_news",
            event_key=event_key,
            topic=topic,
            act_by=_next_instant(booking, work.now()),
            subject_line=news.subject,
            happened=news.happened,
            next_step=news.next,
            other=across.name,
            place=across.place,
            title=booking.listing.title,
            days=written_time(Window(booking.starts_at, booking.ends_at), zone),
            quantity=booking.quantity,
            unit=KINDS[booking.listing.kind].unit_label(booking.unit, booking.quantity),
            deadline=written_instant(booking.hold_until, zone) if booking.hold_until else "",
            end=written_instant(booking.ends_at, zone),
            note=shortened(note),
            calendars=[calendar] if calendar else [],
            path=f"/messages/{booking.thread_id}",
        )


def _next_instant(booking: Booking, now: datetime) -> datetime | None:
    """Give the next instant that counts in a booking; None: all of them have passed."""
    instants = (booking.hold_until, booking.starts_at, booking.ends_at)
    return min((instant for instant in instants if instant and instant > now), default=None)


def _organisations(booking: Booking, reader: Side) -> tuple[Organisation, Organisation]:
    owner, asker = booking.listing.organisation, booking.organisation
    return (owner, asker) if reader is Side.OWNER else (asker, owner)
