"""Bookings: never more than there is, and only steps that are allowed."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.bookings.models import Booking, BookingStep
from marketplace.bookings.queries import overbooked
from marketplace.bookings.rules.states import HOLDING, BookingState, may_follow
from marketplace.cli.verification.invariant import Invariant
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.models import Listing


def _too_much_promised(work: UnitOfWork) -> Iterator[str]:
    listings = work.session.scalars(
        select(Listing)
        .where(Listing.id.in_(select(Booking.listing_id).where(Booking.state.in_(HOLDING))))
        .options(joinedload(Listing.organisation))
        .order_by(Listing.id)
    ).all()
    for listing in listings:
        broken = overbooked(work, listing)
        if broken:
            ids = ", ".join(each.id for each in broken)
            yield f"listing {listing.id} has not enough for the bookings {ids}"


def _forbidden_steps(work: UnitOfWork) -> Iterator[str]:
    states = dict(work.session.execute(select(Booking.id, Booking.state)).all())
    rows = work.session.execute(
        select(BookingStep.booking_id, BookingStep.position, BookingStep.state).order_by(
            BookingStep.booking_id, BookingStep.position
        )
    )
    for booking_id, steps in groupby(rows, key=lambda row: row[0]):
        before: BookingState | None = None
        for expected, (_, position, state) in enumerate(steps, start=1):
            if position != expected:
                yield f"booking {booking_id}: step {expected} is missing"
            if not may_follow(BookingState(state), before):
                yield f"booking {booking_id}: {state} does not follow {before or 'nothing'}"
            before = BookingState(state)
        if states.pop(booking_id) != before:
            yield f"booking {booking_id} is not in the state of its last step"
    yield from (f"booking {booking_id} has no step" for booking_id in sorted(states))


BOOKING_INVARIANTS = (
    Invariant(
        id="I1",
        sentence="No offer promises more than it has, at any instant and in sum",
        check=_too_much_promised,
    ),
    Invariant(
        id="I7",
        sentence="Bookings took only steps that are allowed",
        check=_forbidden_steps,
    ),
)
