"""The same requests again and again, with connections cut and servers killed: done once.

Used small by the tests and at full size by `tools/prove idempotency`.
"""

import random
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from marketplace.bookings.models import Booking
from tests.bookings.last_place import make_crowd
from tests.factories.bookings import whole_days
from tests.support.installation import Installation
from tests.support.servers import Answer, killable_server

# So many requests of one organisation may wait for an answer (contract, section 6).
_OPEN_REQUESTS = 20
_AT_ONCE = 16
_CUT_OFF = 0.25


@dataclass(frozen=True, kw_only=True)
class RepeatReport:
    """What came of sending each of so many requests so many times."""

    keys: int
    sent: int
    cut_off: int
    kills: int
    effects: int
    refused: int  # keys with an answer that is no success
    differing: int  # keys with more than one answer


def repeat_requests(
    installation: Installation, *, keys: int, repeats: int, kills: int, seed: int
) -> RepeatReport:
    """Ask for an offer of which there is enough, once a key, each sent so many times at random.

    A quarter is cut off before the answer. The server is killed after equal shares of the work.
    """
    choose = random.Random(seed)
    crowd = make_crowd(installation, -(-keys // _OPEN_REQUESTS))
    path = f"/listings/{crowd.offer(quantity=keys)}/bookings"
    turns = [number for number in range(keys) for _ in range(repeats)]
    choose.shuffle(turns)
    cut = [choose.random() < _CUT_OFF for _ in turns]
    answers: defaultdict[int, set[Answer]] = defaultdict(set)

    with (
        killable_server(installation.services.settings) as server,
        ThreadPoolExecutor(_AT_ONCE) as threads,
    ):

        def send(number: int, *, hang_up: bool = False) -> tuple[int, Answer | None]:
            caller = crowd.callers[number % len(crowd.callers)]
            body, key = _body(number), f"request-{number}"
            if hang_up:
                caller.post_and_hang_up(server.port, path, body, key=key)
                return number, None
            return number, caller.insist(server.port, path, body, key=key)

        def keep(done: "Future[tuple[int, Answer | None]]") -> None:
            number, answer = done.result()
            if answer is not None:
                answers[number].add(answer)

        sent = [
            threads.submit(send, number, hang_up=hang_up)
            for number, hang_up in zip(turns, cut, strict=True)
        ]
        for count, done in enumerate(as_completed(sent), start=1):
            keep(done)
            if count % (len(turns) // (kills + 1)) == 0 and server.kills < kills:
                server.kill_and_restart()
        # Whoever was only ever cut off asks once more.
        for number in range(keys):
            keep(threads.submit(send, number))
    with installation.work() as work:
        effects = work.session.scalar(select(func.count()).select_from(Booking)) or 0
    return RepeatReport(
        keys=keys,
        sent=len(turns),
        cut_off=sum(cut),
        kills=server.kills,
        effects=effects,
        refused=sum(any(each.status != 201 for each in said) for said in answers.values()),
        differing=sum(len(said) > 1 for said in answers.values()),
    )


def _body(number: int) -> dict[str, Any]:
    day = datetime.now(UTC).date() + timedelta(days=2 + number % 300)
    period = whole_days(day, day)
    return {
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "quantity": 1,
        "message": f"Anfrage {number}: ein Platz für einen Tag.",
    }
