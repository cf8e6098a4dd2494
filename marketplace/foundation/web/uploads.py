"""Larger bodies for the few views that take files; all others keep to the general limit."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

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
