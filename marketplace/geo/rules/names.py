"""How names of places are compared: what people write and what registers write is rarely equal."""

import re
import unicodedata
from dataclasses import dataclass

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

# Words that join a name to what it lies at, and their usual abbreviations ("Neuburg a. d. Donau").
_JOINING_WORDS = frozenset(
    "a am an auf b bei d dem den der i im in o ob u unter v vor vom z zu zum zur".split()
)
# Words that say what a place is; "Lutherstadt Wittenberg" is Wittenberg to those who live there.
_TITLES = frozenset(
    "gemeinde hansestadt kreisstadt landeshauptstadt lutherstadt stadt universitaetsstadt".split()
)
_SEPARATORS = re.compile(r"[(),;/]|\b(?:OT|Ortsteil|Stadtteil)\b", re.IGNORECASE)
_HYPHEN = re.compile(r"\s*[-‐‑–]\s*")


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name taken apart: `Werder (Havel), Potsdam-Mittelmark` is werder + havel, potsdam mi..."""

    core: str
    qualifiers: tuple[str, ...]


def normalised(name: str) -> str:
    """Write a name in lower-case words without umlauts, accents and punctuation."""
    text = unicodedata.normalize("NFC", name).casefold().translate(_UMLAUTS)
    decomposed = unicodedata.normalize("NFKD", text)
    kept = (
        character if character.isalnum() else " "
        for character in decomposed
        if not unicodedata.combining(character)
    )
    return " ".join("".join(kept).split())


def keys_of(name: str) -> tuple[str, ...]:
    """Give the forms under which a name is found, the fullest first.

    `Neustadt an der Weinstraße` is found as written, as `neustadt`, and as `neustadt
    weinstrasse`, which is also what remains of `Neustadt a. d. Weinstraße`.
    """
    full = normalised(name)
    core = normalised(_SEPARATORS.split(name)[0])
    words = core.split()
    joining = next((at for at, word in enumerate(words) if at and word in _JOINING_WORDS), None)
    keys = (full, " ".join(words[:joining]) or full, essential(full), essential(core))
    return tuple(key for key in dict.fromkeys(keys) if key)


def essential(key: str) -> str:
    """Leave out joining words and titles from a normalised name, unless nothing would remain."""
    words = [word for word in key.split() if word not in _JOINING_WORDS and word not in _TITLES]
    return " ".join(words) or key


def taken_apart(name: str) -> tuple[NameParts, ...]:
    """Give the ways to read a name as a place and what it belongs to, the likeliest first.

    Separators are brackets, slashes, commas and `OT`; where there are none, joining words; where
    there are none either, hyphens.
    """
    readings = []
    for pieces in (_SEPARATORS.split(name), _split_at_joining_words(name), _HYPHEN.split(name)):
        keys = [key for key in map(normalised, pieces) if key]
        if len(keys) > 1:
            readings.append(NameParts(keys[0], tuple(keys[1:])))
            break
    return tuple(readings)


def _split_at_joining_words(name: str) -> list[str]:
    words = normalised(name).split()
    for at, word in enumerate(words):
        if at and word in _JOINING_WORDS:
            rest = [each for each in words[at:] if each not in _JOINING_WORDS]
            return [" ".join(words[:at]), " ".join(rest)]
    return [name]


def qualifies(qualifier: str, context: str) -> bool:
    """Say whether each word of a qualifier begins a word of the context; both normalised.

    So `m` fits `am main`, and `dosse` fits `neustadt dosse`.
    """
    known = context.split()
    wanted = essential(qualifier).split()
    return all(any(word.startswith(start) for word in known) for start in wanted)
