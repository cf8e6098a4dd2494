"""Fixtures: an installation with two districts, on both databases."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from tests.support import databases
from tests.support.databases import DatabaseUrls
from tests.support.installation import Installation, installation_with_two_districts


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of a run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def sqlite_template(shared_folder: Path) -> Path:
    """The migrated SQLite file that tests copy."""
    return databases.sqlite_template(shared_folder)


@pytest.fixture(scope="session")
def postgresql(shared_folder: Path) -> Iterator[DatabaseUrls]:
    """A migrated PostgreSQL database of this test process."""
    with databases.postgresql_database(shared_folder) as urls:
        yield urls


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseUrls:
    """An empty database; each test that uses it runs on both."""
    if request.param == "sqlite":
        return databases.copy_of_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
    if not databases.OWNER_URL:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is missing; ./test starts it")
        pytest.skip("PostgreSQL is missing; ./test starts it")
    urls: DatabaseUrls = request.getfixturevalue("postgresql")
    databases.empty_postgresql(urls)
    return urls


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """What Jinja made of the templates: compiling them anew for each test takes a third of it."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def installation(
    database: DatabaseUrls, tmp_path: Path, compiled_templates: BytecodeCache
) -> Iterator[Installation]:
    """An installation with the districts A and B, its clock standing at 1 September 2026, 10:00."""
    with installation_with_two_districts(database, tmp_path) as made:
        made.app.jinja_env.bytecode_cache = compiled_templates
        yield made
