"""The texts that each district writes itself."""

from enum import StrEnum


class TextKey(StrEnum):
    """The district's own texts; the value is also the page's path and the file's name."""

    IMPRINT = "imprint"
    PRIVACY = "privacy"
    TERMS = "terms"
    ACCESSIBILITY = "accessibility"


# Without these a district may not go live (domain.md 4.2 and 5.1: imprint, privacy notice,
# accessibility statement; terms, because people accept them when they register).
NEEDED_TEXTS = tuple(TextKey)
