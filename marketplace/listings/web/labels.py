"""Words for the states of a listing, and for what it says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from marketplace.accounts.desk import Tone
from marketplace.foundation.errors import N_
from marketplace.foundation.web.localisation import counted, current_language, format_money
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.resource_kind import (
    CATEGORY,
    MODE,
    Attribute,
    ChoiceAttribute,
    ResourceKind,
    SeveralAttribute,
    YearAttribute,
)
from marketplace.listings.rules.attributes import written
from marketplace.listings.rules.categories import CATEGORIES
from marketplace.listings.rules.states import ListingState
from marketplace.search.interfaces import SearchDocument
from marketplace.search.web.labels import Question

_STATES: dict[ListingState, tuple[str, Tone]] = {
    ListingState.DRAFT: (N_("Entwurf"), Tone.NEUTRAL),
    ListingState.IN_REVIEW: (N_("wird geprüft"), Tone.INFO),
    ListingState.EXPIRED: (N_("abgelaufen"), Tone.WARNING),
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
    has_run_out = listing.state == ListingState.PUBLISHED and listing.valid_until <= now
    label, tone = _STATES[ListingState.EXPIRED if has_run_out else ListingState(listing.state)]
    return StateLabel(label=gettext(label), tone=tone)


def title_of(listing: Listing) -> str:
    """Give the title, or words for a draft that has none yet."""
    if listing.title:
        return listing.title
    return gettext("%(kind)s ohne Titel", kind=gettext(KINDS[listing.kind].singular))


def quantity_label(kind: ResourceKind, quantity: int, unit: str) -> str:
    """Write a quantity with its unit: "40 Palettenplätze"."""
    label = kind.unit_label(unit, quantity)
    return f"{quantity} {counted(label, quantity) if label else ''}".strip()


def attribute_rows(kind: ResourceKind, listing: Listing, *, is_own: bool) -> list[tuple[str, str]]:
    """Give name and value of everything the kind's own fields say, private ones to its owner."""
    values = {**listing.attributes, CATEGORY: listing.category, MODE: listing.terms_mode}
    return [
        (gettext(attribute.label), in_words(attribute, listing.attributes[attribute.key]))
        for attribute in kind.attributes
        if attribute.key in listing.attributes
        and (is_own or not attribute.is_private)
        and kind.applies(attribute, values)
    ]


def in_words(attribute: Attribute, value: Any) -> str:  # noqa: ANN401 (any attribute's value)
    """Write a value in the visitor's language."""
    return written(attribute, value, language=current_language(), translated=gettext)


def category_name(key: str) -> str:
    """Give the name of a category in the visitor's language."""
    category = CATEGORIES.get(key)
    return category.name_in(current_language()) if category else key


def card_facts(document: SearchDocument) -> tuple[str, ...]:
    """Give the facts of the card, in the declaration's order, short."""
    kind = KINDS.get(document.kind)
    if kind is None:
        return ()
    facts = [
        f"{gettext(attribute.label)} {text}" if isinstance(attribute, YearAttribute) else text
        for attribute in kind.attributes
        if attribute.on_card
        and attribute.key in document.attributes
        and (text := in_words(attribute, document.attributes[attribute.key]))
    ]
    if document.quantity > 1:
        facts.insert(0, quantity_label(kind, document.quantity, document.unit))
    return tuple(facts)


def questions(kind: ResourceKind) -> tuple[Question, ...]:
    """Give what searches for a kind can be narrowed by."""
    return tuple(
        Question(
            label=gettext(attribute.label),
            answers=tuple(
                (f"{attribute.key}={option.key}", gettext(option.label))
                for option in attribute.options
            ),
        )
        for attribute in kind.attributes
        if isinstance(attribute, ChoiceAttribute | SeveralAttribute) and attribute.is_facet
    )


def deposit_label(listing: Listing) -> str:
    """Write the deposit; empty where there is none."""
    if not listing.deposit_minor:
        return ""
    return format_money(listing.deposit_minor, listing.currency)
