"""How long after a commit another process finds what was committed."""

import time
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection

from marketplace.app import create_app
from marketplace.cli.context import COMMAND_LINE
from marketplace.foundation.database.tenancy import DistrictScope
from marketplace.foundation.database.unit_of_work import open_unit_of_work
from marketplace.foundation.identifiers import DistrictId, ListingId
from marketplace.foundation.services import Services
from marketplace.foundation.settings import Settings
from marketplace.search.backends.columns import ColumnsBackend
from marketplace.search.interfaces import SearchDocument
from marketplace.search.operations import add_documents

_COMMITS = 200
_PAUSE_SECONDS = 0.0005  # between two looks


def seconds_until_seen(
    settings: Settings, district_id: DistrictId, document: SearchDocument
) -> list[float]:
    """Commit new words one after the other, and give when a second process found each."""
    app = create_app(settings)
    services: Services = app.extensions["marketplace_services"]
    spawn = get_context("spawn")
    here, there = spawn.Pipe()
    watcher = spawn.Process(target=_watch, args=(settings, district_id, there))
    watcher.start()
    here.recv()  # it has read the index
    waited = []
    with app.app_context():
        for number in range(_COMMITS):
            word = f"neuheit{number}"
            new = replace(document, title=word, listing_id=ListingId(f"new-{number}"))
            here.send(word)
            here.recv()  # it looks
            with open_unit_of_work(services, DistrictScope(district_id), COMMAND_LINE) as work:
                add_documents(work, [new])
            committed = time.monotonic()
            waited.append(max(0.0, here.recv() - committed))
    here.send(None)
    watcher.join()
    return waited


def _watch(settings: Settings, district_id: DistrictId, pipe: "Connection") -> None:
    """Look for each word that is named until it is found, and tell when that was."""
    app = create_app(settings)
    services: Services = app.extensions["marketplace_services"]
    backend = ColumnsBackend()

    def is_known(word: str) -> bool:
        scope = DistrictScope(district_id)
        with open_unit_of_work(services, scope, COMMAND_LINE, read_only=True) as work:
            return bool(backend.known(work, [word]))

    with app.app_context():
        pipe.send(is_known(""))
        while (word := pipe.recv()) is not None:
            pipe.send(is_known(word))
            while not is_known(word):
                time.sleep(_PAUSE_SECONDS)
            pipe.send(time.monotonic())
