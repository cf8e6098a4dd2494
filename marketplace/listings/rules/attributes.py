"""Read, check and write the values of a kind's own fields."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from marketplace.foundation.errors import N_, Sentence
from marketplace.listings.resource_kind import (
    Attribute,
    AttributeValue,
    AttributeValues,
    ChoiceAttribute,
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

RawValues = Mapping[str, str | Sequence[str]]


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
        if not given or (isinstance(given, str) and not given.strip()):
            continue
        outcome = _read(attribute, given, today)
        if isinstance(outcome, _Unreadable):
            problems[attribute.key] = outcome.sentence
        else:
            values[attribute.key] = outcome
    return ReadValues(values=values, problems=problems)


def warnings_for(kind: ResourceKind, values: AttributeValues, *, today: date) -> dict[str, str]:
    """Give a sentence for each value that is unusual, and for each check that only warns."""
    found = {
        attribute.key: sentence
        for attribute in kind.attributes
        if attribute.key in values
        and (sentence := _unusual(attribute, values[attribute.key], today))
    }
    for check in kind.checks:
        if not check.blocks and not check.holds(values):
            found.setdefault(check.attribute, check.message)
    return found


def broken_checks(kind: ResourceKind, values: AttributeValues) -> dict[str, str]:
    """Give the sentence of each check that keeps the listing from being published."""
    return {
        check.attribute: check.message
        for check in kind.checks
        if check.blocks and not check.holds(values)
    }


def written(attribute: Attribute, value: Any) -> str:  # noqa: ANN401 (any attribute's value)
    """Write a value with its unit, in German."""
    match attribute:
        case NumberAttribute():
            number = f"{_number(value)} {attribute.unit}"
            return f"{number} ({attribute.converted(value)})" if attribute.converted else number
        case MonthAttribute():
            year, month = str(value).split("-")
            return format_date(date(int(year), int(month), 1), "MMMM yyyy", locale=_LANGUAGE)
        case ChoiceAttribute():
            return _label(attribute.options, str(value))
        case SeveralAttribute():
            return ", ".join(_label(attribute.options, key) for key in value)
        case YesNoAttribute():
            return _YES if value else _NO
        case _:
            return str(value)


def typed_again(attribute: Attribute, value: Any) -> str:  # noqa: ANN401
    """Write a value as a form's field shows it for editing."""
    match attribute:
        case NumberAttribute():
            return format_decimal(value, format="0.######", locale=_LANGUAGE)
        case YesNoAttribute():
            return "yes" if value else "no"
        case _:
            return str(value)


class _Unreadable:
    def __init__(self, message: str, **values: object) -> None:
        self.sentence = Sentence(message, **values)


def _read(
    attribute: Attribute, given: str | Sequence[str], today: date
) -> AttributeValue | _Unreadable:
    text = given.strip() if isinstance(given, str) else ""
    match attribute:
        case NumberAttribute():
            return _read_number(attribute, text)
        case YearAttribute():
            return _read_year(attribute, text, today)
        case MonthAttribute():
            return _read_month(text)
        case ChoiceAttribute():
            return _read_choices(attribute.options, [text])[0] or _Unreadable(
                N_("Bitte wählen Sie eine der Möglichkeiten.")
            )
        case SeveralAttribute():
            keys = [text] if isinstance(given, str) else list(given)
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


def _read_number(attribute: NumberAttribute, text: str) -> AttributeValue | _Unreadable:
    cleaned = text.replace(" ", "").replace("\u00a0", "")
    if "," in cleaned:
        cleaned = cleaned.replace(".", "").replace(",", ".")
    try:
        number = Decimal(cleaned)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return _Unreadable(N_("Das ist keine Zahl. Bitte so schreiben: 12,5."))
    if not attribute.low <= number <= attribute.high:
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
    return format_decimal(value, locale=_LANGUAGE)
