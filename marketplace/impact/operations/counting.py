"""Count once what a deal has come to when both sides have closed it; take it back if undone."""

from sqlalchemy import ColumnElement, select

from marketplace.bookings.models import Booking
from marketplace.bookings.queries import booking_by_id
from marketplace.bookings.queries import steps_of as steps_of_booking
from marketplace.bookings.rules.states import BookingState
from marketplace.donations.models import Claim
from marketplace.donations.queries.claims import claim_by_id
from marketplace.donations.queries.lines import lines_of
from marketplace.donations.rules.states import ClaimState
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import BookingId, ClaimId
from marketplace.impact.models import Effect
from marketplace.impact.rules.measures import (
    LotWeight,
    Measure,
    WeighedLine,
    is_given_away,
    measure_of_gift,
    measure_of_sharing,
    weight_of_lot,
)
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_unnamed
from marketplace.listings.rules.drafts import ZONE
from marketplace.search.rules.windows import Window


def count_claim(work: UnitOfWork, claim_id: ClaimId) -> None:
    """Count a claim that is confirmed; one that is not counts no longer. Safe to run twice."""
    claim = claim_by_id(work, claim_id)
    if claim.state != ClaimState.CONFIRMED:
        _take_back(work, Effect.claim_id == claim.id)
    elif not _is_counted(work, Effect.claim_id == claim.id):
        measure = measure_of_gift(
            claim.listing.attributes,
            unit=claim.unit,
            quantity=claim.granted,
            lot=_weight_of_lot(work, claim.listing),
        )
        effect = _effect(claim, claim.listing, claim.granted, measure)
        effect.claim_id = claim.id
        effect.is_anonymous = is_unnamed(claim.listing)
        work.session.add(effect)


def count_booking(work: UnitOfWork, booking_id: BookingId) -> None:
    """Count a booking that both sides have completed; any other counts no longer.

    Safe to run twice.
    """
    booking = booking_by_id(work, booking_id)
    if booking.state != BookingState.COMPLETED or booking.unconfirmed_by is not None:
        _take_back(work, Effect.booking_id == booking.id)
    elif not _is_counted(work, Effect.booking_id == booking.id):
        effect = _effect(booking, booking.listing, booking.quantity, _measure(work, booking))
        effect.booking_id = booking.id
        effect.is_anonymous = is_unnamed(booking.listing)
        work.session.add(effect)


def _weight_of_lot(work: UnitOfWork, listing: Listing) -> LotWeight | None:
    lines = [
        WeighedLine(
            quantity=each.quantity,
            weight_kg=each.weight_kg,
            is_estimated=each.is_weight_estimated,
        )
        for each in lines_of(work, listing.id)
    ]
    return weight_of_lot(lines, unit=listing.unit, quantity=listing.quantity)


def _measure(work: UnitOfWork, booking: Booking) -> Measure:
    listing = booking.listing
    if is_given_away(listing.terms_mode):
        return measure_of_gift(listing.attributes, unit=booking.unit, quantity=booking.quantity)
    noted = {step.state: step.at for step in steps_of_booking(work, booking.id)}
    return measure_of_sharing(
        KINDS[listing.kind],
        unit=booking.unit,
        mode=listing.terms_mode,
        quantity=booking.quantity,
        agreed=Window(booking.starts_at, booking.ends_at),
        out_at=noted.get(BookingState.HANDED_OVER),
        back_at=noted.get(BookingState.RETURNED),
    )


def _effect(source: Claim | Booking, listing: Listing, quantity: int, measure: Measure) -> Effect:
    day = source.updated_at.astimezone(ZONE)
    return Effect(
        listing_id=listing.id,
        giver_id=listing.organisation_id,
        receiver_id=source.organisation_id,
        kind=listing.kind,
        category=listing.category,
        mode=listing.terms_mode or "",
        place=listing.organisation.place,
        year=day.year,
        month=day.month,
        quantity=quantity,
        unit=source.unit,
        pieces=measure.pieces,
        kilograms=measure.kilograms,
        weight_basis=measure.weight_basis,
        hours=measure.hours,
        person_days=measure.person_days,
        closed_at=source.updated_at,
    )


def _is_counted(work: UnitOfWork, source: ColumnElement[bool]) -> bool:
    return work.session.scalars(select(Effect.id).where(source)).first() is not None


def _take_back(work: UnitOfWork, source: ColumnElement[bool]) -> None:
    effect = work.session.scalars(select(Effect).where(source)).first()
    if effect is not None:
        work.session.delete(effect)
        work.record("take_back_effect", "effect", effect.id)
