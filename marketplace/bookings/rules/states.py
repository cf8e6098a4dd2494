"""How a booking goes on: who may do what in which state, and what holds capacity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.foundation.errors import N_, Conflict, NotAllowed


class BookingState(StrEnum):
    """States of the contract, section 6."""

    REQUESTED = "requested"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    COMPLETED = "completed"
    NO_SHOW = "no_show"


class Side(StrEnum):
    """One of the two: whose offer it is, and who asks for it."""

    OWNER = "owner"
    ASKER = "asker"

    @property
    def other(self) -> "Side":
        """The one across."""
        return Side.ASKER if self is Side.OWNER else Side.OWNER


class BookingAction(StrEnum):
    """What one side can do with a booking; the words of the contract's addresses."""

    ACCEPT = "accept"
    COUNTER = "counter"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    HAND_OVER = "hand-over"
    RETURN = "return"
    COMPLETE = "complete"
    NO_SHOW = "no-show"


OPEN = frozenset({BookingState.REQUESTED, BookingState.COUNTERED})
AGREED = frozenset({BookingState.ACCEPTED, BookingState.HANDED_OVER})
HOLDING = OPEN | AGREED
# What these took of a budget does not come back: the days were worked.
SPENDING = HOLDING | {BookingState.RETURNED, BookingState.COMPLETED}
# Who has agreed on something knows where the other one is.
CONTACT_SHOWN = AGREED | {BookingState.RETURNED, BookingState.COMPLETED, BookingState.NO_SHOW}
# It came to nothing, and somebody may have said why.
NOT_KEPT = frozenset(
    {
        BookingState.DECLINED,
        BookingState.WITHDRAWN,
        BookingState.CANCELLED,
        BookingState.NO_SHOW,
    }
)
OVER = frozenset(BookingState) - HOLDING - {BookingState.RETURNED}
# So long before the agreed time the sides are reminded, and the handover is their next step.
HANDOVER_BEFORE = timedelta(hours=24)


class _Who(StrEnum):
    ANSWERING = "answering"  # the side that did not make the proposal on the table
    OWNER_OR_ANSWERING = "owner_or_answering"
    OWNER = "owner"
    ASKER = "asker"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True)
class _Edge:
    sources: frozenset[BookingState]
    target: BookingState
    who: _Who
    after_start: bool = False  # not before the agreed time has begun, unless it was handed over
    needs_reason: bool = False


