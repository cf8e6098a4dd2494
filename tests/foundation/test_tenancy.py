"""Districts stay apart: every table of a district, every layer, each tested alone.

The twins at the end take a layer out and show that its tests would then be red.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, inspect, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session, make_transient

from marketplace.accounts.models import Organisation
from marketplace.districts.models import District, Host
from marketplace.foundation.database.model import Base, DistrictOwned
from marketplace.foundation.database.session import db, new_session
from marketplace.foundation.database.tenancy import (
    PLATFORM_TABLES,
    DistrictScope,
    PlatformScope,
    TenancyError,
    announce_district,
    enter_district,
)
from tests.support.databases import DatabaseUrls
from tests.support.installation import Installation
from tests.support.rows import make_row, owned_classes, row_values, table_of
from tests.support.ways import READING, WRITING, Way, insert_ways

CLASSES = owned_classes()
each_class = pytest.mark.parametrize("cls", CLASSES, ids=[c.__tablename__ for c in CLASSES])


class Unguarded(Session):
    """A session without the guard: only the database keeps districts apart."""


event.listen(Unguarded, "after_begin", announce_district)


@contextmanager
def guarded(district_id: str) -> Iterator[Session]:
    session = new_session(read_only=False)
    session.info["scope"] = DistrictScope(district_id)  # type: ignore[arg-type]
    with session:
        yield session


@contextmanager
def unguarded(district_id: str) -> Iterator[Session]:
    with Unguarded(db.engine) as session:
        session.info["scope"] = DistrictScope(district_id)  # type: ignore[arg-type]
        yield session


def neighbours_row(installation: Installation, cls: type[Any]) -> str:
    """Make a row in district B and give its id."""
    with installation.work(installation.b) as work:
        return str(make_row(work.session, cls, installation.b.id).id)


def whole_row(installation: Installation, cls: type[Any]) -> dict[str, Any]:
    """Give the values of a row of district B that is not stored yet."""
    with installation.work(installation.b) as work:
        return row_values(work.session, cls, installation.b.id)


def leaks(
    opened: Any,  # noqa: ANN401
    district_id: str,
    cls: type[Any],
    row_id: str,
    ways: Mapping[str, Way],
) -> list[str]:
    """Name the ways that read or changed the row; each gets a session of its own."""
    found = []
    for name, way in ways.items():
        with opened(district_id) as session:
            try:
                outcome = way(session, cls, row_id)
                session.flush()
            except (TenancyError, DatabaseError, ProgrammingError):
                continue
            except Exception as error:
                if type(error).__name__ == "StaleDataError":
                    continue
                raise
            if outcome:
                found.append(name)
    return found


def still_there(installation: Installation, cls: type[Any], row_id: str) -> bool:
    with installation.work(installation.b) as work:
        return work.session.get(cls, row_id) is not None


def test_every_table_belongs_to_a_district_or_is_on_the_written_list() -> None:
    unclear = [
        table_of(mapper.class_).name
        for mapper in Base.registry.mappers
        if not issubclass(mapper.class_, DistrictOwned)
        and table_of(mapper.class_).name not in PLATFORM_TABLES
    ]

    assert unclear == []


def test_every_reference_between_tables_of_districts_carries_the_district() -> None:
    loose = [
        f"{cls.__tablename__}.{constraint.column_keys}"
        for cls in CLASSES
        for constraint in cls.__table__.foreign_key_constraints
        if constraint.referred_table.name not in PLATFORM_TABLES
        and "district_id" not in constraint.column_keys
    ]

    assert loose == []


def entered(district_id: str, *, opened: type[Session] | None = None) -> Session:
    """Open a session of the installation in which something was asked, then enter a district."""
    session = opened(db.engine) if opened else new_session(read_only=False)
    session.info["scope"] = PlatformScope("test")
    session.scalars(select(Host.district_id)).all()
    enter_district(session, district_id)  # type: ignore[arg-type]
    return session


def test_who_enters_a_district_sees_its_rows_and_no_others(installation: Installation) -> None:
    theirs = neighbours_row(installation, Organisation)

    with entered(installation.b.id) as session:
        assert session.get(Organisation, theirs) is not None
    with entered(installation.a.id) as session:
        assert session.get(Organisation, theirs) is None


def test_nobody_goes_from_one_district_into_another(installation: Installation) -> None:
    with entered(installation.a.id) as session, pytest.raises(TenancyError):
        enter_district(session, installation.b.id)


def test_no_row_is_carried_into_a_district(installation: Installation) -> None:
    with new_session(read_only=False) as session:
        session.info["scope"] = PlatformScope("test")
        kept = session.get(District, installation.a.id)

        with pytest.raises(TenancyError):
            enter_district(session, installation.a.id)
        assert kept is not None


class TestTheGuardAlone:
    """SQLite knows no row-level security, and no foreign key helps a query."""

    @pytest.fixture
    def database(self, sqlite_template: Any, tmp_path: Any) -> DatabaseUrls:  # noqa: ANN401
        from tests.support import databases

        return databases.copy_of_sqlite(sqlite_template, tmp_path)

    @each_class
    def test_no_way_reads_the_neighbours_row(
        self, installation: Installation, cls: type[Any]
    ) -> None:
        row_id = neighbours_row(installation, cls)

        assert leaks(guarded, installation.a.id, cls, row_id, READING) == []

    @each_class
    def test_no_way_changes_the_neighbours_row(
        self, installation: Installation, cls: type[Any]
    ) -> None:
        row_id = neighbours_row(installation, cls)

        assert leaks(guarded, installation.a.id, cls, row_id, WRITING) == []
        assert still_there(installation, cls, row_id)

    @each_class
    def test_no_way_puts_a_row_into_the_neighbours_district(
        self, installation: Installation, cls: type[Any]
    ) -> None:
        row = whole_row(installation, cls)

        for name, way in insert_ways(row).items():
            with guarded(installation.a.id) as session, pytest.raises(TenancyError):
                way(session, cls, row["id"])
                session.flush()
                pytest.fail(name)

    def test_a_neighbours_object_cannot_be_saved_in_our_session(
        self, installation: Installation
    ) -> None:
        cls = CLASSES[0]
        with installation.work(installation.b) as work:
            row = make_row(work.session, cls, installation.b.id)
        make_transient(row)

        with guarded(installation.a.id) as session:
            session.add(row)
            with pytest.raises(TenancyError, match="another district"):
                session.flush()

    def test_a_session_without_a_district_refuses_everything(
        self, installation: Installation
    ) -> None:
        with new_session(read_only=False) as session, pytest.raises(TenancyError):
            session.scalars(select(CLASSES[0])).all()

    def test_the_installations_session_sees_no_row_of_a_district(
        self, installation: Installation
    ) -> None:
        neighbours_row(installation, CLASSES[0])

        with installation.platform_work() as work, pytest.raises(TenancyError):
            work.session.scalars(select(CLASSES[0])).all()

    def test_a_session_that_only_reads_writes_nothing(self, installation: Installation) -> None:
        session = new_session(read_only=True)
        session.info["scope"] = DistrictScope(installation.a.id)

        with session, pytest.raises(TenancyError, match="only reads"):
            make_row(session, CLASSES[0], installation.a.id)

    def test_without_the_guard_the_same_ways_leak(self, installation: Installation) -> None:
        row_id = neighbours_row(installation, CLASSES[0])

        found = leaks(unguarded, installation.a.id, CLASSES[0], row_id, READING)

        assert set(found) == set(READING)


class TestRowLevelSecurityAlone:
    """PostgreSQL, as the role of the application, with the guard switched off."""

    @pytest.fixture
    def database(self, request: pytest.FixtureRequest) -> DatabaseUrls:
        from tests.support import databases

        if not databases.OWNER_URL:
            pytest.skip("PostgreSQL is missing; ./test starts it")
        urls: DatabaseUrls = request.getfixturevalue("postgresql")
        databases.empty_postgresql(urls)
        return urls

    @each_class
    def test_no_way_reads_the_neighbours_row(
        self, installation: Installation, cls: type[Any]
    ) -> None:
        row_id = neighbours_row(installation, cls)

        assert leaks(unguarded, installation.a.id, cls, row_id, READING) == []

    @each_class
    def test_no_way_changes_the_neighbours_row(
        self, installation: Installation, cls: type[Any]
    ) -> None:
        row_id = neighbours_row(installation, cls)

        assert leaks(unguarded, installation.a.id, cls, row_id, WRITING) == []
        assert still_there(installation, cls, row_id)

    @each_class
    def test_no_way_puts_a_row_into_the_neighbours_district(
        self, installation: Installation, cls: type[Any]
    ) -> None:
        row = whole_row(installation, cls)

        for name, way in insert_ways(row).items():
            with unguarded(installation.a.id) as session, pytest.raises(DatabaseError) as refusal:
                way(session, cls, row["id"])
                session.flush()
                pytest.fail(name)
            assert "row-level security" in str(refusal.value), name

    def test_it_follows_who_enters_a_district(self, installation: Installation) -> None:
        theirs = neighbours_row(installation, Organisation)

        with entered(installation.b.id, opened=Unguarded) as session:
            assert session.get(Organisation, theirs) is not None
        with entered(installation.a.id, opened=Unguarded) as session:
            assert session.get(Organisation, theirs) is None

    def test_a_pooled_connection_without_a_district_shows_no_row(
        self, installation: Installation
    ) -> None:
        neighbours_row(installation, CLASSES[0])

        with db.engine.connect() as connection:
            count = connection.execute(text(f"SELECT count(*) FROM {CLASSES[0].__tablename__}"))
            assert count.scalar() == 0

    def test_every_owned_table_has_its_policy(self, installation: Installation) -> None:
        with db.engine.connect() as connection:
            confined = set(
                connection.execute(
                    text(
                        "SELECT tablename FROM pg_policies JOIN pg_class ON relname = tablename "
                        "WHERE relrowsecurity AND schemaname = 'public'"
                    )
                ).scalars()
            )

        assert confined == {cls.__tablename__ for cls in CLASSES}

    def test_the_applications_role_owns_nothing_and_cannot_bypass(
        self, installation: Installation
    ) -> None:
        with db.engine.connect() as connection:
            role = connection.execute(
                text("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
            ).scalar()
            owned = connection.execute(
                text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
            ).scalar()

        assert (role, owned) == (False, 0)

    def test_without_the_policy_the_same_ways_leak(
        self, installation: Installation, database: DatabaseUrls
    ) -> None:
        cls = CLASSES[0]
        row_id = neighbours_row(installation, cls)
        _as_owner(database, f"ALTER TABLE {cls.__tablename__} DISABLE ROW LEVEL SECURITY")

        try:
            found = leaks(unguarded, installation.a.id, cls, row_id, READING)
        finally:
            _as_owner(database, f"ALTER TABLE {cls.__tablename__} ENABLE ROW LEVEL SECURITY")

        assert set(found) == set(READING)


class TestForeignKeysAlone:
    """SQLite without the guard: a row cannot even point at another district's row."""

    @pytest.fixture
    def database(self, sqlite_template: Any, tmp_path: Any) -> DatabaseUrls:  # noqa: ANN401
        from tests.support import databases

        return databases.copy_of_sqlite(sqlite_template, tmp_path)

    @each_class
    def test_a_row_cannot_point_at_the_neighbours_row(
        self, installation: Installation, cls: type[Any]
    ) -> None:
        if not _owned_parents(cls):
            return
        row = {**whole_row(installation, cls), "district_id": installation.a.id}

        with unguarded(installation.a.id) as session, pytest.raises(IntegrityError):
            session.add(cls(**row))
            session.flush()

    def test_without_the_foreign_keys_it_could(self, installation: Installation) -> None:
        cls = next(cls for cls in CLASSES if _owned_parents(cls))
        row = {**whole_row(installation, cls), "district_id": installation.a.id}

        with unguarded(installation.a.id) as session:
            session.connection().exec_driver_sql("ROLLBACK")
            session.connection().exec_driver_sql("PRAGMA foreign_keys=OFF")
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            session.add(cls(**row))
            session.flush()
            assert inspect(session.get(cls, row["id"])).persistent
            session.connection().exec_driver_sql("ROLLBACK")
            session.connection().exec_driver_sql("PRAGMA foreign_keys=ON")
            session.connection().exec_driver_sql("BEGIN")


def _owned_parents(cls: type[Any]) -> list[str]:
    return [
        constraint.referred_table.name
        for constraint in cls.__table__.foreign_key_constraints
        if len(constraint.column_keys) == 2
    ]


def _as_owner(urls: DatabaseUrls, statement: str) -> None:
    import psycopg

    with psycopg.connect(urls.owner, autocommit=True) as connection:
        connection.execute(statement)
