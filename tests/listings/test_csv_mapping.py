"""Columns of a file become fields of a listing, or the file says what is wrong with it."""

import pytest

from marketplace.foundation.errors import InvalidInput
from marketplace.listings.rules.csv_mapping import (
    MOST_COLUMNS,
    CsvMapping,
    check_columns,
    decode_csv,
    mapping_by_column_names,
    read_header,
    read_mapping,
    read_rows,
)

MAPPING = """
row_key = "Nr"
[fields]
kind = "space"
title = "Saal in {Ort}"
postcode = "{PLZ}"
place = "{Ort}"
street = "{Straße} {Hausnummer}"
[attributes]
space_kind = "meeting_room"
"""
FILE = "Nr;Straße;Hausnummer;PLZ;Ort\n7;Ringweg;1a;01968;Senftenberg\n8;;;3046;Cottbus\n"


def rows_of(text: str, mapping: CsvMapping) -> list[tuple[int, str, dict[str, str], str | None]]:
    header = read_header(text)
    check_columns(mapping, header)
    return [
        (row.number, row.key, dict(row.fields), row.problem)
        for row in read_rows(text, mapping, header)
    ]


def test_templates_are_filled_with_the_columns_they_name() -> None:
    first, second = rows_of(FILE, read_mapping(MAPPING))

    assert first == (
        2,
        "7",
        {
            "kind": "space",
            "title": "Saal in Senftenberg",
            "postcode": "01968",
            "place": "Senftenberg",
            "street": "Ringweg 1a",
        },
        None,
    )
    assert second[2]["street"] == ""


def test_without_a_mapping_columns_bear_the_names_of_fields() -> None:
    text = "nr,title,place,attributes.area,colour\n1,Halle,Beelitz,200,blue\n"

    mapping = mapping_by_column_names(read_header(text))

    (row,) = rows_of(text, mapping)
    assert row == (2, "1", {"title": "Halle", "place": "Beelitz"}, None)
    assert mapping.attributes == {"area": "{attributes.area}"}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_the_one_the_header_uses_most(delimiter: str) -> None:
    text = delimiter.join(["Nr", "PLZ", "Ort"]) + "\n" + delimiter.join(["1", "14806", "Brück"])

    assert read_header(text) == ["Nr", "PLZ", "Ort"]


def test_a_cell_may_hold_the_delimiter_and_a_line_break_in_quotes() -> None:
    text = 'Nr;Ort\n1;"Bad\nBelzig; Markt"\n2;Beelitz\n'
    mapping = CsvMapping(row_key="Nr", fields={"place": "{Ort}"})

    assert [(number, fields["place"]) for number, _, fields, _ in rows_of(text, mapping)] == [
        (2, "Bad\nBelzig; Markt"),
        (3, "Beelitz"),
    ]


def test_rows_of_another_width_and_rows_without_a_name_carry_their_problem() -> None:
    text = "Nr;Ort\n1;Beelitz;zu viel\n;Brück\n3;Teltow\n\n"
    mapping = CsvMapping(row_key="Nr", fields={"place": "{Ort}"})

    problems = [(number, problem is not None) for number, _, _, problem in rows_of(text, mapping)]

    assert problems == [(2, True), (3, True), (4, False)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Straße".encode(), "Straße"),
        ("Straße".encode("utf-8-sig"), "Straße"),
        ("Straße".encode("cp1252"), "Straße"),
    ],
)
def test_files_of_new_and_old_spreadsheets_are_read(content: bytes, expected: str) -> None:
    assert decode_csv(content) == expected


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("row_key = ", "TOML"),
        ("[fields]\ntitle = 'x'", "row_key"),
        ("row_key = 'Nr'\n[fields]\ncolour = 'x'", "colour"),
        ("row_key = 'Nr'\n[columns]\ntitle = 'x'", "columns"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(mapping: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_mapping(mapping)

    assert said in refusal.value.errors["mapping"] % refusal.value.values


def test_a_mapping_that_names_a_column_the_file_lacks_says_which() -> None:
    with pytest.raises(InvalidInput) as refusal:
        rows_of("Nr;Ort\n1;Beelitz\n", read_mapping(MAPPING))

    assert "Hausnummer, PLZ, Straße" in refusal.value.errors["mapping"] % refusal.value.values


@pytest.mark.parametrize(
    "text", ["", "\n", "Nr;Ort;Ort\n", ";".join(f"c{n}" for n in range(MOST_COLUMNS + 1))]
)
def test_a_header_that_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_header(text)
