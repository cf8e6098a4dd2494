"""Choose the language; the page stays."""

from datetime import timedelta

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import BadRequest
from wtforms.validators import ValidationError

from marketplace.accounts.operations.language import choose_mail_language
from marketplace.accounts.web.blueprint import blueprint
from marketplace.foundation.destinations import local_path
from marketplace.foundation.languages import LANGUAGES
from marketplace.foundation.web.localisation import LANGUAGE_COOKIE
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_scope, writing_work

_A_YEAR = timedelta(days=365)


@blueprint.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Remember the language on this device and go back to the page it was chosen on.

    Visitors need no form key, for a stranger who sends this changes nothing but their language;
    mails change theirs only with one.
    """
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        raise BadRequest
    if current_scope().actor.person_id is not None and _has_form_key():
        choose_mail_language(writing_work(), language)
    response = redirect(local_path(request.form.get("next", "")) or "/", 303)
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=_A_YEAR,
        httponly=True,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        samesite="Lax",
    )
    return response


def _has_form_key() -> bool:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True
