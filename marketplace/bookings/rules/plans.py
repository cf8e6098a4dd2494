"""What can be had of an offer, in its own unit, and what to say where a request does not fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from marketplace.bookings.rules.capacity import (
    FOREVER,
    NOTHING_TAKEN,
    Numbers,
    Piece,
    Stock,
    TakenTimes,
    Timeline,
    instants_of,
    stretches_with,
    timeline_of,
)
from marketplace.bookings.rules.local_time import (
    day_start,
    days_as_instants,
    first_and_last_day,
    is_whole_days,
)
from marketplace.bookings.rules.opening import Opening, open_windows
from marketplace.listings.resource_kind import BudgetUnit
from marketplace.search.rules.windows import Window

# How far around the wanted time another one is looked for: nobody waits longer than a season.
ALTERNATIVES_WITHIN = timedelta(days=120)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An offer as the rules see it.

    `quantity` counts in the offer's own unit. Without a budget so many are there at the same time;
    with one they are used up by the time they are given for, and `at_once` says how many of the
    things (people, machines) there are; None: as many as the budget needs.
    """

    quantity: int
    opening: Opening = field(default_factory=Opening)
    budget: BudgetUnit | None = None
    at_once: int | None = None
    comes_back: bool = True  # else nothing is away once its time is over
    smallest: int = 1
    lead: timedelta = timedelta(0)  # from asking to the beginning
    shortest: timedelta | None = None
    longest: timedelta | None = None

    def things_for(self, quantity: int, period: Window) -> int:
        """Give how many things are busy all through the period to give so much."""
        if self.budget is None:
            return quantity
        return -(-quantity // self.units_in(period))

    def units_in(self, period: Window) -> int:
        """Give how many units of the budget one thing gives in the period, at least 1."""
        if self.budget is BudgetUnit.PIECE:
            return 1
        if self.budget is BudgetUnit.HOUR:
            return max(1, -(-(period.end - period.start) // _HOUR))
        first, last = first_and_last_day(period.start, period.end, self.opening.zone)
        return (last - first).days + 1

    @property
    def things(self) -> int:
        """How many things there are at the same time."""
        if self.budget is None:
            return self.quantity
        return self.quantity if self.at_once is None else self.at_once


@dataclass(frozen=True, kw_only=True)
class Booked:
    """What is promised or away: `held` overlap the time that is looked at, in the offer's unit.

    `spent`: what all bookings together use of a budget, whenever they are.
    """

    held: TakenTimes = NOTHING_TAKEN
    spent: int = 0


class Alternative(NamedTuple):
    """A time and a quantity that would be possible."""

    start: datetime
    end: datetime
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """Why a request does not fit: `free` could be had all through the wanted time.

    `pieces` tell how much is free around it, in the offer's unit, earliest first. `over_night`: it
    asks for a night, and the offer closes every night, so that each day is asked for by itself.
    """

    wanted: Window
    quantity: int
    free: int
    pieces: tuple[Piece, ...]
    alternatives: tuple[Alternative, ...]
    over_night: bool = False

    def edges_of(self, piece: Piece) -> tuple[datetime | None, datetime | None]:
        """Give from when until when a stretch goes; None: it goes on beyond what was looked at.

        How far we looked is nothing to tell anybody.
        """
        return (
            None if piece.start == self.pieces[0].start else piece.start,
            None if piece.end == self.pieces[-1].end else piece.end,
        )

    @property
    def tightest(self) -> Piece:
        """The stretch within the wanted time in which least is free."""
        within = [
            each
            for each in self.pieces
            if each.start < self.wanted.end and self.wanted.start < each.end
        ]
        return min(within, key=lambda each: each.free)


def timeline(plan: Plan, booked: Booked, period: Window) -> Timeline:
    """Give what could be had over the period, in the offer's unit."""
    things = timeline_of(_stock(plan, booked, period), period)
    if plan.budget is None:
        return things
    left = max(plan.quantity - booked.spent, 0)
    capacity = np.where(things.capacity > 0, plan.quantity, 0)
    free = np.where(things.free > 0, left, 0)
    return things.joined(capacity=capacity, taken=capacity - free)


def availability(plan: Plan, booked: Booked, period: Window) -> tuple[Piece, ...]:
    """Give what could be had over the period, in the offer's unit, piecewise and without gaps."""
    return timeline(plan, booked, period).pieces()


def possible_in(plan: Plan, booked: Booked, period: Window) -> int:
    """Give how much could be had all through the period, in the offer's unit."""
    things = int(timeline_of(_stock(plan, booked, period), period).free.min())
    if plan.budget is None:
        return things
    return min(max(plan.quantity - booked.spent, 0), things * plan.units_in(period))


def fits(plan: Plan, booked: Booked, period: Window, quantity: int) -> bool:
    """Tell whether so much can be had all through the period; the whole rule, nothing besides."""
    return quantity <= possible_in(plan, booked, period)


def around_the_tightest(shortage: Shortage) -> tuple[Piece, ...]:
    """Give the stretch in which least is free, with the one before it and the one after."""
    position = shortage.pieces.index(shortage.tightest)
    return shortage.pieces[max(position - 1, 0) : position + 2]


def broken_promises(plan: Plan, booked: Booked, period: Window) -> tuple[Window, ...]:
    """Give when in the period more is promised than there is; with an overdrawn budget, always."""
    if plan.budget is not None and booked.spent > plan.quantity:
        return (period,)
    pieces = timeline_of(_stock(plan, booked, period), period).pieces()
    return tuple(Window(each.start, each.end) for each in pieces if each.taken > each.capacity)


def looked_at(wanted: Window, now: datetime) -> Window:
    """Give the time in which `shortage_of` looks for alternatives."""
    start = max(min(now, wanted.start), wanted.start - ALTERNATIVES_WITHIN)
    return Window(start, wanted.end + ALTERNATIVES_WITHIN)


def shortage_of(
    plan: Plan, booked: Booked, wanted: Window, quantity: int, *, now: datetime
) -> Shortage:
    """Say how much is free and what would be possible instead of what does not fit.

    `booked` must tell of all that `looked_at` covers.
    """
    around = looked_at(wanted, now)
    return Shortage(
        wanted=wanted,
        quantity=quantity,
        free=possible_in(plan, booked, wanted),
        pieces=availability(plan, booked, around),
        alternatives=tuple(_alternatives(plan, booked, wanted, quantity, around, now)),
        over_night=_asks_for_a_closed_night(plan, wanted),
    )


def _asks_for_a_closed_night(plan: Plan, wanted: Window) -> bool:
    zone = plan.opening.zone
    first, last = first_and_last_day(wanted.start, wanted.end, zone)
    is_over_midnight = first != last or is_whole_days(wanted.start, wanted.end, zone)
    return is_over_midnight and plan.opening.closes_every_night


def _alternatives(
    plan: Plan,
    booked: Booked,
    wanted: Window,
    quantity: int,
    around: Window,
    now: datetime,
) -> Iterator[Alternative]:
    fewer = possible_in(plan, booked, wanted)
    if plan.smallest <= fewer < quantity:
        yield Alternative(wanted.start, wanted.end, fewer)
    most = plan.quantity if plan.budget is None else max(plan.quantity - booked.spent, 0)
    other = min(quantity, most)
    if other < plan.smallest:
        return
    pieces = timeline_of(_stock(plan, booked, around), around).pieces()
    stretches = stretches_with(pieces, plan.things_for(other, wanted))
    earliest = now + plan.lead
    for nearest in (_before, _after):
        period = nearest(plan, stretches, wanted, earliest)
        if period is not None:
            yield Alternative(period.start, period.end, other)


def _before(
    plan: Plan, stretches: Sequence[Window], wanted: Window, earliest: datetime
) -> Window | None:
    for stretch in reversed(stretches):
        if stretch.start >= wanted.start:
            continue
        period = _last_in(plan, stretch, wanted)
        if period.start < wanted.start and period.start >= max(stretch.start, earliest):
            return period
    return None


def _after(
    plan: Plan, stretches: Sequence[Window], wanted: Window, earliest: datetime
) -> Window | None:
    for stretch in stretches:
        if stretch.end <= wanted.start:
            continue
        start = max(stretch.start, wanted.start, earliest)
        period = _first_from(plan, start, wanted)
        if period.start > wanted.start and period.end <= stretch.end:
            return period
    return None


def _first_from(plan: Plan, start: datetime, like: Window) -> Window:
    """Give the first period at or after `start` that is as long as `like`, whole days for days."""
    zone = plan.opening.zone
    if not is_whole_days(like.start, like.end, zone):
        return Window(start, start + (like.end - like.start))
    day = start.astimezone(zone).date()
    if day_start(day, zone) < start:
        day += _DAY
    first, last = first_and_last_day(like.start, like.end, zone)
    return Window(*days_as_instants(day, day + (last - first), zone))


def _last_in(plan: Plan, stretch: Window, like: Window) -> Window:
    """Give the last period in the stretch that is as long as `like`, whole days for days."""
    zone = plan.opening.zone
    if not is_whole_days(like.start, like.end, zone):
        return Window(stretch.end - (like.end - like.start), stretch.end)
    first, last = first_and_last_day(like.start, like.end, zone)
    end_day = stretch.end.astimezone(zone).date() - _DAY  # the last whole day before the end
    return Window(*days_as_instants(end_day - (last - first), end_day, zone))


def _stock(plan: Plan, booked: Booked, period: Window) -> Stock:
    taken = booked.held
    if plan.budget is not None:
        taken = replace(taken, quantities=_things_taken(plan, taken))
    return Stock(quantity=plan.things, open=open_windows(plan.opening, period), taken=taken)


def _things_taken(plan: Plan, taken: TakenTimes) -> Numbers:
    """Give how many things each booking keeps busy; all of them where nobody knows until when."""
    times = zip(instants_of(taken.starts), instants_of(taken.ends), strict=True)
    units = [
        0
        if end.year == FOREVER.year
        else plan.units_in(Window(start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)))
        for start, end in times
    ]
    per_thing = np.array(units, dtype=np.int64)
    return np.where(per_thing > 0, -(-taken.quantities // np.maximum(per_thing, 1)), plan.things)
