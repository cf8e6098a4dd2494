"""From the JSON of a listing to a draft."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from marketplace.accounts.models import Organisation
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.typed_input import parse_instant
from marketplace.geo.rules.points import Point
from marketplace.listings.kinds import KINDS
from marketplace.listings.operations.listings import location_of_organisation
from marketplace.listings.operations.places import (
    SeveralPlaces,
    pinned_location,
    typed_location,
)
from marketplace.listings.rules.attributes import read_values
from marketplace.listings.rules.drafts import (
    ZONE,
    FreeDays,
    ListingDraft,
    ListingLocation,
    last_day_before,
    midnight,
)
from marketplace.listings.rules.states import Direction

_NEXT_DAY = timedelta(days=1)
_SIMPLE = ("title", "description", "category", "unit", "quantity", "insurance_note")
_SIMPLE_TOO = ("insurance", "handover_protocol", "service_radius_km")


def new_draft(
    work: UnitOfWork, body: Mapping[str, Any], organisation: Organisation
) -> ListingDraft:
    """Read a new listing; without a place it is the organisation's own. Raises InvalidInput."""
    empty = ListingDraft(
        kind=KINDS[body["kind"]],
        direction=Direction(body.get("direction", Direction.OFFER)),
        title="",
        location=location_of_organisation(organisation),
    )
    return changed_draft(work, empty, body, organisation)


def changed_draft(
    work: UnitOfWork, draft: ListingDraft, body: Mapping[str, Any], organisation: Organisation
) -> ListingDraft:
    """Put the fields that are there in place of the stored ones; raises InvalidInput."""
    changes: dict[str, Any] = {
        name: body[name] for name in (*_SIMPLE, *_SIMPLE_TOO) if name in body
    }
    if "attributes" in body:
        changes["attributes"] = _attributes(work, draft, body["attributes"])
    if "terms" in body:
        changes |= _terms(body["terms"])
    if "deposit" in body:
        changes["deposit_minor"] = _minor(body["deposit"], "deposit")
    if "place" in body or "lat" in body:
        changes["location"] = _location(work, body, organisation)
    if "availability" in body:
        changes["free_days"] = _free_days(body["availability"])
    if "valid_until" in body:
        until = body["valid_until"]
        changes["valid_until"] = None if until is None else _instant(until, "valid_until")
    return replace(draft, **changes)


def _attributes(
    work: UnitOfWork, draft: ListingDraft, given: Mapping[str, Any]
) -> Mapping[str, Any]:
    today = work.now().astimezone(ZONE).date()
    read = read_values(draft.kind, given, today=today)
    if read.problems:
        raise InvalidInput({f"attributes.{key}": text for key, text in read.problems.items()})
    return read.values


def _terms(terms: Mapping[str, Any] | None) -> dict[str, Any]:
    if terms is None:
        return {"terms_mode": None, "amount_minor": None, "price_unit": None, "vat_info": None}
    return {
        "terms_mode": terms["mode"],
        "amount_minor": _minor(terms.get("amount"), "terms.amount"),
        "price_unit": terms.get("per"),
        "vat_info": terms.get("vat_info"),
    }


def _minor(amount: float | str | None, field: str) -> int | None:
    """Give an amount in minor units; raises InvalidInput where it has more than two decimals."""
    if amount is None:
        return None
    minor = Decimal(str(amount)) * 100
    if minor != minor.to_integral_value():
        raise InvalidInput({field: N_("Höchstens zwei Stellen nach dem Komma.")})
    return int(minor)


def _location(
    work: UnitOfWork, body: Mapping[str, Any], organisation: Organisation
) -> ListingLocation:
    if "lat" in body:
        return pinned_location(work, Point(body["lat"], body["lon"]), organisation)
    try:
        return typed_location(work, body["place"], organisation)
    except SeveralPlaces as several:
        labels = "; ".join(choice.label for choice in several.choices)
        raise InvalidInput(
            {"place": N_("Diesen Ort gibt es mehrmals: %(labels)s.")}, labels=labels
        ) from None


def _free_days(windows: list[Mapping[str, str]]) -> tuple[FreeDays, ...]:
    return tuple(_days(window, number) for number, window in enumerate(windows))


def _days(window: Mapping[str, str], number: int) -> FreeDays:
    field = f"availability.{number}"
    start, end = _instant(window["start"], field), _instant(window["end"], field)
    if end <= start:
        raise InvalidInput({field: N_("Das Ende muss nach dem Anfang liegen.")})
    first, last = start.astimezone(ZONE).date(), last_day_before(end)
    if start != midnight(first) or end != midnight(last + _NEXT_DAY):
        raise InvalidInput(
            {field: N_("Bitte ganze Tage nach Berliner Zeit, von Mitternacht bis Mitternacht.")}
        )
    return FreeDays(first=first, last=last)


def _instant(text: str, field: str) -> datetime:
    instant = parse_instant(text)
    if instant is None:
        raise InvalidInput(
            {field: N_("Bitte nach RFC 3339 mit Zeitzone: 2027-03-01T00:00:00+01:00.")}
        )
    return instant
