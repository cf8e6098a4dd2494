"""Words for kinds, terms and prices, as cards, facets and detail pages print them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import gettext

from marketplace.foundation.errors import N_
from marketplace.foundation.web.localisation import format_money
from marketplace.search.interfaces import SearchDocument, Terms

_MODES = {
    "lend": N_("kostenlos leihen"),
    "rent": N_("mieten"),
    "co_use": N_("gemeinsam nutzen"),
    "give": N_("zu verschenken"),
}
# What somebody hopes for who looks for something.
_WANTED_MODES = {
    "lend": N_("am liebsten leihweise"),
    "rent": N_("auch gegen Bezahlung"),
    "co_use": N_("am liebsten gemeinsam"),
    "give": N_("am liebsten geschenkt"),
}
_FREE_OF_CHARGE = frozenset({"lend", "give"})
_PER = {
    "hour": N_("je Stunde"),
    "day": N_("je Tag"),
    "week": N_("je Woche"),
    "month": N_("je Monat"),
    "km": N_("je km"),
    "unit": N_("je Stück"),
    "pallet_month": N_("je Palettenplatz und Monat"),
    "m2_month": N_("je m² und Monat"),
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something that searches can be narrowed by, with its answers as (choice, label)."""

    label: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class KindLabel:
    """How a kind of resource is called in lists; the key is its icon too.

    `plural` is a marked German word. `facts` gives the line of facts on a card, `questions` what
    searches for this kind can be narrowed by, both in the visitor's language.
    """

    key: str
    plural: str
    facts: Callable[[SearchDocument], tuple[str, ...]]
    questions: Callable[[], tuple[Question, ...]]
    mode_words: Mapping[str, str]  # marked words for terms, where the usual ones do not fit


_kinds: dict[str, KindLabel] = {}
_category_labels: list[Callable[[str], str]] = []


def register_kind_label(kind: KindLabel) -> None:
    """Tell the search pages how a kind is called and shown."""
    _kinds[kind.key] = kind


def register_category_label(label: Callable[[str], str]) -> None:
    """Tell the search pages how categories are called, in the visitor's language."""
    _category_labels[:] = [label]


def kind_labels() -> list[tuple[str, str]]:
    """Give key and name of every kind, in the order of their registration."""
    return [(kind.key, gettext(kind.plural)) for kind in _kinds.values()]


def kind_label(key: str) -> str:
    """Give the name of one kind."""
    return gettext(_kinds[key].plural) if key in _kinds else key


def category_label(key: str) -> str:
    """Give the name of a category."""
    return _category_labels[0](key) if _category_labels else key


def facts_of(document: SearchDocument) -> tuple[str, ...]:
    """Give the line of facts on a card."""
    kind = _kinds.get(document.kind)
    return kind.facts(document) if kind else ()


def questions_of(key: str) -> tuple[Question, ...]:
    """Give what searches for a kind can be narrowed by."""
    return _kinds[key].questions() if key in _kinds else ()


def mode_label(mode: str, kind: str = "") -> str:
    """Give the word for terms, of a kind if said: "kostenlos leihen"."""
    words = {**_MODES, **(_kinds[kind].mode_words if kind in _kinds else {})}
    return gettext(words[mode]) if mode in words else mode


def per_label(per: str) -> str:
    """Give the word for a unit of price: "je Stunde"."""
    return gettext(_PER[per]) if per in _PER else per


def wanted_mode_label(mode: str) -> str:
    """Give the words for the terms that somebody hopes for: "am liebsten geschenkt"."""
    return gettext(_WANTED_MODES[mode]) if mode in _WANTED_MODES else mode


def is_free_of_charge(mode: str) -> bool:
    """Tell whether nothing is paid under these terms."""
    return mode in _FREE_OF_CHARGE


def price_label(terms: Terms, kind: str = "") -> str:
    """Say what it costs, in a few words."""
    if terms.amount_minor is None:
        if is_free_of_charge(terms.mode):
            return mode_label(terms.mode, kind)
        return gettext("%(mode)s, Preis nach Absprache", mode=mode_label(terms.mode, kind))
    price = format_money(terms.amount_minor, terms.currency)
    return f"{price} {per_label(terms.per)}" if terms.per else price
