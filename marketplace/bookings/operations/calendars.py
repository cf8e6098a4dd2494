"""The file for the calendar that goes with an agreement."""

from marketplace.bookings.models import Booking
from marketplace.bookings.queries import zone_of
from marketplace.bookings.rules.calendars import Entry, calendar_file
from marketplace.bookings.rules.states import BookingState, Side
from marketplace.districts.queries import own_district, primary_host
from marketplace.foundation.database.unit_of_work import UnitOfWork


def calendar_of(work: UnitOfWork, booking: Booking, *, reader: Side, sequence: int) -> str:
    """Give the file for one side; needs the booking's listing and organisations."""
    district = own_district(work)
    host = primary_host(work, district.id)
    listing = booking.listing
    across = booking.organisation if reader is Side.OWNER else listing.organisation
    return calendar_file(
        Entry(
            uid=f"{booking.id}@{host}",
            sequence=sequence,
            title=f"{listing.title} ({across.name})",
            text="",
            place=", ".join(
                part for part in (listing.street, f"{listing.postcode} {listing.place}") if part
            ).strip(),
            url=f"{work.origin or f'https://{host}'}/messages/{booking.thread_id}",
            organiser=district.sender_email,
            start=booking.starts_at,
            end=booking.ends_at,
            zone=zone_of(work, listing.id),
            stamp=work.now(),
            is_cancelled=booking.state == BookingState.CANCELLED,
        )
    )
