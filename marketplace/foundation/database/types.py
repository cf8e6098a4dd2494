"""Column types that keep a promise the database alone does not keep."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect
from sqlalchemy.dialects.postgresql import JSONB, TSTZMULTIRANGE, Range
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on the way in and out, stored in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times with ValueError; SQLite gets UTC without an offset."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def json_column() -> Any:  # noqa: ANN401
    """Give the type of a JSON column: JSONB on PostgreSQL."""
    return JSON().with_variant(JSONB(), "postgresql")


class UtcWindows(TypeDecorator[list[list[float]]]):
    """Stretches of time `[start, end)` in seconds since 1970: a multirange on PostgreSQL."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Give the type of the column."""
        kind = TSTZMULTIRANGE() if dialect.name == "postgresql" else JSON()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: list[list[float]] | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Give what the database stores."""
        if value is None or dialect.name != "postgresql":
            return value
        return [
            Range(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
            for start, end in value
        ]

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401
        """Give the stretches back."""
        if value is None or dialect.name != "postgresql":
            return value
        return [[each.lower.timestamp(), each.upper.timestamp()] for each in value]
