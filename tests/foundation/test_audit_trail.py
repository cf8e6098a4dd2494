"""The audit trail can be read and added to, and nothing else."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from marketplace.foundation.audit import AuditEntry
from tests.support.installation import Installation


def _recorded(installation: Installation) -> str:
    with installation.work() as work:
        work.record("verify", "organisation", "o1", {"seen": "Handelsregister"})
    with installation.work() as work:
        return work.session.scalars(select(AuditEntry.id)).one()


def test_an_entry_says_who_did_what_when(installation: Installation) -> None:
    _recorded(installation)

    with installation.work() as work:
        entry = work.session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.subject, entry.subject_id) == ("verify", "organisation", "o1")
        assert entry.details == {"seen": "Handelsregister"}
        assert entry.occurred_at == installation.clock.now()
        assert entry.actor_name == "system"


def test_the_database_refuses_to_change_an_entry(installation: Installation) -> None:
    entry_id = _recorded(installation)

    with pytest.raises(DatabaseError, match="append-only"), installation.work() as work:
        work.session.execute(
            update(AuditEntry).where(AuditEntry.id == entry_id).values(action="nothing")
        )


def test_the_database_refuses_to_delete_a_young_entry(installation: Installation) -> None:
    entry_id = _recorded(installation)

    with pytest.raises(DatabaseError, match="append-only"), installation.work() as work:
        work.session.execute(delete(AuditEntry).where(AuditEntry.id == entry_id))
