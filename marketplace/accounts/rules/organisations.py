"""What sorts of organisations there are, and how far the district's staff are with checking one."""

from dataclasses import dataclass
from enum import StrEnum

from marketplace.accounts.rules.locations import Address, Location


class OrganisationKind(StrEnum):
    """What an organisation is; private persons take no part (domain guide, 4.6)."""

    FIRM = "firm"  # sole traders too
    ASSOCIATION = "association"
    CHARITY = "charity"
    PUBLIC_BODY = "public_body"
    PUBLIC_SERVICE = "public_service"  # school, hospital, fire brigade


class VerificationState(StrEnum):
    """How far the staff are: only a verified organisation publishes."""

    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REFUSED = "refused"


# A refused organisation hands in again; a verified one does when what the staff saw has changed.
_FOLLOWS: dict[VerificationState, frozenset[VerificationState]] = {
    VerificationState.SUBMITTED: frozenset({VerificationState.VERIFIED, VerificationState.REFUSED}),
    VerificationState.VERIFIED: frozenset({VerificationState.SUBMITTED}),
    VerificationState.REFUSED: frozenset({VerificationState.SUBMITTED}),
}


def may_become(state: VerificationState, new_state: VerificationState) -> bool:
    """Say whether an organisation in `state` can go over to `new_state`."""
    return new_state in _FOLLOWS[state]


@dataclass(frozen=True, kw_only=True)
class OrganisationDetails:
    """What an organisation states about itself; empty text where it says nothing."""

    name: str
    kind: OrganisationKind
    address: Address
    description: str = ""
    website: str = ""
    register_entry: str = ""


# Characters; a description is read on a phone, a note by the staff.
LONGEST_NAME = 120
LONGEST_DESCRIPTION = 2000
LONGEST_LINE = 200
LONGEST_NOTE = 1000


def identity_changed(
    seen: OrganisationDetails, seen_at: Location, now: OrganisationDetails, now_at: Location
) -> bool:
    """Say whether something has changed that the staff looked at when they verified.

    Name, kind, register entry and place identify an organisation; how it presents itself does not.
    """
    return (
        (seen.name, seen.kind, seen.register_entry, seen.address)
        != (now.name, now.kind, now.register_entry, now.address)
    ) or seen_at != now_at


def state_after_change(state: VerificationState, *, identity_changed: bool) -> VerificationState:
    """Give the state of an organisation that has saved; a refused one hands in again."""
    if state is VerificationState.REFUSED or identity_changed:
        return VerificationState.SUBMITTED
    return state
