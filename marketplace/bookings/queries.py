"""What is known about bookings."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.accounts.models import Organisation
from marketplace.bookings.models import Booking, BookingStep, Closure, OfferSchedule
from marketplace.bookings.rules.capacity import FOREVER, Taken, TakenTimes
from marketplace.bookings.rules.opening import BERLIN, Opening, weekly_hours
from marketplace.bookings.rules.plans import Booked, Plan, broken_promises
from marketplace.bookings.rules.public_holidays import public_holidays
from marketplace.bookings.rules.states import HOLDING, OPEN, OVER, SPENDING, BookingState, Side
from marketplace.districts.queries import own_district
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.database.whole_columns import (
    WholeColumn,
    all_instants,
    all_numbers,
    read_instants,
    read_numbers,
)
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import BookingId, ListingId, OrganisationId, ThreadId
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.queries import listing_by_id, windows_of
from marketplace.listings.resource_kind import BudgetUnit, Scheduling
from marketplace.search.rules.windows import Window

# One more than can be asked for ahead (rules.requests.HORIZON_MONTHS).
_YEARS_OF_HOLIDAYS = 3
_INSTANT = timedelta(microseconds=1)


def booking_by_id(work: UnitOfWork, booking_id: BookingId) -> Booking:
    """Give a booking with its listing and both organisations; raises NotFound."""
    booking = work.session.scalars(_bookings().where(Booking.id == booking_id)).first()
    if booking is None:
        raise NotFound
    return booking


def lock_offer_of(work: UnitOfWork, booking_id: BookingId) -> None:
    """Lock the offer a booking is about until the commit, before the booking is read.

    Raises NotFound.
    """
    listing_id = work.session.scalars(
        select(Booking.listing_id).where(Booking.id == booking_id)
    ).first()
    if listing_id is None:
        raise NotFound
    listing_by_id(work, listing_id, lock=True)


def own_booking(work: UnitOfWork, booking_id: BookingId) -> tuple[Booking, Side]:
    """Give a booking that the acting organisation takes part in, and its side.

    Raises NotFound for everybody else.
    """
    booking = booking_by_id(work, booking_id)
    side = booking.side_of(work.actor.organisation_id)
    if side is None:
        raise NotFound
    return booking, side


def booking_in_thread(work: UnitOfWork, thread_id: ThreadId) -> Booking | None:
    """Give the booking that a conversation is about, with its listing and both organisations."""
    return work.session.scalars(_bookings().where(Booking.thread_id == thread_id)).first()


def steps_of(work: UnitOfWork, booking_id: BookingId) -> Sequence[BookingStep]:
    """Give the steps of a booking, the first one first."""
    return work.session.scalars(
        select(BookingStep)
        .where(BookingStep.booking_id == booking_id)
        .order_by(BookingStep.position)
    ).all()


def bookings_received(work: UnitOfWork) -> list[Booking]:
    """Give what others ask of the acting organisation and is not over, in order of time."""
    return list(
        work.session.scalars(
            _bookings()
            .where(
                Listing.organisation_id == work.actor.organisation_id,
                _is_open_for(Side.OWNER),
            )
            .order_by(Booking.starts_at, Booking.id)
        )
    )


def bookings_sent(work: UnitOfWork) -> list[Booking]:
    """Give what the acting organisation asks of others and is not over, in order of time."""
    return list(
        work.session.scalars(
            _bookings()
            .where(
                Booking.organisation_id == work.actor.organisation_id,
                _is_open_for(Side.ASKER),
            )
            .order_by(Booking.starts_at, Booking.id)
        )
    )


def _is_open_for(side: Side) -> ColumnElement[bool]:
    """Give the condition that it is not over, or that this side has to confirm its end."""
    return or_(Booking.state.not_in(OVER), Booking.unconfirmed_by == side)


def bookings_page(
    work: UnitOfWork, *, limit: int, after: tuple[object, str] | None = None
) -> list[Booking]:
    """Give bookings of the acting organisation on either side, the newest request first.

    `after`: instant and id of the last one of the page before. A request that comes meanwhile
    stands before all pages, so that none is shown twice or skipped.
    """
    organisation_id = work.actor.organisation_id
    statement = _bookings().where(
        or_(Booking.organisation_id == organisation_id, Listing.organisation_id == organisation_id)
    )
    if after is not None:
        created_at, booking_id = after
        statement = statement.where(
            or_(
                Booking.created_at < created_at,
                (Booking.created_at == created_at) & (Booking.id > booking_id),
            )
        )
    return list(
        work.session.scalars(statement.order_by(Booking.created_at.desc(), Booking.id).limit(limit))
    )


def bookings_of_listing(work: UnitOfWork, listing: Listing, period: Window) -> Sequence[Booking]:
    """Give the bookings of an offer that hold capacity and touch the period, by their beginning."""
    return work.session.scalars(
        _bookings().where(*_holds(work, listing, period)).order_by(Booking.starts_at, Booking.id)
    ).all()


def overbooked(work: UnitOfWork, listing: Listing) -> list[Booking]:
    """Give the bookings of an offer, from now on, that it has not enough for; none in good order.

    Requests whose deadline has passed do not count, and what is overdue counts until its end only.
    """
    plan = plan_of(work, listing)
    now = work.now()
    bookings = bookings_of_listing(work, listing, Window(now, FOREVER))
    other_unit = [each for each in bookings if each.unit != listing.unit]
    if not bookings or other_unit:
        return other_unit
    held = TakenTimes.of(Taken(each.starts_at, each.ends_at, each.quantity) for each in bookings)
    period = Window(now, max(now + _INSTANT, *(each.ends_at for each in bookings)))
    taken = booked(work, listing, plan, period)
    times = broken_promises(plan, replace(taken, held=held), period)
    return [
        each
        for each in bookings
        if any(each.starts_at < time.end and time.start < each.ends_at for time in times)
    ]


def booked(
    work: UnitOfWork,
    listing: Listing,
    plan: Plan,
    period: Window,
    *,
    without: BookingId | None = None,
) -> Booked:
    """Give what is promised or away in a period; `without` one booking that is to be changed.

    What was handed over and is overdue is away until it is back: nobody knows until when.
    """
    statement = _held(work, listing, period, without)
    starts, ends, quantities = work.session.execute(statement).one()
    return Booked(
        held=TakenTimes(
            starts=read_instants(starts),
            ends=read_instants(ends),
            quantities=read_numbers(quantities),
        ),
        spent=_spent(work, listing, plan, without) if plan.budget is not None else 0,
    )


# What packages above have given away of an offer, in its unit.
Spending = Callable[[UnitOfWork, Listing], int]
_spending: list[Spending] = []


def register_spending(provider: Spending) -> None:
    """Count what a package above gives away of things that do not come back."""
    if provider not in _spending:
        _spending.append(provider)


def left_of(work: UnitOfWork, listing: Listing) -> int:
    """Give how much is left of an offer that is used up; never below zero."""
    return max(0, listing.quantity - _spent(work, listing, plan_of(work, listing), None))


def overdue_holds(work: UnitOfWork, listing_id: ListingId) -> Sequence[BookingId]:
    """Give the open requests of an offer whose deadline has passed."""
    return work.session.scalars(
        select(Booking.id)
        .where(
            Booking.listing_id == listing_id,
            Booking.state.in_(OPEN),
            Booking.hold_until <= work.now(),
        )
        .order_by(Booking.hold_until, Booking.id)
    ).all()


def count_open_bookings(work: UnitOfWork, organisation_id: OrganisationId) -> int:
    """Count the requests of an organisation that wait for an answer."""
    return (
        work.session.scalar(
            select(func.count())
            .select_from(Booking)
            .where(
                Booking.organisation_id == organisation_id,
                Booking.state.in_(OPEN),
                Booking.hold_until > work.now(),
            )
        )
        or 0
    )


def has_more_holding(work: UnitOfWork, listing_id: ListingId, count: int) -> bool:
    """Tell whether more bookings of an offer than that hold capacity or held it."""
    found = work.session.scalars(
        select(Booking.id)
        .where(Booking.listing_id == listing_id, Booking.state.in_(HOLDING))
        .offset(count)
        .limit(1)
    )
    return found.first() is not None


def _held(
    work: UnitOfWork, listing: Listing, period: Window, without: BookingId | None
) -> Select[WholeColumn, WholeColumn, WholeColumn]:
    ends = case((_is_overdue(work, listing), FOREVER), else_=Booking.ends_at)
    statement = select(
        all_instants(Booking.starts_at), all_instants(ends), all_numbers(Booking.quantity)
    ).where(*_holds(work, listing, period))
    return statement if without is None else statement.where(Booking.id != without)


def _holds(work: UnitOfWork, listing: Listing, period: Window) -> tuple[ColumnElement[bool], ...]:
    return (
        Booking.listing_id == listing.id,
        Booking.state.in_(HOLDING),
        Booking.state.not_in(OPEN) | (Booking.hold_until > work.now()),
        Booking.starts_at < period.end,
        (Booking.ends_at > period.start) | _is_overdue(work, listing),
    )


def _is_overdue(work: UnitOfWork, listing: Listing) -> ColumnElement[bool]:
    if not KINDS[listing.kind].scheduling.comes_back(listing.terms_mode):
        return false()
    return (Booking.state == BookingState.HANDED_OVER) & (Booking.ends_at <= work.now())


def _spent(work: UnitOfWork, listing: Listing, plan: Plan, without: BookingId | None) -> int:
    statement = select(func.sum(Booking.quantity)).where(
        Booking.listing_id == listing.id,
        Booking.unit == listing.unit,
        Booking.state.in_(SPENDING),
        Booking.state.not_in(OPEN) | (Booking.hold_until > work.now()),
    )
    if plan.budget is BudgetUnit.PIECE:  # what was lent before it was to be given away came back
        came_back = select(BookingStep.id).where(
            BookingStep.booking_id == Booking.id, BookingStep.state == BookingState.RETURNED
        )
        statement = statement.where(~came_back.exists())
    if without is not None:
        statement = statement.where(Booking.id != without)
    elsewhere = sum(provider(work, listing) for provider in _spending)
    return (work.session.scalar(statement) or 0) + elsewhere


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


def schedule_of(work: UnitOfWork, listing_id: ListingId) -> OfferSchedule | None:
    """Give the terms of time of an offer; None: it has none of its own."""
    return work.session.scalars(
        select(OfferSchedule).where(OfferSchedule.listing_id == listing_id)
    ).one_or_none()


def zone_of(work: UnitOfWork, listing_id: ListingId) -> ZoneInfo:
    """Give the zone by whose clock an offer's times are written."""
    schedule = schedule_of(work, listing_id)
    return ZoneInfo(schedule.zone) if schedule else BERLIN


