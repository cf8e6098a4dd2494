"""Read a request's body, and do what it asks for once, however often it is sent."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import UnsupportedMediaType

from marketplace.api.models import IdempotencyRecord
from marketplace.api.rules.bodies import check, parsed
from marketplace.api.rules.schemas import Schema
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import (
    N_,
    Conflict,
    InvalidInput,
    MarketplaceError,
    PreconditionRequired,
)
from marketplace.foundation.identifiers import PersonId
from marketplace.foundation.web.errors import PROBLEM_TYPE, problem_of
from marketplace.foundation.web.request_scope import current_scope, current_work, writing_work

_JSON = "application/json"
_LONGEST_KEY = 200
_KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a program gets: status, body and the headers that belong to the thing itself."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Give it as a response."""
        response = jsonify(self.body)
        response.status_code = self.status
        if self.status >= 400:
            response.content_type = PROBLEM_TYPE
        response.headers.update(self.headers)
        return response


def read_object() -> dict[str, Any]:
    """Give the JSON object that was sent, not checked yet."""
    if request.mimetype != _JSON:
        raise UnsupportedMediaType
    return parsed(request.get_data())


def read_body(schema: Schema) -> dict[str, Any]:
    """Give the JSON object that was sent; raises InvalidInput by its schema."""
    body = read_object()
    check(body, schema)
    return body


def once(effect: Callable[[UnitOfWork], Answer], *, needs_key: bool = False) -> Response:
    """Do it in the request's transaction; with an idempotency key, only the first time.

    The answer is stored with the effect, a refusal in a transaction of its own: whoever sends the
    same key again gets the same answer. Raises Conflict where the key stands for another request
    or the first one is still at work, and PreconditionRequired where one is needed and missing.
    """
    key = request.headers.get("Idempotency-Key")
    if needs_key and key is None:
        raise PreconditionRequired(
            N_("Bitte senden Sie im Kopf Idempotency-Key eine Kennung, die Sie einmal verwenden.")
        )
    person_id = current_scope().actor.person_id
    if request.method != "POST" or key is None or person_id is None:
        return effect(writing_work()).response()
    _check_key(key)
    try:
        return _first_time(effect, person_id, key)
    except _DoneBefore:
        current_scope().close()
        return _stored(current_work(), person_id, key).response()


def is_repeated() -> bool:
    """Tell whether the key of this request was used before: it gets its first answer then."""
    key, person_id = request.headers.get("Idempotency-Key"), current_scope().actor.person_id
    if key is None or person_id is None:
        return False
    used = select(IdempotencyRecord.id).where(
        IdempotencyRecord.person_id == person_id, IdempotencyRecord.key == key
    )
    return current_work().session.scalars(used).first() is not None


class _DoneBefore(Exception):
    """This key was used before."""


def _first_time(effect: Callable[[UnitOfWork], Answer], person_id: PersonId, key: str) -> Response:
    work = writing_work()
    record = _begin(work, person_id, key)
    try:
        answer = effect(work)
        work.session.flush()
    except MarketplaceError as refusal:
        problem = problem_of(refusal)
        answer = Answer(status=problem["status"], body=problem)
        current_scope().close()
        return _keep_refusal(person_id, key, answer).response()
    record.status, record.headers, record.body = answer.status, answer.headers, answer.body
    return answer.response()


def _begin(work: UnitOfWork, person_id: PersonId, key: str) -> IdempotencyRecord:
    """Claim the key; raises _DoneBefore where it is taken."""
    work.session.execute(
        delete(IdempotencyRecord).where(
            IdempotencyRecord.person_id == person_id,
            IdempotencyRecord.created_at < work.now() - _KEPT_FOR,
        )
    )
    record = _record(work, person_id, key, Answer(status=0, body=None))
    try:
        with work.session.begin_nested():
            work.session.add(record)
    except IntegrityError:
        raise _DoneBefore from None
    return record


def _keep_refusal(person_id: PersonId, key: str, answer: Answer) -> Answer:
    """Give the answer that stands for this key from now on."""
    work = current_scope().aside()
    try:
        work.session.add(_record(work, person_id, key, answer))
        work.finish()
    except IntegrityError:
        # The key was free between the effect's end and here: whoever used it then, perhaps with
        # success, has given the answer that all others get.
        work.close()
        return _stored(current_work(), person_id, key)
    finally:
        work.close()
    return answer


def _record(work: UnitOfWork, person_id: PersonId, key: str, answer: Answer) -> IdempotencyRecord:
    return IdempotencyRecord(
        person_id=person_id,
        key=key,
        request_hash=_request_hash(),
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        created_at=work.now(),
    )


def _stored(work: UnitOfWork, person_id: PersonId, key: str) -> Answer:
    record = work.session.scalars(
        select(IdempotencyRecord).where(
            IdempotencyRecord.person_id == person_id, IdempotencyRecord.key == key
        )
    ).one_or_none()
    if record is None or record.status == 0:
        raise Conflict(N_("Dieselbe Anfrage wird gerade bearbeitet."), code="in_progress")
    if record.request_hash != _request_hash():
        raise Conflict(
            N_("Dieser Idempotency-Key gehört zu einer anderen Anfrage."),
            code="idempotency_mismatch",
        )
    return Answer(status=record.status, body=record.body, headers=dict(record.headers))


def _check_key(key: str) -> None:
    if not 1 <= len(key) <= _LONGEST_KEY or not all("!" <= sign <= "~" for sign in key):
        raise InvalidInput(
            {"Idempotency-Key": N_("Möglich sind 1 bis 200 sichtbare ASCII-Zeichen.")}
        )


def _request_hash() -> str:
    # Files have been read as a form by now; their bytes are no longer there, their fields are.
    content = request.get_data(cache=True) or repr(sorted(request.form.items())).encode()
    parts = (request.method.encode(), request.full_path.encode(), content)
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
