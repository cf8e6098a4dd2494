"""Which passwords are good enough: long, and not what everybody tries first."""

from collections.abc import Collection, Iterable

from marketplace.foundation.errors import N_

# security.md 5.3 (ASVS 5.0, 6.2: at least 8, 15 recommended; no rules of composition).
SHORTEST = 12
LONGEST = 128

# What somebody appends to a common password to make it long enough ("passwort2024") protects it
# no better than the password itself. So the list needs words from here on.
_PADDING = 4
SHORTEST_COMMON = SHORTEST - _PADDING

# Words of the context count from this length on; shorter ones are in every sentence.
_SHORTEST_CONTEXT_WORD = 4
_FEWEST_DIFFERENT_CHARACTERS = 5


def fault_of(
    password: str, *, context: Iterable[str], common: Collection[str]
) -> str | None:
    """Say what is wrong with a password, None where it is good.

    `context`: names and addresses that belong to the account. `common`: common passwords in lower
    case, of SHORTEST_COMMON characters or more.
    """
    if len(password) < SHORTEST:
        return N_("Bitte nehmen Sie mindestens 12 Zeichen. Ein kurzer Satz ist gut zu merken.")
    if len(password) > LONGEST:
        return N_("Bitte nehmen Sie höchstens 128 Zeichen.")
    written = password.casefold()
    if len(set(written)) < _FEWEST_DIFFERENT_CHARACTERS:
        return N_("Dieses Passwort besteht aus zu wenigen verschiedenen Zeichen.")
    if _is_hardly_more_than(written, common):
        return N_("Dieses Passwort steht auf Listen bekannter Passwörter. Bitte wählen Sie eines, auf das niemand kommt.")
    if len(_without(written, context)) < SHORTEST_COMMON:
        return N_("Das Passwort besteht fast nur aus Ihrem Namen, Ihrer E-Mail-Adresse oder dem Namen dieser Seite. Bitte wählen Sie ein anderes.")
    return None


def _is_hardly_more_than(password: str, common: Collection[str]) -> bool:
    shortest = max(SHORTEST_COMMON, len(password) - _PADDING)
    return any(
        password[start:end] in common
        for start in range(len(password) - shortest + 1)
        for end in range(start + shortest, len(password) + 1)
    )


def _without(password: str, context: Iterable[str]) -> str:
    words = {word for text in context for word in _words_in(text)}
    for word in sorted(words, key=len, reverse=True):
        password = password.replace(word, "")
    return password


def _words_in(text: str) -> Iterable[str]:
    parts = "".join(sign if sign.isalnum() else " " for sign in text.casefold()).split()
    return [part for part in (*parts, "".join(parts)) if len(part) >= _SHORTEST_CONTEXT_WORD]
