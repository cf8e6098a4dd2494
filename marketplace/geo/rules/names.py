"""How names of places are compared: what people write and what registers write is rarely equal."""

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

# Words that join a name to what it lies at, and their usual abbreviations ("Neuburg a. d. Donau").
_JOINING_WORDS = frozenset((
    "am", "an", "auf", "bei", "dem", "den", "der", "im", "in", "ob", "unter", "vor", "vom", "zu",
    "zum", "zur", "a", "b", "d", "i", "o", "u", "v", "z",
))  # fmt: skip
# Words that say what a place is; "Lutherstadt Wittenberg" is Wittenberg to those who live there.
_TITLES = frozenset((
    "gemeinde", "hansestadt", "kreisstadt", "landeshauptstadt", "lutherstadt", "stadt",
    "universitaetsstadt",
))  # fmt: skip
_SEPARATORS = re.compile(r"[(),;/]|\b(?:OT|Ortsteil|Stadtteil)\b", re.IGNORECASE)


def normalised(name: str) -> str:
    """Write a name in lower-case words without umlauts, accents and punctuation."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(_UMLAUTS)
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


def pieces_of(name: str) -> tuple[str, ...]:
    """Take a name apart into a place and what it belongs to, normalised; one piece if it is whole.

    Separators are brackets, slashes, commas and `OT`; where there are none, joining words:
    `Werder (Havel) OT Glindow` is werder, havel, glindow; `Frankfurt a. M.` is frankfurt, m.
    """
    pieces = [key for key in map(normalised, _SEPARATORS.split(name)) if key]
    if len(pieces) != 1:
        return tuple(pieces)
    words = pieces[0].split()
    joining = next((at for at, word in enumerate(words) if at and word in _JOINING_WORDS), None)
    rest = [word for word in words[joining:] if word not in _JOINING_WORDS] if joining else []
    return (" ".join(words[:joining]), " ".join(rest)) if rest else tuple(pieces)


def qualifies(qualifier: str, context: str) -> bool:
    """Say whether each word of a qualifier begins a word of the context; both normalised.

    So `m` fits `am main`, and `dosse` fits `neustadt dosse`.
    """
    known = context.split()
    wanted = essential(qualifier).split()
    return all(any(word.startswith(start) for word in known) for start in wanted)
