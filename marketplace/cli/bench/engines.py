"""Both engines against each other: the same questions, one engine after the other."""

import random
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marketplace.foundation.database.tenancy import district_rows
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.search.backends.postgis import statements
from marketplace.search.interfaces import SearchBackend, SearchRequest
from marketplace.search.rules.word_query import WordQuery, parsed

_WARM_UP, _SEED = 10, 1
MAP_WINDOW = "map window"


@dataclass(frozen=True, kw_only=True)
class Times:
    """Milliseconds of one engine for one class of questions."""

    p50: float
    p95: float
    p99: float


def times_of(seconds: Sequence[float]) -> Times:
    """Give the percentiles of measured seconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return Times(p50=cuts[49] * 1000, p95=cuts[94] * 1000, p99=cuts[98] * 1000)


def race(
    works: Mapping[str, UnitOfWork],
    engines: Mapping[str, SearchBackend],
    questions: Mapping[str, Sequence[SearchRequest]],
    *,
    with_outside: bool,
) -> dict[str, dict[str, Times]]:
    """Time every engine on every question, taking turns; raises where two answers differ.

    Who comes after whom is drawn anew for each question: what ran before leaves the processor's
    caches warm for the next or cold. `works` has an open unit of work for each engine.
    """
    choose = random.Random(_SEED)  # noqa: S311 (no secret)
    measured: dict[str, dict[str, Times]] = {}
    for name, asked in questions.items():
        seconds: dict[str, list[float]] = {engine: [] for engine in engines}
        for number, request in enumerate([*asked[:_WARM_UP], *asked]):
            request = replace(request, with_outside=with_outside)
            query = parsed(request.words)
            answers = []
            for engine in choose.sample([*engines], len(engines)):
                began = time.perf_counter()
                answers.append(
                    _ask(engines[engine], works[engine], request, query, is_map=name == MAP_WINDOW)
                )
                if number >= _WARM_UP:
                    seconds[engine].append(time.perf_counter() - began)
            if any(answer != answers[0] for answer in answers):
                raise RuntimeError(f"the engines answer differently: {request}")
        measured[name] = {engine: times_of(each) for engine, each in seconds.items()}
    return measured


def _ask(
    backend: SearchBackend,
    work: UnitOfWork,
    request: SearchRequest,
    query: WordQuery,
    *,
    is_map: bool,
) -> Any:  # noqa: ANN401 (whatever it answers: it is only compared)
    found = backend.find(work, request, query)
    return (found, backend.placed(work, request, query)) if is_map else found


def plans(
    work: UnitOfWork, questions: Mapping[str, Sequence[SearchRequest]]
) -> dict[str, list[str]]:
    """Give how PostgreSQL carries out the first question of each class."""
    found: dict[str, list[str]] = {}
    for name, asked in questions.items():
        lines = []
        for statement, values in statements(asked[0], parsed(asked[0].words)):
            explained = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {statement}"
            lines += [str(row[0]) for row in district_rows(work.session, explained, values)]
        found[name] = lines
    return found
