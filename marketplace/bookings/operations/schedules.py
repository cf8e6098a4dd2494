"""When an offer can be had: the owner sets hours by the week, closures and terms of time.

Nothing that was promised is broken: whoever wants to close a time in which something is agreed or
held settles that with the other side first.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from marketplace.accounts.permissions import Action, check_may
from marketplace.bookings.models import Booking, Closure, OfferSchedule
from marketplace.bookings.operations.steps import lapse_overdue, refresh_free_times
from marketplace.bookings.queries import (
    closures_of,
    overbooked,
    plan_of,
    schedule_of,
)
from marketplace.bookings.rules.plans import Plan
from marketplace.bookings.rules.requests import written_time
from marketplace.bookings.rules.schedules import ScheduleTerms, checked_terms
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotFound
from marketplace.foundation.identifiers import ListingId, new_id
from marketplace.listings.models import Listing
from marketplace.listings.operations.listings import register_change_check
from marketplace.listings.queries import own_listing
from marketplace.listings.rules.states import Direction
from marketplace.search.rules.windows import Window

LONGEST_NOTE = 200
_MOST_CLOSURES = 200
_MOST_NAMED = 10


def set_schedule(work: UnitOfWork, listing_id: ListingId, terms: ScheduleTerms) -> OfferSchedule:
    """Set hours by the week and terms of time.

    Raises NotFound, InvalidInput, and Conflict (capacity_in_use) with what stands in the way.
    """
    listing = _locked_own(work, listing_id)
    checked = checked_terms(terms, quantity=listing.quantity)
    schedule = schedule_of(work, listing.id)
    if schedule is None:
        schedule = OfferSchedule(id=new_id(), listing_id=listing.id)
        work.session.add(schedule)
    schedule.zone = checked.zone
    schedule.weekly = checked.weekly_as_stored()
    schedule.closed_on_holidays = checked.closed_on_holidays
    schedule.lead_hours = checked.lead_hours
    schedule.shortest_hours = checked.shortest_hours
    schedule.longest_hours = checked.longest_hours
    schedule.smallest_quantity = checked.smallest_quantity
    schedule.updated_at = work.now()
    work.session.flush()
    _settle(work, listing, "set_schedule")
    return schedule


def add_closure(
    work: UnitOfWork, listing_id: ListingId, period: Window, *, note: str = ""
) -> Closure:
    """Close an offer for a time.

    Raises NotFound, InvalidInput, and Conflict (capacity_in_use) with what stands in the way.
    """
    listing = _locked_own(work, listing_id)
    if period.end <= work.now():
        raise InvalidInput({"start": N_("Diese Zeit ist vorbei.")})
    if len(note) > LONGEST_NOTE:
        raise InvalidInput({"note": N_("Höchstens 200 Zeichen.")})
    if len(closures_of(work, listing.id)) >= _MOST_CLOSURES:
        raise InvalidInput(
            {"": N_("Mehr Schließzeiten gehen nicht. Bitte fassen Sie sie zusammen.")}
        )
    closure = Closure(
        id=new_id(),
        listing_id=listing.id,
        starts_at=period.start,
        ends_at=period.end,
        note=note.strip(),
    )
    work.session.add(closure)
    work.session.flush()
    _settle(work, listing, "add_closure")
    return closure


def remove_closure(work: UnitOfWork, listing_id: ListingId, closure_id: str) -> datetime:
    """Open an offer again in a time that was closed; gives its start, raises NotFound."""
    listing = _locked_own(work, listing_id)
    removed = work.session.scalars(
        delete(Closure)
        .where(Closure.id == closure_id, Closure.listing_id == listing.id)
        .returning(Closure.starts_at)
    ).one_or_none()
    if removed is None:
        raise NotFound
    _settle(work, listing, "remove_closure")
    return removed


def keep_promises(work: UnitOfWork, listing: Listing) -> None:
    """Refuse what leaves less than is agreed or held: Conflict (capacity_in_use) with the list."""
    lapse_overdue(work, listing)
    broken = overbooked(work, listing)
    if broken:
        raise _capacity_in_use(broken, plan_of(work, listing))


def _capacity_in_use(broken: Sequence[Booking], plan: Plan) -> Conflict:
    named = "; ".join(
        f"{each.organisation.name}: {each.quantity}, "
        f"{written_time(Window(each.starts_at, each.ends_at), plan.opening.zone)}"
        for each in broken[:_MOST_NAMED]
    )
    return Conflict(
        N_(
            "Das geht nicht, solange es zugesagt oder angefragt ist: %(bookings)s. Bitte klären "
            "Sie das zuerst mit der anderen Seite."
        ),
        code="capacity_in_use",
        details={
            "bookings": [
                {
                    "id": each.id,
                    "state": each.state,
                    "quantity": each.quantity,
                    "start": each.starts_at.isoformat(),
                    "end": each.ends_at.isoformat(),
                }
                for each in broken
            ]
        },
        bookings=named,
    )


def _locked_own(work: UnitOfWork, listing_id: ListingId) -> Listing:
    check_may(work.actor, Action.WRITE_LISTING)
    listing = own_listing(work, listing_id, lock=True)
    if listing.direction != Direction.OFFER:
        raise NotFound
    return listing


def _settle(work: UnitOfWork, listing: Listing, action: str) -> None:
    keep_promises(work, listing)
    work.record(action, "listing", listing.id)
    refresh_free_times(work, listing)


register_change_check(keep_promises)
