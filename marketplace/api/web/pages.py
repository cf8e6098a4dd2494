"""How long a page of an answer is."""

from marketplace.foundation.errors import N_, InvalidInput

_USUAL_PAGE, _LARGEST_PAGE = 20, 100


def page_limit(text: str) -> int:
    """Read `limit`; raises InvalidInput where it is no number from 1 to 100."""
    if not text:
        return _USUAL_PAGE
    if text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= _LARGEST_PAGE:
        return int(text)
    raise InvalidInput({"limit": N_("Bitte eine ganze Zahl von 1 bis 100.")})
