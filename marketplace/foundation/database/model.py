"""The base of all mapped classes, and the mark of those that belong to a district."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from marketplace.foundation.database.types import UtcDateTime
from marketplace.foundation.identifiers import DistrictId, all_identifier_types, new_id

_COLUMN_TYPES: dict[Any, Any] = {str: Text, datetime: UtcDateTime}
_COLUMN_TYPES |= dict.fromkeys(all_identifier_types, Text)


class Base(DeclarativeBase):
    """All tables; every constraint has a name, so that every one can be changed later."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = _COLUMN_TYPES


class DistrictOwned:
    """A row of one district: nobody else sees it, and it can only point at rows of the same one."""

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)

    @declared_attr
    @classmethod
    def district_id(cls) -> Mapped[DistrictId]:
        """Which district the row belongs to; stamped by the session, never set by hand."""
        return mapped_column(Text, ForeignKey("district.id"), nullable=False, index=True)


def owned_key() -> UniqueConstraint:
    """Give the key that rows of the same district may point at."""
    return UniqueConstraint("district_id", "id")


def owned_reference(
    column: str, table: str, *, ondelete: str | None = None
) -> ForeignKeyConstraint:
    """Point from `column` at a row of `table` in the same district, and in no other."""
    return ForeignKeyConstraint(
        ["district_id", column], [f"{table}.district_id", f"{table}.id"], ondelete=ondelete
    )
