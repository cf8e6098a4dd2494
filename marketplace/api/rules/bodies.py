"""Read what a program sends: strictly, and with a sentence for each field that is wrong."""

import json
import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from marketplace.foundation.errors import N_, InvalidInput, MarketplaceError, Sentence

_DEEPEST = 32
_MOST_ERRORS = 20


class Malformed(MarketplaceError):
    """It is no JSON object that anybody could mean."""


def parsed(content: bytes) -> dict[str, Any]:
    """Give the object that a body holds; raises Malformed for anything else."""
    try:
        value = json.loads(
            content.decode("utf-8"), parse_constant=_refuse, parse_float=_finite, parse_int=_whole
        )
    except (ValueError, RecursionError):
        raise Malformed(N_("Das ist kein gültiges JSON in UTF-8.")) from None
    if not isinstance(value, dict):
        raise Malformed(N_("Erwartet wird ein JSON-Objekt."))
    _check_texts(value, depth=0)
    return value


def check(body: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Raise InvalidInput with a sentence for each field that the schema does not allow."""
    errors: dict[str, str] = {}
    for error in _validator(json.dumps(schema, sort_keys=True)).iter_errors(body):
        for field, sentence in _sentences(error):
            errors.setdefault(field, sentence)
        if len(errors) >= _MOST_ERRORS:
            break
    if errors:
        raise InvalidInput(errors)


@cache
def _validator(schema: str) -> Draft202012Validator:
    # Formats are read, with better words, where they are used.
    return Draft202012Validator(json.loads(schema))


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _whole(text: str) -> int:
    if len(text) > 30:
        raise ValueError(text)
    return int(text)


def _check_texts(value: object, *, depth: int) -> None:
    """Refuse what no database keeps (NUL, half characters), and nesting that nobody means."""
    if depth > _DEEPEST:
        raise Malformed(N_("Das ist zu tief verschachtelt."))
    match value:
        case str():
            if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
                raise Malformed(N_("Ein Text enthält Zeichen, die wir nicht speichern können."))
        case dict():
            for key, each in value.items():
                _check_texts(key, depth=depth + 1)
                _check_texts(each, depth=depth + 1)
        case list():
            for each in value:
                _check_texts(each, depth=depth + 1)


def _sentences(error: ValidationError) -> list[tuple[str, str]]:
    """Put a failed rule of the schema into words, beside the field it speaks of."""
    path = ".".join(str(part) for part in error.absolute_path)
    wanted: Any = error.validator_value
    schema: Any = error.schema
    given: Any = error.instance
    match error.validator:
        case "required":
            missing = [name for name in wanted if name not in given]
            return [(_joined(path, name), N_("Diese Angabe fehlt.")) for name in missing]
        case "additionalProperties":
            known = schema.get("properties", {})
            extra = [name for name in given if name not in known]
            return [(_joined(path, name), N_("Dieses Feld gibt es hier nicht.")) for name in extra]
        case "dependentRequired":
            return [(path or "lat", N_("Breite und Länge gehören zusammen."))]
        case "enum" | "const":
            return [(path, N_("Diesen Wert gibt es hier nicht."))]
        case "type":
            return [(path, Sentence(N_("Erwartet wird: %(what)s."), what=_types(wanted)))]
        case "maxLength" | "maxItems":
            return [(path, Sentence(N_("Höchstens %(most)s."), most=wanted))]
        case "minLength" | "minItems":
            return [(path, Sentence(N_("Mindestens %(least)s."), least=wanted))]
        case "minimum" | "exclusiveMinimum":
            return [(path, Sentence(N_("Mindestens %(least)s."), least=wanted))]
        case "maximum":
            return [(path, Sentence(N_("Höchstens %(most)s."), most=wanted))]
        case _:
            return [(path, N_("Dieser Wert passt hier nicht."))]


def _types(wanted: str | list[str]) -> str:
    return wanted if isinstance(wanted, str) else " / ".join(wanted)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
