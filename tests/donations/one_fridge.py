"""Many claim the one thing, are offered it and accept it all at once, through real servers.

Used small by the tests and at full size by `tools/prove one-fridge`.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from marketplace.donations.models import Claim
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.rules.states import COUNTING, OPEN, ClaimAction
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.identifiers import ListingId, new_id
from tests.bookings.last_place import Crowd, make_crowd
from tests.factories.accounts import actor_of, make_moderator
from tests.factories.listings import make_listing
from tests.support.installation import Installation
from tests.support.servers import Answer, Caller, serving

_PROCESSES = 2
_TWIN = "tests.donations.server_without_lock"
_CLAIM = {
    "quantity": 1,
    "intended_use": "own_purpose",
    "justification": "Unser Kühlschrank ist kaputt.",
}
_OFFER = {"quantity": 1, "reason": "Die Reihenfolge haben wir besprochen."}
_DONE, _GONE = (200, ""), (409, "already_claimed")


@dataclass(frozen=True, kw_only=True)
class Round:
    """What was answered in a round, and how many claims counted against the one thing."""

    claimed: Counter[tuple[int, str]]
    offered: Counter[tuple[int, str]]
    counting_when_offered: int
    accepted: Counter[tuple[int, str]]
    counting_when_accepted: int

    def is_fair(self, claimants: int) -> bool:
        """Tell whether one got it and all others were told that it is taken."""
        one_of_all = Counter({_DONE: 1, _GONE: claimants - 1})
        return (
            self.claimed == Counter({(201, ""): claimants})
            and self.offered == one_of_all
            and self.accepted == one_of_all
            and self.counting_when_offered == self.counting_when_accepted == 1
        )


@dataclass(frozen=True)
class Race:
    """Those who claim, the office that offers, and the servers."""

    crowd: Crowd
    desk: Actor
    ports: Sequence[int]
    threads: ThreadPoolExecutor

    @property
    def installation(self) -> Installation:
        """Where it takes place."""
        return self.crowd.installation

    def at_once(self, ask: Callable[[int, int], Answer]) -> list[Answer]:
        """Let all ask at the same moment; `ask` takes the number of who asks, and a port."""
        start = Barrier(len(self.crowd.callers))

        def wait_and_ask(number: int) -> Answer:
            start.wait()
            return ask(number, self.ports[number % len(self.ports)])

        return list(self.threads.map(wait_and_ask, range(len(self.crowd.callers))))

    def counting(self, listing_id: ListingId) -> int:
        """Count the claims that count against the lot."""
        with self.installation.work() as work:
            return (
                work.session.scalar(
                    select(func.count())
                    .select_from(Claim)
                    .where(Claim.listing_id == listing_id, Claim.state.in_(COUNTING))
                )
                or 0
            )

    def clear(self, listing_id: ListingId) -> None:
        """Decline all who got nothing, so that they may claim in the next round."""
        with self.installation.work(actor=self.desk) as work:
            for claim_id in work.session.scalars(
                select(Claim.id).where(Claim.listing_id == listing_id, Claim.state.in_(OPEN))
            ).all():
                act_on_claim(work, claim_id, ClaimAction.DECLINE, note="Der Kühlschrank ist weg.")


def race_for_one_fridge(
    installation: Installation, *, claimants: int, rounds: int, without_lock: bool = False
) -> list[Round]:
    """Let so many organisations claim one thing, then be offered it and accept it at once."""
    crowd = make_crowd(installation, claimants)
    with installation.work() as work:
        desk = actor_of(work, make_moderator(work))
    module = _TWIN if without_lock else "marketplace"
    settings = installation.services.settings
    # As a program is told to, it asks again while others are served; the twin's answers do not
    # matter, only what it stores.
    send = _once if without_lock else Caller.insist
    with (
        serving(settings, processes=_PROCESSES, module=module) as ports,
        ThreadPoolExecutor(claimants) as threads,
    ):
        race = Race(crowd, desk, ports, threads)
        return [_round(race, send) for _ in range(rounds)]


def _round(race: Race, send: Callable[..., Answer]) -> Round:
    crowd = race.crowd
    with race.installation.work() as work:
        listing_id = make_listing(
            work, crowd.owner, kind="goods", title="Kühlschrank", terms_mode="give"
        ).id
    claimed = race.at_once(
        lambda number, port: _send(
            Caller.insist, crowd.callers[number], port, f"/listings/{listing_id}/claims", _CLAIM
        )
    )
    paths = [f"/claims/{each.body['id']}" for each in claimed]
    offered = race.at_once(
        lambda number, port: _send(send, crowd.owner_caller, port, f"{paths[number]}/offer", _OFFER)
    )
    counting_when_offered = race.counting(listing_id)
    accepted = race.at_once(
        lambda number, port: _send(send, crowd.callers[number], port, f"{paths[number]}/accept", {})
    )
    counting_when_accepted = race.counting(listing_id)
    race.clear(listing_id)
    return Round(
        claimed=_answers(claimed),
        offered=_answers(offered),
        counting_when_offered=counting_when_offered,
        accepted=_answers(accepted),
        counting_when_accepted=counting_when_accepted,
    )


def _send(
    send: Callable[..., Answer], caller: Caller, port: int, path: str, body: Mapping[str, Any]
) -> Answer:
    return send(caller, port, path, body, key=new_id())


def _once(caller: Caller, port: int, path: str, body: Mapping[str, Any], *, key: str) -> Answer:
    with suppress(OSError, HTTPException):
        return caller.post(port, path, body, key=key)
    return Answer(0, b"")


def _answers(answers: Sequence[Answer]) -> Counter[tuple[int, str]]:
    return Counter((each.status, each.code) for each in answers)
