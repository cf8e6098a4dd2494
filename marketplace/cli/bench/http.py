"""Requests a second for the search against the floor: routes of the same server with ready bytes.

One worker of the product's own server answers several connections of this process, over sockets,
so that it has always something to do.
"""

import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import cycle, islice
from urllib.parse import urlencode

from flask import Flask, Response, render_template_string
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client

from marketplace.cli.serve import Server, with_search_loaded
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.settings import Settings
from marketplace.foundation.web.permissions import public
from marketplace.search.interfaces import SearchRequest
from marketplace.search.web.cards import Card, card_of_hit, carried_on
from marketplace.search.web.engine import current_search

_SECONDS, _AT_ONCE, _CONNECTIONS = 10.0, 25, 4
_LONGEST_START_SECONDS = 30.0
_JSON, _PAGE = "/api/v1/listings", "/search"
_READY_JSON, _READY_PAGE, _EMPTY = "/bench/ready.json", "/bench/cards", "/bench/empty"
_CARDS_A_PAGE = 20
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
    app: Flask,
    settings: Settings,
    floor: Floor,
    work: UnitOfWork,
    host: str,
    asked: Mapping[str, Sequence[SearchRequest]],
) -> dict[str, Rate]:
    """Time JSON and page of those of the questions whose answer fills a page, all classes mixed."""
    with app.test_request_context(base_url=f"http://{host}/"):
        search = current_search()
        mixed = [each for same in zip(*asked.values(), strict=True) for each in same]
        full = [
            (each, found)
            for each in mixed
            if each.limit == _CARDS_A_PAGE
            and len((found := search.search(work, each)).hits) == each.limit
        ]
        first, found = full[0]
        carried = carried_on(MultiDict(_parameters(first)))
        floor.cards = [card_of_hit(hit, carried=carried, period=first.period) for hit in found.hits]
    addresses = [urlencode(_parameters(each)) for each, _ in full]
    floor.json = Client(app).get(f"{_JSON}?{addresses[0]}", base_url=f"http://{host}/").data
    each_its_part = -(-len(addresses) // _CONNECTIONS)
    with _served(app, settings) as port, ExitStack() as stack:
        lines = [
            _Line(
                stack.enter_context(_connected(port)), host, addresses[start:] + addresses[:start]
            )
            for start in range(0, len(addresses), each_its_part)
        ]
        floors = {
            "JSON": (_READY_JSON, _JSON),
            "page": (_READY_PAGE, _PAGE),
            "JSON, floor an empty route": (_EMPTY, _JSON),
        }
        return {
            name: _rate(lines, floor, path, warm_up=each_its_part)
            for name, (floor, path) in floors.items()
        }


def _parameters(request: SearchRequest) -> dict[str, str]:
    """Write a question of the benchmark as the query of an address."""
    parameters = {"q": request.words, "sort": request.sort or ""}
    if request.origin is not None:
        parameters["near"] = f"{request.origin.lat},{request.origin.lon}"
    if request.radius_metres is not None:
        parameters["radius_km"] = f"{request.radius_metres / 1000:g}"
    if request.period is not None:
        parameters["available_from"] = request.period.start.isoformat()
        parameters["available_to"] = request.period.end.isoformat()
    for kind in request.kinds:
        parameters["kind"] = kind
    return {name: value for name, value in parameters.items() if value}


@contextmanager
def _served(app: Flask, settings: Settings) -> Iterator[int]:
    """Let a process of the product's server answer; gives its port on the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    server = _BenchServer(app, settings, port)
    process = multiprocessing.get_context("fork").Process(target=server.run)
    process.start()
    try:
        yield port
    finally:
        process.terminate()
        process.join()


class _BenchServer(Server):
    """The server with the routes of the floor."""

    def __init__(self, app: Flask, settings: Settings, port: int) -> None:
        self._app = with_search_loaded(app)
        super().__init__(settings, host="127.0.0.1", port=port, workers=1)

    def load_config(self) -> None:
        super().load_config()
        self.cfg.set("when_ready", lambda arbiter: None)

    def load(self) -> Flask:
        return self._app


@contextmanager
def _connected(port: int) -> Iterator[HTTPConnection]:
    until = time.monotonic() + _LONGEST_START_SECONDS
    connection = HTTPConnection("127.0.0.1", port, timeout=_LONGEST_START_SECONDS)
    while True:
        try:
            connection.connect()
            break
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
    # Small requests are sent at once, as browsers do.
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        yield connection
    finally:
        connection.close()


class _Line:
    """A connection that asks one question after the other."""

    def __init__(self, connection: HTTPConnection, host: str, queries: Sequence[str]) -> None:
        self._connection = connection
        self._host = host
        self._queries = cycle(queries)

    def ask(self, path: str, count: int = _AT_ONCE) -> None:
        """Ask so many questions."""
        for query in islice(self._queries, count):
            self._connection.request("GET", f"{path}?{query}", headers={"Host": self._host})
            answer = self._connection.getresponse()
            answer.read()
            if answer.status != HTTPStatus.OK:
                raise RuntimeError(f"{answer.status}: {path}?{query}")


def _rate(lines: Sequence[_Line], floor: str, path: str, *, warm_up: int) -> Rate:
    """Take turns, so that what slows the machine down meets both.

    Each question has been asked once before: a worker starts with an empty memory once a release,
    and is warm for the rest of it.
    """
    seconds, count = [0.0, 0.0], 0
    with ThreadPoolExecutor(len(lines)) as threads:
        list(threads.map(lambda line: line.ask(path, warm_up), lines))
        while sum(seconds) < _SECONDS:
            for place, address in ((0, floor), (1, path)):
                began = time.perf_counter()
                list(threads.map(lambda line, asked=address: line.ask(asked), lines))
                seconds[place] += time.perf_counter() - began
            count += _AT_ONCE * len(lines)
    return Rate(floor=count / seconds[0], search=count / seconds[1])
