"""What happened to bookings."""

from dataclasses import dataclass

from marketplace.foundation.events import Event
from marketplace.foundation.identifiers import BookingId, ListingId, OrganisationId, ThreadId


@dataclass(frozen=True, kw_only=True)
class ListingAsked(Event):
    """An organisation asks for a quantity of an offer over a time."""

    booking_id: BookingId


@dataclass(frozen=True, kw_only=True)
class HelpOffered(Event):
    """An organisation answers a request: it can help."""

    listing_id: ListingId
    thread_id: ThreadId
    organisation_id: OrganisationId
