"""From a request to a thing that is back: who may do what when, and what the other side reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Person
from marketplace.bookings.models import Booking, BookingStep
from marketplace.bookings.operations.answering import act_on_booking, counter_booking
from marketplace.bookings.operations.asking import CapacityExhausted, ask_for_listing
from marketplace.bookings.operations.schedules import add_closure
from marketplace.bookings.rules.states import BookingAction, BookingState
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketplace.foundation.identifiers import BookingId, ListingId
from tests.factories.accounts import actor_of, make_organisation, make_person, sign_in
from tests.factories.bookings import make_request, whole_days
from tests.factories.listings import make_listing
from tests.support.installation import Installation


@dataclass(frozen=True)
class Hall:
    """A hall with 40 pallet places, a trader who needs some, and a food firm that needs some."""

    installation: Installation
    owner: Actor
    trader: Actor
    food: Actor
    stranger: Actor
    people: dict[str, Person]
    listing_id: ListingId

    def ask(self, who: Actor, quantity: int, first: date, last: date) -> BookingId:
        with self.installation.work(actor=who) as work:
            request = make_request(first, last, quantity=quantity)
            return ask_for_listing(work, self.listing_id, request).id

    def act(self, who: Actor, booking_id: BookingId, action: BookingAction, note: str = "") -> None:
        with self.installation.work(actor=who) as work:
            act_on_booking(work, booking_id, action, note=note)

    def counter(
        self, who: Actor, booking_id: BookingId, quantity: int, first: date, last: date
    ) -> None:
        with self.installation.work(actor=who) as work:
            counter_booking(work, booking_id, make_request(first, last, quantity=quantity))

    def state(self, booking_id: BookingId) -> str:
        with self.installation.work() as work:
            return work.session.get_one(Booking, booking_id).state

    def steps(self, booking_id: BookingId) -> list[tuple[str, str | None]]:
        with self.installation.work() as work:
            rows = work.session.scalars(
                select(BookingStep)
                .where(BookingStep.booking_id == booking_id)
                .order_by(BookingStep.position)
            )
            return [(row.state, row.side) for row in rows]


@pytest.fixture
def hall(installation: Installation) -> Hall:
    people = {}
    with installation.work() as work:
        for name in ("owner", "trader", "food", "stranger"):
            organisation = make_organisation(work, name=f"Betrieb {name}")
            people[name] = make_person(work, email=f"{name}@a.example", organisation=organisation)
            if name == "owner":
                listing = make_listing(
                    work,
                    organisation,
                    kind="space",
                    title="Halle mit Regalen",
                    quantity=40,
                    unit="pallet_place",
                )
        actors = {name: actor_of(work, person) for name, person in people.items()}
        listing_id = listing.id
        work.session.flush()
        work.session.expunge_all()
    return Hall(installation, **actors, people=people, listing_id=listing_id)


WINTER = (date(2026, 11, 1), date(2027, 1, 31))
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))


def test_what_was_asked_goes_from_the_request_to_the_end(hall: Hall) -> None:
    booking = hall.ask(hall.trader, 25, *WINTER)
    hall.act(hall.owner, booking, BookingAction.ACCEPT)
    hall.act(hall.owner, booking, BookingAction.HAND_OVER)
    hall.act(hall.owner, booking, BookingAction.RETURN)
    hall.installation.clock.advance(timedelta(days=200))
    hall.act(hall.trader, booking, BookingAction.COMPLETE)

    assert hall.steps(booking) == [
        ("requested", "asker"),
        ("accepted", "owner"),
        ("handed_over", "owner"),
        ("returned", "owner"),
        ("completed", "asker"),
    ]


@pytest.mark.parametrize(
    ("who", "action"),
    [("trader", BookingAction.ACCEPT), ("trader", BookingAction.COUNTER)],
)
def test_nobody_answers_their_own_proposal(hall: Hall, who: str, action: BookingAction) -> None:
    booking = hall.ask(hall.trader, 25, *WINTER)

    with pytest.raises(NotAllowed):
        if action is BookingAction.COUNTER:
            hall.counter(getattr(hall, who), booking, 20, *WINTER)
        else:
            hall.act(getattr(hall, who), booking, action)


def test_a_counter_offer_takes_the_place_of_the_request_and_is_answered_by_the_other(
    hall: Hall,
) -> None:
    booking = hall.ask(hall.trader, 40, *WINTER)
    hall.counter(hall.owner, booking, 10, *DECEMBER)
    other = hall.ask(hall.food, 30, *WINTER)
    with pytest.raises(NotAllowed):
        hall.act(hall.owner, booking, BookingAction.ACCEPT)
    hall.act(hall.trader, booking, BookingAction.ACCEPT)

    assert hall.state(booking) == "accepted"
    assert hall.state(other) == "requested"


def test_a_counter_offer_that_does_not_fit_changes_nothing(hall: Hall) -> None:
    booking = hall.ask(hall.trader, 25, *WINTER)
    hall.ask(hall.food, 15, *WINTER)

    with pytest.raises(CapacityExhausted) as refusal:
        hall.counter(hall.owner, booking, 26, *WINTER)

    assert refusal.value.shortage.free == 25
    assert hall.steps(booking) == [("requested", "asker")]


def test_who_says_no_owes_a_reason_and_the_other_side_reads_it(hall: Hall) -> None:
    booking = hall.ask(hall.trader, 25, *WINTER)
    with pytest.raises(InvalidInput) as refusal:
        hall.act(hall.owner, booking, BookingAction.DECLINE, "  ")
    hall.act(hall.owner, booking, BookingAction.DECLINE, "Wir brauchen die Plätze selbst.")

    assert set(refusal.value.errors) == {"reason"}
    assert hall.state(booking) == "declined"
    texts = [str(mail.get_body(("plain",))) for mail in hall.installation.mails("trader@a.example")]
    assert any("Wir brauchen die Pl" in text for text in texts)


@pytest.mark.parametrize("action", list(BookingAction))
def test_strangers_find_no_booking(hall: Hall, action: BookingAction) -> None:
    booking = hall.ask(hall.trader, 25, *WINTER)

    with pytest.raises(NotFound):
        hall.act(hall.stranger, booking, action, "Grund")


@pytest.mark.parametrize(
    "end",
    [
        lambda hall, booking: hall.act(hall.owner, booking, BookingAction.DECLINE, "Nein."),
        lambda hall, booking: hall.act(hall.trader, booking, BookingAction.WITHDRAW),
    ],
)
def test_what_is_over_stays_over_and_gives_its_places_back(
    hall: Hall, end: Callable[[Hall, BookingId], None]
) -> None:
    booking = hall.ask(hall.trader, 40, *WINTER)
    end(hall, booking)

    assert hall.ask(hall.food, 40, *WINTER)
    for who in (hall.owner, hall.trader):
        for action in BookingAction:
            with pytest.raises(Conflict):
                hall.act(who, booking, action, "Grund")


def test_a_request_that_nobody_answers_lapses_after_two_days_and_both_get_one_mail(
    hall: Hall,
) -> None:
    booking = hall.ask(hall.trader, 40, *WINTER)
    hall.installation.run_jobs()
    hall.installation.clock.advance(timedelta(hours=48) - timedelta(seconds=1))
    with pytest.raises(CapacityExhausted):
        hall.ask(hall.food, 1, *WINTER)
    hall.installation.clock.advance(timedelta(seconds=1))
    mails = [
        (mail["To"], mail["Subject"])
        for mail in hall.installation.mails()
        if "abgelaufen" in mail["Subject"]
    ]

    assert hall.state(booking) == BookingState.LAPSED
    assert sorted(to for to, _ in mails) == ["owner@a.example", "trader@a.example"]
    assert hall.ask(hall.food, 40, *WINTER)


def test_places_come_back_on_the_minute_even_where_no_worker_runs(hall: Hall) -> None:
    booking = hall.ask(hall.trader, 40, *WINTER)
    hall.installation.clock.advance(timedelta(hours=48))

    assert hall.ask(hall.food, 40, *WINTER)
    assert hall.state(booking) == BookingState.LAPSED


def test_a_late_answer_is_refused_with_what_can_be_done(hall: Hall) -> None:
    booking = hall.ask(hall.trader, 25, *WINTER)
    hall.installation.clock.advance(timedelta(hours=48))

    with pytest.raises(Conflict, match="neue Anfrage"):
        hall.act(hall.owner, booking, BookingAction.ACCEPT)


def test_what_is_not_back_in_time_is_promised_to_nobody_until_it_is(hall: Hall) -> None:
    october = (date(2026, 10, 5), date(2026, 10, 9))
    booking = hall.ask(hall.trader, 40, *october)
    hall.act(hall.owner, booking, BookingAction.ACCEPT)
    hall.act(hall.owner, booking, BookingAction.HAND_OVER)
    hall.installation.clock.advance(timedelta(days=60))
    with pytest.raises(CapacityExhausted):
        hall.ask(hall.food, 1, *DECEMBER)
    hall.act(hall.owner, booking, BookingAction.RETURN)

    assert hall.ask(hall.food, 40, *DECEMBER)


def test_closing_a_time_that_is_promised_is_refused_with_what_stands_in_the_way(
    hall: Hall,
) -> None:
    booking = hall.ask(hall.trader, 25, *WINTER)

    with pytest.raises(Conflict) as refusal, hall.installation.work(actor=hall.owner) as work:
        add_closure(work, hall.listing_id, whole_days(*DECEMBER))

    assert refusal.value.code == "capacity_in_use"
    assert "Betrieb trader: 25, 1.11.2026 – 31.1.2027" in str(refusal.value)
    assert [each["id"] for each in refusal.value.details["bookings"]] == [booking]  # type: ignore[attr-defined]


def test_a_time_that_is_closed_is_not_to_be_had(hall: Hall) -> None:
    with hall.installation.work(actor=hall.owner) as work:
        add_closure(work, hall.listing_id, whole_days(*DECEMBER))

    with pytest.raises(CapacityExhausted) as refusal:
        hall.ask(hall.trader, 1, *WINTER)

    assert refusal.value.shortage.free == 0


def test_what_a_counter_offer_takes_from_a_lapsed_request_cannot_be_accepted_after_all(
    hall: Hall,
) -> None:
    lapsed = hall.ask(hall.trader, 20, *WINTER)
    hall.installation.clock.advance(timedelta(hours=47))
    late = hall.ask(hall.food, 20, *WINTER)
    hall.installation.clock.advance(timedelta(hours=1))
    hall.counter(hall.owner, late, 40, *WINTER)

    # Noted, not only true by the clock: whoever began a moment ago still has the older time.
    assert hall.state(lapsed) == BookingState.LAPSED
    assert hall.state(late) == BookingState.COUNTERED


def test_the_agreement_comes_with_a_calendar_entry_and_the_cancellation_takes_it_out(
    hall: Hall,
) -> None:
    booking = hall.ask(hall.trader, 25, *WINTER)
    hall.act(hall.owner, booking, BookingAction.ACCEPT)
    hall.act(hall.trader, booking, BookingAction.CANCEL, "Wir haben selbst Platz gefunden.")

    calendars = [
        part.get_content()
        for mail in hall.installation.mails("owner@a.example")
        for part in mail.iter_attachments()
        if part.get_content_type() == "text/calendar"
    ]
    methods = [line for each in calendars for line in each.splitlines() if "METHOD" in line]
    assert sorted(methods) == ["METHOD:CANCEL", "METHOD:PUBLISH"]
    assert all("DTSTART;VALUE=DATE:20261101" in each for each in calendars)
    assert {line for each in calendars for line in each.splitlines() if line.startswith("UID")} == {
        f"UID:{booking}@a.localhost"
    }


def test_only_the_parties_of_an_agreement_see_where_the_other_is(hall: Hall) -> None:
    booking = hall.ask(hall.trader, 25, *WINTER)
    visitor = hall.installation.visitor()
    sign_in(visitor, hall.people["trader"])
    with hall.installation.work() as work:
        thread = work.session.get_one(Booking, booking).thread_id
    before = visitor.get(f"/messages/{thread}").words
    hall.act(hall.owner, booking, BookingAction.ACCEPT)
    after = visitor.get(f"/messages/{thread}").words

    assert "owner@a.example" not in before
    assert "owner@a.example" in after
