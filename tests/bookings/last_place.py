"""Many ask for the same at the same moment, through real servers: nothing is promised twice.

Used small by the tests and at full size by `tools/prove last-place`.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.accounts.operations.tokens import token_of
from marketplace.accounts.rules.tokens import Scope
from marketplace.bookings.models import Booking
from marketplace.foundation.database.unit_of_work import Actor, UnitOfWork
from marketplace.foundation.identifiers import ListingId, new_id
from marketplace.search.rules.windows import Window
from tests.factories.accounts import actor_of, make_organisation, make_person
from tests.factories.bookings import whole_days
from tests.factories.listings import make_listing
from tests.support.installation import Installation
from tests.support.servers import Answer, Caller, serving

_PROCESSES = 2
_TWIN = "tests.bookings.server_without_lock"
_GRANTED, _REFUSED = (201, ""), (409, "capacity_exhausted")
_CAPACITY = 100
_MOST_AT_ONCE = 16


@dataclass(frozen=True)
class Crowd:
    """Those who ask, each for an organisation of their own, and whose offers they ask for."""

    installation: Installation
    callers: list[Caller]
    askers: list[Actor]  # the same ones inside the product
    owner: Organisation
    owner_caller: Caller

    def offer(self, *, quantity: int) -> ListingId:
        """Make an offer of which there is so much at a time."""
        with self.installation.work() as work:
            return make_listing(
                work,
                self.owner,
                kind="space",
                quantity=quantity,
                unit="pallet_place",
                valid_until=work.now() + timedelta(days=1_000),
            ).id


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A quantity over a time, and what was answered."""

    period: Window
    quantity: int
    answer: Answer


def make_crowd(installation: Installation, size: int) -> Crowd:
    """Make so many verified organisations with a token each."""
    installation.clock.advance(datetime.now(UTC) - installation.clock.now())
    with installation.work() as work:
        owner = make_organisation(work, name="Lagerhaus")
        owner_caller, _ = _somebody_of(work, owner, installation.a.host)
        everybody = [
            _somebody_of(work, make_organisation(work), installation.a.host) for _ in range(size)
        ]
    callers, askers = (list(each) for each in zip(*everybody, strict=True))
    return Crowd(installation, callers, askers, owner, owner_caller)


def _somebody_of(work: UnitOfWork, organisation: Organisation, host: str) -> tuple[Caller, Actor]:
    person = make_person(work, organisation=organisation)
    _, secret = token_of(work, person.id, name="Probe", scopes=[Scope.READ, Scope.WRITE])
    return Caller(host, secret), actor_of(work, person)


@dataclass(frozen=True, kw_only=True)
class Race:
    """What came of rounds on one place; fair: one got it, and all others heard that it is taken."""

    fair: int
    unfair: list[Counter[tuple[int, str]]]  # the answers of each round that was not


def race_for_the_last_place(crowd: Crowd, *, rounds: int, without_lock: bool = False) -> Race:
    """Let all ask for the one place of a day at once, a day a round."""
    listing_id = crowd.offer(quantity=1)
    expected = Counter({_GRANTED: 1, _REFUSED: len(crowd.callers) - 1})
    module = _TWIN if without_lock else "marketplace"
    settings = crowd.installation.services.settings
    unfair = []
    with (
        serving(settings, processes=_PROCESSES, module=module) as ports,
        ThreadPoolExecutor(len(crowd.callers)) as threads,
    ):
        for number in range(rounds):
            period = _days(2 + number, 2 + number)
            start = Barrier(len(crowd.callers))

            def ask(place: int, start: Barrier = start, period: Window = period) -> tuple[int, str]:
                start.wait()
                port = ports[place % len(ports)]
                answer = _ask(crowd.callers[place].post, port, listing_id, period, 1)
                return answer.status, answer.code

            answers = Counter(threads.map(ask, range(len(crowd.callers))))
            if answers != expected:
                unfair.append(answers)
    return Race(fair=rounds - len(unfair), unfair=unfair)


@dataclass(frozen=True, kw_only=True)
class RandomReport:
    """What came of random wishes."""

    asked: int
    granted: int
    most_promised: int  # at any instant
    refused_though_free: int
    other_answers: dict[tuple[int, str], int]


def random_wishes(crowd: Crowd, *, wishes: int, seed: int) -> RandomReport:
    """Let all ask for random quantities over random, overlapping times."""
    listing_id = crowd.offer(quantity=_CAPACITY)
    choose = random.Random(seed)
    wanted = [
        (
            choose.choice(crowd.callers),
            _random_days(choose, among=wishes // 8),
            choose.randint(1, 60),
        )
        for _ in range(wishes)
    ]
    settings = crowd.installation.services.settings
    with (
        serving(settings, processes=_PROCESSES) as ports,
        ThreadPoolExecutor(_MOST_AT_ONCE) as threads,
    ):

        def ask(number: int) -> Wish:
            caller, period, quantity = wanted[number]
            port = ports[number % len(ports)]
            # As a program is told to: while its request waits in a long queue, it asks again.
            answer = _ask(caller.insist, port, listing_id, period, quantity)
            return Wish(period=period, quantity=quantity, answer=answer)

        answered = list(threads.map(ask, range(wishes)))
    promised = _promised(crowd.installation, listing_id)
    answers = Counter((each.answer.status, each.answer.code) for each in answered)
    granted = answers.pop(_GRANTED, 0)
    answers.pop(_REFUSED, 0)
    if granted != len(promised):
        raise RuntimeError(f"{granted} were told yes, {len(promised)} are stored")
    return RandomReport(
        asked=wishes,
        granted=granted,
        most_promised=_most(promised),
        refused_though_free=sum(
            _most(promised, each.period) + each.quantity <= _CAPACITY
            for each in answered
            if (each.answer.status, each.answer.code) == _REFUSED
        ),
        other_answers=dict(answers),
    )


def _ask(
    send: Callable[..., Answer], port: int, listing_id: ListingId, period: Window, quantity: int
) -> Answer:
    body = {
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "quantity": quantity,
        "message": "Wir hätten gern einen Platz.",
    }
    return send(port, f"/listings/{listing_id}/bookings", body, key=new_id())


def _days(first: int, last: int) -> Window:
    today = datetime.now(UTC).date()
    return whole_days(today + timedelta(days=first), today + timedelta(days=last))


def _random_days(choose: random.Random, *, among: int) -> Window:
    first = choose.randint(2, among)
    return _days(first, first + choose.randint(0, 14))


def _promised(
    installation: Installation, listing_id: ListingId
) -> list[tuple[datetime, datetime, int]]:
    with installation.work() as work:
        return [
            (each.starts_at, each.ends_at, each.quantity)
            for each in work.session.scalars(
                select(Booking).where(Booking.listing_id == listing_id)
            )
        ]


def _most(promised: Sequence[tuple[datetime, datetime, int]], within: Window | None = None) -> int:
    """Give the most that is promised at any instant, looked for at every beginning."""
    beginnings = {start for start, _, _ in promised}
    if within is not None:
        beginnings = {each for each in beginnings if within.start < each < within.end}
        beginnings.add(within.start)
    return max(
        (
            sum(quantity for start, end, quantity in promised if start <= instant < end)
            for instant in beginnings
        ),
        default=0,
    )
