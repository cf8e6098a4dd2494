"""What is known about bookings."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.accounts.models import Organisation
from marketplace.bookings.models import Booking
from marketplace.bookings.rules.states import BookingState
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import BookingId, OrganisationId, ThreadId
from marketplace.listings.models import Listing


def booking_by_id(work: UnitOfWork, booking_id: BookingId) -> Booking:
    """Give a booking with its listing and both organisations; raises NotFound."""
    booking = work.session.scalars(_bookings().where(Booking.id == booking_id)).first()
    if booking is None:
        raise NotFound
    return booking


def booking_in_thread(work: UnitOfWork, thread_id: ThreadId) -> Booking | None:
    """Give the booking that a conversation is about, with its listing and both organisations."""
    return work.session.scalars(_bookings().where(Booking.thread_id == thread_id)).first()


def bookings_received(work: UnitOfWork) -> list[Booking]:
    """Give what others ask of the acting organisation and is not over, the unanswered first."""
    return list(
        work.session.scalars(
            _bookings()
            .where(
                Listing.organisation_id == work.actor.organisation_id, Booking.ends_at > work.now()
            )
            .order_by(Booking.answered_at.is_not(None), Booking.created_at.desc(), Booking.id)
        )
    )


def bookings_sent(work: UnitOfWork) -> list[Booking]:
    """Give what the acting organisation asks of others and is not over, the newest first."""
    return list(
        work.session.scalars(
            _bookings()
            .where(
                Booking.organisation_id == work.actor.organisation_id, Booking.ends_at > work.now()
            )
            .order_by(Booking.created_at.desc(), Booking.id)
        )
    )


def count_open_requests(work: UnitOfWork, organisation_id: OrganisationId) -> int:
    """Count the requests of an organisation that wait for an answer and are not over."""
    return (
        work.session.scalar(
            select(func.count())
            .select_from(Booking)
            .where(
                Booking.organisation_id == organisation_id,
                Booking.state == BookingState.REQUESTED,
                Booking.answered_at.is_(None),
                Booking.ends_at > work.now(),
            )
        )
        or 0
    )


def asking_organisation(work: UnitOfWork) -> Organisation:
    """Give the acting organisation, locked: two requests of it are counted one after the other.

    The lock leaves the key alone, so that two organisations that ask one another at the same time
    do not wait for each other for ever. Raises NotFound.
    """
    organisation = work.session.scalars(
        select(Organisation)
        .where(Organisation.id == work.actor.organisation_id)
        .with_for_update(key_share=True)
    ).first()
    if organisation is None:
        raise NotFound
    return organisation


def _bookings() -> Select[Booking]:
    return (
        select(Booking)
        .join(Booking.listing)
        .options(
            contains_eager(Booking.listing).joinedload(Listing.organisation),
            joinedload(Booking.organisation),
        )
    )