_ACCEPTED = frozenset({BookingState.ACCEPTED})
_HANDED_OVER = frozenset({BookingState.HANDED_OVER})
_EDGES: Mapping[BookingAction, _Edge] = {
    BookingAction.ACCEPT: _Edge(sources=OPEN, target=BookingState.ACCEPTED, who=_Who.ANSWERING),
    BookingAction.COUNTER: _Edge(sources=OPEN, target=BookingState.COUNTERED, who=_Who.ANSWERING),
    BookingAction.DECLINE: _Edge(
        sources=OPEN,
        target=BookingState.DECLINED,
        who=_Who.OWNER_OR_ANSWERING,
        needs_reason=True,
    ),
    BookingAction.WITHDRAW: _Edge(sources=OPEN, target=BookingState.WITHDRAWN, who=_Who.ASKER),
    BookingAction.CANCEL: _Edge(
        sources=_ACCEPTED, target=BookingState.CANCELLED, who=_Who.BOTH, needs_reason=True
    ),
    BookingAction.HAND_OVER: _Edge(
        sources=_ACCEPTED, target=BookingState.HANDED_OVER, who=_Who.BOTH
    ),
    BookingAction.RETURN: _Edge(sources=_HANDED_OVER, target=BookingState.RETURNED, who=_Who.OWNER),
    BookingAction.COMPLETE: _Edge(
        # Completed by one side, the other one completes it too: that is the confirmation.
        sources=frozenset({BookingState.RETURNED, BookingState.COMPLETED})
        | _ACCEPTED
        | _HANDED_OVER,
        target=BookingState.COMPLETED,
        who=_Who.BOTH,
        after_start=True,
    ),
    BookingAction.NO_SHOW: _Edge(
        sources=_ACCEPTED, target=BookingState.NO_SHOW, who=_Who.BOTH, after_start=True
    ),
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """All that decides what can be done with a booking."""

    state: BookingState
    proposed_by: Side
    starts_at: datetime
    ends_at: datetime
    hold_until: datetime | None  # None: nobody's answer is waited for
    is_returned: bool  # whether things of this kind are given back
    unconfirmed_by: Side | None = None  # who has not confirmed yet that it is completed

    def has_lapsed(self, now: datetime) -> bool:
        """Tell whether nobody answered in time, whether or not that was noted."""
        return self.state in OPEN and self.hold_until is not None and self.hold_until <= now

    def waits_for(self, side: Side, now: datetime) -> bool:
        """Tell whether this side's answer is waited for."""
        is_answering = side is not self.proposed_by
        return self.state in OPEN and is_answering and not self.has_lapsed(now)

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether it should have been given back."""
        is_out = self.state is BookingState.HANDED_OVER and self.is_returned
        return is_out and self.ends_at <= now


def unconfirmed_after(action: BookingAction, side: Side, standing: Standing) -> Side | None:
    """Give who has to confirm that it is completed, once this side has taken this action.

    Nobody does where the other side said before how it ended: the owner by noting the return, or
    either one by completing it first.
    """
    if action is not BookingAction.COMPLETE or standing.state is BookingState.COMPLETED:
        return None
    has_owner_said = standing.state is BookingState.RETURNED
    return None if has_owner_said and side is Side.ASKER else side.other


def needs_reason(action: BookingAction) -> bool:
    """Tell whether the other side is owed a reason."""
    return _EDGES[action].needs_reason


def may_follow(state: BookingState, before: BookingState | None) -> bool:
    """Tell whether a step may lead from one state to another; `before` None: it is the first."""
    if before is None:
        return state is BookingState.REQUESTED
    if state is BookingState.LAPSED:
        return before in OPEN
    return any(edge.target is state and before in edge.sources for edge in _EDGES.values())


def actions_for(side: Side, standing: Standing, now: datetime) -> tuple[BookingAction, ...]:
    """Give what this side can do now, the most helpful first."""
    return tuple(each for each in BookingAction if _refusal(each, side, standing, now) is None)


def leading_action(side: Side, standing: Standing, now: datetime) -> BookingAction | None:
    """Give what this side does next; None: it has nothing to do for now."""
    possible = actions_for(side, standing, now)
    steps = [BookingAction.ACCEPT, BookingAction.RETURN]
    if standing.ends_at > now >= standing.starts_at - HANDOVER_BEFORE:
        steps.append(BookingAction.HAND_OVER)
    steps.append(BookingAction.COMPLETE)
    return next((each for each in steps if each in possible), None)


def next_state(
    action: BookingAction, side: Side, standing: Standing, now: datetime
) -> BookingState:
    """Give where an action of this side leads.

    Raises Conflict (illegal_transition) where the state does not allow it and NotAllowed where it
    is the other side's to do.
    """
    refusal = _refusal(action, side, standing, now)
    if refusal is not None:
        raise refusal
    return _EDGES[action].target


def _refusal(
    action: BookingAction, side: Side, standing: Standing, now: datetime
) -> Conflict | NotAllowed | None:
    edge = _EDGES[action]
    if standing.has_lapsed(now):
        return Conflict(
            N_(
                "Die Frist für eine Antwort ist abgelaufen. Eine neue Anfrage ist jederzeit "
                "möglich."
            )
        )
    is_confirmed = standing.state is BookingState.COMPLETED and side is not standing.unconfirmed_by
    if standing.state not in edge.sources or is_confirmed or _skips_return(action, standing):
        return Conflict(
            N_("Das geht nicht mehr: Der Stand hat sich inzwischen geändert. Bitte sehen Sie nach.")
        )
    if not _is_theirs(edge.who, side, standing):
        return NotAllowed(N_("Das kann nur die andere Seite tun."))
    nothing_happened = standing.state is BookingState.ACCEPTED
    if edge.after_start and nothing_happened and now < standing.starts_at:
        return Conflict(N_("Das geht erst, wenn der vereinbarte Zeitraum begonnen hat."))
    if action is BookingAction.COMPLETE and nothing_happened and _may_be_out(standing, now):
        return Conflict(
            N_(
                "Das geht erst, wenn der vereinbarte Zeitraum vorbei ist. Ist es früher zurück, "
                "halten Sie Übergabe und Rückgabe fest."
            )
        )
    return None


def _may_be_out(standing: Standing, now: datetime) -> bool:
    """Tell whether somebody may have it, though nobody noted that it was handed over."""
    return standing.is_returned and now < standing.ends_at


def _is_theirs(who: _Who, side: Side, standing: Standing) -> bool:
    is_answering = side is not standing.proposed_by
    match who:
        case _Who.BOTH:
            return True
        case _Who.ANSWERING:
            return is_answering
        case _Who.OWNER_OR_ANSWERING:
            return is_answering or side is Side.OWNER
        case _:
            return who.value == side.value


def _skips_return(action: BookingAction, standing: Standing) -> bool:
    """Tell whether a thing that is still out would be called done."""
    if action is BookingAction.RETURN:
        return not standing.is_returned
    return (
        action is BookingAction.COMPLETE
        and standing.is_returned
        and standing.state is BookingState.HANDED_OVER
    )
