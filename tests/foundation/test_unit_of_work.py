"""One transaction for each request, job and command."""

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Person
from marketplace.foundation.audit import AuditEntry
from marketplace.foundation.jobs.outbox import OutboxJob
from tests.support.installation import Installation


def _person(installation: Installation, email: str) -> Person:
    return Person(
        email=email, name="Betriebsleitung", password_hash="x", created_at=installation.clock.now()
    )


def test_what_is_written_before_an_error_is_gone(installation: Installation) -> None:
    with pytest.raises(RuntimeError), installation.work() as work:
        work.session.add(_person(installation, "eins@betrieb.example"))
        work.record("register", "person", "1")
        work.enqueue("deliver_mail", mail_id="1")
        work.session.flush()
        raise RuntimeError

    with installation.work() as work:
        assert work.session.scalars(select(Person)).all() == []
        assert work.session.scalars(select(AuditEntry)).all() == []
    with installation.platform_work() as work:
        assert work.session.scalars(select(OutboxJob)).all() == []


def test_a_job_exists_once_its_cause_is_committed(installation: Installation) -> None:
    with installation.work() as work:
        work.enqueue("deliver_mail", mail_id="1")

    with installation.platform_work() as work:
        (job,) = work.session.scalars(select(OutboxJob)).all()
        assert (job.name, job.district_id) == ("deliver_mail", installation.a.id)
