"""Everything below /api/v1; who calls is settled here before any view runs."""

from flask import Blueprint, current_app, request
from flask_wtf.csrf import validate_csrf
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from wtforms.validators import ValidationError

from marketplace.accounts.rules.tokens import Scope
from marketplace.accounts.web.session import bears_token, current_bearer
from marketplace.foundation.errors import N_, CsrfFailed, NotAllowed
from marketplace.foundation.web.request_scope import current_scope, current_work

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_CSRF_HEADER = "X-CSRF-Token"


@blueprint.before_request
def settle_caller() -> None:
    """Refuse wrong tokens on every route, writes beyond a token's scope, and forged cookies."""
    is_reading = request.method in _READING
    if bears_token():
        bearer = current_bearer(current_work())
        if bearer is None:
            raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
        if not is_reading and Scope.WRITE not in bearer.scopes:
            raise NotAllowed(N_("Dieser Zugang darf nur lesen."))
        return
    if not is_reading and current_scope().actor.person_id is not None:
        _check_csrf()


def _check_csrf() -> None:
    if not current_app.config.get("WTF_CSRF_ENABLED", True):
        return
    try:
        validate_csrf(request.headers.get(_CSRF_HEADER))
    except ValidationError:
        raise CsrfFailed(
            N_("Es fehlt der Schlüssel aus GET /api/v1/session im Kopf X-CSRF-Token.")
        ) from None
