"""What a closed deal counts for: pieces, kilograms, hours; nothing that nobody stated."""

from collections.abc import Mapping
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
    ESTIMATED = "estimated"  # stated for one piece, but handed over in another unit
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


def measure_of_gift(attributes: Mapping[str, Any], *, unit: str, quantity: int) -> Measure:
    """Measure what was given away; the weight is the one that the giver stated for one piece."""
    pieces = quantity if unit == _PIECE else 0
    if unit == _KILOGRAM:
        return Measure(kilograms=float(quantity), weight_basis=WeightBasis.STATED)
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
