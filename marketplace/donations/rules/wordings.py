"""The words of the official form: the district's data, with version and source."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.donations.rules.recipients import NoticeKind
from marketplace.foundation.errors import N_, InvalidInput, Sentence

_SAMPLE = Path(__file__).parents[1] / "data" / "receipt_wording.json"
_BLANK = re.compile(r"\{(\w*)\}")
LONGEST_TEXT = 1500


class FormVariant(StrEnum):
    """Which of the official forms: they differ in subtitle, status and notices."""

    ASSOCIATION = "association"
    PUBLIC = "public"


_COMMON = (
    *("issuer_label", "title", "subtitle", "giver_label", "digits_label", "words_label"),
    *("day_label", "description_label", "annex_reference", "origin_business", "origin_private"),
    *("origin_not_stated", "evidence", "purpose", "signature_label", "liability"),
)
_STATUS = ("status_exemption", "status_60a", "recognition")
TEXTS: Mapping[FormVariant, tuple[str, ...]] = {
    FormVariant.ASSOCIATION: (*_COMMON, *_STATUS),
    FormVariant.PUBLIC: _COMMON,
}
_NOTICE_BLANKS = frozenset({"purposes", "tax_office", "tax_number", "notice_day"})
# What the product fills in, text by text; nothing else may stand in braces.
_BLANKS: Mapping[str, frozenset[str]] = {
    "status_exemption": _NOTICE_BLANKS | {"assessment_period"},
    "status_60a": _NOTICE_BLANKS,
    "purpose": frozenset({"purposes"}),
}


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The words of one form; the sample is not meant to be used unseen."""

    variant: FormVariant
    version: str
    source: str
    texts: Mapping[str, str]
    is_sample: bool = False


@cache
def sample_wording(variant: FormVariant) -> Wording:
    """Give the sample that is delivered with the product."""
    sample: dict[str, Any] = json.loads(_SAMPLE.read_text(encoding="utf-8"))
    return Wording(
        variant=variant,
        version=sample["version"],
        source=sample["source"],
        texts=sample[variant],
        is_sample=True,
    )


def checked_texts(variant: FormVariant, texts: Mapping[str, str]) -> dict[str, str]:
    """Give the texts of a form, all there and nothing else.

    Raises InvalidInput with a sentence for each text that cannot stay so.
    """
    tidied = {name: " ".join(texts.get(name, "").split()) for name in TEXTS[variant]}
    problems = {name: problem for name, text in tidied.items() if (problem := _wrong(name, text))}
    problems |= {
        name: N_("Diesen Text gibt es in dem Vordruck nicht.") for name in texts.keys() - tidied
    }
    if problems:
        raise InvalidInput(problems)
    return tidied


def _wrong(name: str, text: str) -> str | None:
    if not text:
        return N_("Dieser Text fehlt.")
    if len(text) > LONGEST_TEXT:
        return Sentence(N_("Höchstens %(most)s Zeichen."), most=LONGEST_TEXT)
    blanks, found = _BLANKS.get(name, frozenset()), set(_BLANK.findall(text))
    if found != blanks:
        return Sentence(
            N_("In geschweiften Klammern muss genau das stehen: %(blanks)s."),
            blanks=", ".join(sorted(blanks)) or "–",
        )
    return None


def blanks_of(name: str) -> tuple[str, ...]:
    """Give what the product fills into a text of a form."""
    return tuple(sorted(_BLANKS.get(name, frozenset())))


def filled_texts(
    wording: Wording, values: Mapping[str, str], notice_kind: NoticeKind | None
) -> dict[str, str]:
    """Give the texts of a form with its blanks filled; `status` is the one for the notice."""
    texts = {
        name: _BLANK.sub(lambda blank: values[blank[1]], text)
        for name, text in wording.texts.items()
        if name not in ("status_exemption", "status_60a") or name == _status_text(notice_kind)
    }
    return {
        **texts,
        "status": texts.get(_status_text(notice_kind), ""),
        "recognition": texts.get("recognition", ""),
    }


def _status_text(kind: NoticeKind | None) -> str:
    return "status_60a" if kind is NoticeKind.SECTION_60A else "status_exemption"
