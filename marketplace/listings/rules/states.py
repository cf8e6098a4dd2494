"""Directions and states of a listing, and which way leads from one state to another."""

from enum import StrEnum

from marketplace.foundation.errors import N_, Conflict


class Direction(StrEnum):
    """Whether something is offered or asked for."""

    OFFER = "offer"
    REQUEST = "request"


class ListingState(StrEnum):
    """States of the contract, section 6."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    PAUSED = "paused"
    EXPIRED = "expired"
    ARCHIVED = "archived"


_EDGES: dict[ListingState, frozenset[ListingState]] = {
    ListingState.DRAFT: frozenset(
        {ListingState.IN_REVIEW, ListingState.PUBLISHED, ListingState.ARCHIVED}
    ),
    # The staff approves it or sends it back; its organisation may take it back.
    ListingState.IN_REVIEW: frozenset(
        {ListingState.PUBLISHED, ListingState.DRAFT, ListingState.ARCHIVED}
    ),
    ListingState.PUBLISHED: frozenset(
        {
            ListingState.PAUSED,
            ListingState.EXPIRED,
            ListingState.ARCHIVED,
            ListingState.DRAFT,  # hidden by the staff
            ListingState.IN_REVIEW,  # changed so that the staff has to look first
        }
    ),
    ListingState.PAUSED: frozenset(
        {
            ListingState.PUBLISHED,
            ListingState.IN_REVIEW,
            ListingState.EXPIRED,
            ListingState.ARCHIVED,
        }
    ),
    ListingState.EXPIRED: frozenset(
        {ListingState.PUBLISHED, ListingState.IN_REVIEW, ListingState.ARCHIVED}
    ),
    ListingState.ARCHIVED: frozenset(),
}
EDITABLE = frozenset(set(ListingState) - {ListingState.ARCHIVED, ListingState.IN_REVIEW})
# Others see it, or saw it and may again: what is saved must stay complete.
COMPLETE = frozenset({ListingState.PUBLISHED, ListingState.PAUSED})
RENEWABLE = frozenset({ListingState.PUBLISHED, ListingState.PAUSED, ListingState.EXPIRED})


def may_become(state: str, target: ListingState) -> bool:
    """Tell whether this step is allowed."""
    return target in _EDGES[ListingState(state)]


def check_step(state: str, target: ListingState) -> None:
    """Raise Conflict unless this step is allowed."""
    if not may_become(state, target):
        raise Conflict(
            N_("Das geht nicht mehr: Der Stand des Eintrags hat sich inzwischen geändert.")
        )
