"""Putting typing errors right, for words that nothing matches."""

from collections.abc import Collection

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from marketplace.search.rules.german import is_real_word

_SHORTEST = 4
# From this length on two slips are forgiven instead of one.
_LONG = 8
_MOST_CANDIDATES = 20


def may_be_meant(word: str) -> bool:
    """Tell whether a folded word can be what somebody meant who mistyped one."""
    return word.isalpha() and len(word) >= _SHORTEST - 1


def slips_forgiven(word: str) -> int:
    """Give how many slips a folded word may have; 0: it is taken as it stands.

    German words are left as they are: nobody offers a plasma cutter, but it is no error for
    something else.
    """
    if len(word) < _SHORTEST or not word.isalpha() or is_real_word(word):
        return 0
    return 2 if len(word) >= _LONG else 1


def corrections_of(word: str, vocabulary: Collection[str]) -> list[str]:
    """Give the words that were probably meant, the likeliest first; all are folded.

    A slip is a letter too many, too few, wrong, or two that changed places.
    """
    most = slips_forgiven(word)
    if not most:
        return []
    candidates = extract(
        word, vocabulary, scorer=OSA.distance, score_cutoff=most, limit=_MOST_CANDIDATES
    )
    ordered = sorted(
        (slips, candidate[:1] != word[:1], candidate) for candidate, slips, _ in candidates
    )
    return [candidate for _, _, candidate in ordered]
