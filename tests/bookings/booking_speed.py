"""How long an offer with thousands of bookings takes to say what is free, and to decide.

Run by `tools/prove booking-speed`; the tests use the crowd alone. Nothing here is a test: times
depend on the machine.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles

from marketplace.api.web.presenting import timeline_as_json
from marketplace.bookings.models import Booking
from marketplace.bookings.operations.asking import ask_for_listing, check_fits
from marketplace.bookings.operations.steps import lapse_overdue
from marketplace.bookings.queries import (
    asking_organisation,
    booked,
    count_open_bookings,
    plan_of,
)
from marketplace.bookings.rules.plans import timeline
from marketplace.bookings.rules.requests import BookingRequest, settled_request
from marketplace.bookings.rules.states import BookingState, Side
from marketplace.foundation.database.tenancy import DistrictScope
from marketplace.foundation.database.unit_of_work import UnitOfWork, begin_unit_of_work
from marketplace.foundation.identifiers import BookingId, ListingId, new_id
from marketplace.listings.queries import listing_by_id
from marketplace.search.rules.windows import Window
from tests.bookings.last_place import Crowd
from tests.factories.bookings import make_request
from tests.support.installation import Installation
from tests.support.servers import serving

_YEAR = timedelta(days=365)
_CAPACITY = 1_000
_MOST_QUANTITY = 5
_MOST_DAYS = 10


@dataclass(frozen=True, kw_only=True)
class Times:
    """Milliseconds of what was done again and again."""

    what: str
    p50: float
    p95: float

    def __str__(self) -> str:
        """Give a line of the report."""
        return f"{self.what:<58} p50 {self.p50:6.1f} ms   p95 {self.p95:6.1f} ms"


def book_at_random(crowd: Crowd, *, count: int, seed: int) -> ListingId:
    """Make an offer with so many agreed bookings, to the minute, over the coming year."""
    listing_id = crowd.offer(quantity=_CAPACITY)
    choose = random.Random(seed)
    asker = crowd.askers[0]
    with crowd.installation.work(actor=asker) as work:
        first = ask_for_listing(work, listing_id, _wish(work.now() + timedelta(days=400)))
        first.state = BookingState.ACCEPTED
        work.session.add_all(
            _agreed(work, first, work.now() + choose.random() * _YEAR, choose)
            for _ in range(count - 1)
        )
    return listing_id


def measure(crowd: Crowd, listing_id: ListingId, *, repeats: int, seed: int) -> Iterator[Times]:
    """Give the times of each way to ask, inside the product and over HTTP."""
    choose = random.Random(seed)
    installation = crowd.installation
    period = _year(installation)

    def read_year() -> None:
        with _undone(crowd) as work:
            listing = listing_by_id(work, listing_id)
            plan = plan_of(work, listing)
            timeline_as_json(timeline(plan, booked(work, listing, plan, period), period))

    def decide() -> None:
        with _undone(crowd) as work:
            _decide(work, listing_id, _random_wish(choose, work.now()))

    def ask() -> None:
        with _undone(crowd) as work:
            ask_for_listing(work, listing_id, _random_wish(choose, work.now()))
            work.session.flush()

    yield _timed("availability of a year, as JSON", read_year, repeats)
    yield _timed("decision: locked, read, counted, checked", decide, repeats)
    yield _timed("whole operation: decided, stored, told (no commit)", ask, repeats)
    with serving(installation.services.settings, processes=1) as ports:
        port = ports[0]
        year = [f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in (period.start, period.end)]
        address = f"/listings/{listing_id}/availability?from={year[0]}&to={year[1]}"

        def get_year() -> None:
            answer = crowd.callers[0].get(port, address)
            if answer.status != 200:
                raise RuntimeError(f"availability: {answer.status}")

        def post_wish() -> None:
            wish = _random_wish(choose, datetime.now(UTC))
            body = {
                "start": wish.start.isoformat() if wish.start else "",
                "end": wish.end.isoformat() if wish.end else "",
                "quantity": wish.quantity,
                "message": wish.message,
            }
            caller = choose.choice(crowd.callers)  # each has a quota
            answer = caller.post(port, f"/listings/{listing_id}/bookings", body, key=new_id())
            if answer.status != 201:
                raise RuntimeError(f"asking: {answer.status} {answer.code}")

        yield _timed("availability of a year, HTTP request to last byte", get_year, repeats)
        yield _timed("asking, HTTP request to answer, commit and sync included", post_wish, repeats)


def _decide(work: UnitOfWork, listing_id: ListingId, wish: BookingRequest) -> None:
    """Do all of `ask_for_listing` up to the verdict, in its order."""
    organisation = asking_organisation(work)
    listing = listing_by_id(work, listing_id, lock=True)
    plan = plan_of(work, listing)
    period, quantity = settled_request(wish, plan, now=work.now())
    count_open_bookings(work, organisation.id)
    lapse_overdue(work, listing)
    check_fits(work, listing, plan, period, quantity)


@contextmanager
def _undone(crowd: Crowd) -> Iterator[UnitOfWork]:
    installation = crowd.installation
    work = begin_unit_of_work(
        installation.services, DistrictScope(installation.a.id), crowd.askers[0]
    )
    try:
        yield work
    finally:
        work.close()


def _timed(what: str, run: Callable[[], None], repeats: int) -> Times:
    for _ in range(5):
        run()
    milliseconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        milliseconds.append((time.perf_counter() - began) * 1_000)
    return Times(what=what, p50=median(milliseconds), p95=quantiles(milliseconds, n=20)[18])


def _agreed(work: UnitOfWork, like: Booking, starts_at: datetime, choose: random.Random) -> Booking:
    starts_at = starts_at.replace(second=0, microsecond=0)
    return Booking(
        id=BookingId(new_id()),
        listing_id=like.listing_id,
        organisation_id=like.organisation_id,
        person_id=like.person_id,
        thread_id=like.thread_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=choose.randint(60, _MOST_DAYS * 24 * 60)),
        quantity=choose.randint(1, _MOST_QUANTITY),
        unit=like.unit,
        state=BookingState.ACCEPTED,
        proposed_by=Side.ASKER,
        reason="",
        created_at=work.now(),
        updated_at=work.now(),
    )


def _random_wish(choose: random.Random, now: datetime) -> BookingRequest:
    return _wish(now + timedelta(days=choose.randint(2, 330)), days=choose.randint(1, 14))


def _wish(start: datetime, *, days: int = 3) -> BookingRequest:
    start = start.replace(minute=0, second=0, microsecond=0)
    return make_request(start=start, end=start + timedelta(days=days))


def _year(installation: Installation) -> Window:
    start = installation.clock.now().replace(minute=0, second=0, microsecond=0)
    return Window(start + timedelta(hours=1), start + timedelta(hours=1) + _YEAR)
