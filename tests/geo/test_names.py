"""How names are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.geo.rules.names import essential, keys_of, normalised, pieces_of, qualifies


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Görlitz", "goerlitz"),
        ("GÖRLITZ", "goerlitz"),
        ("Go\u0308rlitz", "goerlitz"),  # the umlaut as two characters
        ("Weißenfels", "weissenfels"),
        ("Škofja Loka", "skofja loka"),
        ("Werder/Havel", "werder havel"),
        ("Bergholz-Rehbrücke", "bergholz rehbruecke"),
        ("  St.  Georgen ", "st georgen"),
        ("()", ""),
    ],
)
def test_a_name_is_compared_without_case_umlauts_accents_and_punctuation(
    written: str, expected: str
) -> None:
    assert normalised(written) == expected


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Werder (Havel)", "werder"),
        ("Werder (Havel)", "werder havel"),
        ("Rabenstein/Fläming", "rabenstein"),
        ("Frankfurt am Main", "frankfurt"),
        ("Frankfurt am Main", "frankfurt main"),
        ("Neuburg a.d. Donau", "neuburg donau"),
        ("Lutherstadt Eisleben", "eisleben"),
        ("Am Mellensee", "am mellensee"),
    ],
)
def test_a_place_is_found_under_the_short_forms_of_its_name(name: str, wanted: str) -> None:
    assert wanted in keys_of(name)


def test_the_fullest_form_of_a_name_comes_first() -> None:
    assert keys_of("Werder (Havel)")[0] == "werder havel"


def test_a_name_of_joining_words_alone_keeps_them() -> None:
    assert essential("am zoll") == "zoll"
    assert essential("im") == "im"


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("Teltow", ("teltow",)),
        ("Werder (Havel) OT Glindow", ("werder", "havel", "glindow")),
        ("Frankfurt a. M.", ("frankfurt", "m")),
        (
            "Neustadt (Dosse), Landkreis Ostprignitz-Ruppin",
            ("neustadt", "dosse", "landkreis ostprignitz ruppin"),
        ),
        ("", ()),
    ],
)
def test_a_name_is_taken_apart_into_a_place_and_what_it_belongs_to(
    name: str, pieces: tuple[str, ...]
) -> None:
    assert pieces_of(name) == pieces


def test_an_abbreviation_fits_the_word_it_begins() -> None:
    assert qualifies("m", "frankfurt am main")
    assert qualifies("dosse", "neustadt dosse brandenburg")
    assert not qualifies("oder", "frankfurt am main")
