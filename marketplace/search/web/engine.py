"""The search of this process."""

from typing import cast

from flask import Flask, current_app

from marketplace.search.backends.answering import Search
from marketplace.search.interfaces import SearchBackend

_EXTENSION = "marketplace_search"


def init_search(app: Flask, backend: SearchBackend) -> None:
    """Let the pages of an application ask this engine."""
    app.extensions[_EXTENSION] = Search(backend)


def current_search() -> Search:
    """Give the search of the running application."""
    return cast(Search, current_app.extensions[_EXTENSION])
