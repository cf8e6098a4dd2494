"""What both sides have closed counts once, with what was stated, and no longer if it is undone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.bookings.events import BookingStepped
from marketplace.bookings.models import Booking
from marketplace.bookings.queries import steps_of as steps_of_booking
from marketplace.donations.events import ClaimStepped
from marketplace.donations.models import Claim
from marketplace.donations.operations.lines import add_line
from marketplace.donations.queries.claims import steps_of
from marketplace.donations.rules.lines import checked_line
from marketplace.donations.rules.states import ClaimState
from marketplace.impact.models import Effect
from marketplace.impact.queries.figures import Measures, figures_of
from marketplace.impact.rules.measures import (
    WeighedLine,
    WeightBasis,
    measure_of_gift,
    measure_of_sharing,
    weight_of_lot,
)
from marketplace.impact.subscriptions import count_what_was_given, count_what_was_shared
from marketplace.listings.kinds import KINDS
from marketplace.search.rules.windows import Window
from tests.factories.gifts import Given, make_given
from tests.factories.offered import make_offered
from tests.impact.handed_over import hand_over
from tests.support.installation import Installation

TODAY, TOMORROW = date(2026, 9, 1), date(2026, 9, 2)


@pytest.fixture
def gift(installation: Installation) -> Given:
    gift = make_given(installation, quantity=60, attributes={"weight": 7})
    gift.add("Grundschule")
    gift.add("Sportverein")
    return gift


def effects(installation: Installation) -> list[Effect]:
    with installation.work() as work:
        return list(work.session.scalars(select(Effect).order_by(Effect.closed_at, Effect.id)))


def total(installation: Installation, year: int = 2026) -> Measures:
    with installation.work() as work:
        return figures_of(work, year).total


def test_a_gift_counts_when_both_have_confirmed_it(gift: Given) -> None:
    hand_over(gift, "Grundschule", 24)
    gift.claim("Sportverein", 20)

    (effect,) = effects(gift.installation)

    assert (effect.pieces, effect.kilograms, effect.weight_basis) == (24, 168.0, "stated")
    assert (effect.place, effect.year, effect.month) == ("Bad Belzig", 2026, 9)
    assert effect.giver_id == gift.giver.organisation_id
    assert effect.receiver_id == gift.organisation_of("Grundschule")
    with gift.installation.work() as work:
        confirmation = figures_of(work, 2026).confirmation
        assert (confirmation.agreed, confirmation.closed) == (1, 1)


def test_the_same_news_twice_counts_once(gift: Given) -> None:
    claim_id = hand_over(gift, "Grundschule", 24)

    for _ in range(2):
        with gift.installation.work() as work:
            for step in steps_of(work, claim_id):
                count_what_was_given(work, ClaimStepped(claim_id=claim_id, step_id=step.id))

    assert total(gift.installation) == Measures(deals=1, pieces=24, kilograms=168.0)


def test_what_is_undone_counts_no_longer_and_again_when_it_is_redone(gift: Given) -> None:
    claim_id = hand_over(gift, "Grundschule", 24)

    def set_state(state: ClaimState) -> None:
        with gift.installation.work() as work:
            work.session.get_one(Claim, claim_id).state = state
            step = steps_of(work, claim_id)[-1]
            count_what_was_given(work, ClaimStepped(claim_id=claim_id, step_id=step.id))

    set_state(ClaimState.COLLECTED)
    undone = total(gift.installation)
    set_state(ClaimState.CONFIRMED)

    assert undone == Measures()
    assert total(gift.installation).pieces == 24


def test_the_years_last_hour_is_that_of_berlin(installation: Installation) -> None:
    installation.clock.advance(
        datetime(2026, 12, 31, 23, 30, tzinfo=UTC) - installation.clock.now()
    )
    gift = make_given(installation)
    gift.add("Grundschule")
    hand_over(gift, "Grundschule", 1)

    (effect,) = effects(installation)
    assert (effect.year, effect.month) == (2027, 1)


@pytest.mark.parametrize(
    ("attributes", "unit", "pieces", "kilograms", "basis"),
    [
        ({"weight": 12.5}, "piece", 4, 50.0, WeightBasis.STATED),
        ({}, "piece", 4, None, WeightBasis.MISSING),
        ({"weight": 12.5}, "box", 0, 50.0, WeightBasis.ESTIMATED),
        ({}, "pallet", 0, None, WeightBasis.MISSING),
        ({}, "kilogram", 0, 4.0, WeightBasis.STATED),
    ],
)
def test_a_weight_is_the_stated_one_or_marked_or_missing_but_never_made_up(
    attributes: dict[str, float],
    unit: str,
    pieces: int,
    kilograms: float | None,
    basis: WeightBasis,
) -> None:
    measure = measure_of_gift(attributes, unit=unit, quantity=4)

    assert (measure.pieces, measure.kilograms, measure.weight_basis) == (pieces, kilograms, basis)


def test_a_mixed_lot_weighs_what_its_lines_say_and_a_part_of_it_its_share(
    installation: Installation,
) -> None:
    gift = make_given(installation, quantity=60, attributes={"weight": 7})
    gift.add("Grundschule")
    with installation.work(actor=gift.giver) as work:
        for name, quantity, weight in (("Drehstuhl", 40, "12,5"), ("Regal", 20, "25")):
            line = checked_line(
                name=name, quantity=quantity, condition="used", weight=weight, today=TODAY
            )
            add_line(work, gift.listing_id, line)
    hand_over(gift, "Grundschule", 6)

    (effect,) = effects(installation)
    assert (effect.pieces, effect.kilograms, effect.weight_basis) == (6, 100.0, "estimated")


def test_a_lot_is_weighed_only_by_lines_that_all_have_a_weight() -> None:
    chairs = WeighedLine(quantity=40, weight_kg=12.5, is_estimated=False)
    shelves = WeighedLine(quantity=20, weight_kg=25.0, is_estimated=False)

    def weighed(
        *lines: WeighedLine, quantity: int = 60, unit: str = "piece"
    ) -> tuple[float | None, str]:
        lot = weight_of_lot(lines, unit=unit, quantity=quantity)
        measure = measure_of_gift({}, unit=unit, quantity=quantity, lot=lot)
        return measure.kilograms, measure.weight_basis

    assert weighed(chairs, shelves) == (1000.0, "stated")
    assert weighed(chairs, replace(shelves, is_estimated=True)) == (1000.0, "estimated")
    assert weighed(chairs, replace(shelves, weight_kg=None)) == (None, "missing")
    assert weighed(chairs, quantity=60) == (750.0, "estimated")
    assert weighed(chairs, shelves, quantity=2, unit="pallet") == (1000.0, "stated")


def test_time_is_what_was_declared_or_at_most_what_was_agreed() -> None:
    begin = datetime(2026, 9, 1, 8, tzinfo=UTC)
    agreed = Window(begin, begin + timedelta(hours=10))

    def hours(kind: str, unit: str, back_after: int | None = None) -> tuple[float, int]:
        measure = measure_of_sharing(
            KINDS[kind],
            unit=unit,
            mode="lend",
            quantity=3,
            agreed=agreed,
            out_at=begin if back_after else None,
            back_at=begin + timedelta(hours=back_after) if back_after else None,
        )
        return measure.hours, measure.person_days

    assert hours("staff", "hour") == (3.0, 0)
    assert hours("staff", "person_day") == (0.0, 3)
    assert hours("machine", "machine_hour") == (3.0, 0)
    assert hours("machine", "piece") == (10.0, 0)
    assert hours("machine", "piece", back_after=4) == (4.0, 0)
    assert hours("machine", "piece", back_after=48) == (10.0, 0)
    assert hours("transport", "trip") == (0.0, 0)


def test_a_machine_counts_with_the_hours_it_was_away_and_once(installation: Installation) -> None:
    digger = make_offered(installation, kind="machine", title="Minibagger")
    thread = digger.ask("trader", 1, TODAY, TOMORROW)
    digger.act("owner", thread, "accept")
    digger.act("owner", thread, "hand-over")
    installation.clock.advance(timedelta(hours=6))
    digger.act("owner", thread, "return")
    digger.act("trader", thread, "complete")

    with installation.work() as work:
        booking = work.session.scalars(select(Booking)).one()
        for step in steps_of_booking(work, booking.id):
            count_what_was_shared(work, BookingStepped(booking_id=booking.id, step_id=step.id))

    with installation.work() as work:
        found = figures_of(work, 2026)
    assert found.total == Measures(deals=1, hours=6.0)
    assert set(found.by_kind) == {"machine"}
    assert (found.confirmation.agreed, found.confirmation.closed) == (1, 1)


def test_person_days_stay_days(installation: Installation) -> None:
    team = make_offered(
        installation, kind="staff", quantity=50, unit="person_day", attributes={"headcount": 5}
    )
    thread = team.ask("trader", 2, TODAY, TOMORROW)
    team.act("owner", thread, "accept")
    installation.clock.advance(timedelta(days=3))
    team.act("owner", thread, "complete")
    team.act("trader", thread, "complete")

    assert total(installation) == Measures(deals=1, person_days=2)


@pytest.mark.parametrize(("first", "second"), [("owner", "trader"), ("trader", "owner")])
def test_hours_count_once_both_sides_have_confirmed_them(
    installation: Installation, first: str, second: str
) -> None:
    lift = make_offered(installation, kind="machine", unit="machine_hour", quantity=20)
    thread = lift.ask("trader", 6, TODAY, TOMORROW)
    lift.act("owner", thread, "accept")
    installation.clock.advance(timedelta(days=3))

    lift.act(first, thread, "complete")
    by_one_side = total(installation)
    with installation.work() as work:
        rate_then = figures_of(work, 2026).confirmation
    lift.act(second, thread, "complete")

    assert by_one_side == Measures()
    assert (rate_then.agreed, rate_then.closed) == (1, 0)
    assert total(installation) == Measures(deals=1, hours=6.0)
    with installation.work() as work:
        rate = figures_of(work, 2026).confirmation
        booking = work.session.scalars(select(Booking)).one()
        for step in steps_of_booking(work, booking.id):
            count_what_was_shared(work, BookingStepped(booking_id=booking.id, step_id=step.id))
    assert (rate.agreed, rate.closed) == (1, 1)
    (effect,) = effects(installation)
    assert effect.booking_id == booking.id


def test_a_return_that_its_owner_alone_has_closed_does_not_count_yet(
    installation: Installation,
) -> None:
    digger = make_offered(installation, kind="machine", title="Minibagger")
    thread = digger.ask("trader", 1, TODAY, TOMORROW)
    digger.act("owner", thread, "accept")
    digger.act("trader", thread, "hand-over")
    installation.clock.advance(timedelta(hours=6))
    digger.act("owner", thread, "return")
    digger.act("owner", thread, "complete")

    assert total(installation) == Measures()
    assert "Abschluss bestätigen" in digger.browser_of("trader").get("/desk").words
    assert "Abschluss bestätigen" not in digger.browser_of("owner").get("/desk").words

    digger.act("trader", thread, "complete")

    assert total(installation) == Measures(deals=1, hours=6.0)
    assert "Minibagger" not in digger.browser_of("trader").get("/desk").words
