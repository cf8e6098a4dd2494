"""How text becomes words that can be compared: one way, for documents and for questions alike.

The index knows a document by its lexemes. A lexeme is plain text with one mark of what it is:

* `frasmaschin`: a word, the same for all inflections, spellings and genders, or the part of a
  compound that says what the thing is ("Tischfräse": `fras`);
* `~tisch`: a part that only says which one, or next to nothing ("Maschine");
* `=tischfrase`: all letters of a word, without case, umlauts and accents, for beginnings of words;
* `+tischfraese`: a word or a part of one as it is written, in lower case; found by nobody, it is
  what typing errors are put right to.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import snowballstemmer
from whoosh.analysis import RegexTokenizer
from whoosh.lang.stopwords import stoplists

from marketplace.search.rules.german import (
    common_gender,
    compound_of,
    folded,
    singular_in_er,
    without_plural_s,
)

# Stored with every analysed text; it grows by one with each change of what this module gives.
ANALYSER_VERSION = 3

# How much a word, the head of a compound, and a weak part count.
WHOLE, HEAD, WEAK = 4, 3, 1
WEAK_MARK, SPELLING_MARK = "~", "="
# Ends a field in AnalysedText.sequence: no word goes on into the next one.
FIELD_END = "|"


class TextField(StrEnum):
    """Parts of a document in which words are found, the most telling first."""

    TITLE = "title"
    EXTRA = "extra"
    ATTRIBUTES = "attributes"
    SUMMARY = "summary"
    ORGANISATION = "organisation"
    BODY = "body"


# A word found in one field counts more than the same word in all fields after it together.
FIELD_WEIGHTS = {field: 2**place for place, field in enumerate(reversed(TextField))}


class Word(NamedTuple):
    """A word of a text, which it has from `start` to before `end`.

    `term` is the same for all inflections ("Fräsmaschinen", "Fraesmaschine": frasmaschin);
    `spelling` keeps all letters, without case, umlauts and accents (frasmaschinen, frasmaschine).
    """

    term: str
    spelling: str
    folded: str  # in lower case, umlauts as two letters
    start: int
    end: int


class Forms(NamedTuple):
    """What `Word` says of a word, wherever it stands."""

    term: str
    spelling: str
    folded: str


@dataclass(frozen=True, slots=True)
class AnalysedText:
    """What the index knows of the words of a document.

    `lexemes` gives the weight of each, 0 to 252: how strong it is (WHOLE, HEAD, WEAK) in every
    field that has it, times the weight of the field. `sequence` has the terms in their order
    between blanks, field after field, for words that must stand in a row. `words` are those that
    somebody may have meant who mistyped one: as written there, folded, and the parts of compounds.
    """

    lexemes: Mapping[str, int]
    sequence: str
    words: AbstractSet[str] = frozenset()


_UMLAUTS_AS_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_STOP_WORDS = {
    spelling
    for word in stoplists["de"]
    for spelling in (word, word.translate(str.maketrans(_UMLAUTS_AS_LETTERS)))
}

_COMBINING = re.compile("[\u0300-\u036f]")
# Umlauts stay: the stemmer tells them from other vowels and takes "ae" for "ä".
_COMBINING_BUT_UMLAUTS = re.compile("[\u0300-\u0307\u0309-\u036f]|(?<![aou])\u0308")
_UMLAUT_AS_LETTERS = re.compile("ae|oe|(?<!q)ue")
# Words that are written in an old and a new way.
_OLD_SPELLINGS = re.compile("(?<=[gt])ra(?:ph|f)|phot|phon|phantas")
_NEW_SPELLINGS = {"raph": "raf", "phot": "fot", "phon": "fon", "phantas": "fantas"}

_german = snowballstemmer.stemmer("german")
_one_at_a_time = Lock()  # the stemmer keeps the word it works on in itself


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Give what all inflections of a folded word have in common."""
    if singular := singular_in_er(word):
        return _new_spelling(singular)
    decomposed = unicodedata.normalize("NFKD", without_plural_s(word))
    letters = unicodedata.normalize("NFC", _COMBINING_BUT_UMLAUTS.sub("", decomposed))
    with _one_at_a_time:
        stemmed = str(_german.stemWord(letters))
    return _new_spelling(stemmed)


def _new_spelling(word: str) -> str:
    return _OLD_SPELLINGS.sub(lambda old: _NEW_SPELLINGS.get(old[0], old[0]), word)


# A number with its decimals, or letters that digits may follow: "8mm" and "8 mm" are two words. An
# ending for both genders belongs to its word: "Schreiner:in", "Schreiner/-innen", "Schreiner(in)".
_BOTH_GENDERS = r"(?:[:*_/]-?in(?:nen)?\b|\(in(?:nen)?\))"
_TOKENISER = RegexTokenizer(
    rf"\d+(?:[.,]\d+)*|[^\W\d_](?:[^\W_]*[^\W\d_])?{_BOTH_GENDERS}|[^\W\d_][^\W_]*"
)
_GENDER_ENDING = re.compile(f"{_BOTH_GENDERS}$", re.IGNORECASE)


