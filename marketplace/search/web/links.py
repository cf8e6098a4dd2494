"""Links from one search to the next: the same question with something changed."""

from urllib.parse import urlencode

from flask import url_for

from marketplace.search.web.question import Query

# What may stand in a query as it is, as `url_for` has it.
_SAFE = "!$'()*,/:;?@"


class Links:
    """Gives the addresses that the search page is full of; what stays the same is written once."""

    def __init__(self, query: Query) -> None:
        """Start from this question; its empty fields are left out."""
        self._path = url_for("search.search")
        self.query = query
        self._written = {
            name: written for name in query if (written := _written(name, query.getlist(name)))
        }

    def changed(self, **changes: str | None) -> str:
        """Give the address with other values for some names; None: without this name."""
        parts = [written for name, written in self._written.items() if name not in changes]
        parts += [_written(name, [value]) for name, value in changes.items() if value]
        return _address(self._path, parts)

    def with_choice(self, choice: str) -> str:
        """Give the address with this answer switched on or off."""
        chosen = self.query.getlist("choice")
        others = [each for each in chosen if each != choice]
        parts = [
            written for name, written in self._written.items() if name not in ("choice", "cursor")
        ]
        parts.append(_written("choice", others if choice in chosen else [*others, choice]))
        return _address(self._path, parts)

    def pins(self) -> str:
        """Give where the map gets the whole answer."""
        parts = [
            written for name, written in self._written.items() if name not in ("cursor", "limit")
        ]
        return _address(url_for("api.listings"), parts)


def _written(name: str, values: list[str]) -> str:
    return urlencode([(name, value) for value in values if value], safe=_SAFE)


def _address(path: str, parts: list[str]) -> str:
    query = "&".join(part for part in parts if part)
    return f"{path}?{query}" if query else path
