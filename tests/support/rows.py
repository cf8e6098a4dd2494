"""A row of any table of a district, made from the table's own description."""

import importlib
import itertools
import pkgutil
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Table,
)
from sqlalchemy.orm import Session, class_mapper

import marketplace
from marketplace.foundation.database.model import Base, DistrictOwned
from marketplace.foundation.database.types import UtcDateTime, UtcWindows
from marketplace.foundation.identifiers import new_id

_numbers = itertools.count(1)

for _module in pkgutil.walk_packages(marketplace.__path__, "marketplace."):
    if _module.name.endswith(".models"):
        importlib.import_module(_module.name)


def owned_classes() -> list[type[Any]]:
    """Give all mapped classes whose rows belong to a district, by table name."""
    classes = [
        mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, DistrictOwned)
    ]
    return sorted(classes, key=lambda cls: str(cls.__tablename__))


def make_row(session: Session, cls: type[Any], district_id: str) -> Any:  # noqa: ANN401
    """Add a row with every needed value filled in, and the rows that it points at."""
    row = cls(**row_values(session, cls, district_id))
    session.add(row)
    session.flush()
    return row


def row_values(session: Session, cls: type[Any], district_id: str) -> dict[str, Any]:
    """Give the values of a row that is not stored; the rows that it points at are."""
    table = table_of(cls)
    values: dict[str, Any] = {"id": new_id(), "district_id": district_id}
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint) and len(constraint.columns) == 2:
            (name,) = [column.name for column in constraint.columns if column.name != "district_id"]
            if constraint.referred_table is table and table.c[name].nullable:
                continue  # a row after another of its sort; the first one has none before it
            parent = _class_of(constraint.referred_table.name)
            values[name] = make_row(session, parent, district_id).id
    start = datetime(2026, 9, 2, tzinfo=UTC)
    for position, column in enumerate(table.columns):
        if column.name not in values and not column.nullable:
            values[column.name] = _value_for(column, start + timedelta(days=position))
    return {
        class_mapper(cls).get_property_by_column(table.c[name]).key: value
        for name, value in values.items()
    }


def change_for(cls: type[Any]) -> dict[str, Any]:
    """Give new values for one column of a row, its version where it has one."""
    mapper = class_mapper(cls)
    fixed = {"id", "district_id", "version"}
    for column in table_of(cls).columns:
        if not column.foreign_keys and column.name not in fixed and not column.primary_key:
            value = _value_for(column, datetime(2026, 1, 1, tzinfo=UTC))
            version = {"version": 1} if mapper.version_id_col is not None else {}
            return {column.name: value, **version}
    raise LookupError(f"nothing to change in {cls.__tablename__}")


def table_of(cls: type[Any]) -> Table:
    """Give the table of a class: each of ours has exactly one."""
    table = class_mapper(cls).local_table
    assert isinstance(table, Table)
    return table


def _class_of(table: str) -> type[Any]:
    return next(cls for cls in owned_classes() if cls.__tablename__ == table)


def _value_for(column: Column[Any], instant: datetime) -> Any:  # noqa: ANN401
    match column.type:
        case UtcDateTime():
            return instant
        case Date():
            return instant.date()
        case UtcWindows():
            return [[0.0, 1.0]]
        case Boolean():
            return True
        case Integer():
            return 1
        case Float():
            return 1.0
        case LargeBinary():
            return b"1"
        case JSON():
            return {}
        case _:
            return f"{column.name}-{next(_numbers)}"
