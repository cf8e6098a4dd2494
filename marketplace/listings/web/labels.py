"""Words for the states of a listing, and for what it says."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from marketplace.accounts.desk import Tone
from marketplace.foundation.errors import N_
from marketplace.foundation.web.localisation import format_money
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.resource_kind import ResourceKind
from marketplace.listings.rules.attributes import written
from marketplace.listings.rules.states import ListingState

_STATES: dict[ListingState, tuple[str, Tone]] = {
    ListingState.DRAFT: (N_("Entwurf"), Tone.NEUTRAL),
    ListingState.PUBLISHED: (N_("veröffentlicht"), Tone.SUCCESS),
    ListingState.PAUSED: (N_("pausiert"), Tone.WARNING),
    ListingState.ARCHIVED: (N_("abgelegt"), Tone.NEUTRAL),
}


@dataclass(frozen=True, kw_only=True)
class StateLabel:
    """How a state is called, and its colour."""

    label: str
    tone: Tone


def state_label(listing: Listing, now: datetime) -> StateLabel:
    """Say in which state a listing is; a published one may have run out."""
    if listing.state == ListingState.PUBLISHED and listing.valid_until <= now:
        return StateLabel(label=gettext("abgelaufen"), tone=Tone.WARNING)
    label, tone = _STATES[ListingState(listing.state)]
    return StateLabel(label=gettext(label), tone=tone)


def title_of(listing: Listing) -> str:
    """Give the title, or words for a draft that has none yet."""
    if listing.title:
        return listing.title
    return gettext("%(kind)s ohne Titel", kind=gettext(KINDS[listing.kind].singular))


def quantity_label(kind: ResourceKind, quantity: int, unit: str) -> str:
    """Write a quantity with its unit: "40 Palettenplätze"."""
    label = kind.unit_label(unit)
    return f"{quantity} {gettext(label) if label else ''}".strip()


def attribute_rows(kind: ResourceKind, listing: Listing, *, is_own: bool) -> list[tuple[str, str]]:
    """Give name and value of everything the kind's own fields say, private ones to its owner."""
    return [
        (gettext(attribute.label), written(attribute, listing.attributes[attribute.key]))
        for attribute in kind.attributes
        if attribute.key in listing.attributes and (is_own or not attribute.is_private)
    ]


def deposit_label(listing: Listing) -> str:
    """Write the deposit; empty where there is none."""
    if not listing.deposit_minor:
        return ""
    return format_money(listing.deposit_minor, listing.currency)