def composed(text: str) -> str:
    """Write each letter with its accents as one character, as positions in a text count them."""
    return unicodedata.normalize("NFC", text)


def spellings_of(text: str) -> tuple[str, ...]:
    """Give the spellings of all words of a composed text, also of those that say nothing."""
    return tuple(_spelling_of(token.text) for token in _TOKENISER(text))


@lru_cache(maxsize=50_000)
def _spelling_of(word: str) -> str:
    # What begins a word must also begin its spelling.
    letters = _COMBINING.sub(
        "", unicodedata.normalize("NFKD", _GENDER_ENDING.sub("", word).casefold())
    )
    return _UMLAUT_AS_LETTERS.sub(lambda pair: pair[0][0], letters)


def words_of(text: str) -> tuple[Word, ...]:
    """Give the words of a composed text in their order, without those that say nothing."""
    return tuple(
        Word(*forms, match.start(), match.end())
        for match in _TOKENISER.expression.finditer(text)
        if (forms := forms_of(match[0])) is not None
    )


def spelt_words(text: str) -> tuple[str, ...]:
    """Give all words of a composed text as written there; equal ones are one object."""
    return tuple(map(sys.intern, _TOKENISER.expression.findall(text)))


def word_ends(text: str) -> list[tuple[int, int]]:
    """Give where each of the `spelt_words` begins and ends."""
    return [match.span() for match in _TOKENISER.expression.finditer(text)]


@lru_cache(maxsize=50_000)
def forms_of(word: str) -> Forms | None:
    """Give the forms of a word as written; None: it says nothing."""
    lower = word.lower()
    if lower in _STOP_WORDS:
        return None
    plain = folded(_GENDER_ENDING.sub("", lower))
    return Forms(stem(plain), _spelling_of(plain), plain)


@lru_cache(maxsize=50_000)
def lexemes_of(word: str) -> Mapping[str, int]:
    """Give every lexeme by which a folded word is found, with its strength."""
    found: dict[str, int] = {}
    _add(found, stem(word), WHOLE)
    base = common_gender(word)
    _add(found, stem(base), WHOLE)
    _add_parts(found, base, is_head=True)
    return found


@lru_cache(maxsize=50_000)
def lexemes_as_written(word: str) -> Mapping[str, int]:
    """Give what `lexemes_of` gives, for a word as written; nothing where it says nothing."""
    forms = forms_of(word)
    return {} if forms is None else lexemes_of(forms.folded)


def _add(found: dict[str, int], lexeme: str, strength: int) -> None:
    if strength > found.get(lexeme, -1):
        found[lexeme] = strength


def _add_parts(found: dict[str, int], word: str, *, is_head: bool) -> None:
    """Add the parts of a word that is itself a document's word, or the head of one."""
    compound = compound_of(word)
    if compound is None:
        return
    head, modifier = compound.head, compound.modifier
    if is_head and not compound.has_general_head:
        _add(found, stem(common_gender(head)), HEAD)
    else:
        _add(found, WEAK_MARK + stem(head), WEAK)
    if is_head and compound.has_general_head and compound.is_action:
        _add(found, stem(modifier), HEAD)
    else:
        _add(found, WEAK_MARK + stem(modifier), WEAK)
    _add_parts(found, head, is_head=is_head and not compound.has_general_head)
    _add_parts(found, modifier, is_head=False)


@lru_cache(maxsize=50_000)
def _with_parts(word: str) -> frozenset[str]:
    """Give a folded word and all parts of it that are words."""
    compound = compound_of(common_gender(word))
    parts = (compound.head, compound.modifier) if compound else ()
    return frozenset({word}).union(*(_with_parts(part) for part in parts))


def analysed(texts: Mapping[TextField, str]) -> AnalysedText:
    """Analyse the texts of a document."""
    lexemes: dict[str, int] = {}
    sequence = []
    written: set[str] = set()
    for field, text in texts.items():
        text = composed(text)
        words = words_of(text)
        strengths: dict[str, int] = {}
        for word in words:
            for lexeme, strength in lexemes_of(word.folded).items():
                _add(strengths, lexeme, strength)
            _add(strengths, SPELLING_MARK + word.spelling, WHOLE)
            written |= _with_parts(word.folded)
        for joined in _joined(text, words):
            for lexeme, strength in lexemes_of(joined).items():
                _add(strengths, lexeme, strength)
        for lexeme, strength in strengths.items():
            lexemes[lexeme] = lexemes.get(lexeme, 0) + strength * FIELD_WEIGHTS[field]
        sequence += [*(word.term for word in words), FIELD_END]
    return AnalysedText(lexemes, in_blanks(sequence), written)


def _joined(text: str, words: Iterable[Word]) -> Iterator[str]:
    """Give what is one word to others: "Wasch-Maschine"."""
    previous: Word | None = None
    for word in words:
        if previous and text[previous.end : word.start] == "-" and not word.term[0].isdigit():
            yield previous.folded + word.folded
        previous = word


def in_blanks(words: Iterable[str]) -> str:
    """Write words in a row as AnalysedText.sequence has them."""
    return f" {' '.join(words)} "
