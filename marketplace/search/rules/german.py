"""What the search knows of German words: parts of compounds, and one form for all genders.

The words come from data/german_words.txt.xz, which tools/build_german_words.py derives. Words go in
and out in lower case with "ae", "oe", "ue" and "ss" for umlauts and sharp s (`folded`).
"""

import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

# "Rindfleischetikettierungsüberwachung" has 36 letters; what is longer than this is no word, and
# taking it apart would take long.
_LONGEST_COMPOUND = 45
_SHORTEST_COMPOUND, _SHORTEST_PART, _SHORTEST_PLURAL_BASE = 6, 3, 4

# Heads that say nothing about what a thing is for: a milling machine is a cutter, not a "machine".
_GENERAL_HEADS = frozenset(
    "maschine geraet anlage apparat vorrichtung einrichtung system ausruestung zubehoer werkzeug"
    " artikel ware material mittel teil stueck".split()
)
# Prefixes of verbs and their nouns ("Versand" is no sand), and endings that are nouns by chance.
_NO_MODIFIERS = frozenset(
    "ab an auf aus be bei dar durch ein ent er fort ge gegen her hin hinter los miss mit nach ueber"
    " um un unter ur ver vor weg wider wieder zer zu zurueck zusammen".split()
)
_NO_HEADS = _NO_MODIFIERS | frozenset(
    "schaft schaften tum ling linge heit keit nis ion ionen ar al in ei".split()
)
# Adjectives and bound forms that make compounds but are neither nouns nor stems of verbs.
_COMBINING = frozenset(
    "alt bio doppel eigen einzel elektro feucht flach fremd frisch gross gebraucht halb hart hoch"
    " hydro kalt klein kurz lang leer leicht mikro mini mobil multi nass neu oeko quer roh rund"
    " schmal schnell schwer solar sonder spezial still tele tief trocken voll vor warm weich weiss"
    " zweit".split()
)

_SINGULAR, _PLURAL, _VERB = frozenset("mfn"), frozenset("MFN"), "v"
# A compound is rarer than what it is made of; one that is this much more frequent than its first
# part (ten times the Zipf value) is a word of its own, or no compound at all ("Kombi-Nation").
_LEXICALISED = 5

_FEMALE_ENDING = re.compile(
    "((?:er|or|ist|ent|ant|log|eur|oer|ier|aed|aet|graf|urg|eut|ekt|it|ot|wirt|chef|metz|bot|lots"
    "|gehilf|koll?eg|pert|nachbar|arzt|aerzt|koech|beamt|agog|psych|iater))in(?:nen)?$"
)
_MEN_AND_WOMEN = re.compile("(?<=[a-z]{3})(?:frau|frauen|leute|maenner)$")
_IRREGULAR_MEN = {"aerzt": "arzt", "koech": "koch"}

_VOWEL = re.compile("[aeiouyäöü]")
_DOER = re.compile("([a-z]{3,})er(?:s|n|in|innen)?")
_DOERS = frozenset("mM")

_UMLAUTS = re.compile("ae|oe|(?<!q)ue")
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Known(NamedTuple):
    """What is known of a word: letters for its kinds (see the data file), and its frequency."""

    kinds: frozenset[str]
    zipf: int


@dataclass(frozen=True, slots=True)
class Compound:
    """A word made of two: the head says what it is, the modifier which one.

    A general head ("Maschine") says next to nothing. `modifier` is the verb's stem or the noun,
    without what links it to the head; `is_action` tells that it names what is done with the thing.
    """

    modifier: str
    head: str
    has_general_head: bool
    is_action: bool


def folded(word: str) -> str:
    """Write a word in lower case and without umlauts and sharp s, as this module takes words."""
    return word.lower().translate(_FOLDED)


@lru_cache(maxsize=50_000)
def compound_of(word: str) -> Compound | None:
    """Take a folded word apart once; None where it is no compound as far as we know."""
    if not _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND:
        return None
    best = max(_splits(word), default=None, key=lambda split: split[0])
    return best[1] if best else None


@lru_cache(maxsize=50_000)
def common_gender(word: str) -> str:
    """Give a folded word in the form that stands for all genders: "tischlerin": "tischler"."""
    base = _MEN_AND_WOMEN.sub("mann", word)
    found = _FEMALE_ENDING.search(base)
    if found:
        base = base[: found.end(1)]
        for woman, man in _IRREGULAR_MEN.items():
            base = base.removesuffix(woman) + man if base.endswith(woman) else base
    return base


def without_plural_s(word: str) -> str:
    """Give a folded noun without the -s of its plural after a vowel: "studios": "studio"."""
    base = word.removesuffix("s")
    if base == word or len(base) < _SHORTEST_PLURAL_BASE or base[-1] not in "aeiouy":
        return word
    known = _words().get(word)
    if known is not None and known.kinds & _SINGULAR:
        return word
    compound = compound_of(base)
    noun = _words().get(compound.head if compound else base)
    return base if noun is not None and noun.kinds & _SINGULAR else word


def singular_in_er(word: str) -> str | None:
    """Give the singular of a folded noun in -er, None for any other word.

    Stemmers take this ending for one of a plural and a store ("Lager") for a site ("Lage"). It
    comes without umlauts, for they are often left out.
    """
    for ending in ("", "n", "s"):
        base = word.removesuffix(ending)
        if ending and base == word:
            continue
        if not base.endswith("er"):
            continue
        compound = compound_of(base)
        head = compound.head if compound else base
        if _undotted(head) in _singulars_in_er() or _doer(head) is not None:
            return _undotted(base)
    return None


