"""A district's logo, made safe: decoded, shrunk and written anew without metadata."""

import io

from PIL import Image, UnidentifiedImageError

from marketplace.foundation.errors import N_

# security.md 5.5: at most 1 MiB and 4 megapixels, no SVG.
LARGEST_BYTES = 1024 * 1024
MOST_PIXELS = 4_000_000
_SIDE = 256
_FORMATS = ("PNG", "JPEG", "WEBP")


class UnusableLogo(ValueError):
    """The picture cannot be taken; the message says why and what would do."""


def clean_logo(content: bytes) -> bytes:
    """Give the logo as PNG of at most 256 pixels a side; raises UnusableLogo."""
    if len(content) > LARGEST_BYTES:
        raise UnusableLogo(N_("Das Logo ist größer als 1 MiB. Bitte verkleinern Sie es."))
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnusableLogo(
                    N_("Das Logo hat mehr als 4 Megapixel. Bitte verkleinern Sie es.")
                )
            picture.load()
            clean = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise UnusableLogo(
            N_("Das Logo muss ein PNG, JPEG oder WebP sein; SVG nehmen wir nicht an.")
        ) from None
    clean.thumbnail((_SIDE, _SIDE))
    written = io.BytesIO()
    clean.save(written, "PNG", optimize=True)
    return written.getvalue()
