"""The district lays down by what gifts are shared out; those who claim read the same sentence."""

from datetime import date

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Person
from marketplace.donations.operations.ruling import set_rule
from marketplace.donations.queries.claims import claim_by_id, proposal_for
from marketplace.foundation.audit import AuditEntry
from marketplace.foundation.errors import NotAllowed
from marketplace.geo.rules.points import Point
from marketplace.listings.queries import listing_by_id
from tests.factories.accounts import make_person, sign_in
from tests.factories.gifts import Given, make_given
from tests.support.browser import Visitor
from tests.support.installation import Installation

PAGE = "/moderation/gift-rule"
DEFAULT = "Zuerst öffentliche Aufgaben, dann wer es früher braucht, dann die Nähe."
NEAR_FIRST = "Zuerst die Nähe, dann wer es früher braucht, dann öffentliche Aufgaben."
NEAR, FAR = Point(52.15, 12.60), Point(52.40, 13.00)


@pytest.fixture
def gift(installation: Installation) -> Given:
    gift = make_given(installation, quantity=10)
    gift.add("Tafel", point=FAR)
    gift.add("Sportverein", point=NEAR)
    return gift


@pytest.fixture
def administrator(installation: Installation) -> Visitor:
    with installation.work() as work:
        admin = make_person(work, staff_role="district_admin")  # type: ignore[arg-type]
        work.session.flush()
        work.session.expunge(admin)
    visitor = installation.visitor()
    sign_in(visitor, admin)
    return visitor


def names_in_order(gift: Given) -> list[str]:
    with gift.installation.work(actor=gift.desk) as work:
        lines = proposal_for(work, listing_by_id(work, gift.listing_id))
        return [claim_by_id(work, line.claimant.claim_id).organisation.name for line in lines]


def test_the_rule_is_found_from_the_queue_and_from_where_it_is_used(
    gift: Given, administrator: Visitor
) -> None:
    assert f"Regel für das Verteilen {DEFAULT}" in administrator.get("/moderation").words
    page = administrator.get(PAGE)

    assert f"So wird verteilt: {DEFAULT}" in page.words
    assert "Das ist die mitgelieferte Regel" in page.words
    assert page.form_values(PAGE)["rule"] == "public,need_by,distance"
    assert f'href="{PAGE}"' in administrator.get(f"/listings/{gift.listing_id}/claims").text


def test_another_rule_counts_from_then_on_and_is_written_down(
    gift: Given, administrator: Visitor
) -> None:
    gift.claim("Tafel", 8, need_by=date(2026, 10, 1))
    gift.claim("Sportverein", 10)
    assert names_in_order(gift) == ["Tafel", "Sportverein"]

    page = administrator.send(PAGE, {"rule": "distance,need_by,public"})

    assert "Gespeichert. Vorschläge folgen ab jetzt dieser Regel." in page.words
    assert f"So wird verteilt: {NEAR_FIRST} Festgelegt am Di, 1. September 2026." in page.words
    assert names_in_order(gift) == ["Sportverein", "Tafel"]
    visitor = gift.installation.visitor()
    assert f"So wird verteilt: {NEAR_FIRST}" in visitor.get(f"/listings/{gift.listing_id}").words
    with gift.installation.work() as work:
        entry = work.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "set_allocation_rule")
        ).one()
    assert entry.actor_id is not None
    assert entry.details == {
        "criteria": ["distance", "need_by", "public"],
        "before": ["public", "need_by", "distance"],
    }


def test_the_waiting_list_moves_up_by_the_new_rule(gift: Given, administrator: Visitor) -> None:
    gift.add("Heimatverein")
    gone = gift.claim("Heimatverein", 10)
    gift.offer(gone, 10)
    food_bank = gift.claim("Tafel", 8, need_by=date(2026, 10, 1))
    sports = gift.claim("Sportverein", 10)
    administrator.send(PAGE, {"rule": "distance,need_by,public"})

    gift.offer(gone, 4)

    assert gift.look_at(sports).granted == 6
    assert gift.look_at(food_bank).state == "waitlisted"


@pytest.mark.parametrize("rule", ["", "distance", "distance,distance,public", "age,need_by,public"])
def test_what_is_no_rule_is_refused(administrator: Visitor, rule: str) -> None:
    page = administrator.send(PAGE, {"rule": rule})

    assert page.status == 422
    assert "Bitte wählen Sie, in welcher Reihenfolge verteilt wird." in page.words
    assert f"So wird verteilt: {DEFAULT}" in page.words


def test_only_administrators_lay_it_down(gift: Given) -> None:
    visitor = gift.installation.visitor()
    with gift.installation.work() as work:
        moderator = work.session.get_one(Person, gift.desk.person_id)
        work.session.expunge(moderator)
    sign_in(visitor, moderator)

    assert visitor.get(PAGE).status == 403
    assert f'href="{PAGE}"' not in visitor.get(f"/listings/{gift.listing_id}/claims").text
    with pytest.raises(NotAllowed), gift.installation.work(actor=gift.desk) as work:
        set_rule(work, ["distance", "need_by", "public"])
