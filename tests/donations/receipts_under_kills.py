"""Receipts that are issued while those who issue them are killed: numbers have no gap."""

import hashlib
import multiprocessing
import random
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from marketplace.accounts.queries import actor_for
from marketplace.app import create_app
from marketplace.donations.models import Receipt
from marketplace.donations.operations.receipts import (
    expect_receipt,
    issue_receipt,
    replace_receipt,
)
from marketplace.donations.queries.receipts import PAPER_FOLDER, receipt_file, standing_receipt
from marketplace.donations.rules.receipts import ReceiptState
from marketplace.foundation.database.tenancy import DistrictScope
from marketplace.foundation.database.unit_of_work import Actor, open_unit_of_work
from marketplace.foundation.identifiers import ClaimId, DistrictId, PersonId
from marketplace.foundation.services import Services
from marketplace.foundation.settings import Settings
from tests.factories.gifts import make_given
from tests.factories.papers import (
    adopt_words,
    make_answers,
    make_handed_over,
    make_line,
    make_request,
    state,
)
from tests.support.installation import Installation

# Shortest and longest life of one who issues, in seconds after the first number.
_PAUSES = (0.0, 0.4)
_LONGEST_SECONDS = 60
_LOOK_EVERY_SECONDS = 0.02
# SQLite lets those wait longest who have waited long: nobody may take the lock without a pause.
_BREATH_SECONDS = 0.1
# Each life begins as a copy of a process that has loaded everything, so that it begins at once.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


@dataclass(frozen=True, kw_only=True)
class ReceiptReport:
    """What is there in the end."""

    kills: int
    acknowledged: int
    issued: int
    missing: int  # acknowledged, and not there
    gaps: int  # numbers that are missing or doubled
    without_file: int  # or with another one
    standing: int  # receipts that are not void

    @property
    def holds(self) -> bool:
        """Whether something was issued, and all of it is in order."""
        wrong = (self.missing, self.gaps, self.without_file)
        return self.acknowledged > 0 and not any(wrong)


class _Issuer:
    """A process that issues until it is killed."""

    def __init__(self, installation: Installation, person_id: PersonId, claim_id: ClaimId) -> None:
        settings = installation.services.settings
        # A pipe would break off in the middle of a number; lines of a file are written whole.
        self._said = settings.data_dir / f"said-{claim_id}.txt"
        self._said.touch()
        self._what = (settings, installation.a.id, person_id, claim_id, self._said)
        self._start()

    def _start(self) -> None:
        before = len(self.acknowledged)
        self._process = _FORKS.Process(target=_issue_for_ever, args=self._what)
        self._process.start()
        latest = time.monotonic() + _LONGEST_SECONDS
        while len(self.acknowledged) == before:
            if time.monotonic() > latest or not self._process.is_alive():
                raise RuntimeError("it issues nothing")
            time.sleep(_LOOK_EVERY_SECONDS)

    @property
    def acknowledged(self) -> list[int]:
        """Give the numbers that it has said so far."""
        return [int(line) for line in self._said.read_text().split()]

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.join()

    def kill_and_restart(self) -> None:
        """Kill it with all that it is about to do, and wait until it issues again."""
        self.kill()
        self._start()


def issue_under_kills(
    installation: Installation, *, issuers: int, kills: int, seed: int
) -> ReceiptReport:
    """Let people of one recipient issue at the same time, and kill them so many times."""
    choose = random.Random(seed)
    gift = make_given(installation, quantity=issuers)
    adopt_words(gift)
    claims = []
    for _ in range(issuers):
        claims.append(make_handed_over(gift, "Sportverein", 1))
        state(gift, claims[-1], make_answers(make_line(quantity=1)))
    person_id = gift.claimants["Sportverein"].person_id
    assert person_id is not None
    with ExitStack() as at_the_end:
        running = []
        for claim_id in claims:
            running.append(_Issuer(installation, person_id, claim_id))
            at_the_end.callback(running[-1].kill)
        for _ in range(kills):
            time.sleep(choose.uniform(*_PAUSES))
            choose.choice(running).kill_and_restart()
    return _report(installation, [each.acknowledged for each in running], kills)


def _report(
    installation: Installation, acknowledged: Sequence[list[int]], kills: int
) -> ReceiptReport:
    with installation.work() as work:
        receipts = work.session.scalars(select(Receipt)).all()
        without_file = sum(not _has_file(installation, each) for each in receipts)
    numbers = sorted(each.number for each in receipts)
    said = [number for each in acknowledged for number in each]
    return ReceiptReport(
        kills=kills,
        acknowledged=len(said),
        issued=len(receipts),
        missing=len(set(said) - set(numbers)) + len(said) - len(set(said)),
        gaps=sum(number != place for place, number in enumerate(numbers, start=1)),
        without_file=without_file,
        standing=sum(each.state != ReceiptState.VOIDED for each in receipts),
    )


def _has_file(installation: Installation, receipt: Receipt) -> bool:
    folder = installation.services.settings.files_dir / installation.a.id / PAPER_FOLDER
    path: Path = folder / receipt_file(receipt.id)
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == receipt.sha256


def _issue_for_ever(
    settings: Settings,
    district_id: DistrictId,
    person_id: PersonId,
    claim_id: ClaimId,
    said: Path,
) -> None:
    """Replace the receipt to a claim again and again, and say each number that was committed."""
    app = create_app(settings)
    services: Services = app.extensions["marketplace_services"]
    scope = DistrictScope(district_id)
    with app.app_context(), said.open("a", buffering=1) as file:
        with open_unit_of_work(services, scope, read_only=True) as work:
            actor = actor_for(work, person_id)
        while True:
            time.sleep(_BREATH_SECONDS)
            with suppress(OperationalError):  # others were in the way for too long
                file.write(f"{_issue_again(services, scope, actor, claim_id)}\n")


def _issue_again(services: Services, scope: DistrictScope, actor: Actor, claim_id: ClaimId) -> int:
    with open_unit_of_work(services, scope, actor) as work:
        receipt_id = expect_receipt(work)
    with open_unit_of_work(services, scope, actor) as work:
        before = standing_receipt(work, claim_id)
        if before is None:
            return issue_receipt(work, claim_id, make_request(), receipt_id=receipt_id).number
        return replace_receipt(
            work,
            before.id,
            make_request(),
            reason="Noch einmal.",
            new_receipt_id=receipt_id,
        ).number
