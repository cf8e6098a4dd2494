"""What every step of a booking has in common: it is written down, told, and found by searches."""

from datetime import datetime

from sqlalchemy import func, select

from marketplace.bookings.events import BookingStepped
from marketplace.bookings.models import Booking, BookingStep
from marketplace.bookings.queries import booking_by_id, has_more_holding, overdue_holds
from marketplace.bookings.rules.states import BookingState, Side
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_
from marketplace.foundation.identifiers import new_id
from marketplace.listings.models import Listing
from marketplace.listings.operations.listings import refresh_index

# An offer with more bookings is indexed by the worker: nobody waits for that when asking.
_MOST_INDEXED_AT_ONCE = 200
LAPSED_REASON = N_("Niemand hat rechtzeitig geantwortet.")


def take_step(
    work: UnitOfWork,
    booking: Booking,
    listing: Listing,
    state: BookingState,
    *,
    side: Side | None,
    note: str = "",
) -> BookingStep:
    """Note that a booking went on, in this transaction: state, step, audit trail and news.

    Who calls holds the lock on the listing and has set time and quantity before.
    """
    booking.state = state
    booking.updated_at = work.now()
    step = BookingStep(
        id=new_id(),
        booking_id=booking.id,
        position=_last_position(work, booking) + 1,
        state=state,
        side=side,
        person_id=work.actor.person_id if side is not None else None,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        quantity=booking.quantity,
        note=note,
        at=work.now(),
    )
    work.session.add(step)
    work.session.flush()
    work.record("step_booking", "booking", booking.id, {"state": state})
    work.emit(BookingStepped(booking_id=booking.id, step_id=step.id))
    if state is not BookingState.ACCEPTED:  # what is accepted was held before
        refresh_free_times(work, listing)
    return step


def refresh_free_times(work: UnitOfWork, listing: Listing) -> None:
    """Let searches find it by what is free now: at once, or soon where there is much to count."""
    if has_more_holding(work, listing.id, _MOST_INDEXED_AT_ONCE):
        work.enqueue("index_free_times", listing_id=listing.id)
    else:
        refresh_index(work, listing)


def lapse_overdue(work: UnitOfWork, listing: Listing) -> None:
    """Let the requests of an offer lapse whose deadline has passed; the listing is locked."""
    for booking_id in overdue_holds(work, listing.id):
        lapse(work, booking_by_id(work, booking_id))


def lapse(work: UnitOfWork, booking: Booking) -> None:
    """Let one request lapse that nobody answered in time."""
    booking.reason = LAPSED_REASON
    take_step(work, booking, booking.listing, BookingState.LAPSED, side=None, note=LAPSED_REASON)


def deadline(work: UnitOfWork, ends_at: datetime) -> datetime:
    """Give until when an answer is waited for: the installation's time, at most to the end."""
    return min(work.now() + work.services.settings.limits.booking_hold, ends_at)


def _last_position(work: UnitOfWork, booking: Booking) -> int:
    return (
        work.session.scalar(
            select(func.max(BookingStep.position)).where(BookingStep.booking_id == booking.id)
        )
        or 0
    )
