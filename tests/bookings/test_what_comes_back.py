"""What is away until it is back, what is used up for good, and what is free again by itself."""

from datetime import date, timedelta

import pytest

from marketplace.accounts.operations.mail_choices import choose_mails
from marketplace.accounts.rules.mail_choices import MailTopic, Pace
from marketplace.bookings.queries import left_of
from marketplace.listings.models import Listing
from tests.factories.accounts import actor_of
from tests.factories.offered import Offered, make_offered
from tests.support.installation import Installation

TODAY, NEXT_WEEK, LATER = date(2026, 9, 1), date(2026, 9, 8), date(2026, 11, 3)


def handed_over(offered: Offered, quantity: int, day: date) -> None:
    conversation = offered.ask("trader", quantity, day, day)
    offered.act("owner", conversation, "accept")
    offered.act("owner", conversation, "hand-over")


@pytest.fixture
def team(installation: Installation) -> Offered:
    return make_offered(
        installation,
        kind="staff",
        quantity=50,
        unit="person_day",
        attributes={"headcount": 5},
    )


def test_people_are_free_again_when_their_days_are_over_though_nobody_noted_it(
    team: Offered,
) -> None:
    handed_over(team, 1, TODAY)
    team.installation.clock.advance(timedelta(days=5))

    assert "angefragt" in team.ask("grocer", 5, LATER, LATER).words
    assert "So viel ist dann nicht frei" in team.ask("grocer", 45, LATER, LATER).words


@pytest.mark.parametrize("mode", ["lend", "rent"])
def test_goods_that_are_lent_are_away_until_they_are_back(
    installation: Installation, mode: str
) -> None:
    crates = make_offered(installation, kind="goods", quantity=40, terms_mode=mode)
    handed_over(crates, 30, TODAY)
    installation.clock.advance(timedelta(days=5))

    assert "So viel ist dann nicht frei" in crates.ask("grocer", 20, LATER, LATER).words
    assert "angefragt" in crates.ask("grocer", 10, LATER, LATER).words


def test_what_was_given_back_can_be_given_away_later(installation: Installation) -> None:
    chairs = make_offered(installation, kind="goods", quantity=10, terms_mode="lend")
    lent = chairs.ask("trader", 10, TODAY, TODAY)
    for action in ("accept", "hand-over", "return", "complete"):
        chairs.act("owner", lent, action)
    with installation.work() as work:
        listing = work.session.get_one(Listing, chairs.listing_id)
        listing.terms_mode = "give"

        assert left_of(work, listing) == 10


def test_what_was_worked_in_hours_takes_nothing_from_days(team: Offered) -> None:
    handed_over(team, 5, TODAY)
    with team.installation.work() as work:
        listing = work.session.get_one(Listing, team.listing_id)
        listing.unit, listing.quantity = "hour", 5

    assert "angefragt" in team.ask("grocer", 5, LATER, LATER).words


def test_who_wants_no_reminders_still_hears_of_what_others_wait_for(
    installation: Installation,
) -> None:
    shelf = make_offered(installation, kind="space", quantity=12, unit="pallet_place")
    with installation.work() as work:
        trader = actor_of(work, shelf.people["trader"])
    with installation.work(actor=trader) as work:
        choose_mails(work, {MailTopic.REMINDERS: Pace.NEVER})
    conversation = shelf.ask("trader", 4, NEXT_WEEK, LATER)
    shelf.act("owner", conversation, "accept")
    installation.clock.advance(timedelta(days=6, hours=20))
    installation.run_jobs()
    shelf.act("owner", conversation, "hand-over")
    installation.clock.advance(timedelta(days=70))

    subjects = {
        who: " | ".join(mail["Subject"] for mail in installation.mails(f"{who}@a.example"))
        for who in ("owner", "trader")
    }
    assert "Bald ist Übergabe" in subjects["owner"]
    assert "Bald ist Übergabe" not in subjects["trader"]
    assert "Noch nicht zurück" in subjects["trader"]
