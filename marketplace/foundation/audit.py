"""The audit trail: who did what to what and when; the database refuses changes to it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from marketplace.foundation.database.model import Base, DistrictOwned
from marketplace.foundation.database.types import json_column


class AuditEntry(DistrictOwned, Base):
    """One deed; `details` hold what a council or a court would ask, no message texts.

    The database itself (migration 0001) refuses to change an entry, and to delete one that is
    younger than three years (contract, section 6).
    """

    __tablename__ = "audit_entry"

    occurred_at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[str | None]  # null: the product itself, named in actor_name
    actor_name: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(json_column())
    request_id: Mapped[str]
