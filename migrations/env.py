"""How migrations run: through the application's own engine, one transaction each."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from marketplace.foundation.database.types import UtcDateTime

database = current_app.extensions["migrate"].db

# A migration that waits for a lock must not hold the whole installation up (milliseconds).
_LOCK_TIMEOUT = 5_000


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our own column types as what the database sees, so that migrations stand alone."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _sqlite(connection: Connection, statement: str) -> list[Any]:
    driver = connection.connection.driver_connection
    return list(driver.execute(statement)) if driver is not None else []


def run_migrations() -> None:
    """Run on a connection of the application's engine."""
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET lock_timeout = {_LOCK_TIMEOUT}"))
            connection.execute(text("SET statement_timeout = 0"))
            connection.commit()
        else:
            # SQLite changes a table by making it anew: dropping the old one must not delete what
            # points at it. Outside any transaction, for inside one this has no effect.
            _sqlite(connection, "PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,  # type: ignore[arg-type]  # it gives False or text
            autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
            include_object=lambda item, name, kind, reflected, other: name != "spatial_ref_sys",
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            if broken := _sqlite(connection, "PRAGMA foreign_key_check"):
                raise RuntimeError(f"rows point at nothing: {broken[:5]}")
            _sqlite(connection, "PRAGMA foreign_keys = ON")


run_migrations()
