"""What a kind of resource is made of: one declaration gives form, checks, pages and search words.

Numbers are in the unit that the declaration names. `low` and `high` are hard bounds, inclusive:
beyond them a value is refused. The typical range only warns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

AttributeValue = str | int | float | bool | list[str]
AttributeValues = Mapping[str, Any]

# Category and terms stand among the values under these keys, so that conditions can speak of them.
CATEGORY, MODE = "category", "mode"
# The attribute by which the giver of a gift stays unnamed.
UNNAMED = "is_anonymous"


@dataclass(frozen=True, kw_only=True)
class When:
    """A question is only asked when another one has been answered so.

    `key` is an attribute, MODE, or CATEGORY, where a group stands for all categories in it.
    """

    key: str
    answers: tuple[str, ...]

    def holds(self, values: AttributeValues) -> bool:
        """Tell whether the other question has one of the answers."""
        given = values.get(self.key)
        if isinstance(given, bool):
            given = "yes" if given else "no"
        if self.key == CATEGORY and isinstance(given, str):
            return any(given == each or given.startswith(f"{each}.") for each in self.answers)
        return given in self.answers


@dataclass(frozen=True, kw_only=True)
class Hint:
    """A marked sentence above a question, shown once another one is answered so.

    `in_offers`, `in_requests`: in which of the two forms it stands.
    """

    text: str
    shown_if: When
    in_offers: bool = True
    in_requests: bool = False


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """Something that is asked about every resource of a kind; labels are marked German words.

    `step`: the key of the step of the form it stands in. `on_card`: shown in the line of facts on
    the card. `is_private`: only the organisation itself sees it. `in_requests`: asked of those who
    look for something too. `shown_if`: asked only then, and only then it counts. `hints`: what is
    to be read before it is answered.
    """

    key: str
    label: str
    hint: str = ""
    step: str = ""
    on_card: bool = False
    is_private: bool = False
    in_requests: bool = True
    shown_if: When | None = None
    hints: tuple[Hint, ...] = ()

    def hints_for(self, *, is_request: bool) -> tuple[Hint, ...]:
        """Give the hints of this direction's form."""
        return tuple(
            each for each in self.hints if (each.in_requests if is_request else each.in_offers)
        )


@dataclass(frozen=True, kw_only=True)
class NumberAttribute(Attribute):
    """A number; `whole` takes no decimals. `converted` writes it in a second unit as well.

    `other_units`: units that may be typed behind the number, with their size in `unit`.
    """

    unit: str
    low: float
    high: float
    typical_low: float | None = None
    typical_high: float | None = None
    whole: bool = False
    converted: Callable[[float], str] | None = None
    other_units: Mapping[str, float] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class YearAttribute(Attribute):
    """A year, from `low` to the next year."""

    low: int
    typical_low: int


@dataclass(frozen=True, kw_only=True)
class MonthAttribute(Attribute):
    """A month and year, stored as "2027-03"."""


@dataclass(frozen=True, kw_only=True)
class DayAttribute(Attribute):
    """A day, stored as "2027-03-31"."""


@dataclass(frozen=True, kw_only=True)
class ClockAttribute(Attribute):
    """A time of the day by the district's clocks, stored as "07:30"."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer of a choice, or a unit; `one`: what a single one is called where that differs."""

    key: str
    label: str
    one: str = ""


@dataclass(frozen=True, kw_only=True)
class ChoiceAttribute(Attribute):
    """One of several answers; `is_facet`: searches can be narrowed to one of them."""

    options: tuple[Option, ...]
    is_facet: bool = False


@dataclass(frozen=True, kw_only=True)
class SeveralAttribute(Attribute):
    """Any number of several answers, stored as a list of keys."""

    options: tuple[Option, ...]
    is_facet: bool = False


@dataclass(frozen=True, kw_only=True)
class TextAttribute(Attribute):
    """A few words of at most `longest` characters."""

    longest: int = 80


@dataclass(frozen=True, kw_only=True)
class YesNoAttribute(Attribute):
    """Yes, no, or not said."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A part of the form with its heading; `is_open`: unfolded from the start."""

    key: str
    label: str
    hint: str = ""
    shown_if: When | None = None
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Check:
    """Something that several attributes must keep together.

    `holds` gets the values; `blocks` refuses publishing, otherwise it only warns. `attribute`
    names where the sentence is shown. `in_requests`: kept by those who look for something too.
    """

    attribute: str
    message: str
    holds: Callable[[AttributeValues], bool]
    blocks: bool = False
    in_requests: bool = True


