"""What follows a step of a claim or a booking: its effect is counted, or taken back."""

from marketplace.bookings.events import BookingStepped
from marketplace.donations.events import ClaimStepped
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.events import subscribe
from marketplace.impact.operations.counting import count_booking, count_claim


@subscribe(ClaimStepped)
def count_what_was_given(work: UnitOfWork, event: ClaimStepped) -> None:
    """Count a gift once both sides have confirmed it."""
    count_claim(work, event.claim_id)


@subscribe(BookingStepped)
def count_what_was_shared(work: UnitOfWork, event: BookingStepped) -> None:
    """Count a booking once both sides have completed it."""
    count_booking(work, event.booking_id)
