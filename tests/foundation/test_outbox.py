"""What follows a commit: done once, tried again when it fails, never forgotten."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from marketplace.foundation.database.session import db
from marketplace.foundation.jobs import worker
from marketplace.foundation.jobs.outbox import LEASE, MOST_ATTEMPTS, OutboxJob, claim_job
from marketplace.foundation.jobs.worker import JobContext, job, keep_running_jobs
from tests.support.installation import Installation
from tests.support.waiting import Intruder, wait_briefly

_done: list[tuple[str, str]] = []
_intruders: list[Intruder] = []


class Pauses(threading.Event):
    """Has something happen in each pause of a worker, and tells it to stop in the next."""

    def __init__(self, *deeds: Callable[[], None]) -> None:
        super().__init__()
        self._deeds = [*deeds, self.set]

    def wait(self, timeout: float | None = None) -> bool:
        """Do the next one instead of waiting."""
        self._deeds.pop(0)()
        return self.is_set()


@job("test_note")
def _note(context: JobContext, text: str) -> None:
    with context.unit_of_work(read_only=True) as work:
        _done.append((work.district_id, text))


@job("test_fail")
def _fail(context: JobContext) -> None:
    raise ConnectionError("no answer")


@job("test_note_and_let_in")
def _note_and_let_in(context: JobContext, text: str) -> None:
    _note(context, text)
    if _intruders:
        _intruders.pop().enter()


@pytest.fixture(autouse=True)
def _forget() -> None:
    _done.clear()
    _intruders.clear()


def test_a_job_runs_once_in_the_district_that_asked_for_it(installation: Installation) -> None:
    with installation.work(installation.b) as work:
        work.enqueue("test_note", text="hallo")

    installation.run_jobs()
    installation.run_jobs()

    assert _done == [(installation.b.id, "hallo")]


def test_a_job_waits_until_it_is_due(installation: Installation) -> None:
    with installation.work() as work:
        work.enqueue("test_note", text="später", due_at=work.now() + timedelta(hours=1))

    assert installation.run_jobs() == 0
    installation.clock.advance(timedelta(hours=1))
    installation.run_jobs()

    assert _done == [(installation.a.id, "später")]


def test_a_failing_job_is_tried_again_later_and_parked_in_the_end(
    installation: Installation,
) -> None:
    with installation.work() as work:
        work.enqueue("test_fail")

    tries = 0
    while tries < MOST_ATTEMPTS:
        assert installation.run_jobs() == 1
        assert installation.run_jobs() == 0  # not at once
        tries += 1
        installation.clock.advance(timedelta(hours=9))

    with installation.platform_work() as work:
        parked = work.session.scalars(select(OutboxJob)).one()
        assert parked.parked_at is not None
        assert parked.last_error == "ConnectionError: no answer"
    assert installation.run_jobs() == 0


def test_a_job_whose_worker_died_is_taken_by_another(installation: Installation) -> None:
    with installation.work() as work:
        work.enqueue("test_note", text="weiter")
    with installation.platform_work() as work:
        assert claim_job(work.session, work.now()) is not None  # and then the worker is gone

    assert installation.run_jobs() == 0
    installation.clock.advance(LEASE)
    assert installation.run_jobs() == 1

    assert _done == [(installation.a.id, "weiter")]


def test_two_workers_never_claim_the_same_job(installation: Installation) -> None:
    with installation.work() as work:
        for number in range(5):
            work.enqueue("test_note", text=str(number))

    claimed = [worker._claim(installation.services) for _ in range(6)]

    assert len({entry.id for entry in claimed if entry}) == 5
    assert claimed[5] is None


def test_a_worker_sits_out_that_others_keep_the_jobs_and_says_so_once(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    with installation.work() as work:
        work.enqueue("test_note", text="danach")
    wait_briefly(installation)
    intruder = Intruder(installation)
    intruder.enter()

    keep_running_jobs(installation.services, Pauses(lambda: None, lambda: None, intruder.leave))

    assert _done == [(installation.a.id, "danach")]
    assert [record.getMessage().partition(" for the worker")[0] for record in caplog.records] == [
        "the database does not work",
        "the database works",
    ]


def test_a_job_whose_end_could_not_be_noted_is_run_again(installation: Installation) -> None:
    with installation.work() as work:
        work.enqueue("test_note_and_let_in", text="zweimal")
    wait_briefly(installation)
    intruder = Intruder(installation)
    _intruders.append(intruder)

    def the_lease_ends() -> None:
        installation.clock.advance(LEASE)

    keep_running_jobs(installation.services, Pauses(intruder.leave, the_lease_ends))

    assert _done == [(installation.a.id, "zweimal")] * 2
    with installation.platform_work() as work:
        assert work.session.scalars(select(OutboxJob)).all() == []


def test_a_mistake_of_ours_ends_the_worker(installation: Installation) -> None:
    def misspell(*arguments: object) -> tuple[str, object]:
        _, _, statement, parameters, *_ = arguments
        return str(statement).replace("outbox_job", "outbox_jop"), parameters

    event.listen(db.engine, "before_cursor_execute", misspell, retval=True)

    with pytest.raises((OperationalError, ProgrammingError), match="outbox_jop"):
        keep_running_jobs(installation.services, Pauses())
