"""What happened to claims."""

from dataclasses import dataclass

from marketplace.donations.rules.states import Side
from marketplace.foundation.events import Event
from marketplace.foundation.identifiers import ClaimId, ListingId, OrganisationId


@dataclass(frozen=True, kw_only=True)
class ClaimStepped(Event):
    """A claim went one step on; the first one is that it was made."""

    claim_id: ClaimId
    step_id: str


@dataclass(frozen=True, kw_only=True)
class PickupChosen(Event):
    """One side has said when something is collected."""

    claim_id: ClaimId
    side: Side


@dataclass(frozen=True, kw_only=True)
class GiftChanged(Event):
    """The giver has changed what a gift is or on what terms it is given."""

    listing_id: ListingId


@dataclass(frozen=True, kw_only=True)
class StatusProven(Event):
    """An administrator has accepted the proof of an organisation's status."""

    organisation_id: OrganisationId
