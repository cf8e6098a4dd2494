"""Putting typing errors right, for words that nothing matches."""

from collections.abc import Collection

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from marketplace.search.rules.german import is_real_word

_SHORTEST = 4
# From this length on two slips are forgiven instead of one.
_LONG = 8
_MOST_CANDIDATES = 20


def correction_of(word: str, vocabulary: Collection[str]) -> str | None:
    """Give the word that was probably meant, None where there is none; all are folded.

    A slip is a letter too many, too few, wrong, or two that changed places. German words are left
    as they are: nobody offers a plasma cutter, but it is no error for something else.
    """
    if len(word) < _SHORTEST or not word.isalpha() or is_real_word(word):
        return None
    most = 2 if len(word) >= _LONG else 1
    candidates = extract(
        word, vocabulary, scorer=OSA.distance, score_cutoff=most, limit=_MOST_CANDIDATES
    )
    best = min(
        ((slips, candidate[:1] != word[:1], candidate) for candidate, slips, _ in candidates),
        default=None,
    )
    return best[2] if best else None
