"""Gifts, those who give them and those who claim them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.bookings.queries import left_of
from marketplace.donations.events import StatusProven
from marketplace.donations.models import Claim, ExemptionNotice
from marketplace.donations.operations.allocating import offer_claim
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.operations.claiming import claim_gift
from marketplace.donations.queries.claims import claim_by_id
from marketplace.donations.rules.recipients import NoticeKind, NoticeState
from marketplace.donations.rules.requests import ClaimRequest, IntendedUse
from marketplace.donations.rules.states import ClaimAction
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.identifiers import ClaimId, ListingId, NoticeId, OrganisationId, new_id
from marketplace.geo.rules.points import Point
from marketplace.listings.queries import listing_by_id
from tests.factories.accounts import (
    BAD_BELZIG,
    actor_of,
    make_moderator,
    make_organisation,
    make_person,
)
from tests.factories.listings import make_listing
from tests.support.installation import Installation, TestDistrict


@dataclass
class Given:
    """A gift with its giver, the district's desk, and the organisations that claim some of it."""

    installation: Installation
    district: TestDistrict
    listing_id: ListingId
    giver: Actor
    desk: Actor
    claimants: dict[str, Actor] = field(default_factory=dict)

    def add(
        self,
        name: str,
        *,
        kind: OrganisationKind = OrganisationKind.ASSOCIATION,
        point: Point = BAD_BELZIG,
        has_proof: bool = True,
    ) -> Actor:
        """Add an organisation; with proof, a notice of its tax office was accepted last year."""
        with self.installation.work(self.district) as work:
            organisation = make_organisation(work, name=name, kind=kind, point=point)
            actor = actor_of(work, make_person(work, organisation=organisation))
        self.claimants[name] = actor
        if has_proof:
            self.prove(name)
        return actor

    def prove(self, name: str, *, day: date | None = None) -> None:
        """Let an administrator have accepted a notice; the waiting list hears of it."""
        organisation_id = self.organisation_of(name)
        with self.installation.work(self.district) as work:
            work.session.add(
                ExemptionNotice(
                    id=NoticeId(new_id()),
                    organisation_id=organisation_id,
                    kind=NoticeKind.EXEMPTION,
                    tax_office="Finanzamt Brandenburg",
                    tax_number="048/140/00000",
                    day=day or work.now().date().replace(day=1),
                    assessment_period="2021 bis 2023",
                    purposes=["Förderung des Sports"],
                    document_name="",
                    document_sha256="",
                    state=NoticeState.ACCEPTED,
                    reason="Bescheid eingesehen",
                    submitted_at=work.now(),
                    decided_at=work.now(),
                )
            )
            work.emit(StatusProven(organisation_id=organisation_id))

    def organisation_of(self, name: str) -> OrganisationId:
        """Give the id of an organisation that claims."""
        organisation_id = self.claimants[name].organisation_id
        assert organisation_id is not None
        return organisation_id

    def claim(self, name: str, quantity: int = 1, *, need_by: date | None = None) -> ClaimId:
        """Let an organisation claim so much."""
        request = ClaimRequest(
            quantity=quantity,
            intended_use=IntendedUse.OWN_PURPOSE,
            justification="Für unsere Räume.",
            need_by=need_by,
        )
        # Claims come in one after the other, also while the clock of a test stands.
        self.installation.clock.advance(timedelta(milliseconds=1))
        with self.installation.work(self.district, actor=self.claimants[name]) as work:
            return claim_gift(work, self.listing_id, request).id

    def offer(
        self, claim_id: ClaimId, quantity: int, *, reason: str = "Das haben wir so besprochen."
    ) -> None:
        """Let the district's desk offer a claim so much."""
        with self.installation.work(self.district, actor=self.desk) as work:
            offer_claim(work, claim_id, quantity, reason=reason)

    def act(
        self,
        who: str | Actor,
        claim_id: ClaimId,
        action: ClaimAction,
        *,
        quantity: int | None = None,
        note: str = "",
    ) -> None:
        """Let a claimant, or somebody else, take a step."""
        actor = self.claimants[who] if isinstance(who, str) else who
        with self.installation.work(self.district, actor=actor) as work:
            act_on_claim(work, claim_id, action, quantity=quantity, note=note)

    def left(self) -> int:
        """Give how much is neither offered nor given."""
        with self.installation.work(self.district) as work:
            return left_of(work, listing_by_id(work, self.listing_id))

    def look_at(self, claim_id: ClaimId) -> Claim:
        """Give a claim as it stands now."""
        with self.installation.work(self.district) as work:
            return claim_by_id(work, claim_id)


def make_given(
    installation: Installation,
    *,
    quantity: int = 60,
    district: TestDistrict | None = None,
    title: str = "Bürostühle",
    point: Point = BAD_BELZIG,
    attributes: dict[str, Any] | None = None,
) -> Given:
    """Let a firm give something away; `attributes` are the terms of the gift."""
    district = district or installation.a
    with installation.work(district) as work:
        organisation = make_organisation(work, name="Klinikbetreiber", point=point)
        giver = actor_of(work, make_person(work, organisation=organisation))
        desk = actor_of(work, make_moderator(work))
        listing = make_listing(
            work,
            organisation,
            kind="goods",
            title=title,
            quantity=quantity,
            terms_mode="give",
            attributes=attributes or {},
        )
        listing_id = listing.id
    return Given(installation, district, listing_id, giver, desk)
