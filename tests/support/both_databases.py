"""Fresh, migrated databases of both sorts for proofs, one after the other."""

from collections.abc import Iterator
from pathlib import Path

from tests.support import databases
from tests.support.databases import DatabaseUrls


def both_databases(folder: Path) -> Iterator[tuple[str, DatabaseUrls, Path]]:
    """Give name, addresses and a data folder of SQLite, then of PostgreSQL."""
    sqlite_dir, postgresql_dir = folder / "sqlite", folder / "postgresql"
    for each in (sqlite_dir, postgresql_dir):
        each.mkdir()
    template = databases.sqlite_template(folder)
    yield "SQLite", databases.copy_of_sqlite(template, sqlite_dir), sqlite_dir
    with databases.postgresql_database(postgresql_dir) as urls:
        yield "PostgreSQL", urls, postgresql_dir
