"""How typed addresses are taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.geo.rules.addresses import PlaceQuery, coordinates_in, place_query
from marketplace.geo.rules.points import Point


@pytest.mark.parametrize(
    ("text", "postcode", "name"),
    [
        ("14806 Bad Belzig", "14806", "Bad Belzig"),
        ("D-14513 Teltow", "14513", "Teltow"),
        ("DE 14513 Teltow", "14513", "Teltow"),
        ("Teltow 14513", "14513", "Teltow"),
        ("14806", "14806", ""),
        ("14806 Bad Belzig, Deutschland", "14806", "Bad Belzig"),
        ("Waldstraße 1, 68642 Bürstadt", "68642", "Bürstadt"),
        ("Straße des 17. Juni 135, 10623 Berlin", "10623", "Berlin"),
        ("Kaiserin-Augusta-Allee 98-100, 10553 Berlin", "10553", "Berlin"),
        ("Hauptstraße 5 a 14806 Bad Belzig", "14806", "Bad Belzig"),
        ("14806 Bad Belzig, Hauptstraße 5", "14806", "Bad Belzig"),
        ("Waldstraße 1, Bürstadt, 68642", "68642", "Bürstadt"),
    ],
)
def test_postcode_and_place_are_found_in_an_address(text: str, postcode: str, name: str) -> None:
    assert place_query(text) == PlaceQuery(postcode=postcode, name=name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bad Belzig", "Bad Belzig"),
        ("Waldstraße 1, Bürstadt", "Bürstadt"),
        ("Hauptstraße 5a Bad Belzig", "Bad Belzig"),
        ("Marktplatz, Beelitz", "Marktplatz, Beelitz"),
        ("Waldstraße 1", ""),
        ("", ""),
    ],
)
def test_a_street_with_its_number_is_left_out(text: str, name: str) -> None:
    assert place_query(text) == PlaceQuery(name=name)


@pytest.mark.parametrize("text", ["2625 Bautzen", "Am Markt 3, 2625 Bautzen"])
def test_a_lost_zero_is_put_back_where_a_postcode_stands(text: str) -> None:
    assert place_query(text) == PlaceQuery(postcode="02625", name="Bautzen", lost_zero=True)


def test_a_house_number_of_four_digits_is_no_postcode() -> None:
    assert place_query("Ringstraße 1200, Teltow").postcode == ""


@pytest.mark.parametrize(
    "text", ["58-500 Jelenia Góra", "356 01 Sokolov", "A-1010 Wien", "PL-58500 Jelenia Góra"]
)
def test_a_postcode_of_another_country_is_recognised(text: str) -> None:
    assert place_query(text).is_foreign


def test_what_is_too_long_for_a_place_is_none() -> None:
    assert place_query("14806 " + "x" * 200) == PlaceQuery()


@pytest.mark.parametrize(
    "text",
    ["52.1418,12.5927", " 52.1418, 12.5927 ", "52.1418 12.5927", "52,1418 12,5927",
     "52,1418; 12,5927"],
)  # fmt: skip
def test_coordinates_are_read_latitude_first(text: str) -> None:
    assert coordinates_in(text) == Point(52.1418, 12.5927)


@pytest.mark.parametrize("text", ["14806", "14806 Bad Belzig", "99, 200", "52.1418", "1,2,3", ""])
def test_other_numbers_are_no_coordinates(text: str) -> None:
    assert coordinates_in(text) is None


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    query = place_query(text)

    assert query.postcode == "" or len(query.postcode) == 5
    coordinates_in(text)
