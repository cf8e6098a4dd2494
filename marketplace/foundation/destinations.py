"""Where somebody may be led after signing in: to a page of this very host."""

from urllib.parse import urlsplit


def local_path(text: str) -> str | None:
    """Give a path (with query) of this host as it stands, None for whatever leads elsewhere.

    Browsers read "//host", "/\\host" and a path with line breaks or tabs as other hosts.
    """
    if not text.startswith("/") or text.startswith("//"):
        return None
    if "\\" in text or any(sign.isspace() or not sign.isprintable() for sign in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if not parts.scheme and not parts.netloc else None
