"""Requests for the search against the floor: a route of the same application with ready bytes.

They go through the whole application, sessions and headers included, but through no socket: the
server would cost all of them the same.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import cycle
from urllib.parse import urlencode

from flask import Flask, Response, render_template_string
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.web.permissions import public
from marketplace.search.interfaces import SearchRequest
from marketplace.search.web.cards import Card, card_of_hit
from marketplace.search.web.engine import current_search

_SECONDS, _AT_ONCE = 5.0, 20
_JSON, _PAGE = "/api/v1/listings", "/search"
_READY_JSON, _READY_PAGE, _EMPTY = "/bench/ready.json", "/bench/cards", "/bench/empty"
_CARDS = """
{% extends "layouts/base.html" %}
{% from "components/parts.html" import listing_card %}
{% block content %}
<ol class="listing-cards">{% for card in cards %}{{ listing_card(card=card) }}{% endfor %}</ol>
{% endblock %}
"""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Requests per second, and the part of the floor's that this is."""

    floor: float
    search: float

    @property
    def share(self) -> float:
        """1 is as fast as the floor."""
        return self.search / self.floor


class Floor:
    """Routes that answer at once, with what a search answered."""

    def __init__(self, app: Flask) -> None:
        """Add them to an application that has not answered yet."""
        self.json = b"{}"
        self.cards: Sequence[Card] = ()
        routes: Mapping[str, Callable[[], str | Response]] = {
            _EMPTY: lambda: "",
            _READY_JSON: lambda: Response(self.json, content_type="application/json"),
            _READY_PAGE: lambda: render_template_string(_CARDS, cards=self.cards),
        }
        for path, view in routes.items():
            app.add_url_rule(path, endpoint=path.replace("/", "_"), view_func=public(view))


def rates(
    app: Flask, floor: Floor, work: UnitOfWork, host: str, questions: Sequence[SearchRequest]
) -> dict[str, Rate]:
    """Time JSON and page of those of the questions whose answer fills a page, taking turns."""
    client = Client(app)
    with app.test_request_context(base_url=f"http://{host}/"):
        search = current_search()
        answers = [(each, search.search(work, each)) for each in questions]
        full = [(each, found) for each, found in answers if len(found.hits) == each.limit]
        floor.cards = [
            card_of_hit(hit, query=MultiDict(_parameters(full[0][0])), period=full[0][0].period)
            for hit in full[0][1].hits
        ]
    addresses = [urlencode(_parameters(each)) for each, _ in full]
    floor.json = _get(client, host, f"{_JSON}?{addresses[0]}")
    return {
        "JSON": _rate(client, host, _READY_JSON, _JSON, addresses),
        "page": _rate(client, host, _READY_PAGE, _PAGE, addresses),
        "JSON, floor an empty route": _rate(client, host, _EMPTY, _JSON, addresses),
    }


def _parameters(request: SearchRequest) -> dict[str, str]:
    """Write a question about a time within a radius as the query of an address."""
    origin, radius, period = request.origin, request.radius_metres, request.period
    if origin is None or radius is None or period is None:
        raise ValueError("not a question of this class")
    return {
        "near": f"{origin.lat},{origin.lon}",
        "radius_km": f"{radius / 1000:g}",
        "available_from": period.start.isoformat(),
        "available_to": period.end.isoformat(),
    }


def _rate(client: Client, host: str, floor: str, path: str, addresses: Sequence[str]) -> Rate:
    seconds, count = [0.0, 0.0], 0
    queries = cycle(addresses)
    while sum(seconds) < _SECONDS:
        for place, address in ((0, floor), (1, path)):
            asked = [f"{address}?{next(queries)}" for _ in range(_AT_ONCE)]
            began = time.perf_counter()
            for each in asked:
                _get(client, host, each)
            seconds[place] += time.perf_counter() - began
        count += _AT_ONCE
    return Rate(floor=count / seconds[0], search=count / seconds[1])


def _get(client: Client, host: str, address: str) -> bytes:
    answer = client.get(address, base_url=f"http://{host}/")
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{answer.status}: {address}")
    return bytes(answer.data)
