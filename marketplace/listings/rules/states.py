"""Directions and states of a listing, and which way leads from one state to another."""

from enum import StrEnum

from marketplace.foundation.errors import N_, Conflict


class Direction(StrEnum):
    """Whether something is offered or asked for."""

    OFFER = "offer"
    REQUEST = "request"


class ListingState(StrEnum):
    """States of the contract, section 6, as far as they are reached."""

    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    ARCHIVED = "archived"


_EDGES: dict[ListingState, frozenset[ListingState]] = {
    ListingState.DRAFT: frozenset({ListingState.PUBLISHED, ListingState.ARCHIVED}),
    ListingState.PUBLISHED: frozenset({ListingState.PAUSED, ListingState.ARCHIVED}),
    ListingState.PAUSED: frozenset({ListingState.PUBLISHED, ListingState.ARCHIVED}),
    ListingState.ARCHIVED: frozenset(),
}
EDITABLE = frozenset({ListingState.DRAFT, ListingState.PUBLISHED, ListingState.PAUSED})


def may_become(state: str, target: ListingState) -> bool:
    """Tell whether this step is allowed."""
    return target in _EDGES[ListingState(state)]


def check_step(state: str, target: ListingState) -> None:
    """Raise Conflict unless this step is allowed."""
    if not may_become(state, target):
        raise Conflict(
            N_("Das geht nicht mehr: Der Stand des Angebots hat sich inzwischen geändert.")
        )
