"""What happens to people and organisations."""

from dataclasses import dataclass

from marketplace.foundation.events import Event
from marketplace.foundation.identifiers import OrganisationId


@dataclass(frozen=True, kw_only=True)
class OrganisationSubmitted(Event):
    """An organisation waits for the staff: it is new, or what they saw has changed."""

    organisation_id: OrganisationId


@dataclass(frozen=True, kw_only=True)
class OrganisationVerified(Event):
    """The staff saw what the organisation states: from now on it publishes."""

    organisation_id: OrganisationId
    decision_id: str


@dataclass(frozen=True, kw_only=True)
class OrganisationRefused(Event):
    """The staff refused what the organisation states, for the reason in the decision."""

    organisation_id: OrganisationId
    decision_id: str
