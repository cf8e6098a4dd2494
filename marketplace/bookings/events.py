"""What happened to bookings."""

from dataclasses import dataclass

from marketplace.foundation.events import Event
from marketplace.foundation.identifiers import BookingId, ListingId, OrganisationId, ThreadId


@dataclass(frozen=True, kw_only=True)
class BookingStepped(Event):
    """A booking went one step on; the first one is that it was asked for."""

    booking_id: BookingId
    step_id: str


@dataclass(frozen=True, kw_only=True)
class HelpOffered(Event):
    """An organisation answers a request: it can help."""

    listing_id: ListingId
    thread_id: ThreadId
    organisation_id: OrganisationId
