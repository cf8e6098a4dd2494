"""A column of many rows as one value: what is counted by thousands needs no object a row.

Several of them in one statement list the rows in the same order. Rows without a value are left
out by both databases, so the column must have one in each row.

PostgreSQL gives the values as they go over the wire (`int4send`, `timestamptz_send`: big-endian,
instants in microseconds since 2000), SQLite as text between commas.
"""

from datetime import UTC, datetime, timedelta
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeEngine

WholeColumn: TypeAlias = str | bytes | None  # None: no row at all

_SINCE_2000 = (datetime(2000, 1, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
    microseconds=1
)


class all_numbers(FunctionElement[WholeColumn]):  # noqa: N801 (called like a function)
    """The numbers of an integer column, for `read_numbers`."""

    inherit_cache = True
    type = cast(TypeEngine[WholeColumn], NullType())


class all_instants(FunctionElement[WholeColumn]):  # noqa: N801 (called like a function)
    """The instants of a column, for `read_instants`."""

    inherit_cache = True
    type = cast(TypeEngine[WholeColumn], NullType())


def read_numbers(column: WholeColumn) -> NDArray[np.int64]:
    """Give the numbers."""
    if isinstance(column, bytes):
        return np.frombuffer(column, dtype=">i4").astype(np.int64)
    return np.fromstring(column or "", dtype=np.int64, sep=",")


def read_instants(column: WholeColumn) -> NDArray[np.int64]:
    """Give the instants in microseconds since 1970, UTC."""
    if isinstance(column, bytes):
        return np.frombuffer(column, dtype=">i8").astype(np.int64) + _SINCE_2000
    texts = column.split(",") if column else []
    return np.array(texts, dtype="datetime64[us]").astype(np.int64)


@compiles(all_numbers)
@compiles(all_instants)
def _as_text(element: FunctionElement[WholeColumn], compiler: SQLCompiler, **names: object) -> str:
    return f"group_concat({compiler.process(element.clauses, **names)}, ',')"


@compiles(all_numbers, "postgresql")
def _sent_numbers(element: all_numbers, compiler: SQLCompiler, **names: object) -> str:
    return f"string_agg(int4send({compiler.process(element.clauses, **names)}), '')"


@compiles(all_instants, "postgresql")
def _sent_instants(element: all_instants, compiler: SQLCompiler, **names: object) -> str:
    return f"string_agg(timestamptz_send({compiler.process(element.clauses, **names)}), '')"
