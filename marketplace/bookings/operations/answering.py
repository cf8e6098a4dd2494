"""Everything the two sides do with a booking after it was asked for."""

from marketplace.accounts.permissions import Action, check_may
from marketplace.bookings.models import Booking
from marketplace.bookings.operations.asking import check_fits
from marketplace.bookings.operations.steps import deadline, lapse, lapse_overdue, take_step
from marketplace.bookings.queries import booking_by_id, lock_offer_of, own_booking, plan_of
from marketplace.bookings.rules.requests import (
    BookingRequest,
    checked_reason,
    settled_proposal,
)
from marketplace.bookings.rules.states import (
    NOT_KEPT,
    BookingAction,
    Side,
    needs_reason,
    next_state,
    unconfirmed_after,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import BookingId
from marketplace.messaging.rules.messages import tidy_message


def act_on_booking(
    work: UnitOfWork, booking_id: BookingId, action: BookingAction, *, note: str = ""
) -> Booking:
    """Take a step that leaves time and quantity as they are: everything but a counter-offer.

    Raises NotFound for those who take no part, Conflict where the state does not allow it,
    NotAllowed where it is the other side's to do, InvalidInput (`reason`) where one is owed.
    """
    booking, side = _locked_booking(work, booking_id)
    target = next_state(action, side, booking.standing, work.now())
    reason = checked_reason(note) if needs_reason(action) else tidy_message(note)
    if target in NOT_KEPT:
        booking.reason = reason
    booking.unconfirmed_by = unconfirmed_after(action, side, booking.standing)
    take_step(work, booking, booking.listing, target, side=side, note=reason)
    return booking


def counter_booking(work: UnitOfWork, booking_id: BookingId, proposal: BookingRequest) -> Booking:
    """Propose another time or quantity; it takes the place of what was on the table and is held.

    Raises as `act_on_booking` does, and CapacityExhausted and InvalidInput as asking does.
    """
    booking, side = _locked_booking(work, booking_id)
    target = next_state(BookingAction.COUNTER, side, booking.standing, work.now())
    plan = plan_of(work, booking.listing)
    period, quantity = settled_proposal(proposal, plan, now=work.now())
    # Noted, not only left out: an acceptance that began before its deadline may still wait for us.
    lapse_overdue(work, booking.listing)
    check_fits(work, booking.listing, plan, period, quantity, without=booking.id)
    booking.starts_at, booking.ends_at = period.start, period.end
    booking.quantity = quantity
    booking.proposed_by = side
    booking.hold_until = deadline(work, period.end)
    take_step(
        work, booking, booking.listing, target, side=side, note=tidy_message(proposal.message)
    )
    return booking


def lapse_booking(work: UnitOfWork, booking_id: BookingId) -> None:
    """Let a request lapse if nobody has answered it in time; safe to run twice."""
    lock_offer_of(work, booking_id)
    booking = booking_by_id(work, booking_id)
    if booking.standing.has_lapsed(work.now()):
        lapse(work, booking)


def _locked_booking(work: UnitOfWork, booking_id: BookingId) -> tuple[Booking, Side]:
    """Give a booking of the acting organisation, with its offer locked: what is read is final."""
    check_may(work.actor, Action.ASK_FOR_LISTING)
    lock_offer_of(work, booking_id)
    return own_booking(work, booking_id)
