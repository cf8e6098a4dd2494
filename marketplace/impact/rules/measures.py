"""What a closed deal counts for: pieces, kilograms, hours; nothing that nobody stated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from marketplace.listings.resource_kind import GIVEN_AWAY, BudgetUnit, ResourceKind
from marketplace.search.rules.windows import Window

_PIECE, _KILOGRAM = "piece", "kilogram"
_SECONDS_PER_HOUR = 3600


class WeightBasis(StrEnum):
    """Where the kilograms of a deal come from."""

    STATED = "stated"
    # Estimated by the giver, a part of a mixed lot, or stated for one piece but handed over in
    # another unit.
    ESTIMATED = "estimated"
    MISSING = "missing"  # nobody stated a weight: no kilograms are counted
    NONE = "none"  # nothing was given away, so nothing is weighed


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What one deal counts for; `kilograms` None: nobody stated a weight, or nothing is weighed."""

    pieces: int = 0
    kilograms: float | None = None
    weight_basis: WeightBasis = WeightBasis.NONE
    hours: float = 0.0
    person_days: int = 0


@dataclass(frozen=True, kw_only=True)
class LotWeight:
    """What a whole lot of `quantity` weighs by the lines that name its things."""

    kilograms: float
    is_estimated: bool
    quantity: int


@dataclass(frozen=True, kw_only=True)
class WeighedLine:
    """One sort of thing in a lot; `weight_kg` is of one piece, None where nobody weighed it."""

    quantity: int
    weight_kg: float | None
    is_estimated: bool


def weight_of_lot(lines: Sequence[WeighedLine], *, unit: str, quantity: int) -> LotWeight | None:
    """Add up the lines of a lot; None: there are none, or one of them was not weighed.

    Pieces are counted by the lines; where they are not as many as offered, all is an estimate.
    """
    weights = [each.quantity * each.weight_kg for each in lines if each.weight_kg is not None]
    if not lines or len(weights) < len(lines):
        return None
    counted = sum(each.quantity for each in lines) if unit == _PIECE else quantity
    return LotWeight(
        kilograms=sum(weights),
        is_estimated=counted != quantity or any(each.is_estimated for each in lines),
        quantity=counted,
    )


def measure_of_gift(
    attributes: Mapping[str, Any], *, unit: str, quantity: int, lot: LotWeight | None = None
) -> Measure:
    """Measure what was given away, by the weight that the giver stated.

    That is the lot's by its lines, of which a part has its share; else the one of a piece.
    """
    pieces = quantity if unit == _PIECE else 0
    if unit == _KILOGRAM:
        return Measure(kilograms=float(quantity), weight_basis=WeightBasis.STATED)
    if lot is not None:
        is_whole = quantity == lot.quantity
        is_stated = is_whole and not lot.is_estimated
        return Measure(
            pieces=pieces,
            kilograms=lot.kilograms * quantity / lot.quantity,
            weight_basis=WeightBasis.STATED if is_stated else WeightBasis.ESTIMATED,
        )
    weight = attributes.get("weight")
    if not isinstance(weight, int | float) or isinstance(weight, bool) or weight <= 0:
        return Measure(pieces=pieces, weight_basis=WeightBasis.MISSING)
    return Measure(
        pieces=pieces,
        kilograms=float(weight) * quantity,
        weight_basis=WeightBasis.STATED if unit == _PIECE else WeightBasis.ESTIMATED,
    )


def measure_of_sharing(
    kind: ResourceKind,
    *,
    unit: str,
    mode: str | None,
    quantity: int,
    agreed: Window,
    out_at: datetime | None = None,
    back_at: datetime | None = None,
) -> Measure:
    """Measure what was lent, let or done.

    Budgets count as both have declared them, days as days. A thing that came back counts for as
    long as it was away, at most as long as was agreed, and once however many there were. Where
    handover and return were not noted (None), the agreed time counts.
    """
    budget = kind.scheduling.budget(unit, mode)
    if budget is BudgetUnit.HOUR:
        return Measure(hours=float(quantity))
    if budget is BudgetUnit.DAY:
        return Measure(person_days=quantity)
    if not kind.scheduling.comes_back(mode):
        return Measure()
    hours = (agreed.end - agreed.start).total_seconds() / _SECONDS_PER_HOUR
    if out_at is not None and back_at is not None:
        hours = min(hours, max(0.0, (back_at - out_at).total_seconds() / _SECONDS_PER_HOUR))
    return Measure(hours=hours)


def is_given_away(mode: str | None) -> bool:
    """Tell whether what was handed over stays with who received it."""
    return mode == GIVEN_AWAY
