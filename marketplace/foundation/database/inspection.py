"""What the database itself says of its settings, for `doctor` and `migrate`."""

import sqlite3
import time
from dataclasses import dataclass

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, text

_MOST_LOOKS, _SECONDS_BETWEEN_LOOKS = 20, 0.5


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    name: str
    value: str
    ok: bool = True


def inspect_database(engine: Engine, *, newest_migration: str | None) -> list[Finding]:
    """Give the migration and the settings that safety hangs on, on either database."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        migration = Finding(
            name="migration",
            value=f"{current} of {newest_migration}",
            ok=current == newest_migration,
        )
        if connection.dialect.name == "sqlite":
            return [migration, *_inspect_sqlite(connection)]
        return [migration, *_inspect_postgresql(connection)]


def _inspect_sqlite(connection: Connection) -> list[Finding]:
    journal = connection.execute(text("PRAGMA journal_mode")).scalar()
    synchronous = connection.execute(text("PRAGMA synchronous")).scalar()
    keys = connection.execute(text("PRAGMA foreign_keys")).scalar()
    return [
        Finding(name="SQLite", value=sqlite3.sqlite_version),
        Finding(name="journal mode", value=str(journal)),
        # 2 is FULL, 3 is EXTRA (sqlite.org/pragma.html#pragma_synchronous)
        Finding(name="synchronous", value=str(synchronous), ok=synchronous in (2, 3)),
        Finding(name="foreign keys", value=str(keys), ok=keys == 1),
    ]


def _inspect_postgresql(connection: Connection) -> list[Finding]:
    version = connection.execute(text("SHOW server_version")).scalar()
    postgis = connection.execute(
        text("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")
    ).scalar()
    bypasses = connection.execute(
        text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).scalar()
    owned = connection.execute(
        text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
    ).scalar()
    return [
        Finding(name="PostgreSQL", value=str(version)),
        Finding(name="PostGIS", value=str(postgis), ok=postgis is not None),
        Finding(name="role bypasses row-level security", value=str(bypasses), ok=not bypasses),
        Finding(name="tables owned by the role", value=str(owned), ok=owned == 0),
    ]


def grant_rows(engine: Engine, role: str) -> None:
    """Let the application's role read and write rows of all tables, and nothing else."""
    quoted = engine.dialect.identifier_preparer.quote(role)
    with engine.begin() as connection:
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quoted}"))
        connection.execute(
            text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        )


def analyse_table(database_url: str, table: str) -> None:
    """Let the database look at a table that was just filled, as its upkeep would by and by.

    PostgreSQL counts by an index alone only where it knows that every page is visible to all. A
    transaction that looks on meanwhile, its own upkeep's too, keeps it from noting that: once more.
    """
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        quoted = engine.dialect.identifier_preparer.quote(table)
        if engine.dialect.name == "postgresql":
            _vacuum_until_visible(connection, quoted)
        else:
            connection.execute(text(f"ANALYZE {quoted}"))
    engine.dispose()


def _vacuum_until_visible(connection: Connection, table: str) -> None:
    visible = text("SELECT relallvisible >= relpages FROM pg_class WHERE oid = to_regclass(:table)")
    for _ in range(_MOST_LOOKS):
        connection.execute(text(f"VACUUM ANALYZE {table}"))
        if connection.execute(visible, {"table": table}).scalar():
            return
        time.sleep(_SECONDS_BETWEEN_LOOKS)
