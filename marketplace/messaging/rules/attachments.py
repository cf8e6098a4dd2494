"""Files that go with a message: what they are is judged by their content, never by their name."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from marketplace.foundation.errors import N_, Sentence
from marketplace.foundation.photos import UnusablePhoto, clean_photo
from marketplace.messaging.rules.messages import tidy_message
from marketplace.messaging.rules.pdf import pdf_problem

# Characters, with the ending.
LONGEST_FILE_NAME = 100
_MEGABYTE = 1024 * 1024
_PICTURE = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP", re.DOTALL)
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")


class MediaType(StrEnum):
    """What is stored: pictures are written anew, and all alike."""

    PICTURE = "image/webp"
    PDF = "application/pdf"


_ENDINGS = {MediaType.PICTURE: ".webp", MediaType.PDF: ".pdf"}


class UnusableFile(ValueError):
    """The file cannot be taken; `sentence` says why, marked for translation."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence."""
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """A file that may be passed on; `thumbnail` is empty unless it is a picture."""

    name: str
    media_type: MediaType
    content: bytes
    thumbnail: bytes
    sha256: str


def check_file(name: str, content: bytes, *, largest_bytes: int) -> CheckedFile:
    """Look at what was sent, and write pictures anew; raises UnusableFile."""
    if not content:
        raise UnusableFile(N_("Die Datei ist leer. Bitte wählen Sie eine andere."))
    if len(content) > largest_bytes:
        raise UnusableFile(
            Sentence(
                N_("Die Datei ist größer als %(most)s MB. Bitte verkleinern Sie sie."),
                most=largest_bytes // _MEGABYTE,
            )
        )
    if content.startswith(b"%PDF-"):
        problem = pdf_problem(content)
        if problem is not None:
            raise UnusableFile(problem)
        return _checked(name, MediaType.PDF, content)
    if not _PICTURE.match(content):
        raise UnusableFile(N_("Das ist weder ein Foto (JPEG, PNG, WebP) noch eine PDF-Datei."))
    try:
        photo = clean_photo(content)
    except UnusablePhoto as unusable:
        raise UnusableFile(str(unusable)) from None
    return _checked(name, MediaType.PICTURE, photo.content, photo.thumbnail)


def tidy_file_name(name: str, media_type: MediaType) -> str:
    """Give the name to show and to save under: one line, no folders, an ending that is true."""
    last = re.split(r"[/\\]", name)[-1]
    # Signs without a shape can turn the direction of reading, so that "fdp.exe" reads "exe.pdf".
    seen = "".join(each for each in unicodedata.normalize("NFC", last) if _has_shape(each))
    stem = " ".join(tidy_message(seen).split())
    ending = _ENDINGS[media_type]
    false_endings = _PICTURE_ENDINGS if media_type is MediaType.PICTURE else (ending,)
    for each in false_endings:
        if stem.lower().endswith(each):
            stem = stem[: -len(each)]
            break
    stem = stem.strip(". ")[: LONGEST_FILE_NAME - len(ending)].rstrip(". ")
    return f"{stem or 'Datei'}{ending}"


def _has_shape(sign: str) -> bool:
    return sign.isspace() or not unicodedata.category(sign).startswith("C")


def _checked(
    name: str, media_type: MediaType, content: bytes, thumbnail: bytes = b""
) -> CheckedFile:
    return CheckedFile(
        name=tidy_file_name(name, media_type),
        media_type=media_type,
        content=content,
        thumbnail=thumbnail,
        sha256=hashlib.sha256(content).hexdigest(),
    )
