"""Runs the jobs of the outbox, one after the other, each in its district's scope."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from marketplace.foundation.database.tenancy import DistrictScope, PlatformScope, Scope
from marketplace.foundation.database.unit_of_work import SYSTEM, UnitOfWork, open_unit_of_work
from marketplace.foundation.identifiers import DistrictId
from marketplace.foundation.jobs.outbox import OutboxJob, claim_job, note_failure
from marketplace.foundation.services import Services

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
_jobs: dict[str, Job] = {}


def job(name: str) -> Callable[[Job], Job]:
    """Register a function `(context, **payload)` under the name it is enqueued with.

    It must be safe to run twice: a worker may be killed between the deed and the note of it.
    """

    def register(function: Job) -> Job:
        _jobs[name] = function
        return function

    return register


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
    job_id, name, district_id, payload = claimed
    scope: Scope = DistrictScope(district_id) if district_id else PlatformScope(f"job {name}")
    error = ""
    try:
        _jobs[name](JobContext(services, scope), **payload)
    except Exception as exception:
        _log.exception("job failed", extra={"job": name, "job_id": job_id})
        error = f"{type(exception).__name__}: {exception}"
    _settle(services, job_id, error)
    return True


def _claim(services: Services) -> tuple[str, str, DistrictId | None, dict[str, Any]] | None:
    with open_unit_of_work(services, PlatformScope("claim a job"), SYSTEM) as work:
        claimed = claim_job(work.session, work.now())
        if claimed is None:
            return None
        district_id = DistrictId(claimed.district_id) if claimed.district_id else None
        return claimed.id, claimed.name, district_id, dict(claimed.payload)


def _settle(services: Services, job_id: str, error: str) -> None:
    with open_unit_of_work(services, PlatformScope("settle a job"), SYSTEM) as work:
        settled = work.session.get(OutboxJob, job_id)
        if settled is None:
            return
        if error:
            note_failure(settled, error, work.now())
        else:
            work.session.delete(settled)
