"""An organisation claims a gift: who may, how often, and what is said at which field."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.accounts.rules.organisations import OrganisationKind, VerificationState
from marketplace.bookings.operations.asking import ask_for_listing
from marketplace.donations.models import Claim
from marketplace.donations.operations.claiming import claim_gift
from marketplace.donations.queries.claims import claims_to, visible_claim
from marketplace.donations.rules.requests import ClaimRequest, IntendedUse
from marketplace.donations.rules.states import ClaimAction, Side
from marketplace.foundation.audit import AuditEntry
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketplace.foundation.identifiers import ClaimId, ListingId
from marketplace.listings.models import Listing
from marketplace.listings.rules.states import ListingState
from marketplace.messaging.models import Message
from tests.factories.accounts import actor_of, make_organisation, make_person
from tests.factories.bookings import make_request
from tests.factories.gifts import Given, make_given
from tests.factories.listings import make_listing
from tests.support.installation import Installation

WANTED = ClaimRequest(
    quantity=2,
    intended_use=IntendedUse.OWN_PURPOSE,
    justification="Für den Mehrzweckraum.",
    need_by=date(2026, 12, 1),
)


@pytest.fixture
def gift(installation: Installation) -> Given:
    given = make_given(installation, quantity=10)
    given.add("Sportverein")
    given.add("Schulverein", has_proof=False)
    return given


def claim(gift: Given, who: str, listing_id: ListingId | None = None, **changes: Any) -> ClaimId:  # noqa: ANN401 (any part of a request)
    return claim_as(gift, gift.claimants[who], listing_id, **changes)


def claim_as(
    gift: Given,
    actor: Actor,
    listing_id: ListingId | None = None,
    **changes: Any,  # noqa: ANN401 (any part of a request)
) -> ClaimId:
    request = replace(WANTED, **changes)
    with gift.installation.work(gift.district, actor=actor) as work:
        return claim_gift(work, listing_id or gift.listing_id, request).id


def make_other_gifts(gift: Given, number: int, **changes: Any) -> list[ListingId]:  # noqa: ANN401 (any column)
    with gift.installation.work() as work:
        giver = make_organisation(work)
        values = {"kind": "goods", "terms_mode": "give", "quantity": 5, **changes}
        return [make_listing(work, giver, **values).id for _ in range(number)]


def code(refusal: pytest.ExceptionInfo[Conflict]) -> str:
    return refusal.value.code


def test_a_claim_is_kept_with_its_first_step_conversation_and_trail(gift: Given) -> None:
    claim_id = claim(gift, "Sportverein")

    with gift.installation.work(actor=gift.giver) as work:
        stored, side = visible_claim(work, claim_id)
        assert (stored.state, stored.wanted, stored.granted) == ("submitted", 2, 0)
        assert (stored.unit, stored.need_by, side) == ("piece", date(2026, 12, 1), Side.GIVER)
        assert work.session.scalars(
            select(Message.body).where(Message.thread_id == stored.thread_id)
        ).all() == ["Für den Mehrzweckraum."]
        assert work.session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_id == claim_id)
        ).all() == ["step_claim"]


def test_every_verified_organisation_may_claim_and_nobody_else(gift: Given) -> None:
    with gift.installation.work() as work:
        new = make_organisation(work, state=VerificationState.SUBMITTED)
        newcomer = actor_of(work, make_person(work, organisation=new))
        firm = actor_of(work, make_person(work, organisation=make_organisation(work)))

    for actor, reason in (
        (newcomer, "wird noch geprüft"),
        (gift.giver, "verschenken Sie selbst"),
        (gift.desk, "Berechtigung"),
    ):
        with pytest.raises(NotAllowed, match=reason):
            claim_as(gift, actor)
    assert claim_as(gift, firm)
    assert claim(gift, "Schulverein")


def test_only_gifts_that_are_on_offer_are_claimed(gift: Given) -> None:
    (lent,) = make_other_gifts(gift, 1, terms_mode="lend")
    (wish,) = make_other_gifts(gift, 1, direction="request")
    (hidden,) = make_other_gifts(gift, 1, published=False)
    (machine,) = make_other_gifts(gift, 1, kind="machine", terms_mode="lend")
    neighbour = make_given(gift.installation, district=gift.installation.b)

    for listing_id in (lent, wish, hidden, machine, neighbour.listing_id):
        with pytest.raises(NotFound):
            claim(gift, "Sportverein", listing_id)


def test_one_claim_of_an_organisation_is_under_way(gift: Given) -> None:
    first = claim(gift, "Sportverein")

    with pytest.raises(Conflict) as refusal:
        claim(gift, "Sportverein", justification="Noch einmal.")
    gift.act("Sportverein", first, ClaimAction.WITHDRAW)
    second = claim(gift, "Sportverein", justification="Nun doch.")

    assert code(refusal) == "already_claimed"
    assert refusal.value.details == {"claim": first}
    assert gift.look_at(second).state == "submitted"


def test_three_claims_are_open_at_most_and_one_that_is_over_makes_room(gift: Given) -> None:
    first, second, third, fourth = make_other_gifts(gift, 4)
    withdrawn = claim(gift, "Sportverein", first)
    claim(gift, "Sportverein", second)
    claim(gift, "Sportverein", third)

    with pytest.raises(Conflict, match="3 Ihrer Anmeldungen") as refusal:
        claim(gift, "Sportverein", fourth)
    gift.act("Sportverein", withdrawn, ClaimAction.WITHDRAW)

    assert code(refusal) == "quota_exceeded"
    assert claim(gift, "Schulverein", fourth)
    assert claim(gift, "Sportverein", fourth)


def test_the_same_form_sent_twice_is_one_claim(gift: Given) -> None:
    first = claim(gift, "Sportverein", form_id="form-1")
    again = claim(gift, "Sportverein", form_id="form-1")

    assert first == again
    with gift.installation.work() as work:
        assert work.session.scalar(select(func.count()).select_from(Claim)) == 1


def test_a_gift_is_claimed_and_cannot_be_booked(gift: Given) -> None:
    with (
        pytest.raises(Conflict, match="Melden Sie Ihren Bedarf auf der Seite an") as refusal,
        gift.installation.work(actor=gift.claimants["Sportverein"]) as work,
    ):
        ask_for_listing(work, gift.listing_id, make_request())

    assert code(refusal) == "illegal_transition"


def test_when_all_is_offered_the_next_one_waits(gift: Given) -> None:
    all_of_it = claim(gift, "Sportverein", quantity=10)
    gift.offer(all_of_it, 10)

    waiting = claim(gift, "Schulverein")

    assert gift.look_at(waiting).state == "waitlisted"


@pytest.mark.parametrize("end", ["apply_until", "collect_until"])
def test_claims_are_taken_to_the_end_of_the_last_day(installation: Installation, end: str) -> None:
    gift = make_given(installation, attributes={end: "2026-09-15"})
    gift.add("Sportverein")
    gift.add("Schulverein")
    until_midnight_in_berlin = timedelta(days=14, hours=14)
    installation.clock.advance(until_midnight_in_berlin - timedelta(seconds=1))
    assert claim(gift, "Sportverein")

    installation.clock.advance(timedelta(seconds=1))

    with pytest.raises(Conflict, match="Die Frist ist vorbei"):
        claim(gift, "Schulverein")


def test_where_a_time_is_said_claims_are_taken_to_that_minute(installation: Installation) -> None:
    gift = make_given(
        installation, attributes={"apply_until": "2026-09-15", "apply_until_time": "12:00"}
    )
    gift.add("Sportverein")
    gift.add("Schulverein")
    until_noon_in_berlin = timedelta(days=14, hours=2)
    installation.clock.advance(until_noon_in_berlin - timedelta(seconds=1))
    assert claim(gift, "Sportverein")

    installation.clock.advance(timedelta(seconds=1))

    with pytest.raises(Conflict, match="Die Frist ist vorbei"):
        claim(gift, "Schulverein")


def test_who_may_see_a_claim(gift: Given) -> None:
    claim_id = claim(gift, "Sportverein")
    neighbour = make_given(gift.installation, district=gift.installation.b)

    for actor, expected in (
        (gift.claimants["Sportverein"], Side.CLAIMANT),
        (gift.giver, Side.GIVER),
        (gift.desk, Side.DESK),
    ):
        with gift.installation.work(actor=actor) as work:
            assert visible_claim(work, claim_id)[1] is expected
    for district, actor in (
        (gift.district, gift.claimants["Schulverein"]),
        (neighbour.district, neighbour.desk),
    ):
        with pytest.raises(NotFound), gift.installation.work(district, actor=actor) as work:
            visible_claim(work, claim_id)


@pytest.mark.parametrize(
    ("terms", "changes", "problems"),
    [
        ({}, {"quantity": None}, {"quantity": "wie viel"}),
        ({}, {"quantity": 0}, {"quantity": "wie viel"}),
        ({}, {"quantity": 11}, {"quantity": "Es gibt höchstens 10."}),
        ({"may_split": False}, {"quantity": 9}, {"quantity": "nur zusammen abgegeben: 10."}),
        ({"smallest_lot": 3}, {"quantity": 2}, {"quantity": "erst ab 3"}),
        ({}, {"intended_use": "party"}, {"intended_use": "was Sie damit vorhaben"}),
        ({}, {"justification": " \n "}, {"justification": "wofür Sie es brauchen"}),
        ({}, {"justification": "a" * 501}, {"justification": "Höchstens 500 Zeichen."}),
        ({}, {"need_by": date(2026, 8, 31)}, {"need_by": "Dieser Tag ist vorbei."}),
        (
            {},
            {"quantity": 0, "intended_use": "", "justification": ""},
            {"quantity": "", "intended_use": "", "justification": ""},
        ),
    ],
)
def test_what_cannot_stay_is_said_at_its_field(
    installation: Installation,
    terms: dict[str, Any],
    changes: dict[str, Any],
    problems: dict[str, str],
) -> None:
    gift = make_given(installation, quantity=10, attributes=terms)
    gift.add("Sportverein")

    with pytest.raises(InvalidInput) as refusal:
        claim(gift, "Sportverein", **changes)

    assert set(refusal.value.errors) == set(problems)
    for field, words in problems.items():
        assert words in refusal.value.errors[field]


def test_a_public_service_needs_no_notice_and_a_paused_gift_keeps_its_claims(gift: Given) -> None:
    gift.add("Grundschule", kind=OrganisationKind.PUBLIC_SERVICE, has_proof=False)
    claim_id = claim(gift, "Grundschule")
    with gift.installation.work() as work:
        work.session.get_one(Listing, gift.listing_id).state = ListingState.PAUSED

    with pytest.raises(NotFound):
        claim(gift, "Sportverein")
    with gift.installation.work() as work:
        assert [each.id for each in claims_to(work, gift.listing_id)] == [claim_id]
