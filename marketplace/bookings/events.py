"""What happened to bookings."""

from dataclasses import dataclass

from marketplace.foundation.events import Event
from marketplace.foundation.identifiers import BookingId


@dataclass(frozen=True, kw_only=True)
class ListingAsked(Event):
    """An organisation asks for a quantity of an offer over a time."""

    booking_id: BookingId
