"""Photos as people take them become pictures that are safe to show."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from marketplace.foundation.errors import N_

# Contract, section 6, and security.md 5.5.
LARGEST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE_TAKEN = 12_000
_LONGEST_SIDE_SHOWN = 2_560
_THUMBNAIL_SIDE = 480
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82


class UnusablePhoto(ValueError):
    """The picture cannot be taken; the message is a marked sentence that says why."""


@dataclass(frozen=True, kw_only=True)
class CleanPhoto:
    """A picture written anew as WebP, without any metadata, and a small one."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: str


def clean_photo(content: bytes) -> CleanPhoto:
    """Decode and re-encode; raises UnusablePhoto. What it is decides the content, not its name."""
    if len(content) > LARGEST_BYTES:
        raise UnusablePhoto(N_("Das Bild ist größer als 10 MB. Bitte wählen Sie ein kleineres."))
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            _check_size(picture)
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
    ) as error:
        if isinstance(error, UnusablePhoto):
            raise
        raise UnusablePhoto(
            N_("Das ist kein lesbares Bild. Möglich sind JPEG, PNG und WebP.")
        ) from None
    flat = _without_transparency(upright)
    flat.thumbnail((_LONGEST_SIDE_SHOWN, _LONGEST_SIDE_SHOWN))
    written = _webp(flat)
    small = flat.copy()
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
    return CleanPhoto(
        content=written,
        thumbnail=_webp(small),
        width=flat.width,
        height=flat.height,
        sha256=hashlib.sha256(written).hexdigest(),
    )


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS or max(picture.size) > LONGEST_SIDE_TAKEN:
        raise UnusablePhoto(N_("Das Bild hat mehr als 40 Megapixel. Bitte verkleinern Sie es."))
    if getattr(picture, "n_frames", 1) > 1:
        raise UnusablePhoto(N_("Das Bild bewegt sich. Bitte wählen Sie ein einzelnes Bild."))


def _without_transparency(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
        return ground
    return picture.convert("RGB")


def _webp(picture: Image.Image) -> bytes:
    # A fresh image from the bare pixels: nothing of the file it came from is carried over.
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    written = io.BytesIO()
    bare.save(written, "WEBP", quality=_QUALITY, method=4)
    return written.getvalue()
