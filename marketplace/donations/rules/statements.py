"""What an organisation states of a notice of its tax office, and what cannot stay so."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from marketplace.donations.rules.recipients import Notice, NoticeKind, NoticeState, has_exemption
from marketplace.foundation.errors import N_, InvalidInput, Sentence
from marketplace.messaging.rules.messages import tidy_message

NOTICE_LABELS: Mapping[NoticeKind, str] = {
    NoticeKind.EXEMPTION: N_("Freistellungsbescheid"),
    NoticeKind.ANNEX: N_("Anlage zum Körperschaftsteuerbescheid"),
    NoticeKind.SECTION_60A: N_("Feststellung nach § 60a AO"),
}

NO_KIND = N_("Bitte wählen Sie, was Ihr Finanzamt geschickt hat.")
NO_TAX_OFFICE = N_("Bitte nennen Sie das Finanzamt.")
NO_TAX_NUMBER = N_("Bitte nennen Sie die Steuernummer der Organisation.")
NO_DAY = N_("Bitte nennen Sie den Tag, der im Bescheid steht.")
NO_PURPOSES = N_("Bitte schreiben Sie die Zwecke aus dem Bescheid ab.")
NOTHING_SEEN = N_("Bitte schreiben Sie, was Sie eingesehen haben.")
NO_REASON = N_("Bitte schreiben Sie den Grund auf. Die Organisation liest ihn.")

# Characters.
LONGEST_TAX_OFFICE = 120
LONGEST_TAX_NUMBER = 30
LONGEST_PERIOD = 60
LONGEST_PURPOSES = 2_000
LONGEST_DECISION = 1_000
# Each state writes it in its own way, with 10 or 11 digits; all of them agree on one with 13.
_TAX_NUMBER = re.compile(r"(?:\d[ /]*){10,13}")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What was typed; `day` None: no usable day, `purposes`: one a line."""

    kind: str
    tax_office: str
    tax_number: str
    day: date | None
    assessment_period: str
    purposes: str


@dataclass(frozen=True, kw_only=True)
class SettledStatement:
    """A notice that can be looked at; `assessment_period` is empty with § 60a."""

    kind: NoticeKind
    tax_office: str
    tax_number: str
    day: date
    assessment_period: str
    purposes: tuple[str, ...]


def settled_statement(
    statement: Statement, known: Iterable[Notice], *, today: date
) -> SettledStatement:
    """Give what is stated, unless it is known already or could never count.

    `known`: the organisation's other notices. Raises InvalidInput with a sentence for each field
    that cannot stay so.
    """
    kind = _kind(statement.kind)
    tax_office, tax_number, period = (
        " ".join(tidy_message(each).split())
        for each in (statement.tax_office, statement.tax_number, statement.assessment_period)
    )
    lines = tidy_message(statement.purposes).split("\n")
    purposes = tuple(line.strip() for line in lines if line.strip())
    known = tuple(known)
    found = {
        "kind": _wrong_kind(kind, known, today),
        "tax_office": _wrong_office(tax_office),
        "tax_number": _wrong_number(tax_number),
        "day": _wrong_day(kind, statement.day, known, today),
        "assessment_period": _wrong_period(kind, period),
        "purposes": _wrong_purposes(purposes),
    }
    problems = {field: sentence for field, sentence in found.items() if sentence}
    if problems or kind is None or statement.day is None:
        raise InvalidInput(problems)
    return SettledStatement(
        kind=kind,
        tax_office=tax_office,
        tax_number=tax_number,
        day=statement.day,
        assessment_period=period,
        purposes=purposes,
    )


def why_it_cannot_count(notice: Notice, others: Iterable[Notice], today: date) -> str:
    """Say why a notice would not count today even if it were accepted; empty: it would."""
    return _outside_its_time(notice, today) or _superseded(notice.kind, others, today)


def _outside_its_time(notice: Notice, today: date) -> str:
    if notice.day > today:
        return N_("Dieser Tag liegt in der Zukunft. Gemeint ist der Tag, der im Bescheid steht.")
    if notice.last_day < today:
        return Sentence(
            N_("Ein Bescheid von diesem Tag zählte nur bis %(day)s. Gebraucht wird ein neuerer."),
            day=_written(notice.last_day),
        )
    return ""


def _superseded(kind: NoticeKind, others: Iterable[Notice], today: date) -> str:
    if kind is NoticeKind.SECTION_60A and has_exemption(others, today):
        return N_(
            "Von dieser Organisation ist schon ein Freistellungsbescheid oder eine Anlage "
            "angenommen. Danach zählt eine Feststellung nach § 60a nicht mehr."
        )
    return ""


def _kind(text: str) -> NoticeKind | None:
    return NoticeKind(text) if text in {each.value for each in NoticeKind} else None


def _wrong_kind(kind: NoticeKind | None, known: Iterable[Notice], today: date) -> str:
    if kind is None:
        return NO_KIND
    return _superseded(kind, known, today)


def _wrong_office(tax_office: str) -> str:
    return _too_long(tax_office, LONGEST_TAX_OFFICE) if tax_office else NO_TAX_OFFICE


def _wrong_number(tax_number: str) -> str:
    if not tax_number:
        return NO_TAX_NUMBER
    if not _TAX_NUMBER.fullmatch(tax_number):
        return N_("Eine Steuernummer hat 10 bis 13 Ziffern, mit oder ohne Schrägstriche.")
    return ""


def _wrong_day(
    kind: NoticeKind | None, day: date | None, known: tuple[Notice, ...], today: date
) -> str:
    if day is None:
        return NO_DAY
    if kind is None:
        return ""
    if any(
        (each.kind, each.day) == (kind, day) and each.state is not NoticeState.REFUSED
        for each in known
    ):
        return N_("Diesen Bescheid haben Sie schon angegeben. Er steht in der Liste.")
    return _outside_its_time(Notice(kind=kind, day=day, state=NoticeState.SUBMITTED), today)


def _wrong_period(kind: NoticeKind | None, period: str) -> str:
    if kind is NoticeKind.SECTION_60A and period:
        return N_("Eine Feststellung nach § 60a nennt keinen Zeitraum. Bitte lassen Sie das leer.")
    if kind in (NoticeKind.EXEMPTION, NoticeKind.ANNEX) and not period:
        return N_("Bitte nennen Sie den Zeitraum, für den der Bescheid ergangen ist.")
    return _too_long(period, LONGEST_PERIOD)


def _wrong_purposes(purposes: tuple[str, ...]) -> str:
    return _too_long("\n".join(purposes), LONGEST_PURPOSES) if purposes else NO_PURPOSES


def _too_long(text: str, most: int) -> str:
    return "" if len(text) <= most else Sentence(N_("Höchstens %(most)s Zeichen."), most=most)


def _written(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
