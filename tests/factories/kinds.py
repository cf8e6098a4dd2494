"""Values for any kind, from its declaration; what its gates ask is answered so that they open."""

from typing import Any

from marketplace.listings.resource_kind import (
    CATEGORY,
    Attribute,
    ChoiceAttribute,
    ClockAttribute,
    DayAttribute,
    MonthAttribute,
    NumberAttribute,
    ResourceKind,
    SeveralAttribute,
    TextAttribute,
    YearAttribute,
    YesNoAttribute,
)

# What opens the gates of the kinds that have some; a kind without gates needs no line here.
_ANSWERS: dict[str, dict[str, Any]] = {
    "machine": {"next_inspection": "2027-03", "last_inspection": "2026-03", "ce_marking": True},
    "transport": {
        "goods_owner": "own_goods",
        "gross_mass": 3_500,
        "payload": 900,
        "load_width": 2.4,
    },
    "staff": {"directed_by": "own_firm", "hints_read": True},
    "goods": {"condition": "good", "data_carriers": "none"},
}


def typical_value(attribute: Attribute) -> Any:  # noqa: ANN401 (any attribute's value)
    """Give a value in the typical range."""
    match attribute:
        case NumberAttribute():
            low = attribute.low if attribute.typical_low is None else attribute.typical_low
            high = attribute.high if attribute.typical_high is None else attribute.typical_high
            middle = (low + high) / 2
            return int(middle) if attribute.whole or middle == int(middle) else round(middle, 3)
        case YearAttribute():
            return 2015
        case MonthAttribute():
            return "2027-03"
        case DayAttribute():
            return "2027-03-31"
        case ClockAttribute():
            return "12:00"
        case ChoiceAttribute():
            return attribute.options[0].key
        case SeveralAttribute():
            return [option.key for option in attribute.options[:2]]
        case YesNoAttribute():
            return True
        case TextAttribute():
            return f"Angabe zu {attribute.label}"[: attribute.longest]
        case _:
            raise TypeError(f"unknown sort of attribute: {attribute}")


def typical_values(kind: ResourceKind, *, category: str | None = None) -> dict[str, Any]:
    """Give a value for each question that is asked, given the others; the gates are open."""
    values: dict[str, Any] = {**({CATEGORY: category} if category else {})}
    values |= _ANSWERS.get(kind.key, {})
    for attribute in kind.attributes:
        if attribute.key not in values and kind.applies(attribute, values):
            values[attribute.key] = typical_value(attribute)
    values.pop(CATEGORY, None)
    return values
