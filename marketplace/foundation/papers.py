"""Papers as PDF: tagged (PDF/UA-1) and made to last (PDF/A-2a), the same bytes for the same data.

A paper is a Typst file in templates/papers/. What it says comes in as data, never as source, so
that nothing that people type can act in it.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import typst

from marketplace.foundation.shipped import find_folder

PaperData: TypeAlias = "str | float | bool | Sequence[PaperData] | Mapping[str, PaperData] | None"

_STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
# What the fonts of the papers have signs for, block by block: Latin, Greek and Cyrillic scripts,
# punctuation, currencies, letterlike signs, arrows, mathematics, and boxes to tick.
_SIGNS = (
    range(0x0020, 0x0500),
    range(0x1E00, 0x2070),
    range(0x20A0, 0x20D0),
    range(0x2190, 0x2300),
    range(0x2610, 0x2613),
)
_LACKING = frozenset({0x0485, 0x0486, 0x2041, 0x2043, 0x2053})
_NO_SIGN = "\N{REPLACEMENT CHARACTER}"


class PaperTooLong(Exception):
    """The data does not fit where the paper has room for it."""


def render_paper(template: str, data: Mapping[str, PaperData], *, at: datetime) -> bytes:
    """Fill templates/papers/`template`.typ; `at` is the instant that the paper bears.

    Raises PaperTooLong where the paper has a face of one page and the data needs more. A sign that
    the fonts lack is shown as one that says so: a paper with it would be no PDF/A.
    """
    folder = find_folder("templates") / "papers"
    try:
        content = typst.compile(
            folder / f"{template}.typ",
            root=folder,
            format="pdf",
            sys_inputs={"data": json.dumps(_printable(data), ensure_ascii=False)},
            pdf_standards=[*_STANDARDS],
            timestamp=int(at.timestamp()),
            ignore_system_fonts=True,  # every machine makes the same bytes
        )
    except typst.TypstError as error:
        if "face needs more than one page" in str(error):
            raise PaperTooLong from error
        raise
    return content


def _printable(value: PaperData) -> PaperData:
    match value:
        case str():
            composed = unicodedata.normalize("NFC", " ".join(value.split()))
            return "".join(sign if _has_sign(sign) else _NO_SIGN for sign in composed)
        case Mapping():
            return {key: _printable(each) for key, each in value.items()}
        case Sequence():
            return [_printable(each) for each in value]
        case _:
            return value


def _has_sign(sign: str) -> bool:
    code = ord(sign)
    return (
        any(code in signs for signs in _SIGNS)
        and code not in _LACKING
        and unicodedata.category(sign) not in {"Cc", "Cn", "Co", "Cs"}
    )
