"""Which words of a document a query finds: what an answer marks, and gives as its reasons."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from marketplace.search.rules.analysis import (
    composed,
    forms_of,
    lexemes_as_written,
    spelt_words,
    word_ends,
)
from marketplace.search.rules.spelt_texts import SpeltTexts, places_of
from marketplace.search.rules.word_query import Beginning, InARow, OneWord, WordQuery


class Segment(NamedTuple):
    """A part of a text, and whether the words that were looked for found it."""

    text: str
    is_match: bool


class Marks:
    """Finds the words of one query in many texts; it asks of each word only once what it means."""

    def __init__(self, query: WordQuery) -> None:
        """Look for what a query wants."""
        self.are_sought = bool(query.wanted)
        self._rows = [part for part in query.wanted if isinstance(part, InARow)]
        self._means = _Means(
            {
                lexeme
                for part in query.wanted
                if isinstance(part, OneWord)
                for lexeme, _ in part.lexemes
            },
            tuple(part.spelling for part in query.wanted if isinstance(part, Beginning)),
        )

    def places(self, documents: Sequence[SpeltTexts]) -> list[list[int]]:
        """Give of each of many documents the places of the words that were found, in order."""
        if not self._means.are_lexemes or self._rows:
            return [[*self._places_text_by_text(each)] for each in documents]
        means = self._means
        return [
            [place for place in places if means[document.words[place]]]
            for document, places in zip(documents, places_of(means.lexemes, documents), strict=True)
        ]

    def marked(self, text: str) -> tuple[Segment, ...]:
        """Cut a text into what was found and what lies between."""
        if not self.are_sought:
            return (Segment(text, False),) if text else ()
        text = composed(text)
        places, ends = self._places(spelt_words(text)), word_ends(text)
        segments, done = [], 0
        for start, end in (ends[place] for place in places):
            segments += [Segment(text[done:start], False), Segment(text[start:end], True)]
            done = end
        segments += [Segment(text[done:], False)]
        return tuple(segment for segment in segments if segment.text)

    def _places_text_by_text(self, document: SpeltTexts) -> Iterator[int]:
        """Give places as `places` does; words in a row lie in one text."""
        begin = 0
        for _, end in document.ends:
            yield from (begin + place for place in self._places(document.words[begin:end]))
            begin = end

    def _places(self, words: Sequence[str]) -> list[int]:
        means = self._means
        places = [place for place, word in enumerate(words) if means[word]]
        if not self._rows:
            return places
        return sorted({*places, *(place for row in self._rows for place in _in_a_row(row, words))})


class _Means(dict[str, bool]):
    """Tells of a word as written whether it is meant."""

    def __init__(self, lexemes: set[str], beginnings: tuple[str, ...]) -> None:
        super().__init__()
        self.lexemes, self._beginnings = lexemes, beginnings

    @property
    def are_lexemes(self) -> bool:
        """Whether lexemes alone decide."""
        return not self._beginnings

    def __missing__(self, word: str) -> bool:
        self[word] = is_meant = not self.lexemes.isdisjoint(
            lexemes_as_written(word)
        ) or self._begins(word)
        return is_meant

    def _begins(self, word: str) -> bool:
        if not self._beginnings:
            return False
        forms = forms_of(word)
        return forms is not None and forms.spelling.startswith(self._beginnings)


def _in_a_row(row: InARow, words: Sequence[str]) -> Iterator[int]:
    """Give the places of words that stand in a row; words that say nothing may lie between."""
    telling = [
        (place, forms.term)
        for place, word in enumerate(words)
        if (forms := forms_of(word)) is not None
    ]
    length = len(row.terms)
    for start in range(len(telling) - length + 1):
        here = telling[start : start + length]
        if tuple(term for _, term in here) == row.terms:
            yield from (place for place, _ in here)
