"""The month in which those who ask see what is free and pick their days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext

from marketplace.bookings.queries import booked, holidays_of, plan_of
from marketplace.bookings.rules.capacity import Piece
from marketplace.bookings.rules.days import Day, DayState, days_of, free_until, month_of
from marketplace.bookings.rules.local_time import day_start, days_as_instants
from marketplace.bookings.rules.plans import Plan, availability, possible_in
from marketplace.bookings.rules.requests import HORIZON_MONTHS, months_later, written_length
from marketplace.bookings.web.labels import time_label
from marketplace.bookings.web.months import (
    DayView,
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
from marketplace.foundation.typed_input import parse_clock, parse_day
from marketplace.foundation.web.localisation import current_language, say_message
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.web.labels import quantity_label
from marketplace.search.rules.windows import Window

_DAY = timedelta(days=1)
_PICKED = ("available_from", "available_to", "from_time", "to_time")
_KEPT = ("place", "near", "quantity")


@dataclass(frozen=True, kw_only=True)
class Picked:
    """What the address of the page says was picked or searched for."""

    first: date | None
    last: date | None
    month: date | None


@dataclass(frozen=True, kw_only=True)
class Picker:
    """A month to pick from, the terms of time in words, and what is free in the picked time."""

    month: MonthView
    terms: tuple[str, ...]
    chosen: str
    start_time: str
    end_time: str
    smallest: int


def picker(
    work: UnitOfWork,
    listing: Listing,
    *,
    may_pick: bool,
    typed: tuple[date | None, date | None] | None = None,
) -> Picker:
    """Give the month that was asked for, or of what is picked, or in which it can first be had.

    `typed`: first and last day in the form, where it was refused.
    """
    plan = plan_of(work, listing)
    today = work.now().astimezone(plan.opening.zone).date()
    picked = _picked(today, *(typed or _asked_for()))
    first, last = month_of(_shown(plan, picked, work.now()))
    since = min(first, picked.first or first)
    period = Window(*days_as_instants(since, last, plan.opening.zone))
    taken = booked(work, listing, plan, period)
    pieces = availability(plan, taken, period)
    days = days_of(pieces, first, last, plan.opening.zone, wanted=plan.smallest)
    cells = _Cells(
        plan=plan,
        listing=listing,
        picked=picked,
        today=today,
        now=work.now(),
        until=_reach(pieces, plan, picked),
        holidays=holidays_of(work, first, last, language=current_language())
        if any(day.state is DayState.CLOSED for day in days)
        else {},
        may_pick=may_pick,
    )
    return Picker(
        month=month_view(
            [cells.view(day) for day in days],
            first,
            title=month_title(first),
            previous=_way(listing, first - _DAY) if first > today else None,
            following=_way(listing, last + _DAY)
            if last < months_later(today, HORIZON_MONTHS)
            else None,
        ),
        terms=tuple(_terms(plan, listing)),
        chosen=_chosen(work, plan, listing, picked),
        **_hours(days, picked),
        smallest=plan.smallest,
    )


@dataclass(frozen=True, kw_only=True)
class _Cells:
    """Makes the cells; `until`: so far what was picked first can go on."""

    plan: Plan
    listing: Listing
    picked: Picked
    today: date
    now: datetime
    until: datetime | None
    holidays: dict[date, str]
    may_pick: bool

    def view(self, day: Day) -> DayView:
        refusal = self._refusal(day)
        tone, words, label = refusal or (
            day.state.value,
            free_words(day, self.listing),
            free_sentence(day, self.listing, self.holidays),
        )
        can_be_picked = self.may_pick and not refusal and day.best is not None
        return DayView(
            iso=day.day.isoformat(),
            number=day.day.day,
            weekday=weekday_label(day.day),
            words=words,
            label=f"{day_label(day.day)}: {label}{self._place_of(day.day)}",
            tone=tone,
            url=self._url(day) if can_be_picked else "",
            is_today=day.day == self.today,
            is_picked=self._is_picked(day.day),
        )

    def _refusal(self, day: Day) -> tuple[str, str, str] | None:
        if day.day < self.today:
            return "past", "", gettext("vorbei")
        if day.best is None:
            return None
        begins = max(day.best.start, day_start(day.day, self.plan.opening.zone))
        if self.plan.lead and begins < self.now + self.plan.lead and not self._ends_with(day):
            return "soon", "–", gettext("zu kurzfristig")
        return None

    def _url(self, day: Day) -> str:
        if self._ends_with(day):
            assert self.picked.first is not None  # noqa: S101 (`_ends_with` looks)
            values = {"available_from": self.picked.first.isoformat()}
        else:
            values = {"available_from": day.day.isoformat()}
        if self._ends_with(day) or not day.is_whole:
            values["available_to"] = day.day.isoformat()
        if not day.is_whole:
            values["from_time"], values["to_time"] = _clock(day)
        return _address(self.listing, {**values, "month": _month(day.day)})

    def _ends_with(self, day: Day) -> bool:
        """Tell whether this day would be the last one of the time that was begun."""
        first = self.picked.first
        if first is None or self.picked.last is not None or self.until is None:
            return False
        start, end = days_as_instants(first, day.day, self.plan.opening.zone)
        is_short = self.plan.longest is None or end - start <= self.plan.longest
        return first <= day.day and day.is_whole and end <= self.until and is_short

    def _is_picked(self, day: date) -> bool:
        first = self.picked.first
        return first is not None and first <= day <= (self.picked.last or first)

    def _place_of(self, day: date) -> str:
        if not self._is_picked(day):
            return ""
        if day == self.picked.first:
            return ", " + gettext("erster Tag")
        return ", " + (gettext("letzter Tag") if day == self.picked.last else gettext("gewählt"))


def _asked_for() -> tuple[date | None, date | None]:
    first, last = (request.args.get(name, "") for name in ("available_from", "available_to"))
    return parse_day(first), parse_day(last)


def _picked(today: date, first: date | None, last: date | None) -> Picked:
    latest = months_later(today, HORIZON_MONTHS)
    if first is None or not today <= first <= latest:
        first = last = None
    elif last is not None and not first <= last <= latest:
        last = None
    month = parse_day(f"{request.args.get('month', '')}-01")
    return Picked(first=first, last=last, month=month)


def _shown(plan: Plan, picked: Picked, now: datetime) -> date:
    coming = min((each.start for each in plan.opening.windows if each.end > now), default=now)
    today, opens = (each.astimezone(plan.opening.zone).date() for each in (now, coming))
    wanted = picked.month or picked.first or opens
    return min(max(wanted, today), months_later(today, HORIZON_MONTHS))


def _reach(pieces: Sequence[Piece], plan: Plan, picked: Picked) -> datetime | None:
    if picked.first is None:
        return None
    return free_until(pieces, day_start(picked.first, plan.opening.zone), plan.smallest)


def _hours(days: Sequence[Day], picked: Picked) -> dict[str, str]:
    """Give the hours of a single picked day that cannot be had as a whole."""
    start, end = request.args.get("from_time", ""), request.args.get("to_time", "")
    if not start and not end and picked.last in (None, picked.first):
        for day in days:
            if day.day == picked.first and not day.is_whole:
                start, end = _clock(day)
    return {"start_time": start, "end_time": end}


def _clock(day: Day) -> tuple[str, str]:
    """Give from when until when it can be had, as the form takes it; empty: until midnight."""
    if day.hours is None:
        return "", ""
    start, end = day.hours
    return f"{start:%H:%M}", f"{end:%H:%M}" if end else ""


def _chosen(work: UnitOfWork, plan: Plan, listing: Listing, picked: Picked) -> str:
    """Say what is free in the time that was picked."""
    if picked.first is None:
        return ""
    start, end = days_as_instants(picked.first, picked.last or picked.first, plan.opening.zone)
    clock = [parse_clock(request.args.get(name, "")) for name in ("from_time", "to_time")]
    if any(clock):
        return ""  # the table has the day with its hours
    free = possible_in(plan, booked(work, listing, plan, Window(start, end)), Window(start, end))
    return gettext(
        "%(time)s: %(quantity)s frei.",
        time=time_label(start, end, plan.opening.zone),
        quantity=quantity_label(KINDS[listing.kind], free, listing.unit),
    )


def _terms(plan: Plan, listing: Listing) -> list[str]:
    words = []
    if plan.opening.closes_every_night:
        words.append(gettext("Nachts geschlossen: Fragen Sie jeden Tag einzeln an."))
    if plan.lead:
        words.append(gettext("Mindestens %(lead)s vorher anfragen.", lead=_length(plan.lead)))
    if plan.shortest is not None:
        words.append(gettext("Mindestens %(least)s am Stück.", least=_length(plan.shortest)))
    if plan.longest is not None:
        words.append(gettext("Höchstens %(most)s am Stück.", most=_length(plan.longest)))
    if plan.smallest > 1:
        least = quantity_label(KINDS[listing.kind], plan.smallest, listing.unit)
        words.append(gettext("Ab %(least)s.", least=least))
    return words


def _length(length: timedelta) -> str:
    return say_message(written_length(length), {})


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _way(listing: Listing, day: date) -> Way:
    return Way(month_title(day), _address(listing, {"month": _month(day)}, keep=True))


def _address(listing: Listing, values: dict[str, str], *, keep: bool = False) -> str:
    """Give the page with these values; `keep`: and with what is picked already."""
    names = (*_KEPT, *_PICKED) if keep else _KEPT
    kept = {name: request.args[name] for name in names if name in request.args}
    path = url_for("listings.show", listing_id=listing.id)
    return f"{path}?{urlencode({**kept, **values})}#ask"
