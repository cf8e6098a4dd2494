"""What a word finds, and what it does not."""

import pytest

from marketplace.search.rules.analysis import TextField, analysed, stem
from marketplace.search.rules.corrections import corrections_of
from marketplace.search.rules.german import common_gender, compound_of
from marketplace.search.rules.marks import Marks
from marketplace.search.rules.spelt_texts import places_of, spelt_texts
from marketplace.search.rules.word_query import parsed, synonyms_by_word


def weight(words: str, title: str, *, body: str = "") -> int | None:
    return parsed(words).weight_in(analysed({TextField.TITLE: title, TextField.BODY: body}))


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Bagger", "Minibagger"),
        ("Fräsmaschine", "Tischfräse"),
        ("fräsen", "CNC-Fräsmaschine"),
        ("Waschmaschine", "Wasch-Maschine"),
        ("Studio", "Filmstudios"),
        ("Kauffrau", "Kaufleute"),
        ("Schreiner*in", "Schreiner gesucht"),
    ],
)
def test_a_word_finds_what_means_the_same(words: str, title: str) -> None:
    assert weight(words, title)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Fräsmaschine", "Drehmaschine"),
        ("Sand", "Versand"),
        ("Lager", "Lage"),
        ("Tage", "Plantage"),
        ("Bier", "Barbier"),
        ("Baumaschine", "Bau einer Halle"),
        ("Bagger -Minibagger", "Minibagger"),
    ],
)
def test_a_word_does_not_find_what_only_looks_alike(words: str, title: str) -> None:
    assert weight(words, title) is None


def test_a_title_counts_more_than_the_text_and_a_word_more_than_its_part() -> None:
    whole, head = weight("Halle", "Halle"), weight("Halle", "Lagerhalle")
    modifier, mention = weight("Lager", "Lagerhalle"), weight("Halle", "Raum", body="Halle")

    assert whole is not None
    assert head is not None
    assert modifier is not None
    assert mention is not None
    assert whole > head > modifier > mention


def test_the_districts_synonyms_find_each_other() -> None:
    synonyms = synonyms_by_word([["Hänger", "Anhänger"], ["Anhänger", "Trailer"]])
    text = analysed({TextField.TITLE: "Anhänger mit Plane"})

    assert parsed("Hänger", synonyms).weight_in(text)
    assert parsed("Trailer", synonyms).weight_in(text)
    assert parsed("Hänger").weight_in(text) is None


def test_only_slips_are_put_right_never_words_that_nobody_offers() -> None:
    vocabulary = {"fraesmaschine", "mauer", "gabelstapler"}

    assert corrections_of("fraesmachine", vocabulary) == ["fraesmaschine"]
    assert corrections_of("gabelstabler", vocabulary) == ["gabelstapler"]
    assert corrections_of("maurer", vocabulary) == []
    assert corrections_of("plasmaschneider", vocabulary) == []


def test_a_compound_has_the_gender_of_its_head() -> None:
    assert compound_of("obstplantage") is not None
    assert compound_of("plantage") is None
    assert common_gender("tischlerinnen") == "tischler"
    assert common_gender("termin") == "termin"


def marked(words: str, text: str) -> list[str]:
    return [each.text for each in Marks(parsed(words)).marked(text) if each.is_match]


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("Bagger", "Minibagger, Bagger und Baggern", ["Minibagger", "Bagger", "Baggern"]),
        ("Halle*", "Hallenkran in der Lagerhalle", ["Hallenkran"]),
        ('"großer Bagger"', "Bagger, großer Bagger, großer Kran", ["großer", "Bagger"]),
        ('"Halle Hafen"', "Halle in der Nähe, Halle am Hafen", ["Halle", "Hafen"]),
        ("Bagger -Kran", "Bagger ohne Kran", ["Bagger"]),
    ],
)
def test_what_was_found_is_marked_as_it_is_written(words: str, text: str, found: list[str]) -> None:
    assert marked(words, text) == found


def test_a_text_that_is_marked_loses_no_letter() -> None:
    text = "Der Fräser: Tischfräse (neu)."

    assert "".join(each.text for each in Marks(parsed("fräsen")).marked(text)) == text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Bagger", {TextField.TITLE: ["Minibagger", "Bagger"], TextField.BODY: ["Baggern"]}),
        ("Bag*", {TextField.TITLE: ["Bagger"], TextField.BODY: ["Baggern"]}),
        ('"Bagger Kran"', {}),  # one text ends between them
        ('"Kran großer"', {TextField.BODY: ["Kran", "großer"]}),
        ("Walze", {}),
    ],
)
def test_what_was_found_is_named_by_the_text_that_has_it(
    words: str, found: dict[TextField, list[str]]
) -> None:
    texts = {
        TextField.TITLE: "Minibagger, Bagger",
        TextField.SUMMARY: "",
        TextField.BODY: "Kran, großer; zu Baggern",
    }
    spelt = spelt_texts(texts)

    (places,) = Marks(parsed(words)).places([spelt])

    assert {
        field: [spelt.words[place] for place in here] for field, here in spelt.by_field(places)
    } == found


def test_a_page_names_of_each_document_its_own_words() -> None:
    titles = ["Kran", "Bagger", "", "Bagger und Minibagger"]
    documents = [spelt_texts({TextField.TITLE: title}) for title in titles]

    assert places_of([stem("bagger")], documents) == [[], [0], [], [0, 2]]
