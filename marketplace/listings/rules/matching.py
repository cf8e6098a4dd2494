"""Whether an offer is what somebody looks for."""

from marketplace.listings.rules.categories import is_within
from marketplace.search.rules.analysis import HEAD, composed, lexemes_of, words_of
from marketplace.search.rules.documents import SearchDocument
from marketplace.search.rules.windows import Window

_FREE_OF_CHARGE = ("lend", "give")


def fits(request: SearchDocument, offer: SearchDocument) -> bool:
    """Tell whether the offer fits, if only in part: some of the time or of the quantity helps too.

    Kind and subject must be the same, the times must meet, what is wanted free of charge must be
    free of charge, and nobody helps themselves. Distance orders the answer; it decides nothing.
    A giver who stays unnamed is nobody here: to leave out their own wishes would tell who it is.
    """
    return (
        request.kind == offer.kind
        and request.organisation_id != offer.organisation_id
        and _same_subject(request, offer)
        and _terms_fit(request, offer)
        and _times_meet(request.windows, offer.windows)
    )


def _same_subject(one: SearchDocument, other: SearchDocument) -> bool:
    """Compare categories where both have one, else the words of the titles."""
    if one.category and other.category:
        return is_within(one.category, other.category) or is_within(other.category, one.category)
    return bool(_title_terms(one) & _title_terms(other))


def _title_terms(document: SearchDocument) -> set[str]:
    """Give the words that say what it is, heads of compounds too."""
    return {
        lexeme
        for word in words_of(composed(document.title))
        for lexeme, strength in lexemes_of(word.folded).items()
        if strength >= HEAD and not lexeme[:1].isdecimal() and len(lexeme) > 2
    }


def _terms_fit(request: SearchDocument, offer: SearchDocument) -> bool:
    if request.terms is None or request.terms.mode not in _FREE_OF_CHARGE:
        return True
    return offer.terms is not None and offer.terms.mode in _FREE_OF_CHARGE


def _times_meet(wanted: tuple[Window, ...], free: tuple[Window, ...]) -> bool:
    if not wanted or not free:
        return True
    return any(one.start < other.end and other.start < one.end for one in wanted for other in free)
