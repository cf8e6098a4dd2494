"""Ask all gates of a kind about one listing."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from marketplace.listings.resource_kind import (
    DayAttribute,
    Gate,
    GateCase,
    MonthAttribute,
    Ruling,
    Verdict,
)
from marketplace.listings.rules.drafts import ListingDraft


@dataclass(frozen=True, kw_only=True)
class GateRuling:
    """A gate and what it found."""

    gate: Gate
    ruling: Ruling


def rulings_on(
    draft: ListingDraft,
    *,
    organisation_kind: str,
    today: date,
    earlier_uses: Mapping[str, int],
) -> tuple[GateRuling, ...]:
    """Give what each gate of the kind says; gates with nothing to say are left out."""
    case = GateCase(
        values=draft.answers,
        title=draft.title,
        description=draft.description,
        is_request=draft.is_request,
        organisation_kind=organisation_kind,
        stretches=tuple(sorted((days.first, days.last) for days in draft.free_days)),
        today=today,
        earlier_uses=earlier_uses,
    )
    found = ((gate, gate.decide(case)) for gate in draft.kind.gates)
    return tuple(GateRuling(gate=gate, ruling=ruling) for gate, ruling in found if ruling)


def last_days_named(draft: ListingDraft) -> set[date]:
    """Give each day, and each month's last day, that the answers name.

    The day after, a gate may be closed that was open before.
    """
    days = set()
    for key, answer in draft.answers.items():
        match draft.kind.attribute(key):
            case DayAttribute():
                days.add(date.fromisoformat(str(answer)))
            case MonthAttribute():
                year, month = map(int, str(answer).split("-"))
                days.add(date(year, month, calendar.monthrange(year, month)[1]))
    return days


def kept_back_by(rulings: tuple[GateRuling, ...]) -> dict[str, str]:
    """Give a sentence for each field because of which a gate stays closed."""
    missing: dict[str, str] = {}
    for each in rulings:
        if each.ruling.verdict is Verdict.CLOSED:
            for field, sentence in (each.ruling.missing or {"": each.ruling.text}).items():
                missing.setdefault(field, sentence)
    return missing
