"""Share out a lot by the district's published rule, and say of every line why.

The rule orders the claims; then each gets what it wants as long as something is left. The same
claims in any order give the same result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import permutations

from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.identifiers import ClaimId

_NEVER = date.max
_NOWHERE = float("inf")


class Criterion(StrEnum):
    """What decides who comes first; the later ones only between those that are alike so far."""

    PUBLIC = "public"  # services for the public before others
    NEED_BY = "need_by"  # whoever needs it earlier
    DISTANCE = "distance"  # whoever is nearer


# Issue and scenario S4: the public's services first, then the need-by date, then the distance.
DEFAULT_RULE = (Criterion.PUBLIC, Criterion.NEED_BY, Criterion.DISTANCE)
# What a district can lay down: every order of what there is.
POSSIBLE_RULES = tuple(permutations(Criterion))


@dataclass(frozen=True, kw_only=True)
class Claimant:
    """A claim as the rule sees it; `order` counts the claims as they came in."""

    claim_id: ClaimId
    wanted: int
    is_public: bool
    is_eligible: bool  # False: the status that this gift needs is not proven
    need_by: date | None
    distance_metres: float | None  # None: nobody knows where it is
    order: int


class Outcome(StrEnum):
    """What a claim gets."""

    ALL = "all"
    PART = "part"
    NOTHING_LEFT = "nothing_left"
    TOO_FEW_LEFT = "too_few_left"  # less than the smallest lot
    NO_SPLIT = "no_split"  # wants less than all of what is given as a whole
    NO_STATUS = "no_status"


@dataclass(frozen=True, kw_only=True)
class Line:
    """What the rule gives one claim, and why; `place` counts from 1, None: it takes no part."""

    claimant: Claimant
    quantity: int
    outcome: Outcome
    place: int | None


@dataclass(frozen=True, kw_only=True)
class Lot:
    """What is to be shared out: so much is left of it."""

    left: int
    may_split: bool
    smallest_lot: int


def in_order(claimants: Sequence[Claimant], rule: Sequence[Criterion]) -> list[Claimant]:
    """Give the claims as the rule orders them; what is alike then, as they came in."""
    return sorted(claimants, key=lambda each: _key(each, rule))


def checked_rule(criteria: Sequence[str]) -> tuple[Criterion, ...]:
    """Give what was chosen if it is a possible rule; raises InvalidInput (`rule`)."""
    rule = next((each for each in POSSIBLE_RULES if each == tuple(criteria)), None)
    if rule is None:
        raise InvalidInput({"rule": N_("Bitte wählen Sie, in welcher Reihenfolge verteilt wird.")})
    return rule


def _key(claimant: Claimant, rule: Sequence[Criterion]) -> tuple[object, ...]:
    values: dict[Criterion, object] = {
        Criterion.PUBLIC: not claimant.is_public,
        Criterion.NEED_BY: claimant.need_by or _NEVER,
        Criterion.DISTANCE: _NOWHERE
        if claimant.distance_metres is None
        else claimant.distance_metres,
    }
    return (*(values[criterion] for criterion in rule), claimant.order, claimant.claim_id)


def proposed(
    lot: Lot, claimants: Sequence[Claimant], rule: Sequence[Criterion] = DEFAULT_RULE
) -> list[Line]:
    """Give a line for every claim, in the rule's order; those without the status come last."""
    ordered = in_order(claimants, rule)
    lines, left = [], lot.left
    for place, each in enumerate((each for each in ordered if each.is_eligible), start=1):
        quantity, outcome = _share(lot, left, each.wanted)
        lines.append(Line(claimant=each, quantity=quantity, outcome=outcome, place=place))
        left -= quantity
    return lines + [
        Line(claimant=each, quantity=0, outcome=Outcome.NO_STATUS, place=None)
        for each in ordered
        if not each.is_eligible
    ]


def _share(lot: Lot, left: int, wanted: int) -> tuple[int, Outcome]:
    if left <= 0:
        return 0, Outcome.NOTHING_LEFT
    if not lot.may_split:
        if wanted < left:
            return 0, Outcome.NO_SPLIT
        return left, Outcome.ALL if wanted == left else Outcome.PART
    quantity = min(wanted, left)
    if quantity < min(lot.smallest_lot, wanted):
        return 0, Outcome.TOO_FEW_LEFT
    return quantity, Outcome.ALL if quantity == wanted else Outcome.PART
