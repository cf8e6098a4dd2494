"""A session over the loaded gazetteer that only reads, on both databases."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from marketplace.foundation.database.session import prepare_engine
from marketplace.foundation.database.tenancy import DistrictScope, GuardedSession
from marketplace.foundation.identifiers import DistrictId
from tests.support import databases


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def gazetteer_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated database; nobody writes to it, so a whole file shares it."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_template')}"
    if not databases.OWNER_URL:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is missing; ./test starts it")
        pytest.skip("PostgreSQL is missing; ./test starts it")
    return str(request.getfixturevalue("postgresql").application)


@pytest.fixture(scope="module")
def session(gazetteer_url: str) -> Iterator[Session]:
    """A session of some district: places are the same for all."""
    engine = create_engine(gazetteer_url.replace("postgresql://", "postgresql+psycopg://"))
    prepare_engine(engine)
    with GuardedSession(bind=engine) as session:
        session.info.update(scope=DistrictScope(DistrictId("any")), read_only=True)
        yield session
    engine.dispose()
