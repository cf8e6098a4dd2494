"""How long a page of an answer is, where the next one begins, and the tag of what is shown."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from marketplace.foundation.errors import N_, InvalidInput
from marketplace.search.rules.cursors import cursor_after, key_in

_USUAL_PAGE, _LARGEST_PAGE = 20, 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def page_limit(text: str) -> int:
    """Read `limit`; raises InvalidInput where it is no number from 1 to 100."""
    if not text:
        return _USUAL_PAGE
    if text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= _LARGEST_PAGE:
        return int(text)
    raise InvalidInput({"limit": N_("Bitte eine ganze Zahl von 1 bis 100.")})


def cursor_for(created_at: datetime, identity: str, question: str) -> str:
    """Give the cursor of the page after this one, whose last row this is."""
    microseconds = (created_at - _EPOCH) // _MICROSECOND
    return cursor_after(((float(microseconds),), identity), question)


def read_cursor(cursor: str, question: str) -> tuple[datetime, str]:
    """Give instant and id of the last row of the page before; raises InvalidInput (`cursor`)."""
    values, identity = key_in(cursor, question)
    try:
        return _EPOCH + int(values[0]) * _MICROSECOND, identity
    except (IndexError, OverflowError, ValueError):
        raise InvalidInput({"cursor": N_("Diese Seite gibt es nicht.")}) from None


def entity_tag(body: Mapping[str, Any]) -> str:
    """Give the tag of what is shown: what can be done changes with time, the version does not."""
    return f'"{hashlib.sha256(orjson.dumps(body)).hexdigest()[:16]}"'
