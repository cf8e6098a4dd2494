"""A lot is given, to one claim or to all at once, by the rule or otherwise; the reason stays."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from marketplace.donations.models import AllocationRule, ClaimStep
from marketplace.donations.operations.allocating import allocate, gift_to_allocate, offer_claim
from marketplace.donations.queries.claims import proposal_for, steps_of
from marketplace.donations.rules.allocation import Criterion, Line
from marketplace.donations.rules.states import ClaimAction, Side
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketplace.foundation.identifiers import ClaimId, new_id
from marketplace.geo.rules.points import Point
from tests.factories.accounts import actor_of, make_organisation, make_person
from tests.factories.gifts import Given, make_given
from tests.support.installation import Installation

NEAR, FAR = Point(52.15, 12.60), Point(52.40, 13.00)


@pytest.fixture
def gift(installation: Installation) -> Given:
    return filled(make_given(installation, quantity=10))


def filled(gift: Given) -> Given:
    gift.add("Tafel", point=FAR)
    gift.add("Sportverein", point=NEAR)
    gift.add("Heimatverein", point=NEAR, has_proof=False)
    return gift


def share(
    gift: Given,
    shares: Mapping[ClaimId, int],
    *,
    actor: Actor | None = None,
    reasons: Mapping[ClaimId, str] | None = None,
) -> None:
    with gift.installation.work(gift.district, actor=actor or gift.desk) as work:
        allocate(work, gift.listing_id, shares, reasons=reasons)


def proposal(gift: Given) -> list[Line]:
    with gift.installation.work(gift.district, actor=gift.desk) as work:
        listing, _ = gift_to_allocate(work, gift.listing_id)
        return proposal_for(work, listing)


def last_step(gift: Given, claim_id: ClaimId) -> ClaimStep:
    with gift.installation.work(gift.district) as work:
        return steps_of(work, claim_id)[-1]


def state(gift: Given, claim_id: ClaimId) -> tuple[str, int]:
    claim = gift.look_at(claim_id)
    return claim.state, claim.granted


def test_what_the_rule_gives_needs_no_reason_and_whoever_gets_nothing_waits(gift: Given) -> None:
    food_bank, sports = gift.claim("Tafel", 8), gift.claim("Sportverein", 10)

    share(gift, {line.claimant.claim_id: line.quantity for line in proposal(gift)})

    assert (state(gift, sports), state(gift, food_bank)) == (("offered", 10), ("waitlisted", 0))
    assert last_step(gift, food_bank).rule == {
        "place": 2,
        "quantity": 0,
        "outcome": "nothing_left",
    }
    assert gift.left() == 0


def test_another_share_than_the_rules_is_given_with_a_reason_that_stays(gift: Given) -> None:
    food_bank, sports = gift.claim("Tafel", 8), gift.claim("Sportverein", 10)
    shares = {food_bank: 4, sports: 6}

    with pytest.raises(InvalidInput) as refusal:
        share(gift, shares)
    with pytest.raises(InvalidInput) as still_owed:
        share(gift, shares, reasons={sports: "Beide sollen etwas haben."})
    share(gift, shares, reasons=dict.fromkeys(shares, "Beide sollen etwas haben."))

    assert set(refusal.value.errors) == {f"reason-{food_bank}", f"reason-{sports}"}
    assert "Nach der Regel wären es 10" in refusal.value.errors[f"reason-{sports}"]
    assert set(still_owed.value.errors) == {f"reason-{food_bank}"}
    step = last_step(gift, sports)
    assert (step.note, step.side, step.quantity) == ("Beide sollen etwas haben.", Side.DESK, 6)
    assert step.rule == {"place": 1, "quantity": 10, "outcome": "all"}


def test_a_refused_split_gives_nothing_to_anybody(gift: Given) -> None:
    food_bank, sports = gift.claim("Tafel", 8), gift.claim("Sportverein", 10)

    with pytest.raises(
        Conflict, match=r"Zusammen sind das 11\. Zu verteilen sind noch 10\."
    ) as refusal:
        share(gift, {sports: 10, food_bank: 1}, reasons={food_bank: "Die brauchen es auch."})

    assert (refusal.value.code, refusal.value.details) == ("capacity_exhausted", {"free": 10})
    assert (state(gift, sports), state(gift, food_bank)) == (("submitted", 0), ("submitted", 0))


def test_more_than_is_left_is_refused_with_what_is_left(gift: Given) -> None:
    food_bank, sports = gift.claim("Tafel", 8), gift.claim("Sportverein", 10)
    gift.offer(sports, 7)

    with pytest.raises(Conflict, match="noch 3") as refusal:
        gift.offer(food_bank, 4)
    gift.offer(food_bank, 3)

    assert (refusal.value.code, refusal.value.details) == ("capacity_exhausted", {"free": 3})
    assert gift.left() == 0


def test_an_offer_is_changed_within_what_it_had_and_what_is_left(gift: Given) -> None:
    sports = gift.claim("Sportverein", 10)
    gift.offer(sports, 7)

    gift.offer(sports, 10)
    gift.offer(sports, 4)

    assert (state(gift, sports), gift.left()) == (("offered", 4), 6)


def test_another_quantity_of_an_offer_is_told_with_a_reason_also_where_the_rule_gives_it(
    gift: Given,
) -> None:
    sports = gift.claim("Sportverein", 10)
    gift.offer(sports, 7)

    with pytest.raises(InvalidInput) as refusal:
        gift.offer(sports, 10, reason=" ")
    gift.offer(sports, 10, reason="Mehr ist frei geworden.")

    assert set(refusal.value.errors) == {"reason"}
    step = last_step(gift, sports)
    assert (step.note, step.quantity, step.side) == ("Mehr ist frei geworden.", 10, Side.DESK)


def test_what_a_smaller_offer_sets_free_goes_to_whoever_waits(gift: Given) -> None:
    sports = gift.claim("Sportverein", 10)
    gift.offer(sports, 10)
    food_bank = gift.claim("Tafel", 8)

    gift.offer(sports, 4)

    assert (state(gift, sports), state(gift, food_bank)) == (("offered", 4), ("offered", 6))
    assert gift.left() == 0


def test_a_larger_offer_takes_nothing_from_others(gift: Given) -> None:
    sports, food_bank = gift.claim("Sportverein", 10), gift.claim("Tafel", 8)
    gift.offer(sports, 4)
    gift.offer(food_bank, 5)

    with pytest.raises(Conflict, match="noch 5") as refusal:
        gift.offer(sports, 6)

    assert refusal.value.code == "capacity_exhausted"
    assert (state(gift, sports), state(gift, food_bank)) == (("offered", 4), ("offered", 5))


@pytest.mark.parametrize("quantity", [0, -1, 9])
def test_nobody_is_offered_nothing_or_more_than_they_want(gift: Given, quantity: int) -> None:
    food_bank = gift.claim("Tafel", 8)

    with pytest.raises(InvalidInput, match="Möglich sind 1 bis 8") as refusal:
        gift.offer(food_bank, quantity)

    assert set(refusal.value.errors) == {"quantity"}


@pytest.mark.parametrize(
    "attributes", [{"recipients": "recognised"}, {"recognised_first_until": "2026-10-31"}]
)
def test_who_waits_for_the_proof_is_never_offered_anything(
    installation: Installation, attributes: dict[str, Any]
) -> None:
    gift = filled(make_given(installation, quantity=10, attributes=attributes))
    waiting = gift.claim("Heimatverein", 5)

    with pytest.raises(Conflict, match="Heimatverein wartet noch auf den Nachweis") as offered:
        gift.offer(waiting, 5)
    with pytest.raises(Conflict) as shared:
        share(gift, {waiting: 5}, reasons={waiting: "Sie warten schon lange."})
    assert (offered.value.code, shared.value.code) == ("not_eligible", "not_eligible")
    share(gift, {})
    gift.prove("Heimatverein")

    assert state(gift, waiting) == ("offered", 5)


def test_a_notice_that_is_too_old_proves_nothing(installation: Installation) -> None:
    gift = filled(make_given(installation, quantity=10, attributes={"recipients": "recognised"}))
    gift.prove("Heimatverein", day=date(2021, 8, 31))
    waiting = gift.claim("Heimatverein", 5)

    with pytest.raises(Conflict, match="wartet noch"):
        gift.offer(waiting, 5)
    gift.prove("Heimatverein", day=date(2021, 9, 1))
    gift.offer(waiting, 5)

    assert state(gift, waiting) == ("offered", 5)


def test_the_giver_and_the_office_give_and_nobody_else(gift: Given) -> None:
    sports = gift.claim("Sportverein", 10)
    neighbour = make_given(gift.installation, district=gift.installation.b)
    with gift.installation.work() as work:
        other_firm = actor_of(work, make_person(work, organisation=make_organisation(work)))

    with (
        pytest.raises(NotAllowed),
        gift.installation.work(actor=gift.claimants["Sportverein"]) as work,
    ):
        offer_claim(work, sports, 10)
    for district, actor in (
        (gift.district, other_firm),
        (gift.district, gift.claimants["Tafel"]),
        (neighbour.district, neighbour.desk),
    ):
        with pytest.raises(NotFound), gift.installation.work(district, actor=actor) as work:
            offer_claim(work, sports, 10)
        with pytest.raises(NotFound), gift.installation.work(district, actor=actor) as work:
            allocate(work, gift.listing_id, {sports: 10})
    share(gift, {sports: 10}, actor=gift.giver)

    assert last_step(gift, sports).side == Side.GIVER


def test_a_district_may_publish_another_rule(gift: Given) -> None:
    food_bank, sports = (
        gift.claim("Tafel", 8, need_by=date(2026, 10, 1)),
        gift.claim("Sportverein", 10),
    )
    assert [line.claimant.claim_id for line in proposal(gift)] == [food_bank, sports]

    with gift.installation.work() as work:
        work.session.add(
            AllocationRule(
                id=new_id(),
                criteria=[Criterion.DISTANCE, Criterion.NEED_BY],
                updated_at=work.now(),
            )
        )

    assert [(line.claimant.claim_id, line.quantity) for line in proposal(gift)] == [
        (sports, 10),
        (food_bank, 0),
    ]


def test_what_is_over_is_not_offered_again(gift: Given) -> None:
    sports = gift.claim("Sportverein", 10)
    gift.act("Sportverein", sports, ClaimAction.WITHDRAW)

    with pytest.raises(Conflict) as refusal:
        gift.offer(sports, 10)

    assert refusal.value.code == "illegal_transition"
    assert proposal(gift) == []
