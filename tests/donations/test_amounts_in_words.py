"""Amounts in German words, read back by somebody who knows nothing of how they were written."""

import random

import pytest

from marketplace.donations.rules.amounts import (
    LARGEST_AMOUNT,
    amount_in_digits,
    amount_in_words,
)

_SMALL = {
    word: value
    for value, word in enumerate(
        "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
        "fünfzehn sechzehn siebzehn achtzehn neunzehn".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(), start=2
    )
}


def read_back(words: str) -> int:
    """Give the cents that somebody reads in the words."""
    euros, found, rest = words.partition(" Euro")
    assert found
    cents = rest.removeprefix(" und ").removesuffix(" Cent") if rest else "null"
    return 100 * _number(euros) + _number(cents)


def _number(words: str) -> int:
    for noun in (" Millionen", " Million"):
        millions, found, rest = words.partition(noun)
        if found:
            counted = 1 if millions == "eine" else _number(millions.removesuffix("e"))
            return 1_000_000 * counted + (_number(rest.strip()) if rest.strip() else 0)
    for word, factor in (("tausend", 1000), ("hundert", 100)):
        before, found, after = words.partition(word)
        if found:
            return factor * _number(before) + (_number(after) if after else 0)
    if words in _SMALL:
        return _SMALL[words]
    unit, _, tens = words.rpartition("und")
    return _TENS[tens] + (_SMALL[unit] if unit else 0)


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (1_00, "ein Euro"),
        (21_00, "einundzwanzig Euro"),
        (100_00, "einhundert Euro"),
        (101_00, "einhundertein Euro"),
        (1_001_00, "eintausendein Euro"),
        (1_322_50, "eintausenddreihundertzweiundzwanzig Euro und fünfzig Cent"),
        (
            999_999_99,
            "neunhundertneunundneunzigtausendneunhundertneunundneunzig Euro "
            "und neunundneunzig Cent",
        ),
        (1, "null Euro und ein Cent"),
        (16_17, "sechzehn Euro und siebzehn Cent"),
        (30_00, "dreißig Euro"),
        (1_000_000_00, "eine Million Euro"),
        (2_001_000_30, "zwei Millionen eintausend Euro und dreißig Cent"),
        (21_000_000_00, "einundzwanzig Millionen Euro"),
        (101_000_001_00, "einhunderteine Millionen ein Euro"),
    ],
)
def test_an_amount_in_words(minor: int, words: str) -> None:
    assert amount_in_words(minor) == words


def test_a_thousand_amounts_are_read_back_as_they_were() -> None:
    choose = random.Random(7)
    amounts = [choose.randrange(10 ** choose.randint(1, 11)) for _ in range(1000)]

    assert [read_back(amount_in_words(each)) for each in amounts] == amounts


def test_every_amount_to_a_hundred_euros_is_read_back() -> None:
    assert all(read_back(amount_in_words(each)) == each for each in range(100_01))


@pytest.mark.parametrize("minor", [-1, LARGEST_AMOUNT + 1])
def test_what_has_no_words_is_refused(minor: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        amount_in_words(minor)


def test_an_amount_in_digits_has_points_and_a_comma() -> None:
    assert amount_in_digits(1_322_50) == "1.322,50 €"
    assert amount_in_digits(5) == "0,05 €"
    assert amount_in_digits(LARGEST_AMOUNT) == "999.999.999,99 €"
