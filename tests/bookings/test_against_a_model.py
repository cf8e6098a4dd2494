"""Anything that two sides can do over HTTP, in any order, held to a naive model of days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from marketplace.accounts.models import Person
from marketplace.bookings.models import Booking
from tests.factories.accounts import make_organisation, make_person, sign_in
from tests.factories.bookings import whole_days
from tests.factories.listings import make_listing
from tests.support.browser import Page
from tests.support.installation import Installation

CAPACITY = 5
DAYS = 12
HOLD = timedelta(hours=48)
HOLDING = {"requested", "countered", "accepted", "handed_over"}
# From here on, in the middle of the horizon of 24 months; every example begins later.
_OFFSET = timedelta(days=30)


@dataclass
class Known:
    """What the model knows of a booking: days counted from the first one, both inclusive."""

    first: int
    last: int
    quantity: int
    state: str
    hold_until: datetime
    proposed_by: str
    asker: int


class Agreements(RuleBasedStateMachine):
    """One offer, its owner and two who ask; the model keeps a plain list."""

    installation: Installation

    def __init__(self) -> None:
        super().__init__()
        now = self.installation.clock.now()
        self.day_zero: date = (now + _OFFSET).date()
        with self.installation.work() as work:
            owner = make_organisation(work)
            self.owner = make_person(work, organisation=owner)
            self.askers = [
                make_person(work, organisation=make_organisation(work)) for _ in range(2)
            ]
            listing = make_listing(work, owner, quantity=CAPACITY)
            self.listing_id = listing.id
            work.session.flush()
            work.session.expunge_all()
        self.known: dict[str, Known] = {}

    def post(self, person: Person, path: str, **values: object) -> Page:
        visitor = self.installation.visitor()
        sign_in(visitor, person)
        return visitor.post(path, values)

    def now(self) -> datetime:
        return self.installation.clock.now()

    def day(self, number: int) -> date:
        return self.day_zero + timedelta(days=number)

    def lapse(self) -> None:
        for each in self.known.values():
            if each.state in ("requested", "countered") and each.hold_until <= self.now():
                each.state = "lapsed"

    def free(self, first: int, last: int, *, without: Known | None = None) -> int:
        self.lapse()
        least = CAPACITY
        for day in range(first, last + 1):
            used = sum(
                each.quantity
                for each in self.known.values()
                if each is not without and each.state in HOLDING and each.first <= day <= each.last
            )
            least = min(least, CAPACITY - used)
        return least

    @rule(
        asker=st.integers(0, 1),
        first=st.integers(0, DAYS - 1),
        length=st.integers(0, 4),
        quantity=st.integers(1, CAPACITY),
    )
    def ask(self, asker: int, first: int, length: int, quantity: int) -> None:
        last = first + length
        fits = quantity <= self.free(first, last)
        before = set(self._stored())

        page = self.post(
            self.askers[asker],
            f"/listings/{self.listing_id}/ask",
            start=self.day(first).isoformat(),
            end=self.day(last).isoformat(),
            quantity=quantity,
            message="Wir holen es ab.",
        )

        assert page.status == (200 if fits else 409)
        new = set(self._stored()) - before
        assert len(new) == int(fits)
        for booking_id in new:
            self.known[booking_id] = Known(
                first, last, quantity, "requested", self.now() + HOLD, "asker", asker
            )

    @rule(
        number=st.integers(0, 30),
        action=st.sampled_from(["accept", "decline", "withdraw", "cancel", "hand-over", "return"]),
        as_owner=st.booleans(),
    )
    def act(self, number: int, action: str, as_owner: bool) -> None:
        if not self.known:
            return
        self.lapse()
        booking_id, known = sorted(self.known.items())[number % len(self.known)]
        side = "owner" if as_owner else "asker"
        is_open = known.state in ("requested", "countered")
        target = {
            "accept": "accepted" if is_open and side != known.proposed_by else None,
            "decline": "declined"
            if is_open and (side == "owner" or side != known.proposed_by)
            else None,
            "withdraw": "withdrawn" if is_open and side == "asker" else None,
            "cancel": "cancelled" if known.state == "accepted" else None,
            "hand-over": "handed_over" if known.state == "accepted" else None,
            "return": "returned" if known.state == "handed_over" and side == "owner" else None,
        }[action]

        person = self.owner if as_owner else self.askers[known.asker]
        self.post(person, f"/bookings/{booking_id}/{action}", reason="Es hat sich geändert.")

        known.state = target or known.state

    @rule(
        number=st.integers(0, 30),
        as_owner=st.booleans(),
        first=st.integers(0, DAYS - 1),
        length=st.integers(0, 4),
        quantity=st.integers(1, CAPACITY),
    )
    def counter(self, number: int, as_owner: bool, first: int, length: int, quantity: int) -> None:
        if not self.known:
            return
        self.lapse()
        booking_id, known = sorted(self.known.items())[number % len(self.known)]
        side = "owner" if as_owner else "asker"
        is_theirs = known.state in ("requested", "countered") and side != known.proposed_by
        works = is_theirs and quantity <= self.free(first, first + length, without=known)

        self.post(
            self.owner if as_owner else self.askers[known.asker],
            f"/bookings/{booking_id}/counter",
            start=self.day(first).isoformat(),
            end=self.day(first + length).isoformat(),
            quantity=quantity,
        )

        if works:
            known.first, known.last, known.quantity = first, first + length, quantity
            known.state, known.proposed_by = "countered", side
            known.hold_until = self.now() + HOLD

    @rule(hours=st.sampled_from([1, 23, 47, 48]))
    def wait(self, hours: int) -> None:
        # Only while no day of the story begins: what is overdue has tests of its own.
        if self.now() + timedelta(hours=hours) < datetime.combine(
            self.day_zero, datetime.min.time(), self.now().tzinfo
        ) - timedelta(days=1):
            self.installation.clock.advance(timedelta(hours=hours))

    @rule()
    def let_the_worker_run(self) -> None:
        self.installation.run_jobs()

    @invariant()
    def what_is_stored_is_what_the_model_knows(self) -> None:
        self.lapse()
        stored = self._stored()
        assert set(stored) == set(self.known)
        for booking_id, known in self.known.items():
            booking = stored[booking_id]
            period = whole_days(self.day(known.first), self.day(known.last))
            assert (booking.starts_at, booking.ends_at) == (period.start, period.end)
            assert booking.quantity == known.quantity
            is_noted = booking.state == known.state
            is_about_to_be = known.state == "lapsed" and booking.hold_until == known.hold_until
            assert is_noted or is_about_to_be

    def _stored(self) -> dict[str, Booking]:
        with self.installation.work() as work:
            bookings = work.session.scalars(
                select(Booking).where(Booking.listing_id == self.listing_id)
            ).all()
            work.session.expunge_all()
            return {each.id: each for each in bookings}


def tell_stories(installation: Installation, *, stories: int, steps: int) -> None:
    """Let the two sides do so many things in so many stories; raises where the model disagrees."""
    installation.app.config["WTF_CSRF_ENABLED"] = False

    class Story(Agreements):
        pass

    Story.installation = installation
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_the_sides_do_in_whatever_order_the_model_agrees(
    installation: Installation,
) -> None:
    tell_stories(installation, stories=5, steps=15)
