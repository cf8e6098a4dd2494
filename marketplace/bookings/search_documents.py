"""How much of an offer is free when, as the search stores it.

Searches ask for days. So a day on which an offer has hours counts as a whole one here, less what
is taken of it: a room that is open from 8 to 18 is found for that day. What is asked for in the
end is measured by the hours.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from marketplace.bookings.queries import booked, plan_of
from marketplace.bookings.rules.opening import WHOLE_DAY
from marketplace.bookings.rules.plans import Plan, availability
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.queries import ListingParts
from marketplace.listings.search_documents import register_free_times
from marketplace.search.interfaces import FreeInterval, Window
from marketplace.search.rules.free_time import ALWAYS_FROM, ALWAYS_UNTIL

_ALWAYS = Window(
    datetime.fromtimestamp(ALWAYS_FROM, UTC), datetime.fromtimestamp(ALWAYS_UNTIL, UTC)
)
# Where hours by the week have to be written out: the day before, for a search that began then.
_BEFORE = timedelta(days=1)
_AFTER = timedelta(days=31)


def free_intervals(work: UnitOfWork, parts: ListingParts) -> tuple[FreeInterval, ...]:
    """Give how much is free when; nothing at all means all of it, at any time."""
    listing = parts.listing
    windows = [Window(each.starts_at, each.ends_at) for each in parts.windows]
    plan = _by_days(plan_of(work, listing, windows=windows))
    period = _period(work, plan, listing.valid_until)
    taken = booked(work, listing, plan, period)
    if plan.opening.is_unlimited and not len(taken.held) and not taken.spent:
        return ()
    return tuple(
        FreeInterval(Window(piece.start, piece.end), piece.free)
        for piece in availability(plan, taken, period)
    )


def _by_days(plan: Plan) -> Plan:
    whole_days = dict.fromkeys(plan.opening.weekly, (WHOLE_DAY,))
    opening = replace(plan.opening, weekly=whole_days)
    return replace(plan, opening=opening)


def _period(work: UnitOfWork, plan: Plan, valid_until: datetime) -> Window:
    if not (plan.opening.weekly or plan.opening.holidays):
        return _ALWAYS
    return Window(work.now() - _BEFORE, max(valid_until, work.now()) + _AFTER)


register_free_times(free_intervals)
