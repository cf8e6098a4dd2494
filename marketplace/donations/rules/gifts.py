"""On what terms something is given: who may receive it when, whether it is split, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from marketplace.listings.rules.drafts import ZONE


class Recipients(StrEnum):
    """Who may receive it."""

    EVERYBODY = "everybody"  # every verified organisation
    RECOGNISED = "recognised"  # only those whose status is proven


@dataclass(frozen=True, kw_only=True)
class GiftTerms:
    """The giver's terms; instants in UTC, None where the giver set none."""

    quantity: int
    recipients: Recipients = Recipients.EVERYBODY
    may_split: bool = True
    smallest_lot: int = 1
    recognised_first_until: datetime | None = None  # from then on everybody
    apply_until: datetime | None = None  # then it is shared out; None: as claims come in
    collect_until: datetime | None = None

    def needs_status(self, now: datetime) -> bool:
        """Tell whether it is given only to those whose status is proven, at this instant."""
        first = self.recognised_first_until
        return self.recipients is Recipients.RECOGNISED or (first is not None and now < first)

    def least_of(self, share: int) -> int:
        """Give how much of a share must be taken at least: nothing is split that may not be."""
        return min(share, self.smallest_lot) if self.may_split else share

    def is_open(self, now: datetime) -> bool:
        """Tell whether one can still claim it."""
        return all(end is None or now < end for end in (self.apply_until, self.collect_until))


def gift_terms(attributes: Mapping[str, Any], quantity: int) -> GiftTerms:
    """Read the terms from what was answered; days are inclusive, by Berlin's calendar.

    With a time of the day they end then.
    """
    may_split = attributes.get("may_split") is not False and quantity > 1
    smallest = int(attributes.get("smallest_lot") or 1) if may_split else quantity
    return GiftTerms(
        quantity=quantity,
        recipients=Recipients(attributes.get("recipients") or Recipients.EVERYBODY),
        may_split=may_split,
        smallest_lot=min(smallest, quantity),
        recognised_first_until=_end_of(attributes.get("recognised_first_until")),
        apply_until=_end_of(attributes.get("apply_until"), attributes.get("apply_until_time")),
        collect_until=_end_of(attributes.get("collect_until")),
    )


def _end_of(day: object, clock: object = None) -> datetime | None:
    if not isinstance(day, str) or not day:
        return None
    last = date.fromisoformat(day)
    if isinstance(clock, str) and clock:
        return datetime.combine(last, time.fromisoformat(clock), ZONE).astimezone(UTC)
    return datetime.combine(last + timedelta(days=1), time.min, ZONE).astimezone(UTC)
