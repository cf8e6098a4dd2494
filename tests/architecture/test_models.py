"""What every mapped class keeps, whatever package it is born in."""

import importlib
import pkgutil

import pytest
from sqlalchemy import CheckConstraint, Table
from sqlalchemy.orm import Mapper

import marketplace
from marketplace.foundation.database.model import Base, DistrictOwned
from marketplace.foundation.database.tenancy import PLATFORM_TABLES

for module in pkgutil.walk_packages(marketplace.__path__, "marketplace."):
    if ".models" in module.name:
        importlib.import_module(module.name)

MAPPERS: list[Mapper[object]] = sorted(Base.registry.mappers, key=lambda each: each.class_.__name__)
RELATIONSHIPS = [each for mapper in MAPPERS for each in mapper.relationships]


def table_of(mapper: Mapper[object]) -> Table:
    table = mapper.local_table
    assert isinstance(table, Table)
    return table


@pytest.mark.parametrize("mapper", MAPPERS, ids=lambda each: each.class_.__name__)
def test_a_class_belongs_to_a_district_or_is_named_as_the_installations(
    mapper: Mapper[object],
) -> None:
    is_owned = issubclass(mapper.class_, DistrictOwned)

    assert is_owned != (table_of(mapper).name in PLATFORM_TABLES)


def test_every_table_named_as_the_installations_exists() -> None:
    assert {table_of(mapper).name for mapper in MAPPERS} >= PLATFORM_TABLES


@pytest.mark.parametrize("mapper", MAPPERS, ids=lambda each: each.class_.__name__)
def test_every_check_of_a_table_has_a_name(mapper: Mapper[object]) -> None:
    checks = [each for each in table_of(mapper).constraints if isinstance(each, CheckConstraint)]

    assert [str(check.sqltext) for check in checks if not check.name] == []


def test_no_relationship_loads_by_surprise() -> None:
    assert [str(each) for each in RELATIONSHIPS if each.lazy != "raise_on_sql"] == []


def test_no_relationship_appears_on_a_class_that_does_not_name_it() -> None:
    assert [str(each) for each in RELATIONSHIPS if each.backref is not None] == []
