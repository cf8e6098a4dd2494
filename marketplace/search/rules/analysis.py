"""How text becomes words that can be compared: one way, for documents and for questions alike."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from threading import Lock

import snowballstemmer
from whoosh.analysis import LowercaseFilter, RegexTokenizer, StemFilter, StopFilter
from whoosh.lang.stopwords import stoplists

# Stored with every analysed text; it grows by one with each change of what this module gives.
ANALYSER_VERSION = 1


class TextField(StrEnum):
    """Parts of a document in which words are found, the most telling first."""

    TITLE = "title"
    EXTRA = "extra"
    ATTRIBUTES = "attributes"
    SUMMARY = "summary"
    ORGANISATION = "organisation"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, which it has from `start` to before `end`.

    `term` is the same for all inflections ("Fräsmaschinen", "Fraesmaschine": frasmaschin);
    `spelling` keeps all letters, without case, umlauts and accents (frasmaschinen, frasmaschine).
    """

    term: str
    spelling: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AnalysedText:
    """The words of a document by field, in their order, each between two blanks.

    Plain text, so that a word, a phrase and the beginning of a word are all found as parts of it.
    Fields without words are missing.
    """

    terms: Mapping[str, str]
    spellings: Mapping[str, str]


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

_german = snowballstemmer.stemmer("german")
_one_at_a_time = Lock()  # the stemmer keeps the word it works on in itself


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    letters = unicodedata.normalize("NFC", _COMBINING_BUT_UMLAUTS.sub("", decomposed))
    with _one_at_a_time:
        return str(_german.stemWord(letters))


# A number with its decimals, or letters that digits may follow: "8mm" and "8 mm" are two words.
_TOKENISER = RegexTokenizer(r"\d+(?:[.,]\d+)*|[^\W\d_][^\W_]*")
_ANALYSER = (
    _TOKENISER
    | LowercaseFilter()
    | StopFilter(stoplist=_STOP_WORDS, minsize=1)
    | StemFilter(stemfn=_stem, cachesize=None)
)


def composed(text: str) -> str:
    """Write each letter with its accents as one character, as positions in a text count them."""
    return unicodedata.normalize("NFC", text)


def spellings_of(text: str) -> tuple[str, ...]:
    """Give the spellings of all words of a composed text, also of those that say nothing."""
    return tuple(_spelling_of(token.text) for token in _TOKENISER(text))


def _spelling_of(word: str) -> str:
    # What begins a word must also begin its spelling.
    letters = _COMBINING.sub("", unicodedata.normalize("NFKD", word.casefold()))
    return _UMLAUT_AS_LETTERS.sub(lambda pair: pair[0][0], letters)


def words_of(text: str) -> list[Word]:
    """Give the words of a composed text in their order, without those that say nothing."""
    return [
        Word(
            term=token.text,
            spelling=_spelling_of(text[token.startchar : token.endchar]),
            start=token.startchar,
            end=token.endchar,
        )
        for token in _ANALYSER(text, chars=True)
    ]


def in_blanks(words: Iterable[str]) -> str:
    """Write words in a row as AnalysedText has them."""
    return f" {' '.join(words)} "


def analysed(texts: Mapping[TextField, str]) -> AnalysedText:
    """Analyse the texts of a document."""
    words = {str(field): words_of(composed(text)) for field, text in texts.items()}
    found = {field: in_field for field, in_field in words.items() if in_field}
    return AnalysedText(
        terms={field: in_blanks(word.term for word in row) for field, row in found.items()},
        spellings={field: in_blanks(word.spelling for word in row) for field, row in found.items()},
    )
