"""What sorts of organisations there are, and how far the district's staff are with checking one."""

from enum import StrEnum


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