def _undotted(word: str) -> str:
    return _UMLAUTS.sub(lambda umlaut: umlaut[0][0], word)


def is_real_word(word: str) -> bool:
    """Tell whether a folded word is German, or made of two words that are."""
    if _noun(word) is not None or word in _words():
        return True
    compound = compound_of(word)
    return compound is not None and all(
        len(part) > _SHORTEST_PART and (_noun(part) is not None or part in _words())
        for part in (compound.head, compound.modifier)
    )


def _splits(word: str) -> Iterator[tuple[int, Compound]]:
    """Give every way to take a word apart, with how likely it is."""
    whole = _noun(word)
    for place in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        head, modifier = _head(word[place:]), _modifier(word[:place])
        if head is None or modifier is None or not _agree(whole, head):
            continue
        base, known, is_linked = modifier
        if whole is not None and whole.zipf > known.zipf + _LEXICALISED:
            continue
        short = (len(word) - place <= _SHORTEST_PART) + (place <= _SHORTEST_PART)
        likelihood = head.zipf + known.zipf - 20 * short - 5 * is_linked
        yield (
            likelihood,
            Compound(
                modifier=base,
                head=word[place:],
                has_general_head=_singular_of(word[place:]) in _GENERAL_HEADS,
                is_action=known.kinds == {_VERB},
            ),
        )


def _agree(whole: Known | None, head: Known) -> bool:
    # A compound has gender and number of its head: "Plantage" is no "Tage", "Barbier" no "Bier".
    return whole is None or bool(whole.kinds & head.kinds)


def _head(text: str) -> Known | None:
    if text in _NO_HEADS:
        return None
    known = _noun(text)
    if known is None and (inner := compound_of(text)):
        outer = _noun(inner.head)
        return Known(outer.kinds, 15) if outer else None
    return known


def _modifier(text: str) -> tuple[str, Known, bool] | None:
    """Give a modifier's own word, what is known of it, and whether a link followed it."""
    if text in _NO_MODIFIERS:
        return None
    for base, is_linked in _unlinked(text):
        known = _words().get(base)
        if known is not None and base not in _NO_MODIFIERS and _may_stand(base, text, known):
            return base, known, is_linked
    if text in _COMBINING:
        return text, Known(frozenset(), 40), False
    for base in (text, text.removesuffix("s")):
        if compound_of(base) is not None:
            return base, Known(frozenset(), 15), base != text
    return None


def _may_stand(base: str, text: str, known: Known) -> bool:
    """Tell whether a word of these kinds stands so before a head."""
    if base == text:
        return True
    if text == f"{base}e":  # "Ladegerät"
        return _VERB in known.kinds
    return bool(known.kinds & _SINGULAR)


def _unlinked(text: str) -> Iterator[tuple[str, bool]]:
    """Give what a modifier may be the linked form of."""
    yield text, False
    for link in ("s", "es", "ens", "n", "en", "e"):
        if text.endswith(link) and len(text) - len(link) >= _SHORTEST_PART:
            yield text.removesuffix(link), True
    yield f"{text}e", True  # "Schulhaus"


@lru_cache(maxsize=50_000)
def _noun(text: str) -> Known | None:
    """Give what is known of a noun in any of its cases."""
    for form, wanted in (
        (text, _SINGULAR | _PLURAL),
        (text.removesuffix("n"), _PLURAL),
        (text.removesuffix("s"), frozenset("mn")),
        (text.removesuffix("es"), frozenset("mn")),
    ):
        known = _words().get(form)
        if known is not None and known.kinds & wanted:
            return Known(known.kinds & wanted, known.zipf)
    return _doer(text)


def _doer(text: str) -> Known | None:
    """Give what is known of the thing or person that does what a verb says: "Mischer"."""
    found = _DOER.fullmatch(text)
    if found is None:
        return None
    for stem in (found[1], re.sub("([lr])$", r"e\1", found[1])):  # "staplen" is "stapeln"
        known = _words().get(stem)
        if known is not None and _VERB in known.kinds:
            return Known(_DOERS, known.zipf)
    return None


def _singular_of(text: str) -> str:
    for ending in ("", "n", "en", "e", "s", "es"):
        if text.removesuffix(ending) in _GENERAL_HEADS:
            return text.removesuffix(ending)
    return text


@cache
def _singulars_in_er() -> frozenset[str]:
    return frozenset(
        _undotted(word)
        for word, known in _words().items()
        if word.endswith("er") and known.kinds & _SINGULAR
    )


@cache
def _words() -> dict[str, Known]:
    data = (files("marketplace.search") / "data" / "german_words.txt.xz").read_bytes()
    kinds: dict[str, frozenset[str]] = {}  # a handful of sets, shared by all words
    words = {}
    for line in lzma.decompress(data).decode().splitlines():
        if not line.startswith("#"):
            word, letters, zipf = line.split()
            if not _VOWEL.search(word):
                continue  # abbreviations: "sch" is no stem
            shared = kinds.setdefault(letters, frozenset(letters))
            words[folded(word)] = Known(shared, int(zipf))
    return words
