"""What may be sent: larger bodies for the few views that take files, and no NUL signs."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

View = TypeVar("View", bound=Callable[..., Any])


def accepts_uploads(largest_bytes: int) -> Callable[[View], View]:
    """Let this view take a body of at most so many bytes."""

    def mark(view: View) -> View:
        view.largest_body = largest_bytes  # type: ignore[attr-defined]
        return view

    return mark


def init_uploads(app: Flask) -> None:
    """Raise the limit before anything reads the form; register this before the CSRF check."""

    @app.before_request
    def raise_limit() -> None:
        if request.endpoint is None:
            return
        largest = getattr(current_app.view_functions[request.endpoint], "largest_body", None)
        if largest is not None:
            request.max_content_length = largest


def init_text_check(app: Flask) -> None:
    """Refuse texts with the sign NUL: PostgreSQL keeps none, and no keyboard types one.

    Register this after whatever reads the form first.
    """

    @app.before_request
    def refuse_nul() -> None:
        texts = [request.path, *_all(request.args), *_all(request.form)]
        if any("\0" in text for text in texts):
            raise BadRequest


def _all(values: "MultiDict[str, str]") -> list[str]:
    return [value for _, value in values.items(multi=True)]
