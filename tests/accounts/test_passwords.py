"""Which passwords are taken, and how they are kept."""

import threading

import pytest

from marketplace.accounts.backends.common_passwords import common_passwords
from marketplace.accounts.backends.password_hashing import (
    NO_PASSWORD,
    fits,
    hash_password,
    is_outdated,
)
from marketplace.accounts.rules.passwords import fault_of
from marketplace.foundation.settings import Environment

NAMES = ("Starke Region", "werkstatt@tischlerei-belzig.example", "Tischlerei Belzig GmbH")

GOOD = [
    "sieben Birnen im Korb",
    "der Hahn kräht um halb vier",
    "xK9-vt2-Qpm4",
    "mein Passwort ist ein langer Satz",
    "密码很长很长的一个句子啊对吧",
    "a" * 40 + "bcdefghijk",
]
BAD = [
    "",
    "elf Zeichen",
    "passwort2024",
    "Passwort1234!",
    "hallo123hallo123",
    "123456789012",
    "qwertzuiop12",
    "1qaz2wsx3edc4rfv",
    "aaaaaaaaaaaaaaaa",
    "abababababababab",
    "Starke Region 24!",
    "starkeregion1234",
    "tischlerei-belzig",
    "Werkstatt Belzig 1",
    "x" * 60 + "yzabcdefg" * 8,
]


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_of_ones_own_is_taken(password: str) -> None:
    assert fault_of(password, names=NAMES, common=common_passwords()) is None


@pytest.mark.parametrize("password", BAD)
def test_a_password_that_others_try_first_is_refused(password: str) -> None:
    assert fault_of(password, names=NAMES, common=common_passwords())


def test_the_list_holds_only_passwords_that_are_compared() -> None:
    assert len(common_passwords()) > 40_000
    assert all(len(word) >= 8 and word == word.lower() for word in common_passwords())


def test_a_password_fits_its_own_hash_and_no_other() -> None:
    stored = hash_password("sieben Birnen im Korb", Environment.TEST)

    assert fits("sieben Birnen im Korb", stored, Environment.TEST)
    assert not fits("acht Birnen im Korb", stored, Environment.TEST)


def test_an_umlaut_fits_however_the_keyboard_composes_it() -> None:
    stored = hash_password("Gru\u0308ne A\u0308pfel im Korb", Environment.TEST)

    assert fits("Grüne Äpfel im Korb", stored, Environment.TEST)


@pytest.mark.parametrize("stored", ["", NO_PASSWORD, "not a hash"])
def test_no_password_fits_where_none_was_set(stored: str) -> None:
    assert not fits("nobody has this password", stored, Environment.TEST)
    assert not fits(stored, stored, Environment.TEST)


def test_a_hash_made_more_cheaply_than_today_is_outdated() -> None:
    cheap = hash_password("sieben Birnen im Korb", Environment.TEST)

    assert is_outdated(cheap, Environment.PRODUCTION)
    assert not is_outdated(cheap, Environment.TEST)


def test_in_production_a_hash_takes_64_mebibytes_and_two_passes() -> None:
    stored = hash_password("sieben Birnen im Korb", Environment.PRODUCTION)

    assert stored.startswith("$argon2id$v=19$m=65536,t=2,p=1$")


def test_many_sign_ins_at_once_all_get_their_answer() -> None:
    stored = hash_password("sieben Birnen im Korb", Environment.TEST)
    answers: list[bool] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(fits("sieben Birnen im Korb", stored, Environment.TEST))
        )
        for _ in range(12)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [True] * 12
