"""What an owner sees of the time of an offer: what is free, booked, held and closed, by days."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from flask import request, url_for
from flask_babel import gettext

from marketplace.bookings.models import Booking, Closure
from marketplace.bookings.queries import (
    booked,
    bookings_of_listing,
    closures_of,
    holidays_of,
    plan_of,
)
from marketplace.bookings.rules.days import Day, days_of, month_of, week_of
from marketplace.bookings.rules.local_time import days_as_instants
from marketplace.bookings.rules.plans import Plan, availability
from marketplace.bookings.rules.requests import HORIZON_MONTHS, months_later
from marketplace.bookings.web.labels import asked_quantity_label, state_words, time_label
from marketplace.bookings.web.months import (
    DayView,
    Entry,
    MonthView,
    Way,
    day_label,
    free_sentence,
    free_words,
    month_title,
    month_view,
    weekday_label,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.foundation.typed_input import parse_day
from marketplace.foundation.web.localisation import current_language
from marketplace.listings.models import Listing
from marketplace.search.rules.windows import Window

_DAY = timedelta(days=1)
_MOST_IN_A_MONTH = 3


def own_calendar(work: UnitOfWork, listing: Listing, *, typed: date | None = None) -> MonthView:
    """Give the week that was asked for, with all that is in it, or a month, or this one.

    `typed`: the first day in a form that was refused.
    """
    plan = plan_of(work, listing)
    today = work.now().astimezone(plan.opening.zone).date()
    latest = months_later(today, HORIZON_MONTHS)
    week = asked_week()
    month = parse_day(f"{request.args.get('month', '')}-01")
    shown = min(max(week or month or typed or today, today.replace(day=1)), latest)
    first, last = week_of(shown) if week else month_of(shown)
    way = _week_way if week else _month_way
    return month_view(
        _cells(work, listing, plan, first, last, most=None if week else _MOST_IN_A_MONTH),
        first,
        title=_week_title(first, last) if week else month_title(first),
        previous=way(listing, first - _DAY) if first > today else None,
        following=way(listing, last + _DAY) if last < latest else None,
        week_url=None if week else lambda monday: week_address(listing.id, monday),
    )


def asked_week() -> date | None:
    """Give a day of the week that the address asks for."""
    return parse_day(request.args.get("week", ""))


def _cells(
    work: UnitOfWork, listing: Listing, plan: Plan, first: date, last: date, *, most: int | None
) -> list[DayView]:
    period = Window(*days_as_instants(first, last, plan.opening.zone))
    pieces = availability(plan, booked(work, listing, plan, period), period)
    bookings = bookings_of_listing(work, listing, period)
    closures = closures_of(work, listing.id)
    holidays = holidays_of(work, first, last, language=current_language())
    today = work.now().astimezone(plan.opening.zone).date()
    cells = []
    for day in days_of(pieces, first, last, plan.opening.zone):
        window = Window(*days_as_instants(day.day, day.day, plan.opening.zone))
        entries = _entries(day, window, bookings, closures, holidays, now=work.now())
        shown = list(islice(entries, most))
        hidden = len(entries) - len(shown)
        is_past = day.day < today
        words = free_sentence(day, listing, holidays)
        cells.append(
            DayView(
                iso=day.day.isoformat(),
                number=day.day.day,
                weekday=weekday_label(day.day),
                words="" if is_past else free_words(day, listing),
                label=f"{day_label(day.day)}: {gettext('vorbei') if is_past else words}",
                tone="past" if is_past else day.state.value,
                is_today=day.day == today,
                entries=shown,
                more=gettext("und %(count)s weitere", count=hidden) if hidden else "",
            )
        )
    return cells


def _entries(
    day: Day,
    window: Window,
    bookings: Sequence[Booking],
    closures: Sequence[Closure],
    holidays: dict[date, str],
    *,
    now: datetime,
) -> list[Entry]:
    entries = [Entry(label=holidays[day.day])] if day.day in holidays else []
    entries += [
        Entry(label=each.note or gettext("geschlossen"))
        for each in closures
        if each.starts_at < window.end and window.start < each.ends_at
    ]
    for booking in bookings:
        is_out = booking.state == "handed_over" and booking.ends_at <= now
        if booking.starts_at < window.end and (is_out or window.start < booking.ends_at):
            entries.append(
                Entry(
                    label=booking.organisation.name,
                    url=url_for("messaging.show", thread_id=booking.thread_id),
                    detail=f"{asked_quantity_label(booking)}, {_state(booking)}",
                )
            )
    return entries


def _state(booking: Booking) -> str:
    return state_words(booking.standing.state)


def closure_lines(work: UnitOfWork, listing: Listing) -> list[tuple[str, str, str]]:
    """Give the closures that are not over: id, time, note."""
    zone = plan_of(work, listing).opening.zone
    return [
        (each.id, time_label(each.starts_at, each.ends_at, zone), each.note)
        for each in closures_of(work, listing.id)
        if each.ends_at > work.now()
    ]


def week_address(listing_id: ListingId, monday: date) -> str:
    """Give the address of a week."""
    return url_for("calendars.show", listing_id=listing_id, week=monday.isoformat())


def _week_way(listing: Listing, day: date) -> Way:
    first, last = week_of(day)
    return Way(_week_title(first, last), week_address(listing.id, first))


def _month_way(listing: Listing, day: date) -> Way:
    url = url_for("calendars.show", listing_id=listing.id, month=f"{day:%Y-%m}")
    return Way(month_title(day), url)


def _week_title(first: date, last: date) -> str:
    return gettext("%(first)s bis %(last)s", first=day_label(first), last=day_label(last))
