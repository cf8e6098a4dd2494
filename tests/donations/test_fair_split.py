"""A lot is shared out by the published rule, and nobody gets what is not there."""

from datetime import date

from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.bookings.queries import left_of
from marketplace.donations.operations.allocating import allocate
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.queries.claims import proposal_for
from marketplace.donations.rules.allocation import Outcome
from marketplace.donations.rules.states import ClaimAction
from marketplace.geo.rules.points import Point
from marketplace.listings.queries import listing_by_id
from tests.factories.gifts import make_given
from tests.support.installation import Installation

BRUECK = Point(52.1944, 12.7625)
TREUENBRIETZEN = Point(52.0972, 12.8711)
WERDER = Point(52.3790, 12.9350)


def test_what_one_gives_back_goes_to_who_was_waiting_for_proof(installation: Installation) -> None:
    gift = make_given(
        installation,
        quantity=60,
        attributes={"recognised_first_until": "2027-01-31", "apply_until": "2027-01-31"},
    )
    gift.add("Grundschule", kind=OrganisationKind.PUBLIC_SERVICE, point=BRUECK, has_proof=False)
    gift.add("Sportverein", point=TREUENBRIETZEN)
    gift.add("Tafel", kind=OrganisationKind.CHARITY)
    gift.add("Heimatverein", point=WERDER, has_proof=False)
    waiting = gift.claim("Heimatverein", 10)
    food_bank = gift.claim("Tafel", 30)
    sports = gift.claim("Sportverein", 20, need_by=date(2026, 12, 1))
    school = gift.claim("Grundschule", 24)

    with installation.work(actor=gift.desk) as work:
        lines = proposal_for(work, listing_by_id(work, gift.listing_id))
        shares = {line.claimant.claim_id: line.quantity for line in lines}
        assert [(line.claimant.claim_id, line.quantity, line.outcome) for line in lines] == [
            (school, 24, Outcome.ALL),
            (sports, 20, Outcome.ALL),
            (food_bank, 16, Outcome.PART),
            (waiting, 0, Outcome.NO_STATUS),
        ]
        allocate(work, gift.listing_id, shares)
    gift.prove("Heimatverein")
    assert gift.look_at(waiting).state == "waitlisted"

    with installation.work(actor=gift.claimants["Tafel"]) as work:
        act_on_claim(work, food_bank, ClaimAction.ACCEPT, quantity=10)

    assert gift.look_at(food_bank).granted == 10
    assert (gift.look_at(waiting).state, gift.look_at(waiting).granted) == ("offered", 6)
    with installation.work() as work:
        assert left_of(work, listing_by_id(work, gift.listing_id)) == 0
