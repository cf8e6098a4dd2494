"""Where the next page of an answer begins."""

import base64
import hashlib
import json

from marketplace.foundation.errors import N_, InvalidInput

# What an answer is ordered by, smallest first; the id makes every key different.
SortKey = tuple[tuple[float, ...], str]

_SEAL_BYTES = 9
_LONGEST_CURSOR = 400


def cursor_after(key: SortKey, question: str) -> str:
    """Give the text that continues the answer to a question after the hit with this key."""
    payload = json.dumps(key).encode()
    return base64.urlsafe_b64encode(_seal(payload, question) + payload).decode().rstrip("=")


def key_in(cursor: str, question: str) -> SortKey:
    """Read a cursor back.

    Raises InvalidInput where it was changed or belongs to another question, in whose answer its
    key has no place. The seal is no secret: who forges one gets a page of the same answer.
    """
    sealed = _decoded(cursor)
    seal, payload = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
    if seal == _seal(payload, question):
        match _parsed(payload):
            case [[*values], str(listing_id)]:
                return tuple(value for value in values if isinstance(value, float)), listing_id
    raise InvalidInput(
        {"cursor": N_("Diese Seite gehört zu einer anderen Suche. Bitte suchen Sie noch einmal.")}
    )


def _seal(payload: bytes, question: str) -> bytes:
    return hashlib.blake2b(payload + question.encode(), digest_size=_SEAL_BYTES).digest()


def _decoded(cursor: str) -> bytes:
    if len(cursor) > _LONGEST_CURSOR:
        return b""
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""


def _parsed(payload: bytes) -> object:
    try:
        return json.loads(payload)
    except ValueError:
        return None
