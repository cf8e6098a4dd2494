"""Databases for tests: made once with all migrations, copied or emptied for each test."""

import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from marketplace.foundation.settings import Environment, Settings

OWNER_URL = os.environ.get("TEST_POSTGRES_OWNER_URL", "")
APPLICATION_URL = os.environ.get("TEST_POSTGRES_APP_URL", "")

_INSTALLATION_TABLES = (
    *("place", "place_name", "postcode", "boundary", "gazetteer_release"),
    "alembic_version",
)


@dataclass(frozen=True)
class DatabaseUrls:
    """How the application and the owning role reach one database."""

    application: str
    owner: str


def test_settings(data_dir: Path, urls: DatabaseUrls) -> Settings:
    """Give settings for tests: plain HTTP, limits high enough not to be met by chance."""
    return Settings(
        environment=Environment.TEST,
        data_dir=data_dir,
        database_url=urls.application,
        owner_database_url=urls.owner,
        secret_key="test-secret-of-more-than-thirty-two-characters",
        insecure_http=True,
        rate_limit_scale=1000,
    )


def migrate(data_dir: Path, urls: DatabaseUrls) -> None:
    """Bring a database to the newest schema, gazetteer included."""
    from marketplace.cli.migrate import migrate_database

    migrate_database(test_settings(data_dir, urls))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep the other test processes of a run out, which share this folder."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sqlite_template(folder: Path) -> Path:
    """Make the migrated SQLite file that every test copies, once for all who share the folder."""
    path = folder / "template.db"
    with alone(folder):
        if not path.exists():
            being_made = folder / "making.db"
            url = f"sqlite:///{being_made}"
            migrate(folder, DatabaseUrls(url, url))
            being_made.rename(path)
    return path


def tidy(urls: DatabaseUrls) -> None:
    """Do at once what PostgreSQL's autovacuum does within a minute of many writes."""
    if not urls.owner.startswith("sqlite"):
        with psycopg.connect(_libpq(urls.owner), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")


def copy_of_sqlite(template: Path, folder: Path) -> DatabaseUrls:
    """Give a fresh copy of the template."""
    path = folder / "marketplace.db"
    shutil.copyfile(template, path)
    url = f"sqlite:///{path}"
    return DatabaseUrls(url, url)


@contextmanager
def postgresql_database(folder: Path) -> Iterator[DatabaseUrls]:
    """Give a copy of the migrated PostgreSQL database of all who share the folder, dropped after.

    The server is the run's own and goes with it, the migrated database too.
    """
    migrated = f"migrated_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    name = f"test_{uuid.uuid4().hex[:12]}"
    with alone(folder):
        if _create_database(migrated, like="marketplace_template"):
            migrate(folder, _urls(migrated))
        _create_database(name, like=migrated)
    try:
        yield _urls(name)
    finally:
        with psycopg.connect(_libpq(OWNER_URL), autocommit=True) as connection:
            # Without FORCE it waits for those who are just leaving, whom the owner may not end.
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def _create_database(name: str, *, like: str) -> bool:
    """Create a copy of a database; False where there is one of that name."""
    with psycopg.connect(_libpq(OWNER_URL), autocommit=True) as connection:
        try:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(like)
                )
            )
        except psycopg.errors.DuplicateDatabase:
            return False
    return True


def _urls(name: str) -> DatabaseUrls:
    return DatabaseUrls(_with_database(APPLICATION_URL, name), _with_database(OWNER_URL, name))


def empty_postgresql(urls: DatabaseUrls) -> None:
    """Remove every row that tests make; places and boundaries stay.

    Deleting the few rows costs a tenth of truncating, which makes new files for every table.
    """
    with psycopg.connect(_libpq(urls.owner)) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                "AND tableowner = current_user"
            )
            if row[0] not in _INSTALLATION_TABLES
        ]
        filled = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(
                sql.Literal(table), sql.Identifier(table)
            )
            for table in tables
        )
        # Neither references nor the audit trail's own guard count here.
        connection.execute("SET LOCAL session_replication_role = replica")
        for (table,) in connection.execute(filled).fetchall():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _with_database(url: str, name: str) -> str:
    address, _, query = url.partition("?")
    base = address.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")
