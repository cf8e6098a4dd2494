"""Databases for tests: made once with all migrations, copied or emptied for each test."""

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


def sqlite_template(folder: Path) -> Path:
    """Make the SQLite file that every test copies."""
    path = folder / "template.db"
    url = f"sqlite:///{path}"
    migrate(folder, DatabaseUrls(url, url))
    return path


def copy_of_sqlite(template: Path, folder: Path) -> DatabaseUrls:
    """Give a fresh copy of the template."""
    path = folder / "marketplace.db"
    shutil.copyfile(template, path)
    url = f"sqlite:///{path}"
    return DatabaseUrls(url, url)


@contextmanager
def postgresql_database(folder: Path) -> Iterator[DatabaseUrls]:
    """Make a migrated PostgreSQL database with both roles, and drop it in the end."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(_libpq(OWNER_URL), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE marketplace_template").format(sql.Identifier(name))
        )
    urls = DatabaseUrls(_with_database(APPLICATION_URL, name), _with_database(OWNER_URL, name))
    try:
        migrate(folder, urls)
        yield urls
    finally:
        with psycopg.connect(_libpq(OWNER_URL), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def empty_postgresql(urls: DatabaseUrls) -> None:
    """Remove every row that tests make; places and boundaries stay."""
    with psycopg.connect(_libpq(urls.owner), autocommit=True) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                "AND tableowner = current_user"
            )
            if row[0] not in _INSTALLATION_TABLES
        ]
        connection.execute(
            sql.SQL("TRUNCATE {} CASCADE").format(
                sql.SQL(", ").join(sql.Identifier(table) for table in tables)
            )
        )


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _with_database(url: str, name: str) -> str:
    address, _, query = url.partition("?")
    base = address.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")
