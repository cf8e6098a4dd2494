"""What keeps districts apart in the database: the only file that confines queries.

Three layers, none of them enough alone (docs/decisions/0002-three-layers-of-tenancy.md):
the guard in the session, row-level security of PostgreSQL, and composite foreign keys
(`owned_reference` in model.py).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, TextClause, event, text
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.orm.session import SessionTransaction
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import Update
from sqlalchemy.sql.visitors import ExternallyTraversible

from marketplace.foundation.database.model import DistrictOwned
from marketplace.foundation.identifiers import DistrictId

# Tables of the installation. Everything else belongs to a district; a test fails on a third sort.
PLATFORM_TABLES = frozenset(
    {
        *("district", "host", "outbox_job"),
        *("place", "place_name", "postcode", "boundary", "gazetteer_release"),
    }
)
_NAMES_DISTRICT = re.compile(r"district_id = (?:%\(district_id\)s|:district_id)")
_READS = re.compile(r"\s*(?:SELECT|WITH|EXPLAIN)\b")
DISTRICT_SETTING = "marketplace.district_id"


class TenancyError(RuntimeError):
    """Code tried to leave its district: a mistake of ours, never of the person."""


@dataclass(frozen=True)
class DistrictScope:
    """This session serves one district and sees no other."""

    district_id: DistrictId


@dataclass(frozen=True)
class PlatformScope:
    """This session serves the installation: it sees no row of any district."""

    reason: str


Scope = DistrictScope | PlatformScope


class GuardedSession(Session):
    """A session that serves exactly one scope and refuses what it cannot confine."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (SQLAlchemy's own)
        """Take SQLAlchemy's arguments; Flask-SQLAlchemy's `db` is not needed."""
        kwargs.pop("db", None)
        super().__init__(*args, **kwargs)

    def connection(self, *args: Any, **kwargs: Any) -> Connection:  # noqa: ANN401
        """Refuse: a bare connection knows no district."""
        raise TenancyError("session.connection() cannot be confined to a district")

    def bulk_save_objects(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Refuse: bulk methods pass by the check of what is written."""
        raise TenancyError("bulk_save_objects cannot be confined to a district")

    def bulk_insert_mappings(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Refuse: bulk methods pass by the check of what is written."""
        raise TenancyError("bulk_insert_mappings cannot be confined to a district")

    def bulk_update_mappings(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Refuse: bulk methods pass by the check of what is written."""
        raise TenancyError("bulk_update_mappings cannot be confined to a district")


def scope_of(session: Session) -> Scope:
    """Give the scope the session was opened for; raises TenancyError if it has none."""
    scope = session.info.get("scope")
    if not isinstance(scope, DistrictScope | PlatformScope):
        raise TenancyError("this session was opened for no district")
    return scope


def enter_district(session: Session, district_id: DistrictId) -> None:
    """Let the installation's session serve one district from now on, in the same transaction.

    For who learns only by a first question which district is meant. Raises TenancyError where the
    session serves a district already or holds rows.
    """
    if not isinstance(scope_of(session), PlatformScope) or session.identity_map or session.new:
        raise TenancyError("only an installation's session without rows may enter a district")
    session.info["scope"] = DistrictScope(district_id)
    if session.in_transaction():
        _announce(session, Session.connection(session))


def district_rows(
    session: Session, statement: str, parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Run a reading statement in the database's own SQL, for what must be fast or has no mapping.

    It names its district as the parameter `district_id`, which is filled in here; parameters are
    written as the driver has them (`:name` for SQLite, `%(name)s` for PostgreSQL). PostgreSQL's
    row-level security confines it besides. Raises TenancyError where the statement names no
    district or does not begin as a reading one.
    """
    scope = scope_of(session)
    if not isinstance(scope, DistrictScope):
        raise TenancyError("the installation's session sees no row of any district")
    if not _NAMES_DISTRICT.search(statement) or not _READS.match(statement):
        raise TenancyError("SQL text must read, and must name its district")
    # The driver's own cursor: SQLAlchemy's result would cost as much as a short statement.
    cursor = Session.connection(session).connection.cursor()
    try:
        cursor.execute(statement, {**parameters, "district_id": scope.district_id})
        return list(cursor.fetchall())
    finally:
        cursor.close()


def confine_statement(state: ORMExecuteState) -> None:
    """Add the district to every statement, or refuse the statement."""
    scope = scope_of(state.session)
    _refuse_unconfinable(state)
    if isinstance(scope, PlatformScope):
        if any(_is_owned(mapper) for mapper in state.all_mappers):
            raise TenancyError("the installation's session sees no row of a district")
        district_id = DistrictId("")  # joins and subqueries find nothing either
    else:
        district_id = scope.district_id
    state.statement = state.statement.options(
        with_loader_criteria(
            DistrictOwned,
            lambda cls: cls.district_id == district_id,
            include_aliases=True,
        )
    )


def _is_owned(mapper: Mapper[Any]) -> bool:
    return issubclass(mapper.class_, DistrictOwned)


def _refuse_unconfinable(state: ORMExecuteState) -> None:
    statement = state.statement
    if not state.is_orm_statement or state.is_from_statement:
        raise TenancyError("only statements over mapped classes can be confined to a district")
    if state.is_insert:
        raise TenancyError("add objects to the session; bulk inserts cannot be confined")
    if state.is_update and isinstance(state.parameters, list):
        raise TenancyError("bulk updates by key cannot be confined to a district")
    if isinstance(statement, Update) and "district_id" in _updated_columns(statement):
        raise TenancyError("a row never moves to another district")
    if any(
        isinstance(part, TextClause)
        for part in visitors.iterate(cast(ExternallyTraversible, statement))
    ):
        raise TenancyError("SQL text cannot be confined to a district")


def _updated_columns(statement: Update) -> set[str]:
    # SQLAlchemy shows an update's columns nowhere in public; a test fails if this name changes.
    columns: dict[Any, Any] = dict(statement._values or {})
    return {str(getattr(column, "key", column)) for column in columns}


def confine_flush(session: Session, context: UOWTransaction, instances: object) -> None:
    """Stamp new rows with the district and refuse foreign ones."""
    scope = scope_of(session)
    if session.info.get("read_only") and (session.new or session.dirty or session.deleted):
        raise TenancyError("this session only reads")
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, DistrictOwned):
            continue
        if isinstance(scope, PlatformScope):
            raise TenancyError("the installation's session writes no row of a district")
        if row.district_id is None and row in session.new:
            row.district_id = scope.district_id
        if row.district_id != scope.district_id:
            raise TenancyError("this row belongs to another district")


def announce_district(
    session: Session, transaction: SessionTransaction, connection: Connection
) -> None:
    """Tell PostgreSQL's row-level security which district this transaction serves."""
    _announce(session, connection)


def _announce(session: Session, connection: Connection) -> None:
    scope = scope_of(session)
    if connection.dialect.name == "postgresql":
        district_id = scope.district_id if isinstance(scope, DistrictScope) else ""
        connection.execute(
            text("select set_config(:name, :district_id, true)"),
            {"name": DISTRICT_SETTING, "district_id": district_id},
        )


event.listen(GuardedSession, "do_orm_execute", confine_statement)
event.listen(GuardedSession, "before_flush", confine_flush)
event.listen(GuardedSession, "after_begin", announce_district)
