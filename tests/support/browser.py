"""A visitor without a browser: follows links, fills forms, and audits every page it gets."""

from collections.abc import Mapping
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

_HTML = "{http://www.w3.org/1999/xhtml}"


@dataclass
class Page:
    """An answer, with its HTML read once."""

    response: TestResponse
    _parser: Any = field(default=None, repr=False)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """The body as it came."""
        return self.response.get_data(as_text=True)

    @property
    def words(self) -> str:
        """What a reader sees: the page's text, white space folded."""
        body = self.tree.find(f"{_HTML}body")
        return " ".join(" ".join(body.itertext()).split())

    @property
    def path(self) -> str:
        """The path and query that answered, after redirects."""
        parts = urlsplit(self.response.request.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def json(self) -> Any:  # noqa: ANN401 (JSON)
        """The body read as JSON."""
        return self.response.get_json()

    @property
    def tree(self) -> Any:  # noqa: ANN401 (html5lib gives ElementTree's own type)
        """The parsed HTML."""
        return self._parsed.tree.getDocument()

    @property
    def markup_problems(self) -> list[str]:
        """Where the HTML breaks the standard's rules, and which."""
        return [f"line {position[0]}: {code}" for position, code, _ in self._parsed.errors]

    @property
    def _parsed(self) -> Any:  # noqa: ANN401 (html5lib has no types)
        if self._parser is None:
            self._parser = html5lib.HTMLParser(strict=False)
            self._parser.parse(self.text)
        return self._parser

    def all(self, tag: str) -> list[Any]:
        """Give all elements of that name."""
        return list(self.tree.iter(f"{_HTML}{tag}"))

    def form_values(self, action: str | None = None) -> dict[str, Any]:
        """Give what the page's form (the first one, or that of `action`) would send untouched."""
        forms = [
            form
            for form in self.all("form")
            if (form.get("method") or "get").lower() == "post"
            and (action is None or (form.get("action") or self.path).split("?")[0] == action)
        ]
        assert forms, f"no form for {action or 'anything'} on {self.path}"
        return _values_of(forms[0])


def _values_of(form: Any) -> dict[str, Any]:  # noqa: ANN401
    values: dict[str, Any] = {}

    def add(name: str, value: str) -> None:
        if name in values:
            held = values[name]
            values[name] = [*held, value] if isinstance(held, list) else [held, value]
        else:
            values[name] = value

    for element in form.iter():
        name = element.get("name")
        if not name:
            continue
        tag = element.tag.removeprefix(_HTML)
        kind = (element.get("type") or "text").lower()
        if tag == "input" and kind in ("checkbox", "radio"):
            if element.get("checked") is not None:
                add(name, element.get("value") or "on")
        elif tag == "input" and kind not in ("submit", "file", "button"):
            add(name, element.get("value") or "")
        elif tag == "textarea":
            add(name, element.text or "")
        elif tag == "select":
            options = list(element.iter(f"{_HTML}option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            for option in chosen:
                value = option.get("value")
                add(name, "".join(option.itertext()) if value is None else value)
    return values


class Visitor:
    """Somebody with a browser of their own, on one host."""

    def __init__(self, app: Flask, host: str) -> None:
        """Open an empty cookie jar."""
        self.app = app
        self._client = app.test_client()
        self._base_url = f"http://{host}"

    def keep_in_session(self, **values: object) -> None:
        """Put values into the signed session cookie, as the server would."""
        with self._client.session_transaction(base_url=self._base_url) as session:
            session.update(values)

    def session_cookie(self) -> str:
        """Give the signed session cookie, for a real browser to go on with."""
        cookie = self._client.get_cookie("session", domain=self._base_url.partition("//")[2])
        assert cookie is not None
        return cookie.value

    def get(self, path: str, *, audit: bool = True, **headers: str) -> Page:
        """Open a page, following redirects."""
        response = self._sent("GET", path, headers=_named(headers))
        return self._audited(Page(response), audit=audit)

    def send(
        self, path: str, changes: Mapping[str, Any] | None = None, *, form_at: str | None = None
    ) -> Page:
        """Fill the form that posts to `path` (found on `form_at`, or `path`) and send it."""
        values = self.get(form_at or path).form_values(path)
        values.update(changes or {})
        return self.post(path, values)

    def post(self, path: str, values: Mapping[str, Any] | None = None, **headers: str) -> Page:
        """Post values as they are, following redirects."""
        response = self._sent("POST", path, data=dict(values or {}), headers=_named(headers))
        return self._audited(Page(response), audit=True)

    def _sent(self, method: str, path: str, **options: Any) -> TestResponse:  # noqa: ANN401 (Werkzeug's own)
        # In an empty context each request opens an application context of its own, as a server
        # does; inside the tests' one all requests would share Flask's `g`, and who is signed in.
        return Context().run(
            self._client.open,
            path,
            method=method,
            base_url=self._base_url,
            follow_redirects=True,
            **options,
        )

    def _audited(self, page: Page, *, audit: bool) -> Page:
        if audit and page.response.mimetype == "text/html":
            from tests.support.html_audit import audit_page

            audit_page(page)
        return page


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
