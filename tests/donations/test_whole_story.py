"""A lot from the first claim to the last confirmation, for any places, quantities and orders."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.bookings.queries import left_of
from marketplace.donations.operations.allocating import allocate
from marketplace.donations.operations.collecting import (
    NOT_COLLECTED,
    choose_pickup,
    confirm_handover,
    note_handover,
)
from marketplace.donations.queries.claims import claims_to, proposal_for, steps_of
from marketplace.donations.rules.allocation import Outcome
from marketplace.donations.rules.states import ClaimAction
from marketplace.foundation.errors import Conflict
from marketplace.foundation.identifiers import ClaimId
from marketplace.geo.geocoders.gazetteer import GazetteerGeocoder
from marketplace.geo.interfaces import Found
from marketplace.geo.rules.points import Point
from marketplace.listings.queries import listing_by_id
from marketplace.search.rules.windows import Window
from tests.factories.gifts import Given, make_given
from tests.support.installation import Installation, TestDistrict

APPLY_UNTIL, COLLECT_UNTIL = "2026-11-15", "2026-11-30"
DECISION = datetime(2026, 11, 15, 11, 0, tzinfo=UTC)  # noon in Berlin
SCHOOL, ASSOCIATION, CHARITY = (
    OrganisationKind.PUBLIC_SERVICE,
    OrganisationKind.ASSOCIATION,
    OrganisationKind.CHARITY,
)


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who wants how much, what the rule gives, and what it keeps in the end."""

    kind: OrganisationKind
    place: str
    wanted: int
    proposed: int
    outcome: Outcome
    kept: int
    need_by: date | None = None
    has_proof: bool = True


@dataclass(frozen=True, kw_only=True)
class Story:
    """A gift and those who want some of it, named in the order in which the rule puts them."""

    district: str
    place: str
    quantity: int
    recipients: dict[str, Recipient]
    kilometres: dict[str, float] = field(default_factory=dict)
    arrivals: tuple[int, ...] = (0, 1, 2, 3)
    is_proven_first: bool = False


CHAIRS = Story(  # scenario S4
    district="a",
    place="Beelitz",
    quantity=60,
    recipients={
        "Grundschule": Recipient(
            kind=SCHOOL, place="Brück", wanted=24, proposed=24, outcome=Outcome.ALL, kept=24
        ),
        "Sportverein": Recipient(
            kind=ASSOCIATION,
            place="Treuenbrietzen",
            wanted=20,
            proposed=20,
            outcome=Outcome.ALL,
            kept=20,
        ),
        "Tafel": Recipient(
            kind=CHARITY,
            place="Bad Belzig",
            wanted=30,
            proposed=16,
            outcome=Outcome.PART,
            kept=10,
        ),
        "Heimatverein": Recipient(
            kind=ASSOCIATION,
            place="14542 Werder",
            wanted=10,
            proposed=0,
            outcome=Outcome.NO_STATUS,
            kept=6,
            has_proof=False,
        ),
    },
    kilometres={"Grundschule": 14.5, "Sportverein": 17.0, "Tafel": 27.9, "Heimatverein": 15.8},
)
SCREENS = Story(
    district="b",
    place="Luckenwalde",
    quantity=45,
    recipients={
        "Bibliothek": Recipient(
            kind=SCHOOL, place="Jüterbog", wanted=15, proposed=15, outcome=Outcome.ALL, kept=15
        ),
        "Musikverein": Recipient(
            kind=ASSOCIATION,
            place="Zossen",
            wanted=12,
            proposed=12,
            outcome=Outcome.ALL,
            kept=12,
            need_by=date(2026, 12, 5),
        ),
        "Kleiderkammer": Recipient(
            kind=CHARITY,
            place="Trebbin",
            wanted=25,
            proposed=18,
            outcome=Outcome.PART,
            kept=13,
            need_by=date(2026, 12, 10),
        ),
        "Angelverein": Recipient(
            kind=ASSOCIATION,
            place="Ludwigsfelde",
            wanted=8,
            proposed=0,
            outcome=Outcome.NO_STATUS,
            kept=5,
            has_proof=False,
        ),
    },
)
STORIES = (
    CHAIRS,
    replace(CHAIRS, arrivals=(3, 2, 1, 0), is_proven_first=True),
    replace(CHAIRS, arrivals=(2, 0, 3, 1)),
    SCREENS,
    replace(SCREENS, arrivals=(3, 1, 0, 2), is_proven_first=True),
)


def point_of(installation: Installation, district: TestDistrict, place: str) -> Point:
    with installation.work(district) as work:
        found = GazetteerGeocoder(work.session).locate(place)
    assert isinstance(found, Found), place
    return found.point


