"""How a claim to a gift goes on: who may do what in which state, and what counts as given."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.foundation.errors import N_, Conflict, NotAllowed


class ClaimState(StrEnum):
    """States of the contract, section 6."""

    SUBMITTED = "submitted"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    COLLECTED = "collected"
    CONFIRMED = "confirmed"
    NO_SHOW = "no_show"


class Side(StrEnum):
    """Who acts: whose gift it is, who claims it, or the district's office."""

    GIVER = "giver"
    CLAIMANT = "claimant"
    DESK = "desk"


class ClaimAction(StrEnum):
    """What somebody can do with a claim; the words of the contract's addresses.

    What goes on with it stands before what ends it.
    """

    OFFER = "offer"
    ACCEPT = "accept"
    HAND_OVER = "hand-over"
    CONFIRM = "confirm"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    NO_SHOW = "no-show"


# Nothing of the lot is theirs yet.
WAITING = frozenset({ClaimState.SUBMITTED, ClaimState.WAITLISTED})
OPEN = WAITING | {ClaimState.OFFERED}
# What these have of a lot nobody else can have.
COUNTING = frozenset(
    {ClaimState.OFFERED, ClaimState.ACCEPTED, ClaimState.COLLECTED, ClaimState.CONFIRMED}
)
UNDER_WAY = OPEN | {ClaimState.ACCEPTED, ClaimState.COLLECTED}
OVER = frozenset(ClaimState) - UNDER_WAY
# Who has agreed on something knows where the other one is.
CONTACT_SHOWN = frozenset({ClaimState.ACCEPTED, ClaimState.COLLECTED, ClaimState.CONFIRMED})


@dataclass(frozen=True, kw_only=True)
class _Edge:
    sources: frozenset[ClaimState]
    target: ClaimState
    who: frozenset[Side]


_GIVING = frozenset({Side.GIVER, Side.DESK})
_CLAIMANT = frozenset({Side.CLAIMANT})
_EDGES: Mapping[ClaimAction, _Edge] = {
    ClaimAction.OFFER: _Edge(sources=OPEN, target=ClaimState.OFFERED, who=_GIVING),
    ClaimAction.ACCEPT: _Edge(
        sources=frozenset({ClaimState.OFFERED}), target=ClaimState.ACCEPTED, who=_CLAIMANT
    ),
    ClaimAction.DECLINE: _Edge(
        sources=OPEN | {ClaimState.ACCEPTED}, target=ClaimState.DECLINED, who=frozenset(Side)
    ),
    ClaimAction.WITHDRAW: _Edge(
        sources=OPEN | {ClaimState.ACCEPTED}, target=ClaimState.WITHDRAWN, who=_CLAIMANT
    ),
    ClaimAction.HAND_OVER: _Edge(
        sources=frozenset({ClaimState.ACCEPTED}),
        target=ClaimState.COLLECTED,
        who=frozenset({Side.GIVER, Side.CLAIMANT}),
    ),
    ClaimAction.CONFIRM: _Edge(
        sources=frozenset({ClaimState.COLLECTED}),
        target=ClaimState.CONFIRMED,
        who=frozenset({Side.GIVER, Side.CLAIMANT}),
    ),
    ClaimAction.NO_SHOW: _Edge(
        sources=frozenset({ClaimState.ACCEPTED}), target=ClaimState.NO_SHOW, who=_GIVING
    ),
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """All that decides what can be done with a claim."""

    state: ClaimState
    handed_over_by: Side | None  # who noted the handover; None: nobody yet


def owes_reason(action: ClaimAction, side: Side) -> bool:
    """Tell whether the other side is owed a reason: whoever is sent away reads why."""
    return action in (ClaimAction.DECLINE, ClaimAction.NO_SHOW) and side is not Side.CLAIMANT


def actions_for(side: Side, standing: Standing) -> tuple[ClaimAction, ...]:
    """Give what this side can do now, the most helpful first."""
    return tuple(each for each in ClaimAction if _refusal(each, side, standing) is None)


def may_follow(state: ClaimState, before: ClaimState | None) -> bool:
    """Tell whether a step may lead from one state to another; `before` None: it is the first."""
    if before is None:
        return state in WAITING
    if state is ClaimState.WAITLISTED:
        return before is ClaimState.SUBMITTED
    return any(edge.target is state and before in edge.sources for edge in _EDGES.values())


def next_state(action: ClaimAction, side: Side, standing: Standing) -> ClaimState:
    """Give where an action of this side leads.

    Raises Conflict (illegal_transition) where the state does not allow it and NotAllowed where it
    is another side's to do.
    """
    refusal = _refusal(action, side, standing)
    if refusal is not None:
        raise refusal
    return _EDGES[action].target


def _refusal(action: ClaimAction, side: Side, standing: Standing) -> Conflict | NotAllowed | None:
    edge = _EDGES[action]
    if standing.state not in edge.sources:
        return Conflict(
            N_("Das geht nicht mehr: Der Stand hat sich inzwischen geändert. Bitte sehen Sie nach.")
        )
    if side not in edge.who:
        return NotAllowed(N_("Das kann nur die andere Seite tun."))
    # Whoever has nothing offered yet takes back what they asked for.
    nothing_to_decline = standing.state is not ClaimState.OFFERED
    if action is ClaimAction.DECLINE and side is Side.CLAIMANT and nothing_to_decline:
        return Conflict(N_("Es ist Ihnen nichts angeboten. Ziehen Sie Ihre Anmeldung zurück."))
    if action is ClaimAction.CONFIRM and side is standing.handed_over_by:
        return NotAllowed(N_("Die Übergabe bestätigt die andere Seite."))
    return None


def leading_action(side: Side, standing: Standing) -> ClaimAction | None:
    """Give what this side is to do next; None: there is nothing, or others are to act first."""
    wanted = {
        ClaimState.SUBMITTED: ClaimAction.OFFER,
        ClaimState.OFFERED: ClaimAction.ACCEPT,
        ClaimState.ACCEPTED: ClaimAction.HAND_OVER,
        ClaimState.COLLECTED: ClaimAction.CONFIRM,
    }.get(standing.state)
    if wanted is None or (wanted is ClaimAction.OFFER and side is Side.CLAIMANT):
        return None
    if wanted is ClaimAction.ACCEPT and side is not Side.CLAIMANT:
        return None  # they could offer another quantity, but nobody waits for it
    return wanted if wanted in actions_for(side, standing) else None


def waits_for(side: Side, standing: Standing) -> bool:
    """Tell whether the others cannot go on before this side has acted."""
    return standing.state is not ClaimState.ACCEPTED and leading_action(side, standing) is not None
