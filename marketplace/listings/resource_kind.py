"""What a kind of resource is made of: one declaration gives form, checks, pages and search words.

Numbers are in the unit that the declaration names. `low` and `high` are hard bounds, inclusive:
beyond them a value is refused. The typical range only warns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

AttributeValue = str | int | float | bool | list[str]
AttributeValues = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """Something that is asked about every resource of a kind; labels are marked German words.

    `on_card`: shown in the line of facts on the card. `is_private`: only the organisation itself
    sees it.
    """

    key: str
    label: str
    hint: str = ""
    on_card: bool = False
    is_private: bool = False


@dataclass(frozen=True, kw_only=True)
class NumberAttribute(Attribute):
    """A number; `whole` takes no decimals. `converted` writes it in a second unit as well."""

    unit: str
    low: float
    high: float
    typical_low: float | None = None
    typical_high: float | None = None
    whole: bool = False
    converted: Callable[[float], str] | None = None


@dataclass(frozen=True, kw_only=True)
class YearAttribute(Attribute):
    """A year, from `low` to the next year."""

    low: int
    typical_low: int


@dataclass(frozen=True, kw_only=True)
class MonthAttribute(Attribute):
    """A month and year, stored as "2027-03"."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer of a choice."""

    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ChoiceAttribute(Attribute):
    """One of several answers."""

    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class SeveralAttribute(Attribute):
    """Any number of several answers, stored as a list of keys."""

    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class TextAttribute(Attribute):
    """A few words of at most `longest` characters."""

    longest: int = 80


@dataclass(frozen=True, kw_only=True)
class YesNoAttribute(Attribute):
    """Yes, no, or not said."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """Something that several attributes must keep together.

    `holds` gets the values; `blocks` refuses publishing, otherwise it only warns. `attribute`
    names where the sentence is shown.
    """

    attribute: str
    message: str
    holds: Callable[[AttributeValues], bool]
    blocks: bool = False


@dataclass(frozen=True, kw_only=True)
class ResourceKind:
    """A kind of resource; `key` names its icon too."""

    key: str
    singular: str
    plural: str
    example_title: str
    units: tuple[Option, ...]
    modes: tuple[str, ...]
    price_units: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    checks: tuple[Check, ...] = ()
    search_words: tuple[str, ...] = ()

    def attribute(self, key: str) -> Attribute | None:
        """Give the attribute of that key."""
        return next((each for each in self.attributes if each.key == key), None)

    def unit_label(self, key: str) -> str:
        """Give the marked word for a unit; empty where the kind has none of that key."""
        return next((unit.label for unit in self.units if unit.key == key), "")
