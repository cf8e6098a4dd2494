"""Firms that write while server and worker are killed: what was acknowledged is there, whole.

Used small by the tests and at full size by `tools/prove kill`.
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import select

from marketplace.bookings.models import Booking
from marketplace.bookings.rules.states import BookingState
from marketplace.messaging.models import Message
from tests.bookings.last_place import Crowd, make_crowd
from tests.factories.bookings import whole_days
from tests.support.installation import Installation
from tests.support.servers import (
    ROOT,
    Caller,
    environment_of,
    killable_server,
    killable_worker,
    start_server,
)

_PLENTY = 10_000
# Shortest and longest time between two kills, in seconds: enough for some hundred writes.
_PAUSES = (0.1, 1.0)


@dataclass(frozen=True, kw_only=True)
class KillReport:
    """What was acknowledged, and what is missing, doubled or broken afterwards."""

    kills: int
    acknowledged: int  # requests, acceptances and messages
    other_answers: int
    missing: int
    doubled: int
    broken: list[str]  # the invariants that do not hold

    @property
    def holds(self) -> bool:
        """Whether something was written, and all of it is there once."""
        wrong = (self.other_answers, self.missing, self.doubled, len(self.broken))
        return self.acknowledged > 0 and not any(wrong)


@dataclass(frozen=True, kw_only=True)
class _Agreed:
    """A booking whose request, acceptance and message were acknowledged."""

    booking_id: str
    request: str
    message: str


def write_under_kills(
    installation: Installation, *, writers: int, kills: int, seed: int
) -> KillReport:
    """Let firms ask, be accepted and write, until server and worker were killed so many times."""
    choose = random.Random(seed)
    crowd = make_crowd(installation, writers)
    listing = f"/listings/{crowd.offer(quantity=_PLENTY)}"
    settings, enough = installation.services.settings, Event()
    with (
        killable_server(settings) as server,
        killable_worker(settings) as worker,
        ThreadPoolExecutor(writers) as threads,
    ):
        written = [
            threads.submit(_write, crowd, place, server.port, listing, enough)
            for place in range(writers)
        ]
        try:
            for _ in range(kills):
                time.sleep(choose.uniform(*_PAUSES))
                choose.choice((server, worker)).kill_and_restart()
        finally:
            enough.set()
        done = [each for future in written for each in future.result()[0]]
        others = sum(future.result()[1] for future in written)
    return _report(installation, done, others, kills=server.kills + worker.kills)


def syncs_per_write(installation: Installation, *, writes: int, watched: int | None) -> float:
    """Give how often the database synced for each of so many acknowledged writes, one by one.

    `watched`: the process that writes the database; None for the server itself (SQLite).
    """
    crowd = make_crowd(installation, 1)
    listing = f"/listings/{crowd.offer(quantity=_PLENTY)}"
    settings = installation.services.settings
    trace = settings.data_dir / "syncs.txt"
    watch = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(trace)]
    beside = subprocess.Popen([*watch, "-p", str(watched)]) if watched else None
    server = start_server(settings, within=[] if watched else watch)
    try:
        body = {"message": "Ist dafür eine Rampe da?"}
        opened = crowd.callers[0].post(server.port, f"{listing}/threads", body, key="opened")
        path = f"/threads/{opened.body['thread']}/messages"
        before = _syncs(trace)
        for number in range(writes):
            answer = crowd.callers[0].post(
                server.port, path, {"message": f"Nachricht {number}"}, key=f"written-{number}"
            )
            if answer.status != 201:
                raise RuntimeError(f"{answer.status}: {answer.content.decode()}")
        return (_syncs(trace) - before) / writes
    finally:
        server.kill()
        if beside is not None:
            with beside:
                beside.terminate()


def _syncs(trace: Path) -> int:
    return len(trace.read_text().splitlines()) if trace.exists() else 0


def _write(
    crowd: Crowd, place: int, port: int, listing: str, enough: Event
) -> tuple[list[_Agreed], int]:
    """Write until it is enough; give what was acknowledged, and how often something else came."""
    agreed, others, number = [], 0, 0
    while not enough.is_set():
        number += 1
        name = f"{place}-{number}"
        body = _request(number, f"Anfrage {name}")
        booking = _insist(crowd.callers[place], port, f"{listing}/bookings", body, f"ask-{name}")
        path = f"/bookings/{booking.get('id')}/accept"
        accepted = _insist(crowd.owner_caller, port, path, {}, f"accept-{name}")
        path = f"/threads/{booking.get('thread')}/messages"
        text = {"message": f"Nachricht {name}"}
        message = _insist(crowd.callers[place], port, path, text, f"write-{name}")
        if booking and accepted and message:
            agreed.append(
                _Agreed(
                    booking_id=booking["id"],
                    request=f"Anfrage {name}",
                    message=f"Nachricht {name}",
                )
            )
        else:
            others += 1
    return agreed, others


def _insist(caller: Caller, port: int, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
    """Give what a success says; empty for anything else."""
    answer = caller.insist(port, path, body, key=key)
    return dict(answer.body) if answer.status < 300 else {}


def _request(number: int, message: str) -> dict[str, Any]:
    day = datetime.now(UTC).date() + timedelta(days=2 + number % 300)
    period = whole_days(day, day)
    return {
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "quantity": 1,
        "message": message,
    }


def _report(
    installation: Installation, done: list[_Agreed], others: int, *, kills: int
) -> KillReport:
    with installation.work() as work:
        states = dict(work.session.execute(select(Booking.id, Booking.state)).all())
        texts = Counter(work.session.scalars(select(Message.body)))
    expected = [text for each in done for text in (each.request, each.message)]
    missing = sum(states.get(each.booking_id) != BookingState.ACCEPTED for each in done)  # type: ignore[call-overload]
    return KillReport(
        kills=kills,
        acknowledged=3 * len(done),
        other_answers=others,
        missing=missing + sum(texts[text] == 0 for text in expected),
        doubled=sum(texts[text] > 1 for text in expected) + len(states) - len(done),
        broken=_broken_invariants(installation),
    )


def _broken_invariants(installation: Installation) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "marketplace", "verify", "--json"],
        cwd=ROOT,
        env=environment_of(installation.services.settings),
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        f"{each['id']}: {each['violations'][:3]}"
        for each in json.loads(done.stdout)["invariants"]
        if not each["ok"]
    ]
