"""Each view says who may call it; a view that says nothing is refused."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.errors import N_, NotAllowed
from marketplace.foundation.web.request_scope import current_scope

View = TypeVar("View", bound=Callable[..., Any])
_PUBLIC = "public"


def public(view: View) -> View:
    """Let everybody call this view."""
    view.access = _PUBLIC  # type: ignore[attr-defined]
    return view


def requires(action: StrEnum) -> Callable[[View], View]:
    """Let those call this view who may do `action`; others sign in first or are refused."""

    def mark(view: View) -> View:
        view.access = action  # type: ignore[attr-defined]
        return view

    return mark


def access_of(app: Flask, endpoint: str) -> str | None:
    """Give what an endpoint asks for: "public", an action, or None where it says nothing."""
    return getattr(app.view_functions[endpoint], "access", None)


def init_permissions(app: Flask, may: Callable[[Actor, str], bool]) -> None:
    """Check each request by the table of permissions before its view runs."""

    @app.before_request
    def check_access() -> Response | None:
        if request.endpoint is None:
            return None
        access = access_of(current_app, request.endpoint)
        if access == _PUBLIC:
            return None
        if access is None:
            raise RuntimeError(f"the view {request.endpoint} does not say who may call it")
        actor = current_scope().actor
        if may(actor, access):
            return None
        if actor.person_id is not None:
            raise NotAllowed(N_("Dafür fehlt Ihnen die Berechtigung."))
        if request.blueprint == "api":
            raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
        return redirect(url_for("accounts.login", next=_wanted_page()))


def _wanted_page() -> str:
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.path
