"""Writers and workers killed at any instant: what the survivors answer is what is stored.

Used small by the tests and at full size by `tools/prove search`.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from marketplace.app import create_app
from marketplace.foundation.database.session import db
from marketplace.foundation.database.tenancy import DistrictScope
from marketplace.foundation.database.unit_of_work import SYSTEM, open_unit_of_work
from marketplace.foundation.identifiers import DistrictId, ListingId
from marketplace.foundation.services import Services
from marketplace.foundation.settings import Settings
from marketplace.search.backends.columns import ColumnsBackend
from marketplace.search.interfaces import Found, SearchBackend, SearchRequest
from marketplace.search.operations import index_document, remove_document
from marketplace.search.queries import newest_change
from marketplace.search.rules.word_query import parsed
from tests.search.generated_index import IndexGenerator
from tests.search.naive import NaiveBackend

_SPAWN = get_context("spawn")
_WRITERS, _WORKERS = 2, 3
_LISTINGS = [f"listing-{number}" for number in range(150)]
_QUESTIONS = 40
_WORKS = "works"
# Shortest and longest time before a kill, in seconds: long enough for some hundred answers.
_PAUSES = (0.05, 0.6)
# So many of the victims are at work, the others may still be starting.
_AT_WORK = 0.75


@dataclass(frozen=True, kw_only=True)
class KillReport:
    """What was killed, how much was done meanwhile, and where an answer differed."""

    kills: int
    changes: int  # the number of the newest change
    workers: int  # that answered at the end
    differences: int


@dataclass
class _Child:
    process: BaseProcess
    pipe: Connection
    restart: Callable[[], "_Child"]
    works: bool = False

    def wait_until_it_works(self) -> None:
        """Wait for its first word, which may have been heard before."""
        if not self.works:
            self.works = self.pipe.recv() == _WORKS


def kill_and_compare(
    settings: Settings, district_id: DistrictId, *, kills: int, seed: int
) -> KillReport:
    """Kill writers and workers under load; then ask every worker and the reference the same."""
    choose = random.Random(seed)
    numbers = iter(range(1_000_000))

    def start(work: Callable[..., None], place: int) -> _Child:
        here, there = _SPAWN.Pipe()
        arguments = (settings, district_id, seed + next(numbers), place, there)
        process = _SPAWN.Process(target=work, args=arguments, daemon=True)
        process.start()
        there.close()
        return _Child(process, here, lambda: start(work, place))

    children = [start(_write, place) for place in range(_WRITERS)]
    children += [start(_search, place) for place in range(_WORKERS)]
    for child in children:
        child.wait_until_it_works()
    for _ in range(kills):
        place = choose.randrange(len(children))
        victim = children[place]
        if choose.random() < _AT_WORK:
            victim.wait_until_it_works()
        time.sleep(choose.uniform(*_PAUSES))
        if victim.process.pid is not None:
            os.kill(victim.process.pid, signal.SIGKILL)
        victim.process.join()
        children[place] = victim.restart()
    writers, workers = children[:_WRITERS], children[_WRITERS:]
    for writer in writers:
        _ask(writer)
    answers = [_ask(worker) for worker in workers]
    expected, changes = _reference(settings, district_id)
    return KillReport(
        kills=kills,
        changes=changes,
        workers=len(answers),
        differences=sum(answer != expected for answer in answers),
    )


def _ask(child: _Child) -> object:
    """End a child's work and take what it says last."""
    child.wait_until_it_works()
    child.pipe.send("enough")
    answer = child.pipe.recv()
    child.process.join()
    return answer


def _write(
    settings: Settings, district_id: DistrictId, seed: int, place: int, pipe: Connection
) -> None:
    """Change documents until told to stop, those of this writer: listings are locked by theirs."""
    listings = _LISTINGS[place::_WRITERS]
    app = create_app(settings)
    services: Services = app.extensions["marketplace_services"]
    generator, choose = IndexGenerator(seed), random.Random(seed)
    with app.app_context():
        pipe.send(_WORKS)
        while not pipe.poll():
            with open_unit_of_work(services, DistrictScope(district_id), SYSTEM) as work:
                for listing_id in choose.sample(listings, choose.randint(1, 4)):
                    if choose.random() < 0.3:
                        remove_document(work, ListingId(listing_id))
                    else:
                        index_document(work, generator.document(listing_id))
        pipe.send("stopped")


def _search(
    settings: Settings, district_id: DistrictId, seed: int, place: int, pipe: Connection
) -> None:
    """Search until told to stop, then answer the questions of the comparison."""
    app = create_app(settings)
    services: Services = app.extensions["marketplace_services"]
    backend, generator = ColumnsBackend(), IndexGenerator(seed)
    with app.app_context():
        _answers(services, district_id, backend, [generator.request()])
        pipe.send(_WORKS)
        while not pipe.poll():
            _answers(services, district_id, backend, [generator.request()])
        pipe.send(_answers(services, district_id, backend, _questions()))


def _questions() -> list[SearchRequest]:
    generator = IndexGenerator(99)
    return [generator.request() for _ in range(_QUESTIONS)]


def _answers(
    services: Services,
    district_id: DistrictId,
    backend: SearchBackend,
    requests: list[SearchRequest],
) -> list[Found]:
    with open_unit_of_work(services, DistrictScope(district_id), SYSTEM, read_only=True) as work:
        return [backend.find(work, request, parsed(request.words)) for request in requests]


def _reference(settings: Settings, district_id: DistrictId) -> tuple[list[Found], int]:
    app = create_app(settings)
    services: Services = app.extensions["marketplace_services"]
    with app.app_context():
        expected = _answers(services, district_id, NaiveBackend(), _questions())
        scope = DistrictScope(district_id)
        with open_unit_of_work(services, scope, SYSTEM, read_only=True) as work:
            number = newest_change(work)
        db.engine.dispose()
    return expected, number
