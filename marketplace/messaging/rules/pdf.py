"""Whether a PDF is whole and does nothing by itself: judged by its bytes, without a PDF reader.

What this finds and what it cannot find: docs/decisions/0009.
"""

import re
import zlib
from collections.abc import Iterator

from marketplace.foundation.errors import N_

_HEADER = re.compile(rb"%PDF-[12]\.[0-9]\s")
_END = re.compile(rb"startxref\s+[0-9]+\s+%%EOF\s*\Z")
# The end of a ZIP archive: programs that unpack find it in the last 64 KiB, whatever stands before.
_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_TAIL = 66_000
_NAME = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]+)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n?|\n)")
_STREAM_END = b"endstream"
# How the content of an object stream begins: pairs of numbers.
_NUMBERS = re.compile(rb"[\x00\s]*[0-9]+\s+[0-9]+\s")
# An object stream says where its first object is; an outline points at another object instead.
_FIRST_OBJECT = re.compile(rb"/First\s+[0-9]+(?!\s+[0-9]+\s+R)(?![0-9])")
_ACTIVE = frozenset(
    (
        *(b"JavaScript", b"Launch", b"Rendition", b"RichMedia"),
        *(b"SubmitForm", b"ImportData", b"EmbeddedFile", b"EmbeddedFiles"),
    )
)
# So short that the bytes of a picture have them by chance: looked for outside of pictures only.
_ACTIVE_SHORT = frozenset((b"JS", b"XFA"))
_OTHER_PACKING = frozenset(
    (b"ASCIIHexDecode", b"ASCII85Decode", b"LZWDecode", b"RunLengthDecode", b"Crypt", b"Predictor")
)
_PEEK = 1_000
_MOST_STREAMS = 50_000
# Bytes, unpacked: all hidden objects of one file together.
_MOST_UNPACKED = 32 * 1024 * 1024

_NOT_WHOLE = N_("Die PDF-Datei ist nicht vollständig. Bitte speichern Sie sie neu als PDF.")
_LOCKED = N_("Die PDF-Datei ist verschlüsselt. Bitte speichern Sie sie ohne Kennwort.")
_DOES_SOMETHING = N_(
    "Die PDF-Datei enthält Programme oder weitere Dateien. Bitte drucken Sie sie neu als PDF."
)
_OPAQUE = N_("Die PDF-Datei lässt sich nicht prüfen. Bitte drucken Sie sie neu als PDF.")


class _Opaque(Exception):
    """Something in the file cannot be looked into."""


def pdf_problem(content: bytes) -> str | None:
    """Say why this PDF is not taken; None: it may be passed on, to be saved and never shown."""
    if not _HEADER.match(content) or not _END.search(content[-1_100:]):
        return _NOT_WHOLE
    if _ARCHIVE_END in content[-_ARCHIVE_TAIL:]:
        return _DOES_SOMETHING
    everywhere = _names(content)
    if b"Encrypt" in everywhere:
        return _LOCKED
    if everywhere & _ACTIVE:
        return _DOES_SOMETHING
    try:
        described = {name for text in _readable(content) for name in _names(text)}
    except _Opaque:
        return _OPAQUE
    return _DOES_SOMETHING if described & (_ACTIVE | _ACTIVE_SHORT) else None


def _names(text: bytes) -> set[bytes]:
    """Give the names in a text; `/J#53` is another way to write `/JS`."""
    return {_ESCAPED.sub(_unescaped, name) for name in set(_NAME.findall(text))}


def _unescaped(match: re.Match[bytes]) -> bytes:
    return bytes((int(match.group(1), 16),))


def _readable(content: bytes) -> Iterator[bytes]:
    """Give all that describes objects: the text between the streams, and objects packed in one.

    The word that begins a stream counts wherever it stands: written into a comment or a text, it
    would otherwise hide the stream that comes next.
    """
    room = _MOST_UNPACKED
    text_from = end = 0
    for number, stream in enumerate(_STREAM.finditer(content)):
        head = content[max(text_from, end if end < stream.start() else 0) : stream.start()]
        yield head
        if end < stream.end():
            end = content.find(_STREAM_END, stream.end())
        if end < 0 or number == _MOST_STREAMS:
            raise _Opaque
        text_from = stream.end()
        objects = _objects_in(head, memoryview(content)[text_from:end], room)
        room -= len(objects)
        yield objects
    yield content[max(text_from, end) :]


def _objects_in(head: bytes, packed: memoryview, room: int) -> bytes:
    """Give the objects that a stream holds; nothing where it holds a picture or a page."""
    names = _names(head)
    holds_objects = b"ObjStm" in names or _FIRST_OBJECT.search(head) is not None
    if not holds_objects and not _NUMBERS.match(_beginning(packed)):
        return b""
    if holds_objects and names & _OTHER_PACKING:
        raise _Opaque
    if len(packed) > room:
        raise _Opaque
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(packed, room + 1)
    except zlib.error:
        if holds_objects and b"Filter" in names:
            raise _Opaque from None
        return bytes(packed)
    if not unpacker.eof:
        raise _Opaque
    return unpacked


def _beginning(packed: memoryview) -> bytes:
    """Give how the content of a stream begins, unpacked where it was packed by zlib."""
    start = packed[:_PEEK]
    try:
        return zlib.decompressobj().decompress(start, _PEEK)
    except zlib.error:
        return bytes(start)
