"""The database of the installation, and how its connections behave."""

import sqlite3
from functools import lru_cache
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from marketplace.foundation.database.model import Base
from marketplace.foundation.database.tenancy import GuardedSession

db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"class_": GuardedSession, "expire_on_commit": False, "autoflush": True},
    disable_autonaming=True,
)

_WRITES = "marketplace_writes"

# The first SQLite that cannot corrupt a WAL database when two connections checkpoint at the same
# instant (sqlite.org/wal.html, section "The WAL-Reset Bug"); older ones keep the rollback journal.
_FIRST_SAFE_WAL = (3, 51, 3)

# Milliseconds; a page never needs more, and a runaway query must not hold the others up.
_POSTGRESQL_TIMEOUTS = {
    "statement_timeout": 10_000,
    "lock_timeout": 8_000,  # a queue of dozens before one offer is served within
    "idle_in_transaction_session_timeout": 60_000,
}

# What planning for large reports costs would exceed most of our statements: compiling them,
# starting helpers for them, and plans that fit no value in particular.
_POSTGRESQL_PLANNING = {
    "jit": "off",
    "max_parallel_workers_per_gather": 0,
    "plan_cache_mode": "force_custom_plan",
}

# lock_not_available, deadlock_detected, serialization_failure (PostgreSQL manual, appendix A)
_LOCKED_OUT = frozenset({"55P03", "40P01", "40001"})


def waited_too_long(error: DBAPIError) -> bool:
    """Tell whether others held what a transaction needed, so that it may work when tried again."""
    return (
        getattr(error.orig, "sqlstate", None) in _LOCKED_OUT
        or str(error.orig) == "database is locked"
    )


def may_pass(error: DBAPIError) -> bool:
    """Tell whether the same may work later without anybody changing our program.

    Others hold a lock, the server restarts, the disk is full: not a statement that is wrong.
    """
    if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return False  # "no such table" and the like, which is no operational error elsewhere
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def engine_options(database_url: str) -> dict[str, Any]:
    """Give what the engine for this address needs besides the address."""
    if database_url.startswith("sqlite"):
        return {"connect_args": {"timeout": 10}}
    settings = {**_POSTGRESQL_TIMEOUTS, **_POSTGRESQL_PLANNING}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return {"pool_pre_ping": True, "connect_args": {"options": options}}


def prepare_engine(engine: Engine) -> None:
    """Make SQLite keep foreign keys, sync every commit and begin as we say."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_up_sqlite_connection)
    event.listen(engine, "begin", _begin_sqlite_transaction)


def sqlite_journal() -> tuple[str, str]:
    """Give the journal mode and the sync level that are safe for the linked SQLite."""
    if sqlite3.sqlite_version_info >= _FIRST_SAFE_WAL:
        return "WAL", "FULL"
    return "DELETE", "EXTRA"


def _set_up_sqlite_connection(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    journal, synchronous = sqlite_journal()
    for pragma in (
        f"journal_mode={journal}",
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "trusted_schema=OFF",
        "mmap_size=0",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite_transaction(connection: Connection) -> None:
    # A transaction that may write takes the lock at once: an upgrade later would not wait for
    # the busy timeout but fail (security.md, finding 2).
    writes = connection.get_execution_options().get(_WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@lru_cache(maxsize=8)  # of a process that serves, two; of one that tests, those of its last sites
def _engine_for(engine: Engine, *, writes: bool) -> Engine:
    return engine.execution_options(**{_WRITES: writes})


def new_session(*, read_only: bool) -> GuardedSession:
    """Open a session without scope; only the unit of work calls this."""
    session = db.session.session_factory(bind=_engine_for(db.engine, writes=not read_only))
    session.info["read_only"] = read_only
    return cast(GuardedSession, session)
