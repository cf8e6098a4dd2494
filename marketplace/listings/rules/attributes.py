"""Read, check and write the values of a kind's own fields."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from marketplace.foundation.errors import N_, Sentence
from marketplace.foundation.typed_input import parse_clock, parse_day
from marketplace.listings.resource_kind import (
    Attribute,
    AttributeValue,
    AttributeValues,
    Check,
    ChoiceAttribute,
    ClockAttribute,
    DayAttribute,
    MonthAttribute,
    NumberAttribute,
    Option,
    ResourceKind,
    SeveralAttribute,
    TextAttribute,
    YearAttribute,
    YesNoAttribute,
)

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_MONTH_AS_TYPED = re.compile(r"(0?[1-9]|1[0-2])[./](\d{4})")
_LANGUAGE = "de"
_YES, _NO = N_("ja"), N_("nein")

# What a form, a file (texts) or a program (numbers, booleans, lists) says.
RawValue = str | int | float | bool | Sequence[str]
RawValues = Mapping[str, RawValue]
_NUMBER_WITH_UNIT = re.compile(r"([-+]?[\d.,\s\u00a0]*\d)\s*(\D*)")
_WITH_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+")


@dataclass(frozen=True, kw_only=True)
class ReadValues:
    """The values that could be read, and a sentence for each that could not."""

    values: dict[str, AttributeValue]
    problems: dict[str, str]


def read_values(kind: ResourceKind, raw: RawValues, *, today: date) -> ReadValues:
    """Read what was typed or imported; empty texts are left out, unknown keys are refused."""
    values: dict[str, AttributeValue] = {}
    problems: dict[str, str] = {
        key: N_("Dieses Feld gibt es bei dieser Art nicht.")
        for key in raw
        if kind.attribute(key) is None
    }
    for attribute in kind.attributes:
        given = raw.get(attribute.key, "")
        if _is_empty(given):
            continue
        outcome = _read(attribute, given, today)
        if isinstance(outcome, _Unreadable):
            problems[attribute.key] = outcome.sentence
        else:
            values[attribute.key] = outcome
    return ReadValues(values=values, problems=problems)


def _is_empty(given: RawValue) -> bool:
    if isinstance(given, str):
        return not given.strip()
    return isinstance(given, Sequence) and not given


def warnings_for(
    kind: ResourceKind, values: AttributeValues, *, today: date, is_request: bool = False
) -> dict[str, str]:
    """Give a sentence for each value that is unusual, and for each check that only warns."""
    found = {
        attribute.key: sentence
        for attribute in kind.attributes
        if attribute.key in values
        and (sentence := _unusual(attribute, values[attribute.key], today))
    }
    for check in kind.checks:
        if not check.blocks and _is_broken(check, values, is_request=is_request):
            found.setdefault(check.attribute, check.message)
    return found


def broken_checks(
    kind: ResourceKind, values: AttributeValues, *, is_request: bool = False
) -> dict[str, str]:
    """Give the sentence of each check that keeps the listing from being published."""
    return {
        check.attribute: check.message
        for check in kind.checks
        if check.blocks and _is_broken(check, values, is_request=is_request)
    }


def _is_broken(check: Check, values: AttributeValues, *, is_request: bool) -> bool:
    return (check.in_requests or not is_request) and not check.holds(values)


def written(
    attribute: Attribute,
    value: Any,  # noqa: ANN401 (any attribute's value)
    *,
    language: str = _LANGUAGE,
    translated: Callable[[str], str] = str,
) -> str:
    """Write a value with its unit; `translated` turns marked German words into the language."""
    match attribute:
        case NumberAttribute():
            number = format_decimal(value, format="#,##0.######", locale=language)
            text = f"{number} {translated(attribute.unit)}"
            return f"{text} ({attribute.converted(value)})" if attribute.converted else text
        case MonthAttribute():
            year, month = str(value).split("-")
            return format_date(date(int(year), int(month), 1), "MMMM yyyy", locale=language)
        case DayAttribute():
            return format_date(date.fromisoformat(value), "d. MMMM yyyy", locale=language)
        case ClockAttribute():
            return format_time(time.fromisoformat(value), "H:mm", locale=language)
        case ChoiceAttribute():
            return translated(_label(attribute.options, str(value)))
        case SeveralAttribute():
            return ", ".join(translated(_label(attribute.options, key)) for key in value)
        case YesNoAttribute():
            return translated(_YES if value else _NO)
        case _:
            return str(value)


def typed_again(attribute: Attribute, value: Any) -> str:  # noqa: ANN401
    """Write a value as a form's field shows it for editing."""
    match attribute:
        case NumberAttribute():
            return format_decimal(value, format="0.######", locale=_LANGUAGE)
        case MonthAttribute():
            year, month = str(value).split("-")
            return f"{month}/{year}"
        case YesNoAttribute():
            return "yes" if value else "no"
        case _:
            return str(value)


class _Unreadable:
    def __init__(self, message: str, **values: object) -> None:
        self.sentence = Sentence(message, **values)


