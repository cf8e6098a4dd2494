"""How the address of an organisation's website is kept."""

from urllib.parse import urlsplit

from marketplace.foundation.errors import N_, InvalidInput


def normal_website(text: str) -> str:
    """Give the address with its scheme, empty for empty; only http and https can be linked.

    Raises InvalidInput (field `website`) where it is none.
    """
    text = text.strip()
    if not text:
        return ""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
        parts = urlsplit("")
    has_blanks = any(sign.isspace() or not sign.isprintable() for sign in address)
    if parts.scheme not in ("http", "https") or "." not in host or has_blanks or parts.username:
        raise InvalidInput(
            {"website": N_("Das ist keine Internetseite. Bitte so schreiben: www.firma.de.")}
        )
    return address
