"""The audit trail: who did what to what and when; the database refuses changes to it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from marketplace.foundation.database.model import Base, DistrictOwned
from marketplace.foundation.database.types import json_column

# Contract, section 6: the trail is kept for three years; until then no entry can be deleted.
KEPT_YEARS = 3


class AuditEntry(DistrictOwned, Base):
    """One deed; `details` hold what a council or a court would ask, no message texts."""

    __tablename__ = "audit_entry"

    occurred_at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[str | None]  # null: the product itself, named in actor_name
    actor_name: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(json_column())
    request_id: Mapped[str]


def append_only_statements(dialect: str) -> list[str]:
    """Give the statements that make the database itself refuse changes to the trail."""
    if dialect == "sqlite":
        return [
            "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN "
            "SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
            "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry "
            f"WHEN old.occurred_at > datetime('now', '-{KEPT_YEARS} years') BEGIN "
            "SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        ]
    return [
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' AND OLD.occurred_at < now() - interval '{KEPT_YEARS} years' "
        "THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'the audit trail is append-only'; END $$",
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
    ]
