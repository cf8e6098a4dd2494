"""Who am I, sign in and out, and tokens."""

from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import Unauthorized

from marketplace.accounts.models import ApiToken
from marketplace.accounts.operations.sign_in import (
    Outcome,
    check_password,
    end_sign_in,
    note_failed_sign_in,
    start_sign_in,
)
from marketplace.accounts.operations.tokens import create_token, delete_token, own_tokens
from marketplace.accounts.permissions import Action
from marketplace.accounts.queries import actor_for
from marketplace.accounts.rules.emails import normal_email
from marketplace.accounts.web.session import (
    bears_token,
    current_sign_in,
    forget_sign_in,
    remember_sign_in,
)
from marketplace.api.rules.schemas import SESSION_SCHEMA, TOKEN_SCHEMA
from marketplace.api.web.blueprint import blueprint
from marketplace.api.web.requests import read_body
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.errors import N_, InvalidInput, NotAllowed
from marketplace.foundation.identifiers import TokenId
from marketplace.foundation.web.permissions import public, requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_scope, current_work, writing_work


def _typed_address() -> str:
    body = request.get_json(silent=True)
    email = body.get("email") if isinstance(body, dict) else None
    return f"{current_scope().district_id} {str(email or '').strip().lower()[:254]}"


@blueprint.get("/session")
@public
def session() -> ResponseReturnValue:
    """Tell who asks; with a cookie, also the key that unsafe requests need."""
    return jsonify(_session(current_scope().actor))


@blueprint.post("/session")
@limiter.limit(lambda: at_most(20, 5))
@limiter.limit(lambda: at_most(10, 15), key_func=_typed_address)
@public
def sign_in() -> ResponseReturnValue:
    """Begin a session as the sign-in page does; the cookie comes with the answer."""
    body = read_body(SESSION_SCHEMA)
    checked = check_password(current_work(), _normal(body["email"]), body["password"])
    if checked.outcome is not Outcome.RIGHT or checked.person_id is None:
        work = current_scope().aside()
        try:
            note_failed_sign_in(work, checked)
            work.finish()
        finally:
            work.close()
        raise Unauthorized
    work = writing_work()
    secret = start_sign_in(work, checked.person_id, new_hash=checked.new_hash)
    actor = actor_for(work, checked.person_id)
    remember_sign_in(secret)
    return jsonify(_session(actor)), 201


@blueprint.delete("/session")
@requires(Action.USE_ACCOUNT)
def sign_out() -> ResponseReturnValue:
    """End the session of the cookie."""
    running = current_sign_in()
    if running is not None and not bears_token():
        end_sign_in(writing_work(), running.id)
        forget_sign_in()
    return Response(status=204)


@blueprint.get("/tokens")
@requires(Action.MANAGE_TOKENS)
def tokens() -> ResponseReturnValue:
    """List one's own tokens; their secrets are not shown again."""
    return jsonify(items=[_token(token) for token in own_tokens(current_work())])


@blueprint.post("/tokens")
@requires(Action.MANAGE_TOKENS)
def make_token() -> ResponseReturnValue:
    """Make a token; its secret is in this answer and nowhere else."""
    if bears_token():
        raise NotAllowed(N_("Ein Zugang macht keinen weiteren. Bitte melden Sie sich an."))
    body = read_body(TOKEN_SCHEMA)
    token, secret = create_token(writing_work(), name=body["name"], scopes=body["scopes"])
    return jsonify({**_token(token), "token": secret}), 201


@blueprint.delete("/tokens/<token_id>")
@requires(Action.MANAGE_TOKENS)
def remove_token(token_id: str) -> ResponseReturnValue:
    """Delete one of one's own tokens; it works no longer from now on."""
    delete_token(writing_work(), TokenId(token_id))
    return Response(status=204)


def _normal(email: str) -> str:
    try:
        return normal_email(email)
    except InvalidInput:
        return email


def _session(actor: Actor) -> dict[str, Any]:
    is_known = actor.person_id is not None
    return {
        "person": {"id": actor.person_id, "name": actor.name} if is_known else None,
        "organisation": actor.organisation_id,
        "roles": sorted(actor.roles),
        "csrf_token": None if bears_token() else generate_csrf(),
    }


def _token(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": list(token.scopes),
        "created_at": token.created_at.isoformat(),
        "expires_at": token.expires_at.isoformat(),
        "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
    }
