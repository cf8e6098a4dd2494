"""Ways to reach a neighbour's row, as somebody might write them by mistake or on purpose.

Each way gets a session, a class and the id of a row of another district. It leaks when it
returns something that it read or changed; it may also raise, which is a refusal.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, exists, func, insert, literal, select, text, union, update
from sqlalchemy.orm import Session, aliased

from tests.support.rows import change_for

Way = Callable[[Session, type[Any], str], Any]


def _table(cls: type[Any]) -> Any:  # noqa: ANN401
    return cls.__table__


def _update(session: Session, cls: type[Any], row_id: str) -> Any:  # noqa: ANN401
    statement = update(cls).where(cls.id == row_id).values(change_for(cls))
    return _rows_changed(session, statement)


def _move(session: Session, cls: type[Any], row_id: str) -> Any:  # noqa: ANN401
    district_id = session.info["scope"].district_id
    return _rows_changed(
        session, update(cls).where(cls.id == row_id).values(district_id=district_id)
    )


def _rows_changed(session: Session, statement: Any) -> Any:  # noqa: ANN401
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return result.rowcount


READING: dict[str, Way] = {
    "select": lambda s, c, i: s.scalars(select(c).where(c.id == i)).all(),
    "get": lambda s, c, i: s.get(c, i),
    "count": lambda s, c, i: s.scalar(select(func.count()).select_from(c).where(c.id == i)),
    "columns": lambda s, c, i: s.execute(select(c.id).where(c.id == i)).all(),
    "alias": lambda s, c, i: _by_alias(s, c, i),
    "join": lambda s, c, i: _by_join(s, c, i),
    "exists": lambda s, c, i: s.scalars(select(c.id).where(exists().where(c.id == i))).all(),
    "in": lambda s, c, i: s.scalars(
        select(c.id).where(c.id.in_(select(c.id).where(c.id == i)))
    ).all(),
    "common table": lambda s, c, i: _by_common_table(s, c, i),
    "union": lambda s, c, i: s.execute(
        union(select(c.id).where(c.id == i), select(c.id).where(c.id == i))
    ).all(),
    "subquery": lambda s, c, i: s.execute(select(select(c.id).where(c.id == i).subquery())).all(),
    "legacy query": lambda s, c, i: s.query(c).filter(c.id == i).all(),
    "session text": lambda s, c, i: s.execute(
        text("SELECT id FROM " + c.__tablename__ + " WHERE id = :id"), {"id": i}
    ).all(),
    "from statement": lambda s, c, i: s.scalars(
        select(c).from_statement(text("SELECT * FROM " + c.__tablename__))
    ).all(),
    "text inside where": lambda s, c, i: s.scalars(
        select(c).where(text("1 = 1 OR 1 = 1"), c.id == i)
    ).all(),
    "core table": lambda s, c, i: s.execute(
        select(_table(c).c.id).where(_table(c).c.id == i)
    ).all(),
    "bare connection": lambda s, c, i: (
        s.connection().execute(select(_table(c).c.id).where(_table(c).c.id == i)).all()
    ),
}

WRITING: dict[str, Way] = {
    "update": _update,
    "delete": lambda s, c, i: _rows_changed(s, delete(c).where(c.id == i)),
    "move to own district": _move,
    "bulk update by key": lambda s, c, i: s.execute(update(c), [{"id": i, **change_for(c)}]),
    "bulk update mappings": lambda s, c, i: s.bulk_update_mappings(c, [{"id": i, **change_for(c)}]),
    "bare connection update": lambda s, c, i: (
        s.connection().execute(_table(c).delete().where(_table(c).c.id == i)).rowcount
    ),
}


def _by_alias(session: Session, cls: type[Any], row_id: str) -> Any:  # noqa: ANN401
    other = aliased(cls)
    return session.scalars(select(other).where(other.id == row_id)).all()


def _by_join(session: Session, cls: type[Any], row_id: str) -> Any:  # noqa: ANN401
    other = aliased(cls)
    return session.execute(
        select(cls.id, other.id).join(other, other.id == cls.id).where(other.id == row_id)
    ).all()


def _by_common_table(session: Session, cls: type[Any], row_id: str) -> Any:  # noqa: ANN401
    found = select(cls.id).where(cls.id == row_id).cte()
    return session.execute(select(found)).all()


def insert_ways(row: dict[str, Any]) -> dict[str, Way]:
    """Give ways to put a whole row of another district into a table."""
    return {
        "add": lambda s, c, i: _add(s, c, row),
        "bulk insert": lambda s, c, i: s.execute(insert(c), [row]),
        "insert values": lambda s, c, i: s.execute(insert(c).values(**row)),
        "insert from select": lambda s, c, i: s.execute(
            insert(c).from_select(
                list(row), select(*[literal(v, getattr(c, k).type) for k, v in row.items()])
            )
        ),
        "bulk save": lambda s, c, i: s.bulk_save_objects([c(**row)]),
        "bulk insert mappings": lambda s, c, i: s.bulk_insert_mappings(c, [row]),
    }


def _add(session: Session, cls: type[Any], row: dict[str, Any]) -> None:
    session.add(cls(**row))
    session.flush()