def make_story(installation: Installation, story: Story) -> tuple[Given, dict[str, ClaimId]]:
    district = {"a": installation.a, "b": installation.b}[story.district]
    gift = make_given(
        installation,
        district=district,
        quantity=story.quantity,
        point=point_of(installation, district, story.place),
        attributes={
            "recognised_first_until": APPLY_UNTIL,
            "apply_until": APPLY_UNTIL,
            "collect_until": COLLECT_UNTIL,
        },
    )
    names = list(story.recipients)
    claims = {}
    for name in (names[number] for number in story.arrivals):
        each = story.recipients[name]
        gift.add(
            name,
            kind=each.kind,
            point=point_of(installation, district, each.place),
            has_proof=each.has_proof and each.kind != SCHOOL,
        )
        claims[name] = gift.claim(name, each.wanted, need_by=each.need_by)
        installation.clock.advance(timedelta(days=3))
    installation.clock.advance(DECISION - installation.clock.now())
    return gift, claims


def given_away(gift: Given) -> int:
    with gift.installation.work(gift.district) as work:
        granted = sum(each.granted for each in claims_to(work, gift.listing_id))
        left = left_of(work, listing_by_id(work, gift.listing_id))
        assert granted + left == listing_by_id(work, gift.listing_id).quantity
        return granted


def share_by_the_rule(gift: Given) -> None:
    with gift.installation.work(gift.district, actor=gift.desk) as work:
        lines = proposal_for(work, listing_by_id(work, gift.listing_id))
        allocate(work, gift.listing_id, {line.claimant.claim_id: line.quantity for line in lines})


def collect(gift: Given, name: str, claim_id: ClaimId, *, hour: int) -> None:
    start = DECISION + timedelta(days=3, hours=hour)
    with gift.installation.work(gift.district, actor=gift.claimants[name]) as work:
        choose_pickup(work, claim_id, Window(start, start + timedelta(hours=1)))
    with gift.installation.work(gift.district, actor=gift.giver) as work:
        note_handover(work, claim_id)
    with gift.installation.work(gift.district, actor=gift.claimants[name]) as work:
        confirm_handover(work, claim_id)


@pytest.mark.parametrize("story", STORIES)
def test_a_lot_is_shared_out_taken_in_parts_and_collected(
    installation: Installation, story: Story
) -> None:
    gift, claims = make_story(installation, story)
    first, second, partly, unproven = story.recipients

    with gift.installation.work(gift.district, actor=gift.desk) as work:
        lines = proposal_for(work, listing_by_id(work, gift.listing_id))
    assert [(line.claimant.claim_id, line.quantity, line.outcome) for line in lines] == [
        (claims[name], each.proposed, each.outcome) for name, each in story.recipients.items()
    ]
    distances = {line.claimant.claim_id: line.claimant.distance_metres for line in lines}
    for name, kilometres in story.kilometres.items():
        assert distances[claims[name]] == pytest.approx(kilometres * 1_000, abs=300)
    with pytest.raises(Conflict, match="wartet noch auf den Nachweis"):
        gift.offer(claims[unproven], 1)

    share_by_the_rule(gift)
    assert given_away(gift) == story.quantity
    if story.is_proven_first:
        gift.prove(unproven)
    kept = story.recipients[partly].kept
    gift.act(partly, claims[partly], ClaimAction.ACCEPT, quantity=kept)
    if not story.is_proven_first:
        assert gift.look_at(claims[unproven]).granted == 0
        gift.prove(unproven)
    for name in (first, second, unproven):
        gift.act(name, claims[name], ClaimAction.ACCEPT)
    for hour, (name, claim_id) in enumerate(claims.items()):
        collect(gift, name, claim_id, hour=hour)

    assert {name: gift.look_at(claim_id).granted for name, claim_id in claims.items()} == {
        name: each.kept for name, each in story.recipients.items()
    }
    assert {gift.look_at(claim_id).state for claim_id in claims.values()} == {"confirmed"}
    assert (given_away(gift), gift.left()) == (story.quantity, 0)


@pytest.mark.parametrize("story", [CHAIRS, SCREENS])
def test_what_nobody_collects_goes_back_to_the_pool_and_to_whoever_waits(
    installation: Installation, story: Story
) -> None:
    gift, claims = make_story(installation, story)
    first, second, partly, unproven = story.recipients
    share_by_the_rule(gift)
    for name in (first, second, partly):
        gift.act(name, claims[name], ClaimAction.ACCEPT)
    gift.prove(unproven)
    for hour, name in enumerate((second, partly)):
        collect(gift, name, claims[name], hour=hour)

    days = 0
    while gift.look_at(claims[first]).state == "accepted":
        installation.clock.advance(timedelta(days=1))
        installation.run_jobs()
        days += 1

    assert gift.look_at(claims[first]).state == "no_show"
    assert days == 23  # on 8 December: seven whole days after the last one for collection
    with gift.installation.work(gift.district) as work:
        assert steps_of(work, claims[first])[-1].note == NOT_COLLECTED
    waited = gift.look_at(claims[unproven])
    assert (waited.state, waited.granted) == ("offered", story.recipients[unproven].wanted)
    assert gift.left() == story.recipients[first].proposed - waited.granted
