"""What pages call an organisation."""

from flask_babel import gettext


def organisation_label(name: str) -> str:
    """Give the name; "Ungenannt" where the reader is not to know it."""
    return name or gettext("Ungenannt")
