"""The outbox: what has to happen after a commit, written in the same transaction."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.foundation.database.model import Base
from marketplace.foundation.database.types import json_column
from marketplace.foundation.identifiers import new_id

# A worker that is killed leaves its lease behind; after this time another one takes the job.
LEASE = timedelta(seconds=60)
# With these pauses two days and eight hours: a mail server may be away over a weekend.
MOST_ATTEMPTS = 18
_FIRST_DELAY = timedelta(seconds=15)
_LONGEST_DELAY = timedelta(hours=8)


class OutboxJob(Base):
    """A job to run; the row is deleted when it is done and parked when it failed for good."""

    __tablename__ = "outbox_job"
    __table_args__ = (Index("ix_outbox_job_due", "parked_at", "due_at"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    # Null: a job of the installation.
    district_id: Mapped[str | None] = mapped_column(ForeignKey("district.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(json_column())
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]  # null: nobody is at it
    parked_at: Mapped[datetime | None]  # null: still to be done
    last_error: Mapped[str | None]  # null: never failed


def claim_job(session: Session, now: datetime) -> OutboxJob | None:
    """Lease the job that has been due longest; None where nothing is due.

    The caller commits; until then another worker skips the row (PostgreSQL) or waits (SQLite).
    """
    job = session.scalars(
        select(OutboxJob)
        .where(
            OutboxJob.parked_at.is_(None),
            OutboxJob.due_at <= now,
            OutboxJob.leased_until.is_(None) | (OutboxJob.leased_until <= now),
        )
        .order_by(OutboxJob.due_at, OutboxJob.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if job is not None:
        job.leased_until = now + LEASE
        job.attempts += 1
    return job


def note_failure(job: OutboxJob, error: str, now: datetime) -> None:
    """Try again later, each time after a longer pause; park the job after the last try."""
    job.last_error = error
    job.leased_until = None
    if job.attempts >= MOST_ATTEMPTS:
        job.parked_at = now
    else:
        job.due_at = now + min(_FIRST_DELAY * 2 ** (job.attempts - 1), _LONGEST_DELAY)