def closures_of(work: UnitOfWork, listing_id: ListingId) -> Sequence[Closure]:
    """Give when an offer is closed, the earliest first."""
    return work.session.scalars(
        select(Closure)
        .where(Closure.listing_id == listing_id)
        .order_by(Closure.starts_at, Closure.id)
    ).all()


def holidays_of(
    work: UnitOfWork, first: date, last: date, *, language: str = "de"
) -> dict[date, str]:
    """Give the public holidays of the district's federal state, both days inclusive, with names."""
    return public_holidays(own_district(work).ags, first, last, language=language)


def plan_of(work: UnitOfWork, listing: Listing, *, windows: Sequence[Window] | None = None) -> Plan:
    """Give an offer as the rules of capacity see it; `windows`: its own, where they were read."""
    scheduling = KINDS[listing.kind].scheduling
    schedule = schedule_of(work, listing.id)
    if windows is None:
        windows = [Window(each.starts_at, each.ends_at) for each in windows_of(work, listing.id)]
    budget = scheduling.budget(listing.unit, listing.terms_mode)
    return Plan(
        quantity=listing.quantity,
        opening=_opening(work, listing, schedule, windows),
        budget=budget,
        at_once=_at_once(listing, scheduling, budget),
        comes_back=scheduling.comes_back(listing.terms_mode),
        smallest=schedule.smallest_quantity if schedule else 1,
        lead=timedelta(hours=schedule.lead_hours if schedule else 0),
        shortest=_hours(schedule.shortest_hours if schedule else None),
        longest=_hours(schedule.longest_hours if schedule else None),
    )


def _at_once(listing: Listing, scheduling: Scheduling, budget: BudgetUnit | None) -> int | None:
    if budget is BudgetUnit.PIECE:
        return None
    return listing.attributes.get(scheduling.at_once) if scheduling.at_once else 1


def _opening(
    work: UnitOfWork,
    listing: Listing,
    schedule: OfferSchedule | None,
    windows: Sequence[Window],
) -> Opening:
    closures = tuple(Window(each.starts_at, each.ends_at) for each in closures_of(work, listing.id))
    if schedule is None:
        return Opening(windows=tuple(windows), closures=closures)
    today = work.now().date()
    holidays = (
        holidays_of(
            work,
            today.replace(month=1, day=1),
            today.replace(year=today.year + _YEARS_OF_HOLIDAYS, month=12, day=31),
        )
        if schedule.closed_on_holidays
        else {}
    )
    return Opening(
        zone=ZoneInfo(schedule.zone),
        windows=tuple(windows),
        weekly=weekly_hours(schedule.weekly),
        closures=closures,
        holidays=frozenset(holidays),
    )


def _hours(count: int | None) -> timedelta | None:
    return None if count is None else timedelta(hours=count)
