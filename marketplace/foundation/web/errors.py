"""Every refusal as a page (or a problem document) that says why and what would work."""

import logging
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from marketplace.foundation.database.session import waited_too_long
from marketplace.foundation.database.unit_of_work import OutcomeUnknown
from marketplace.foundation.errors import (
    N_,
    Conflict,
    InvalidInput,
    MarketplaceError,
    NotAllowed,
    NotFound,
    PreconditionRequired,
    StaleVersion,
)
from marketplace.foundation.identifiers import new_id
from marketplace.foundation.web.localisation import say, say_message
from marketplace.foundation.web.request_scope import current_scope, has_scope

PROBLEM_TYPE = "application/problem+json"  # RFC 9457

_log = logging.getLogger(__name__)

_TITLES = {
    400: N_("Diese Anfrage verstehen wir nicht"),
    401: N_("Bitte melden Sie sich an"),
    403: N_("Das ist hier nicht erlaubt"),
    404: N_("Diese Seite gibt es nicht"),
    405: N_("So lässt sich diese Seite nicht aufrufen"),
    406: N_("Dieses Format gibt es nicht"),
    409: N_("Das passt nicht mehr zum Stand der Dinge"),
    412: N_("Das passt nicht mehr zum Stand der Dinge"),
    413: N_("Das ist zu groß"),
    415: N_("Dieses Format nehmen wir nicht an"),
    421: N_("Unter dieser Adresse gibt es keinen Marktplatz"),
    422: N_("Bitte prüfen Sie Ihre Angaben"),
    428: N_("In der Anfrage fehlt eine Angabe im Kopf"),
    429: N_("Das war sehr oft in kurzer Zeit"),
    500: N_("Hier ist uns ein Fehler passiert"),
}
_EXPLANATIONS = {
    400: N_("Bitte gehen Sie einen Schritt zurück und versuchen Sie es noch einmal."),
    401: N_("Diese Seite sehen nur angemeldete Organisationen."),
    403: N_("Ihr Zugang reicht dafür nicht. Bitte fragen Sie die Ansprechstelle im Landkreis."),
    404: N_("Vielleicht wurde sie entfernt, oder in der Adresse steckt ein Tippfehler."),
    405: N_("Bitte benutzen Sie die Knöpfe auf der Seite, von der Sie kommen."),
    413: N_("Bitte wählen Sie eine kleinere Datei oder kürzen Sie den Text."),
    421: N_("Bitte prüfen Sie die Adresse im Browser."),
    429: N_("Bitte warten Sie einige Minuten und versuchen Sie es dann noch einmal."),
    500: N_(
        "Der Fehler ist notiert, gespeichert wurde nichts. Bitte versuchen Sie es später wieder."
    ),
}
_CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media",
    421: "unknown_host",
    429: "rate_limited",
    500: "unavailable",
}


def status_of(refusal: MarketplaceError) -> int:
    """Give the HTTP status of a refusal."""
    match refusal:
        case NotFound():
            return 404
        case NotAllowed():
            return 403
        case StaleVersion():
            return 412
        case Conflict(code="idempotency_mismatch"):
            return 422
        case Conflict():
            return 409
        case InvalidInput():
            return 422
        case PreconditionRequired():
            return 428
        case _:
            return 400


def init_error_pages(app: Flask) -> None:
    """Answer every error in the brand of the district, or as a problem document below /api/."""

    @app.errorhandler(MarketplaceError)
    def refused(refusal: MarketplaceError) -> ResponseReturnValue:
        if request.path.startswith("/api/"):
            response = jsonify(problem_of(refusal))
            response.content_type = PROBLEM_TYPE
            if refusal.code == "in_progress":
                response.headers["Retry-After"] = "1"
            return response, status_of(refusal)
        return _answer(status_of(refusal), refusal.code, say(refusal), _errors_of(refusal))

    @app.errorhandler(OperationalError)
    def locked_out(error: OperationalError) -> ResponseReturnValue:
        if not waited_too_long(error):
            return our_mistake(error)
        current_scope().close()
        return refused(
            Conflict(
                N_(
                    "Das ändern gerade mehrere zugleich, gespeichert wurde nichts. Bitte versuchen "
                    "Sie es gleich noch einmal."
                ),
                code="in_progress",
            )
        )

    @app.errorhandler(OutcomeUnknown)
    def unanswered(error: OutcomeUnknown) -> ResponseReturnValue:
        _log.exception("commit without an answer", exc_info=error)
        current_scope().close()
        detail = gettext(
            "Wir wissen nicht, ob gespeichert wurde: Die Datenbank hat nicht mehr geantwortet. "
            "Bitte sehen Sie nach, bevor Sie es noch einmal versuchen."
        )
        return _answer(500, "unavailable", detail, {})

    @app.errorhandler(CSRFError)
    def form_too_old(error: CSRFError) -> ResponseReturnValue:
        detail = gettext(
            "Das Formular war zu lange offen oder Cookies sind abgeschaltet. "
            "Gehen Sie zurück, laden Sie die Seite neu und senden Sie noch einmal."
        )
        return _answer(400, "csrf_failed", detail, {})

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or error.code is None or error.code < 400:
            return error.get_response()
        response = app.make_response(
            _answer(error.code, _CODES.get(error.code, "bad_request"), "", {})
        )
        for name, value in error.get_headers():
            if name.lower() not in ("content-type", "content-length"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def our_mistake(error: Exception) -> ResponseReturnValue:
        _log.exception("unexpected error", exc_info=error)
        if has_scope():
            current_scope().close()  # the page that says so reads in a fresh transaction
        return _answer(500, "unavailable", "", {})


def problem_of(refusal: MarketplaceError) -> dict[str, Any]:
    """Give the problem document of a refusal."""
    status = status_of(refusal)
    title = gettext(_TITLES.get(status, _TITLES[400]))
    explanation = say(refusal) or gettext(_EXPLANATIONS.get(status, _EXPLANATIONS[400]))
    problem = _problem(status, refusal.code, title, explanation, _errors_of(refusal))
    return {**refusal.details, **problem}


def _errors_of(refusal: MarketplaceError) -> dict[str, str]:
    if not isinstance(refusal, InvalidInput):
        return {}
    return {field: say_message(text, refusal.values) for field, text in refusal.errors.items()}


def _answer(status: int, code: str, detail: str, errors: dict[str, str]) -> ResponseReturnValue:
    title = gettext(_TITLES.get(status, _TITLES[400]))
    explanation = detail or gettext(_EXPLANATIONS.get(status, _EXPLANATIONS[400]))
    if request.path.startswith("/api/"):
        response = jsonify(_problem(status, code, title, explanation, errors))
        response.content_type = PROBLEM_TYPE
        return response, status
    template = "errors/error.html" if has_scope() else "errors/neutral.html"
    page = render_template(
        template, title=title, explanation=explanation, status=status, request_id=_request_id()
    )
    return page, status


def _problem(
    status: int, code: str, title: str, detail: str, errors: dict[str, str]
) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": [{"field": field, "message": message} for field, message in errors.items()],
        "request_id": _request_id(),
    }


def _request_id() -> str:
    return current_scope().request_id if has_scope() else new_id()
