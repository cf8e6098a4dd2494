"""Files as people attach them, for tests."""

import zlib
from io import BytesIO

from PIL import Image

_BEFORE = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R "
_AFTER = b"\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def make_pdf(catalogue: bytes = b"", *, objects: bytes = b"") -> bytes:
    """Give a PDF; `catalogue` goes into its first dictionary, `objects` behind that."""
    return _BEFORE + catalogue + b" >>\nendobj\n" + objects + _AFTER


def make_stream(dictionary: bytes, content: bytes) -> bytes:
    """Give an object that is a stream of these bytes."""
    return b"3 0 obj\n<< " + dictionary + b" >>\nstream\n" + content + b"\nendstream\nendobj\n"


def make_object_stream(
    objects: bytes, *, dictionary: bytes = b"/Type /ObjStm /N 1 /First 4"
) -> bytes:
    """Give a stream in which other objects are packed."""
    return make_stream(dictionary + b" /Filter /FlateDecode", zlib.compress(b"7 0 " + objects))


def make_picture(format_: str = "JPEG", *, place: str = "") -> bytes:
    """Give a picture; `place` stands in its metadata."""
    file = BytesIO()
    exif = Image.Exif()
    if place:
        exif[0x010E] = place
    Image.new("RGB", (640, 480), "navy").save(file, format_, exif=exif)
    return file.getvalue()
