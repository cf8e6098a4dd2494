"""Gifts that went all the way, from the claim to both confirmations."""

from marketplace.accounts.models import Organisation, Person
from marketplace.accounts.permissions import StaffRole
from marketplace.donations.operations.allocating import allocate
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.rules.states import ClaimAction
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.identifiers import ClaimId, OrganisationId
from marketplace.impact.operations.choices import choose_engagement
from tests.factories.accounts import make_person, sign_in
from tests.factories.gifts import Given
from tests.support.browser import Visitor
from tests.support.installation import Installation


def hand_over(gift: Given, name: str, quantity: int) -> ClaimId:
    """Let an organisation claim so much, get it, and both sides confirm."""
    claim_id = gift.claim(name, quantity)
    work_of = gift.installation.work
    with work_of(gift.district, actor=gift.giver) as work:
        allocate(work, gift.listing_id, {claim_id: quantity})
    with work_of(gift.district, actor=gift.claimants[name]) as work:
        act_on_claim(work, claim_id, ClaimAction.ACCEPT)
    with work_of(gift.district, actor=gift.giver) as work:
        act_on_claim(work, claim_id, ClaimAction.HAND_OVER)
    with work_of(gift.district, actor=gift.claimants[name]) as work:
        act_on_claim(work, claim_id, ClaimAction.CONFIRM)
    return claim_id


def let_be_named(
    gift: Given, actor: Actor, *, as_giver: bool = False, as_recipient: bool = False
) -> None:
    """Let the owner of an organisation choose."""
    with gift.installation.work(gift.district, actor=actor) as work:
        choose_engagement(work, as_giver=as_giver, as_recipient=as_recipient)


def organisation_of(actor: Actor) -> OrganisationId:
    """Give the id of the organisation that somebody acts for."""
    assert actor.organisation_id is not None
    return actor.organisation_id


def rename(gift: Given, actor: Actor, *, name: str = "", place: str = "") -> None:
    """Give an organisation another name or place."""
    with gift.installation.work(gift.district) as work:
        organisation = work.session.get_one(Organisation, organisation_of(actor))
        organisation.name = name or organisation.name
        organisation.place = place or organisation.place


def browser_of(gift: Given, actor: Actor) -> Visitor:
    """Open a browser that is signed in as somebody."""
    visitor = gift.installation.visitor(gift.district)
    with gift.installation.work(gift.district) as work:
        person = work.session.get_one(Person, actor.person_id)
    sign_in(visitor, person)
    return visitor


def administrator(installation: Installation) -> Visitor:
    """Open a browser of somebody who administers the district."""
    visitor = installation.visitor()
    with installation.work() as work:
        person = make_person(work, staff_role=StaffRole.DISTRICT_ADMIN)
    sign_in(visitor, person)
    return visitor
