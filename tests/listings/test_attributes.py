"""Values of a kind's own fields: what is read, refused, doubted and written."""

from datetime import date

import pytest

from marketplace.listings.kinds import KINDS
from marketplace.listings.rules.attributes import (
    broken_checks,
    read_values,
    typed_again,
    warnings_for,
    written,
)

GOODS, MACHINE, SPACE = KINDS["goods"], KINDS["machine"], KINDS["space"]
TODAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("power", "11,8", 11.8),
        ("power", "1.250", 1250),
        ("operating_weight", "1.800,5", 1800.5),
        ("operating_hours", "120", 120),
        ("year_of_make", "2027", 2027),
        ("next_inspection", "3/2027", "2027-03"),
        ("next_inspection", "2027-03", "2027-03"),
        ("drive", "Diesel", "diesel"),
        ("drive", "diesel", "diesel"),
        ("ce_marking", "ja", True),
        ("ce_marking", "no", False),
        ("manufacturer", "  Kubota ", "Kubota"),
    ],
)
def test_what_people_type_is_read(key: str, typed: str, value: object) -> None:
    assert read_values(MACHINE, {key: typed}, today=TODAY).values == {key: value}


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("power", "viel"),
        ("power", "-1"),
        ("power", "5000,1"),
        ("power", "1e400"),
        ("operating_hours", "1,5"),
        ("year_of_make", "1899"),
        ("year_of_make", "2028"),
        ("year_of_make", "²⁰²⁰"),
        ("next_inspection", "13/2027"),
        ("drive", "Dampf"),
        ("ce_marking", "vielleicht"),
        ("manufacturer", "x" * 81),
        ("unknown", "1"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(key: str, typed: str) -> None:
    read = read_values(MACHINE, {key: typed}, today=TODAY)

    assert read.values == {}
    assert read.problems[key].endswith(".")


def test_nothing_typed_is_nothing_said() -> None:
    assert read_values(MACHINE, {"power": " ", "drive": ""}, today=TODAY).values == {}


def test_several_answers_are_kept_in_their_order() -> None:
    read = read_values(MACHINE, {"qualifications": ["crane", "forklift"]}, today=TODAY)

    assert read.values == {"qualifications": ["crane", "forklift"]}


@pytest.mark.parametrize(
    ("values", "doubted"),
    [
        ({"power": 36}, set()),
        ({"power": 900}, {"power"}),
        ({"year_of_make": 1950}, {"year_of_make"}),
    ],
)
def test_an_unusual_value_is_doubted_but_not_refused(
    values: dict[str, int], doubted: set[str]
) -> None:
    assert set(warnings_for(MACHINE, values, today=TODAY)) == doubted


def test_an_inspection_that_is_due_before_the_last_one_keeps_it_from_being_published() -> None:
    values = {"last_inspection": "2026-05", "next_inspection": "2026-04"}

    assert set(broken_checks(MACHINE, values)) == {"next_inspection"}


@pytest.mark.parametrize("typed", ["12:00", "12.00 Uhr", "12"])
def test_a_time_of_the_day_is_read_as_people_write_it(typed: str) -> None:
    read = read_values(GOODS, {"apply_until_time": typed}, today=TODAY)

    assert read.values == {"apply_until_time": "12:00"}


@pytest.mark.parametrize("typed", ["24:30", "mittags", "12:61"])
def test_what_is_no_time_of_the_day_is_refused(typed: str) -> None:
    read = read_values(GOODS, {"apply_until_time": typed}, today=TODAY)

    assert read.problems["apply_until_time"].endswith("12:00.")


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"apply_until_time": "12:00"}, {"apply_until_time"}),
        ({"apply_until_time": "12:00", "apply_until": "2026-11-15"}, set()),
        ({"apply_until": "2026-11-15", "collect_until": "2026-11-14"}, {"collect_until"}),
        ({"apply_until": "2026-11-15", "collect_until": "2026-11-15"}, set()),
        ({"collect_until": "2026-11-15"}, set()),
    ],
)
def test_the_days_of_a_gift_fit_each_other(values: dict[str, str], refused: set[str]) -> None:
    assert set(broken_checks(GOODS, values)) == refused


def test_more_pallets_than_fit_are_noticed() -> None:
    values = {"area": 10, "pallet_places": 500}

    assert {**warnings_for(SPACE, values, today=TODAY), **broken_checks(SPACE, values)}


@pytest.mark.parametrize(
    ("key", "value", "words", "again"),
    [
        ("power", 36, "36 kW (49 PS)", "36"),
        ("operating_weight", 1800.5, "1.800,5 kg", "1800,5"),
        ("next_inspection", "2027-03", "März 2027", "03/2027"),
        ("drive", "diesel", "Diesel", "diesel"),
        ("ce_marking", False, "nein", "no"),
    ],
)
def test_a_value_is_written_for_readers_and_for_typing_again(
    key: str, value: object, words: str, again: str
) -> None:
    attribute = MACHINE.attribute(key)
    assert attribute is not None

    assert written(attribute, value) == words
    assert typed_again(attribute, value) == again


def test_what_is_written_for_typing_again_is_read_as_the_same() -> None:
    values = {"power": 11.8, "operating_weight": 1800.5, "ce_marking": True, "year_of_make": 2020}

    typed = {
        key: typed_again(attribute, value)
        for key, value in values.items()
        if (attribute := MACHINE.attribute(key)) is not None
    }

    assert read_values(MACHINE, typed, today=TODAY).values == values
