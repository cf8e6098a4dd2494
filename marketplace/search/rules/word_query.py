"""What somebody typed into the search field, and what of a document it finds.

All words must occur, somewhere; "words in quotation marks" one after the other; -words must not;
the beginning of a word ends with an asterisk*. Anything else that looks like syntax is text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from whoosh import query as whoosh_query
from whoosh.qparser import (
    OperatorsPlugin,
    PhrasePlugin,
    PrefixPlugin,
    QueryParser,
    WhitespacePlugin,
)

from marketplace.search.rules.analysis import (
    AnalysedText,
    TextField,
    Word,
    composed,
    in_blanks,
    spellings_of,
    words_of,
)

# A word found in one field counts more than the same word in all fields after it together.
_WEIGHTS = {field: 2**place for place, field in enumerate(reversed(TextField))}

_parser = QueryParser(
    "text",
    schema=None,
    plugins=[
        WhitespacePlugin(),
        OperatorsPlugin(
            And=None,
            Or=None,
            AndNot=None,
            AndMaybe=None,
            Require=None,
            Not=r"(?:^|(?<=\s))-(?=\S)",
        ),
        PhrasePlugin(),
        PrefixPlugin(),
    ],
)
# Phones and word processors write these by themselves.
_QUOTATION_MARKS = str.maketrans(dict.fromkeys("„“”«»", '"'))


class Segment(NamedTuple):
    """A part of a text, and whether the words that were looked for found it."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words that stand one after the other: terms, or spellings the last of which only begins so.

    `needle` is how AnalysedText writes them.
    """

    needle: str
    is_beginning: bool = False

    def stands_in(self, text: AnalysedText) -> bool:
        """Tell whether some field of a document has this."""
        return any(self.needle in words for words in self._fields(text).values())

    def fields_of(self, text: AnalysedText) -> list[TextField]:
        """Give the fields of a document that have this."""
        return [
            TextField(field) for field, words in self._fields(text).items() if self.needle in words
        ]

    def _fields(self, text: AnalysedText) -> Mapping[str, str]:
        return text.spellings if self.is_beginning else text.terms

    def places_in(self, words: Sequence[Word]) -> set[int]:
        """Give the places of those of the words that are meant."""
        length = len(self.needle.split())
        return {
            place
            for start in range(len(words) - length + 1)
            if self._is_meant(words[start : start + length])
            for place in range(start, start + length)
        }

    def _is_meant(self, words: Sequence[Word]) -> bool:
        if self.is_beginning:
            return in_blanks(word.spelling for word in words).startswith(self.needle)
        return in_blanks(word.term for word in words) == self.needle


@dataclass(frozen=True, slots=True)
class WordQuery:
    """What must stand in a document, and what must not; with neither it finds every document."""

    wanted: tuple[Wanted, ...]
    unwanted: tuple[Wanted, ...]

    def finds(self, text: AnalysedText) -> bool:
        """Tell whether a document is one of those that were looked for."""
        return all(part.stands_in(text) for part in self.wanted) and not any(
            part.stands_in(text) for part in self.unwanted
        )

    def relevance(self, text: AnalysedText) -> int:
        """Tell how well a document answers: each part counts by every field that has it.

        How often it stands there, how rare it is and how long the text is do not count.
        """
        return sum(_WEIGHTS[field] for part in self.wanted for field in part.fields_of(text))

    def marked(self, text: str) -> tuple[Segment, ...]:
        """Cut a text into what was found and what lies between."""
        text = composed(text)
        segments = []
        done = 0
        for word in self._found_in(text):
            segments += [Segment(text[done : word.start], False)]
            segments += [Segment(text[word.start : word.end], True)]
            done = word.end
        segments += [Segment(text[done:], False)]
        return tuple(segment for segment in segments if segment.text)

    def found_words(self, text: str) -> tuple[str, ...]:
        """Give the words of a text that were found, as written there, each once."""
        text = composed(text)
        found = (text[word.start : word.end] for word in self._found_in(text))
        return tuple(dict.fromkeys(found))

    def _found_in(self, text: str) -> list[Word]:
        words = words_of(text)
        places = set().union(*(part.places_in(words) for part in self.wanted))
        return [words[place] for place in sorted(places)]


def parsed(text: str) -> WordQuery:
    """Read what somebody typed; there is nothing that cannot be read."""
    tree = _parser.parse(composed(text).translate(_QUOTATION_MARKS), normalize=False)
    parts = list(_parts_of(tree))
    return WordQuery(
        wanted=tuple(dict.fromkeys(part for part, is_wanted in parts if is_wanted)),
        unwanted=tuple(dict.fromkeys(part for part, is_wanted in parts if not is_wanted)),
    )


def _parts_of(tree: whoosh_query.Query, *, is_wanted: bool = True) -> Iterator[tuple[Wanted, bool]]:
    match tree:
        case whoosh_query.Not():
            yield from _parts_of(tree.query, is_wanted=False)
        case whoosh_query.Phrase():
            yield from _one_after_the_other(" ".join(tree.words), is_wanted=is_wanted)
        case whoosh_query.Prefix():
            yield from _beginning(tree.text, is_wanted=is_wanted)
        case whoosh_query.Term() if is_wanted:
            # "CNC-Fräsmaschine" also finds a milling machine that is called CNC elsewhere.
            yield from ((Wanted(in_blanks([word.term])), True) for word in words_of(tree.text))
        case whoosh_query.Term():
            yield from _one_after_the_other(tree.text, is_wanted=False)
        case _:
            for part in tree.children():
                yield from _parts_of(part)


def _one_after_the_other(text: str, *, is_wanted: bool) -> Iterator[tuple[Wanted, bool]]:
    words = words_of(text)
    if words:
        yield Wanted(in_blanks(word.term for word in words)), is_wanted


def _beginning(text: str, *, is_wanted: bool) -> Iterator[tuple[Wanted, bool]]:
    spellings = spellings_of(text)
    if spellings:
        yield Wanted(in_blanks(spellings).removesuffix(" "), is_beginning=True), is_wanted
