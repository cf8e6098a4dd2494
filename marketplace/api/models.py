"""What the API remembers of requests, so that repeating one does nothing twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.foundation.database.model import Base, DistrictOwned, owned_reference
from marketplace.foundation.database.types import json_column
from marketplace.foundation.identifiers import PersonId


class IdempotencyRecord(DistrictOwned, Base):
    """The answer to a request with an idempotency key, stored with its effect or refusal."""

    __tablename__ = "idempotency_record"
    __table_args__ = (
        UniqueConstraint("district_id", "person_id", "key"),
        owned_reference("person_id", "person"),
    )

    person_id: Mapped[PersonId]
    key: Mapped[str]
    request_hash: Mapped[str]  # of method, path and body: the same key must mean the same request
    status: Mapped[int]
    headers: Mapped[dict[str, Any]] = mapped_column(json_column())
    body: Mapped[Any] = mapped_column(json_column())
    created_at: Mapped[datetime]
