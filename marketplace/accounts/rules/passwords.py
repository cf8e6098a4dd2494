"""Which passwords are good enough: long, and not what everybody tries first."""

from collections.abc import Collection, Iterable

from marketplace.foundation.errors import N_

# security.md 5.3 (ASVS 5.0, 6.2: at least 8, 15 recommended; no rules of composition).
SHORTEST = 12
LONGEST = 128

# What must be left of a password once common passwords, names and blanks are taken out of it:
# "passwort2024" is no better than "passwort".
_LEAST_OF_ONES_OWN = 6

# Shorter common passwords are words that many a good sentence holds.
SHORTEST_COMMON = 8
_SHORTEST_NAME = 4
_FEWEST_DIFFERENT_CHARACTERS = 5


def fault_of(password: str, *, names: Iterable[str], common: Collection[str]) -> str | None:
    """Say what is wrong with a password, None where it is good.

    `names`: names and addresses that belong to the account. `common`: common passwords in lower
    case, of SHORTEST_COMMON characters or more.
    """
    if len(password) < SHORTEST:
        return N_("Bitte nehmen Sie mindestens 12 Zeichen. Ein kurzer Satz ist gut zu merken.")
    if len(password) > LONGEST:
        return N_("Bitte nehmen Sie höchstens 128 Zeichen.")
    written = password.casefold()
    if len(set(written)) < _FEWEST_DIFFERENT_CHARACTERS:
        return N_("Dieses Passwort besteht aus zu wenigen verschiedenen Zeichen.")
    known = {*_common_in(written, common), *(word for name in names for word in _words_of(name))}
    if len(_without(written, known)) < _LEAST_OF_ONES_OWN:
        return N_(
            "Dieses Passwort besteht fast nur aus einem bekannten Passwort oder aus Namen. "
            "Bitte wählen Sie eines, auf das niemand kommt."
        )
    return None


def _common_in(password: str, common: Collection[str]) -> Iterable[str]:
    for start in range(len(password) - SHORTEST_COMMON + 1):
        for end in range(start + SHORTEST_COMMON, len(password) + 1):
            if password[start:end] in common:
                yield password[start:end]


def _words_of(name: str) -> Iterable[str]:
    words = "".join(sign if sign.isalnum() else " " for sign in name.casefold()).split()
    return [word for word in (*words, "".join(words)) if len(word) >= _SHORTEST_NAME]


def _without(password: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        password = password.replace(word, "")
    return "".join(password.split())
