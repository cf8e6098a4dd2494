"""Emissions that may have been saved: a range or nothing, from factors that name their source.

`kilograms × factor × share that replaces a purchase`, at both ends; trips are not subtracted, for
nobody states them. It is an estimate, and every place that shows it says so.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.accounts.rules.websites import normal_website
from marketplace.foundation.errors import N_, InvalidInput, Sentence
from marketplace.listings.rules.categories import CATEGORIES

_KILOGRAMS_PER_TONNE = 1000
_HIGHEST_FACTOR = 1000.0
_EARLIEST_YEAR = 1990
LONGEST_TEXT = 300


@dataclass(frozen=True, kw_only=True)
class Factor:
    """kg CO2e for a kilogram; the share (0 to 1) of what is used on that replaces a purchase."""

    low: float
    high: float
    displacement_low: float
    displacement_high: float


@dataclass(frozen=True, kw_only=True)
class Range:
    """From `low` to `high` kg CO2e."""

    low: float
    high: float

    def __add__(self, other: "Range") -> "Range":
        """Give both together."""
        return Range(low=self.low + other.low, high=self.high + other.high)


@dataclass(frozen=True, kw_only=True)
class RoundedRange:
    """A range as it may be written: no finer than it is known; in tonnes or else kilograms."""

    low: float
    high: float
    is_in_tonnes: bool


@dataclass(frozen=True, kw_only=True)
class FactorEntry:
    """A factor as the staff state it; None: nothing usable was typed. Shares are in percent."""

    category: str
    low: float | None
    high: float | None
    displacement_low: float | None
    displacement_high: float | None
    source_title: str
    source_url: str
    year: int | None
    licence: str


@dataclass(frozen=True, kw_only=True)
class SettledFactor:
    """A factor that can be kept."""

    category: str
    factor: Factor
    source_title: str
    source_url: str
    year: int
    licence: str


def saved(kilograms: float, factor: Factor) -> Range:
    """Estimate what so many kilograms may have saved."""
    return Range(
        low=kilograms * factor.low * factor.displacement_low,
        high=kilograms * factor.high * factor.displacement_high,
    )


def rounded(saving: Range) -> RoundedRange:
    """Round outwards to two figures of the upper end, so that the range still holds both ends."""
    is_in_tonnes = saving.high >= _KILOGRAMS_PER_TONNE
    size = _KILOGRAMS_PER_TONNE if is_in_tonnes else 1
    low, high = saving.low / size, saving.high / size
    step = 10.0 ** (math.floor(math.log10(high)) - 1) if high > 0 else 1.0
    # What is a whole number of steps but for the last bit of a float stays one.
    low_steps, high_steps = round(low / step, 6), round(high / step, 6)
    return RoundedRange(
        low=round(math.floor(low_steps) * step, 6),
        high=round(math.ceil(high_steps) * step, 6),
        is_in_tonnes=is_in_tonnes,
    )


def factor_for(category: str, factors: Mapping[str, Factor]) -> str | None:
    """Give the category whose factor counts: its own or its group's; None: there is none."""
    if category in factors:
        return category
    known = CATEGORIES.get(category)
    parent = known.parent if known else None
    return parent if parent in factors else None


def settled_factor(entry: FactorEntry, *, this_year: int) -> SettledFactor:
    """Give the factor; raises InvalidInput with a sentence for each field that cannot stay so."""
    problems: dict[str, str] = {}
    known = CATEGORIES.get(entry.category)
    if known is None or known.kind != "goods":
        problems["category"] = N_("Bitte wählen Sie eine Kategorie.")
    low, high = _ends(problems, "low", entry.low, entry.high, most=_HIGHEST_FACTOR)
    share_low, share_high = _ends(
        problems, "displacement_low", entry.displacement_low, entry.displacement_high, most=100.0
    )
    if high == 0:
        problems.setdefault("high", N_("Bitte geben Sie eine Zahl über 0 an."))
    if share_high == 0:
        problems.setdefault("displacement_high", N_("Bitte geben Sie eine Zahl über 0 an."))
    if not problems and low * share_low == high * share_high:
        problems["high"] = N_("Gezeigt wird immer eine Spanne. Bitte geben Sie zwei Enden an.")
    if not entry.source_title.strip():
        problems["source_title"] = N_("Ohne Quelle geht es nicht. Bitte nennen Sie sie.")
    source_url = _address(problems, entry.source_url)
    if not entry.licence.strip():
        problems["licence"] = N_("Bitte geben Sie an, unter welcher Lizenz die Quelle steht.")
    for name in ("source_title", "source_url", "licence"):
        if len(getattr(entry, name).strip()) > LONGEST_TEXT:
            problems[name] = Sentence(N_("Höchstens %(most)s Zeichen."), most=LONGEST_TEXT)
    year = entry.year
    if year is None or not _EARLIEST_YEAR <= year <= this_year:
        problems["year"] = Sentence(
            N_("Bitte geben Sie ein Jahr von %(low)s bis %(high)s an."),
            low=_EARLIEST_YEAR,
            high=this_year,
        )
    if problems or year is None:
        raise InvalidInput(problems)
    return SettledFactor(
        category=entry.category,
        factor=Factor(
            low=low,
            high=high,
            displacement_low=share_low / 100,
            displacement_high=share_high / 100,
        ),
        source_title=entry.source_title.strip(),
        source_url=source_url,
        year=year,
        licence=entry.licence.strip(),
    )


def _address(problems: dict[str, str], typed: str) -> str:
    try:
        address = normal_website(typed)
    except InvalidInput:
        address = ""
    if not address:
        problems["source_url"] = N_("Bitte geben Sie die Adresse an, unter der die Quelle steht.")
    return address


def _ends(
    problems: dict[str, str], name: str, low: float | None, high: float | None, *, most: float
) -> tuple[float, float]:
    """Give both ends of a range, noting what is wrong with either by the name of its field."""
    other = name.replace("low", "high")
    for field, value in ((name, low), (other, high)):
        if value is None or not 0 <= value <= most:
            problems[field] = Sentence(
                N_("Bitte geben Sie eine Zahl von 0 bis %(most)s an."), most=int(most)
            )
    if low is None or high is None or name in problems or other in problems:
        return 0.0, -1.0
    if high < low:
        problems[other] = N_("Das obere Ende liegt unter dem unteren.")
    return low, high
