"""Runs the jobs of the outbox, one after the other, each in its district's scope."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError

from marketplace.foundation.database.session import may_pass
from marketplace.foundation.database.tenancy import DistrictScope, PlatformScope, Scope
from marketplace.foundation.database.unit_of_work import (
    SYSTEM,
    OutcomeUnknown,
    UnitOfWork,
    open_unit_of_work,
)
from marketplace.foundation.identifiers import DistrictId
from marketplace.foundation.jobs.outbox import OutboxJob, claim_job, note_failure
from marketplace.foundation.services import Services

_PAUSE_SECONDS = 0.5

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class JobContext:
    """What a job works with: it opens its own short units of work, all in its scope."""

    services: Services
    scope: Scope

    @contextmanager
    def unit_of_work(self, *, read_only: bool = False) -> Iterator[UnitOfWork]:
        """Work in one transaction of the job's district."""
        with open_unit_of_work(self.services, self.scope, SYSTEM, read_only=read_only) as work:
            yield work


Job = Callable[..., None]
WhenParked = Callable[..., None]
_jobs: dict[str, Job] = {}
_when_parked: dict[str, WhenParked] = {}


@dataclass(frozen=True, kw_only=True)
class _Claimed:
    """A job that this worker holds a lease on."""

    id: str
    name: str
    district_id: DistrictId | None
    payload: dict[str, Any]

    @property
    def scope(self) -> Scope:
        """Where it works."""
        if self.district_id:
            return DistrictScope(self.district_id)
        return PlatformScope(f"job {self.name}")


def job(name: str, *, when_parked: WhenParked | None = None) -> Callable[[Job], Job]:
    """Register a function `(context, **payload)` under the name it is enqueued with.

    It must be safe to run twice: a worker may be killed between the deed and the note of it.
    `when_parked`: an operation `(work, error=..., **payload)` that notes, in the transaction that
    parks the job after its last try, that it was not done.
    """

    def register(function: Job) -> Job:
        _jobs[name] = function
        if when_parked is not None:
            _when_parked[name] = when_parked
        return function

    return register


def keep_running_jobs(services: Services, stopped: threading.Event) -> None:
    """Run what is due, as it becomes due, until told to stop; sit out what the database suffers.

    A job whose end could not be noted is run again after its lease, as if the worker had died.
    """
    is_troubled = False
    while not stopped.is_set():
        try:
            # One job at a time, so that a signal is heard between two of them.
            may_rest = not run_pending_jobs(services, most=1)
        except (DBAPIError, OutcomeUnknown) as error:
            if isinstance(error, DBAPIError) and not may_pass(error):
                raise
            if not is_troubled:
                reason = error.orig if isinstance(error, DBAPIError) else error
                _log.warning("the database does not work for the worker, which waits: %s", reason)
            is_troubled = may_rest = True
        else:
            if is_troubled:
                _log.warning("the database works for the worker again")
            is_troubled = False
        if may_rest:
            stopped.wait(_PAUSE_SECONDS)


def run_pending_jobs(services: Services, *, most: int | None = None) -> int:
    """Run what is due until nothing is left (or `most` jobs); give how many were tried."""
    tried = 0
    while (most is None or tried < most) and _run_next(services):
        tried += 1
    return tried


def _run_next(services: Services) -> bool:
    claimed = _claim(services)
    if claimed is None:
        return False
    error = ""
    try:
        _jobs[claimed.name](JobContext(services, claimed.scope), **claimed.payload)
    except Exception as exception:
        _log.exception("job failed", extra={"job": claimed.name, "job_id": claimed.id})
        error = f"{type(exception).__name__}: {exception}"
    _settle(services, claimed, error)
    return True


def _claim(services: Services) -> _Claimed | None:
    with open_unit_of_work(services, PlatformScope("claim a job"), SYSTEM) as work:
        claimed = claim_job(work.session, work.now())
        if claimed is None:
            return None
        return _Claimed(
            id=claimed.id,
            name=claimed.name,
            district_id=DistrictId(claimed.district_id) if claimed.district_id else None,
            payload=dict(claimed.payload),
        )


def _settle(services: Services, claimed: _Claimed, error: str) -> None:
    with open_unit_of_work(services, claimed.scope, SYSTEM) as work:
        settled = work.session.get(OutboxJob, claimed.id)
        if settled is None:
            return
        if not error:
            work.session.delete(settled)
            return
        note_failure(settled, error, work.now())
        if settled.parked_at is not None and claimed.name in _when_parked:
            _when_parked[claimed.name](work, error=error, **claimed.payload)
