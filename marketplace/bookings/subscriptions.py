"""What follows when an organisation asks for an offer, and when the other side answers."""

from marketplace.accounts.models import Organisation
from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.queries import organisation_by_id, people_of
from marketplace.bookings.events import HelpOffered, ListingAsked
from marketplace.bookings.models import Booking
from marketplace.bookings.operations import note_answer
from marketplace.bookings.queries import booking_by_id, booking_in_thread
from marketplace.bookings.rules.requests import written_days
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.events import subscribe
from marketplace.listings.kinds import KINDS
from marketplace.listings.queries import listing_by_id
from marketplace.messaging.events import MessagePosted
from marketplace.messaging.queries import first_message
from marketplace.messaging.rules.messages import shortened
from marketplace.search.rules.windows import Window


@subscribe(ListingAsked)
def tell_both_sides(work: UnitOfWork, event: ListingAsked) -> None:
    """Tell the owner of the offer who asks for what, and confirm it to those who ask."""
    booking = booking_by_id(work, event.booking_id)
    asking, owner = booking.organisation, booking.listing.organisation
    _send(work, "request_received", booking, to=owner, about=asking)
    _send(work, "request_sent", booking, to=asking, about=owner)


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
            organisation=helping.name,
            place=helping.place,
            title=listing.title,
            message=shortened(first_message(work, event.thread_id).body),
            path=f"/messages/{event.thread_id}",
        )


@subscribe(MessagePosted)
def note_answers(work: UnitOfWork, event: MessagePosted) -> None:
    """A request is answered once the owner of the offer writes into its conversation."""
    booking = booking_in_thread(work, event.thread_id)
    if booking is not None and event.organisation_id == booking.listing.organisation_id:
        note_answer(work, booking)


def _send(
    work: UnitOfWork, template: str, booking: Booking, *, to: Organisation, about: Organisation
) -> None:
    for person in people_of(work, to.id):
        mail_to(
            work,
            person,
            template,
            event_key=f"booking-{booking.id}-requested",
            organisation=about.name,
            place=about.place,
            title=booking.listing.title,
            days=written_days(Window(booking.starts_at, booking.ends_at)),
            quantity=booking.quantity,
            unit=_unit_of(booking),
            message=shortened(first_message(work, booking.thread_id).body),
            path=f"/messages/{booking.thread_id}",
        )


def _unit_of(booking: Booking) -> str:
    """Give the unit as a marked German word; the mail's template translates it."""
    listing = booking.listing
    return KINDS[listing.kind].unit_label(listing.unit, booking.quantity)
