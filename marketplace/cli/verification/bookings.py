"""Bookings: never more than there is, and only steps that are allowed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Membership, Person
from marketplace.bookings.models import Booking, BookingStep
from marketplace.bookings.queries import overbooked
from marketplace.bookings.rules.news import news_for
from marketplace.bookings.rules.states import HOLDING, OPEN, BookingState, Side, may_follow
from marketplace.cli.verification.invariant import Invariant
from marketplace.foundation.audit import AuditEntry
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import OrganisationId
from marketplace.foundation.jobs.outbox import OutboxJob
from marketplace.foundation.mail.models import OutgoingMail
from marketplace.listings.models import Listing

# Older entries of the audit trail may be gone (contract, section 6).
_TRAIL_KEPT = timedelta(days=3 * 365)


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


def _untold_steps(work: UnitOfWork) -> Iterator[str]:
    """Hold the mails of each step to the people of the side that has to know of it."""
    recipients = defaultdict(list)
    for event_key, recipient in work.session.execute(
        select(OutgoingMail.event_key, OutgoingMail.recipient).where(
            OutgoingMail.template == "booking_news"
        )
    ):
        recipients[event_key].append(recipient)
    people = _people(work)
    rows = work.session.execute(
        select(BookingStep, Listing.organisation_id, Booking.organisation_id)
        .join(Booking, Booking.id == BookingStep.booking_id)
        .join(Listing, Listing.id == Booking.listing_id)
        .order_by(BookingStep.booking_id, BookingStep.position)
    )
    for step, owner, asker in rows:
        told = recipients[f"booking-{step.booking_id}-{step.position}"]
        actor = Side(step.side) if step.side else None
        for reader, organisation_id in ((Side.OWNER, owner), (Side.ASKER, asker)):
            # Whether it is given back changes the words of a mail, never whether there is one.
            news = news_for(BookingState(step.state), reader=reader, actor=actor)
            if news is None:
                continue
            for email, since in people.get(organisation_id, ()):
                if since <= step.at and told.count(email) != 1:
                    yield (
                        f"step {step.position} of booking {step.booking_id}: {told.count(email)} "
                        f"mails to one of organisation {organisation_id}"
                    )


def _people(work: UnitOfWork) -> Mapping[OrganisationId, list[tuple[str, datetime]]]:
    """Give who is told of bookings, and since when each belongs to the organisation."""
    people: defaultdict[OrganisationId, list[tuple[str, datetime]]] = defaultdict(list)
    for organisation_id, email, joined, confirmed in work.session.execute(
        select(
            Membership.organisation_id,
            Person.email,
            Membership.created_at,
            Person.email_confirmed_at,
        )
        .join(Person, Person.id == Membership.person_id)
        .where(Person.disabled_at.is_(None))
    ):
        if confirmed is not None:
            people[organisation_id].append((email, max(joined, confirmed)))
    return people


def _unwatched_deadlines(work: UnitOfWork) -> Iterator[str]:
    jobs = work.session.scalars(
        select(OutboxJob.payload).where(
            OutboxJob.district_id == work.district_id, OutboxJob.name == "lapse_booking"
        )
    )
    watched = {payload.get("booking_id") for payload in jobs}
    waiting = work.session.scalars(
        select(Booking.id).where(Booking.state.in_(OPEN)).order_by(Booking.id)
    )
    yield from (f"nothing lets booking {each} lapse" for each in waiting if each not in watched)


def _half_done(work: UnitOfWork) -> Iterator[str]:
    yield from _untold_steps(work)
    yield from _unwatched_deadlines(work)


def _steps_without_trail(work: UnitOfWork) -> Iterator[str]:
    entries = dict(
        work.session.execute(
            select(AuditEntry.subject_id, func.count())
            .where(AuditEntry.action == "step_booking")
            .group_by(AuditEntry.subject_id)
        ).all()
    )
    steps = work.session.execute(
        select(Booking.id, func.count())
        .join(BookingStep, BookingStep.booking_id == Booking.id)
        .where(Booking.created_at > work.now() - _TRAIL_KEPT)
        .group_by(Booking.id)
        .order_by(Booking.id)
    )
    for booking_id, count in steps:
        if entries.get(booking_id, 0) != count:
            yield f"booking {booking_id}: {count} steps, {entries.get(booking_id, 0)} in the trail"


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
    Invariant(
        id="I9b",
        sentence="Every step was told to those concerned, and every deadline is watched",
        check=_half_done,
    ),
    Invariant(
        id="I14",
        sentence="Every step is in the audit trail",
        check=_steps_without_trail,
    ),
)
