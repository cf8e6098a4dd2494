"""The languages that the product speaks."""

DEFAULT_LANGUAGE = "de"
# Key and how its speakers call it. A language appears here once its catalogue is complete.
LANGUAGES = {"de": "Deutsch", "en": "English"}


def known_language(key: str | None) -> str:
    """Give the language, or the default where we do not speak it."""
    return key if key in LANGUAGES else DEFAULT_LANGUAGE
