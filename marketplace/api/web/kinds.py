"""What can be offered: kinds with their questions, and categories."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.api.rules.schemas import attribute_schema
from marketplace.api.web.blueprint import blueprint
from marketplace.foundation.web.localisation import counted
from marketplace.foundation.web.permissions import public
from marketplace.listings.kinds import KINDS
from marketplace.listings.resource_kind import (
    Attribute,
    ChoiceAttribute,
    NumberAttribute,
    ResourceKind,
    SeveralAttribute,
)
from marketplace.listings.rules.categories import CATEGORIES


@blueprint.get("/kinds")
@public
def kinds() -> ResponseReturnValue:
    """Give every kind with its attributes, units and bounds."""
    return jsonify(items=[_kind(kind) for kind in KINDS.values()])


@blueprint.get("/categories")
@public
def categories() -> ResponseReturnValue:
    """Give all categories, groups before their leaves."""
    return jsonify(
        items=[
            {
                "key": category.key,
                "kind": category.kind,
                "parent": category.parent,
                "names": dict(category.names),
            }
            for category in CATEGORIES.values()
        ]
    )


def _kind(kind: ResourceKind) -> dict[str, Any]:
    return {
        "key": kind.key,
        "singular": gettext(kind.singular),
        "plural": gettext(kind.plural),
        "units": [{"key": unit.key, "label": counted(unit.label, 2)} for unit in kind.units],
        "modes": list(kind.modes),
        "price_units": list(kind.price_units),
        "takes_photos": kind.takes_photos,
        "steps": [{"key": step.key, "label": gettext(step.label)} for step in kind.steps],
        "attributes": [_attribute(attribute) for attribute in kind.attributes],
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "key": attribute.key,
        "label": gettext(attribute.label),
        "step": attribute.step,
        "in_requests": attribute.in_requests,
        "is_private": attribute.is_private,
        "schema": attribute_schema(attribute),
    }
    if attribute.shown_if is not None:
        condition = attribute.shown_if
        answer["shown_if"] = {"key": condition.key, "answers": list(condition.answers)}
    match attribute:
        case NumberAttribute():
            answer |= {
                "unit": attribute.unit,
                "low": attribute.low,
                "high": attribute.high,
                "typical_low": attribute.typical_low,
                "typical_high": attribute.typical_high,
            }
        case ChoiceAttribute() | SeveralAttribute():
            answer["options"] = [
                {"key": option.key, "label": gettext(option.label)} for option in attribute.options
            ]
    return answer
