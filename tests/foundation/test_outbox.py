"""What follows a commit: done once, tried again when it fails, never forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.foundation.jobs import worker
from marketplace.foundation.jobs.outbox import LEASE, MOST_ATTEMPTS, OutboxJob, claim_job
from marketplace.foundation.jobs.worker import JobContext, job
from tests.support.installation import Installation

_done: list[tuple[str, str]] = []


@job("test_note")
def _note(context: JobContext, text: str) -> None:
    with context.unit_of_work(read_only=True) as work:
        _done.append((work.district_id, text))


@job("test_fail")
def _fail(context: JobContext) -> None:
    raise ConnectionError("no answer")


@pytest.fixture(autouse=True)
def _forget() -> None:
    _done.clear()


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