class Verdict(StrEnum):
    """What a gate says about publishing."""

    OPEN = "open"
    REVIEW = "review"  # the district's staff looks at it first
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class GateCase:
    """All that a gate may know.

    `values` hold the category too. `stretches`: first and last day (inclusive) of each time that
    is given, in order. `earlier_uses`: how many listings of the organisation took the same way
    through this gate in the twelve months before.
    """

    values: AttributeValues
    title: str
    description: str
    is_request: bool
    organisation_kind: str
    stretches: tuple[tuple[date, date], ...]
    today: date
    earlier_uses: Mapping[str, int]

    @property
    def first_day(self) -> date | None:
        """Give the first of all days; None where no time is given."""
        return min((first for first, _ in self.stretches), default=None)

    @property
    def last_day(self) -> date | None:
        """Give the last of all days; None where no time is given."""
        return max((last for _, last in self.stretches), default=None)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A day on which the organisation is reminded, and of what: a marked sentence."""

    day: date
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What a gate found, in plain words; a hint and no advice.

    `code` names the case. `missing`: a sentence for each question that is still open or whose
    answer keeps the gate closed. `text` explains the case and what to do next.
    """

    code: str
    verdict: Verdict
    text: str
    missing: Mapping[str, str] = field(default_factory=dict, hash=False)
    reminders: tuple[Reminder, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A rule of law or trade that decides what may be published.

    `version` names the wording of its texts; it changes with them and is stored with each
    decision. `decide` gives None where the gate has nothing to say.
    """

    key: str
    version: str
    decide: Callable[[GateCase], Ruling | None]


class BudgetUnit(StrEnum):
    """What one unit of a budget is: so long a time of one of the things, or one for good."""

    DAY = "day"  # by the calendar
    HOUR = "hour"
    PIECE = "piece"


# What is given away does not come back, whatever its kind.
GIVEN_AWAY = "give"


@dataclass(frozen=True, kw_only=True)
class Scheduling:
    """How things of a kind are booked.

    `budgets`: units that are used up by the time they are given for, such as person-days; in any
    other unit a number of things is away and comes back. `at_once`: the attribute that says how
    many of the things a budget is worked off with; none: one. `is_returned`: it is handed over and
    given back.
    """

    budgets: Mapping[str, BudgetUnit] = field(default_factory=dict, hash=False)
    at_once: str = ""
    is_returned: bool = False

    def budget(self, unit: str, mode: str | None) -> BudgetUnit | None:
        """Give what is used up by being had on these terms; None: nothing, all of it comes back."""
        return BudgetUnit.PIECE if mode == GIVEN_AWAY else self.budgets.get(unit)

    def comes_back(self, mode: str | None) -> bool:
        """Tell whether it is given back when it is had on these terms."""
        return self.is_returned and mode != GIVEN_AWAY


@dataclass(frozen=True, kw_only=True)
class ResourceKind:
    """A kind of resource; `key` names its icon too.

    `example_title` and `example_request` stand under the first question of the two forms.
    `mode_words`: what terms are called here where the usual words do not fit, as marked words.
    `takes_photos`: pictures belong to it. `travels`: it can be had away from its own place, so an
    area that it serves is asked for. `is_claimed`: what is given away of it is claimed and shared
    out, not booked.
    """

    key: str
    singular: str
    plural: str
    example_title: str
    example_request: str
    units: tuple[Option, ...]
    modes: tuple[str, ...]
    price_units: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    steps: tuple[Step, ...]
    order: int = 100
    checks: tuple[Check, ...] = ()
    gates: tuple[Gate, ...] = ()
    search_words: tuple[str, ...] = ()
    mode_words: Mapping[str, str] = field(default_factory=dict, hash=False)
    takes_photos: bool = True
    travels: bool = False
    is_claimed: bool = False
    scheduling: Scheduling = field(default_factory=Scheduling)

    def attribute(self, key: str) -> Attribute | None:
        """Give the attribute of that key."""
        return next((each for each in self.attributes if each.key == key), None)

    def asked(self, *, is_request: bool) -> tuple[Attribute, ...]:
        """Give the attributes that are asked for in this direction."""
        return tuple(each for each in self.attributes if each.in_requests or not is_request)

    def unit_label(self, key: str, quantity: int) -> str:
        """Give the marked word for so many of a unit; empty where there is no such unit."""
        unit = next((each for each in self.units if each.key == key), None)
        if unit is None:
            return ""
        return unit.one if unit.one and quantity == 1 else unit.label

    def is_gift(self, *, is_request: bool, mode: str | None) -> bool:
        """Tell whether organisations claim it: it is given away and shared out."""
        return self.is_claimed and not is_request and mode == GIVEN_AWAY

    def applies(self, attribute: Attribute, values: AttributeValues) -> bool:
        """Tell whether an attribute is asked, by what else was answered."""
        step = next((each for each in self.steps if each.key == attribute.step), None)
        conditions = [attribute.shown_if, step.shown_if if step else None]
        return all(condition.holds(values) for condition in conditions if condition is not None)
