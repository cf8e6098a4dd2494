"""The words of documents as written there, and how those of a query are found among them fast.

A search that shows a page looks through some hundred words of documents that lie all over the
memory of a worker. So each document keeps its words' fingerprints in one piece, and only words
whose fingerprint fits are looked at themselves.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple
from zlib import crc32

import numpy as np

from marketplace.search.rules.analysis import (
    TextField,
    composed,
    lexemes_as_written,
    spelt_words,
)

# A lexeme's fingerprint, and the place of the word that has it.
_PRINT = np.dtype([("print", np.uint32), ("place", np.uint16)])
_MOST_WORDS = np.iinfo(np.uint16).max


class SpeltTexts(NamedTuple):
    """All words of a document's texts, one text after the other."""

    words: tuple[str, ...]
    ends: tuple[tuple[TextField, int], ...]  # each text, and before which place its words end
    prints: bytes

    def by_field(self, places: Iterable[int]) -> Iterator[tuple[TextField, list[int]]]:
        """Give which of some places, which are in order, lie in which text; texts with none not."""
        rest, done = list(places), 0
        for field, end in self.ends:
            if done == len(rest):
                return
            until = bisect_left(rest, end, done)
            if done < until:
                yield field, rest[done:until]
            done = until


def spelt_texts(texts: Mapping[TextField, str]) -> SpeltTexts:
    """Read texts."""
    words = {field: spelt_words(composed(text)) for field, text in texts.items() if text}
    everything = tuple(word for some in words.values() for word in some)
    ends = tuple(zip(words, accumulate(map(len, words.values())), strict=True))
    prints = [
        (crc32(lexeme.encode()), place)
        for place, word in enumerate(everything[:_MOST_WORDS])
        for lexeme in lexemes_as_written(word)
    ]
    return SpeltTexts(everything, ends, np.array(prints, _PRINT).tobytes())


def places_of(lexemes: Iterable[str], documents: Sequence[SpeltTexts]) -> list[list[int]]:
    """Give the places of words that may have one of these lexemes, in order, for each document.

    Others may have the same fingerprint: look at the words themselves.
    """
    prints = np.frombuffer(b"".join([each.prints for each in documents]), _PRINT)
    column = prints["print"].copy()  # side by side they are compared faster
    fits = np.zeros(len(column), bool)
    for lexeme in lexemes:
        fits |= column == crc32(lexeme.encode())
    found = np.flatnonzero(fits)
    ends = list(accumulate(len(each.prints) // _PRINT.itemsize for each in documents))
    places: list[list[int]] = [[] for _ in documents]
    owners = np.searchsorted(ends, found, side="right")
    for owner, place in zip(owners.tolist(), prints["place"][found].tolist(), strict=True):
        if place not in places[owner][-1:]:
            places[owner].append(place)
    return places