def _read(attribute: Attribute, given: RawValue, today: date) -> AttributeValue | _Unreadable:
    text = _as_text(given)
    match attribute:
        case NumberAttribute():
            number = Decimal(text) if _is_number(given) else _typed_number(attribute, text)
            return _checked_number(attribute, number)
        case YearAttribute():
            return _read_year(attribute, text, today)
        case MonthAttribute():
            return _read_month(text)
        case DayAttribute():
            day = parse_day(text)
            return (
                day.isoformat()
                if day
                else _Unreadable(N_("Das ist kein Tag. Bitte so schreiben: 5.10.2026."))
            )
        case ClockAttribute():
            clock = parse_clock(text)
            return (
                f"{clock:%H:%M}"
                if clock
                else _Unreadable(N_("Das ist keine Uhrzeit. Bitte so schreiben: 12:00."))
            )
        case ChoiceAttribute():
            return _read_choices(attribute.options, [text])[0] or _Unreadable(
                N_("Bitte wählen Sie eine der Möglichkeiten.")
            )
        case SeveralAttribute():
            keys = list(given) if isinstance(given, list | tuple) else [text]
            read = _read_choices(attribute.options, keys)
            if None in read:
                return _Unreadable(N_("Bitte wählen Sie aus den Möglichkeiten."))
            return [key for key in read if key is not None]
        case YesNoAttribute():
            answers = {
                "yes": True,
                "true": True,
                "ja": True,
                "no": False,
                "false": False,
                "nein": False,
            }
            if text.lower() not in answers:
                return _Unreadable(N_("Bitte wählen Sie ja oder nein."))
            return answers[text.lower()]
        case TextAttribute():
            if len(text) > attribute.longest:
                return _Unreadable(
                    N_("Bitte kürzen Sie auf %(most)s Zeichen."), most=attribute.longest
                )
            return text
        case _:
            raise TypeError(f"unknown sort of attribute: {attribute}")


def _is_number(given: RawValue) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _as_text(given: RawValue) -> str:
    if isinstance(given, bool):
        return "yes" if given else "no"
    return "" if isinstance(given, list | tuple) else str(given).strip()


def _typed_number(attribute: NumberAttribute, text: str) -> Decimal:
    """Read 3.500, 1.234,5, 0.8 or "50 PS"; NaN where it is no number or in an unknown unit."""
    typed = _NUMBER_WITH_UNIT.fullmatch(text)
    if typed is None:
        return Decimal("NaN")
    digits, unit = "".join(typed[1].split()), typed[2].strip()
    if "," in digits or _WITH_THOUSANDS.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    factors = {"": 1.0, attribute.unit: 1.0, **attribute.other_units}
    factor = {name.casefold(): size for name, size in factors.items()}.get(unit.casefold())
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return Decimal("NaN")
    if factor is None:
        return Decimal("NaN")
    return number if factor == 1 else Decimal(str(round(float(number) * factor, 3)))


def _checked_number(attribute: NumberAttribute, number: Decimal) -> AttributeValue | _Unreadable:
    if not number.is_finite():
        return _Unreadable(
            N_("Das ist keine Zahl in %(unit)s. Bitte so schreiben: 12,5."), unit=attribute.unit
        )
    # As they are written: the float 1.8 is a little more than 1.8.
    if not Decimal(str(attribute.low)) <= number <= Decimal(str(attribute.high)):
        return _Unreadable(
            N_("Möglich sind %(low)s bis %(high)s %(unit)s."),
            low=_number(attribute.low),
            high=_number(attribute.high),
            unit=attribute.unit,
        )
    if attribute.whole and number != number.to_integral_value():
        return _Unreadable(N_("Bitte geben Sie eine ganze Zahl an."))
    return int(number) if number == number.to_integral_value() else float(number)


def _read_year(attribute: YearAttribute, text: str, today: date) -> AttributeValue | _Unreadable:
    latest = today.year + 1
    if not (text.isascii() and text.isdecimal()) or not attribute.low <= int(text) <= latest:
        return _Unreadable(
            N_("Bitte geben Sie ein Jahr von %(low)s bis %(high)s an."),
            low=attribute.low,
            high=latest,
        )
    return int(text)


def _read_month(text: str) -> AttributeValue | _Unreadable:
    if _MONTH.fullmatch(text):
        return text
    if typed := _MONTH_AS_TYPED.fullmatch(text):
        return f"{typed[2]}-{int(typed[1]):02d}"
    return _Unreadable(N_("Bitte geben Sie Monat und Jahr an, so: 03/2027."))


def _read_choices(options: Sequence[Option], given: Sequence[str]) -> list[str | None]:
    given = [str(each) for each in given]
    known = {option.key: option.key for option in options}
    known |= {option.label.lower(): option.key for option in options}
    return [known.get(text.strip(), known.get(text.strip().lower())) for text in given]


def _unusual(attribute: Attribute, value: Any, today: date) -> str:  # noqa: ANN401
    match attribute:
        case NumberAttribute():
            low = attribute.typical_low if attribute.typical_low is not None else attribute.low
            high = attribute.typical_high if attribute.typical_high is not None else attribute.high
            unit = attribute.unit
        case YearAttribute():
            low, high, unit = attribute.typical_low, today.year, ""
        case _:
            return ""
    if low <= value <= high:
        return ""
    return Sentence(
        N_("Ungewöhnlicher Wert, üblich sind %(low)s bis %(high)s %(unit)s. Bitte prüfen Sie."),
        low=low if isinstance(attribute, YearAttribute) else _number(low),
        high=high if isinstance(attribute, YearAttribute) else _number(high),
        unit=unit,
    )


def _label(options: Sequence[Option], key: str) -> str:
    return next((option.label for option in options if option.key == key), key)


def _number(value: float) -> str:
    return format_decimal(value, format="#,##0.######", locale=_LANGUAGE)
