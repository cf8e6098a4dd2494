"""Who may do what: one table from action to the roles that may.

Roles say what somebody may try. Whether this very organisation or listing is theirs is decided
by the operation, which answers NotFound for what is not visible.
"""

from enum import StrEnum

from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.errors import N_, NotAllowed


class StaffRole(StrEnum):
    """What somebody is in the district's office."""

    MODERATOR = "moderator"
    DISTRICT_ADMIN = "district_admin"


class MemberRole(StrEnum):
    """What somebody is in an organisation."""

    OWNER = "owner"
    MEMBER = "member"


class Action(StrEnum):
    """Things a person can do that not everybody may."""

    USE_ACCOUNT = "use_account"
    EDIT_ORGANISATION = "edit_organisation"
    SEE_DESK = "see_desk"
    WRITE_LISTING = "write_listing"
    ASK_FOR_LISTING = "ask_for_listing"
    CLAIM_GIFT = "claim_gift"
    ALLOCATE_GIFT = "allocate_gift"
    SEE_CLAIM = "see_claim"
    STATE_STATUS = "state_status"
    DECIDE_STATUS = "decide_status"
    MANAGE_DONATIONS = "manage_donations"
    MANAGE_IMPACT = "manage_impact"
    USE_MESSAGES = "use_messages"
    REVIEW_LISTING = "review_listing"
    DECIDE_REPORT = "decide_report"
    MANAGE_TOKENS = "manage_tokens"
    VERIFY_ORGANISATION = "verify_organisation"
    CREATE_STAFF = "create_staff"


_STAFF = frozenset({StaffRole.MODERATOR, StaffRole.DISTRICT_ADMIN})
_MEMBERS = frozenset({MemberRole.OWNER, MemberRole.MEMBER})

_WHO_MAY: dict[Action, frozenset[str]] = {
    Action.USE_ACCOUNT: _STAFF | _MEMBERS,
    Action.EDIT_ORGANISATION: frozenset({MemberRole.OWNER}),
    Action.SEE_DESK: _MEMBERS,
    Action.WRITE_LISTING: _MEMBERS,
    Action.ASK_FOR_LISTING: _MEMBERS,
    Action.CLAIM_GIFT: _MEMBERS,
    Action.ALLOCATE_GIFT: _STAFF,  # those of the whole district; givers allocate their own
    Action.SEE_CLAIM: _STAFF | _MEMBERS,
    Action.STATE_STATUS: frozenset({MemberRole.OWNER}),
    Action.DECIDE_STATUS: frozenset({StaffRole.DISTRICT_ADMIN}),
    # What the district lays down for gifts: its rule of allocation and its words of receipts.
    Action.MANAGE_DONATIONS: frozenset({StaffRole.DISTRICT_ADMIN}),
    Action.MANAGE_IMPACT: frozenset({StaffRole.DISTRICT_ADMIN}),
    Action.USE_MESSAGES: _MEMBERS,
    Action.REVIEW_LISTING: _STAFF,
    Action.DECIDE_REPORT: _STAFF,
    Action.MANAGE_TOKENS: _STAFF | _MEMBERS,
    Action.VERIFY_ORGANISATION: _STAFF,
    Action.CREATE_STAFF: frozenset(),  # the operator, on the command line
}


def may(actor: Actor, action: str) -> bool:
    """Tell whether the actor's roles include one that may do this."""
    return "system" in actor.roles or bool(actor.roles & _WHO_MAY[Action(action)])


def check_may(actor: Actor, action: Action) -> None:
    """Raise NotAllowed unless the actor may do this."""
    if not may(actor, action):
        raise NotAllowed(N_("Dafür fehlt Ihnen die Berechtigung."))
