"""Whether staff time is a firm's own service or the lending of workers (domain.md 2).

AÜG § 1(1) (lending, permit), § 1(1b) (18 months), § 1(3) (exemptions), § 1a (small firms, 12
months, notice), § 1b (building trade). What a person says is kept as said; nobody checks it here.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import date, timedelta

from marketplace.foundation.errors import Sentence
from marketplace.listings.resource_kind import (
    AttributeValues,
    Gate,
    GateCase,
    Reminder,
    Ruling,
    Verdict,
)
from marketplace.listings.rules.gates import staff_texts as texts

PERMIT_MONTHS = 18  # AÜG § 1(1b)
SMALL_FIRM_MONTHS = 12  # AÜG § 1a(1)
PAUSE_MONTHS = 3  # AÜG § 1(1b): only after a longer pause the months count anew
REMINDERS_BEFORE_THE_END = (timedelta(days=60), timedelta(days=14))  # domain.md 2.2
_PUBLIC = ("public_body", "public_service")
# From the second listing within twelve months on we warn, from the third the staff looks at it.
OCCASIONAL_WITH_WARNING = 1
OCCASIONAL_WITH_REVIEW = 2

# What speaks of one person: a form of address with a name, an age, a date of birth, an illness.
_PERSONAL_WORDS = re.compile(
    r"\b(?:(?:Herrn?|Frau|Kollegen?|Kollegin)\s+(?:Dr\.\s+)?[A-ZÄÖÜ][a-zäöüß]+"
    r"|(?:[Nn]ame|heißt)\b:?\s+[A-ZÄÖÜ][a-zäöüß]+"
    r"|[Gg]eb(?:oren|\.)\s*(?:am\s*)?\d{1,2}\.\s*\d{1,2}\.\s*\d{2,4}"
    r"|\d{2}\s+Jahre\s+alt|\d{2}-jährige[rnms]?"
    r"|[Ss]chwerbehindert\w*|[Ss]chwanger\w*|[Kk]rankgeschrieben\w*|[Dd]epressi\w+)"
)


def personal_words(text: str) -> str:
    """Give the first words of a text that describe one person; empty where none do."""
    found = _PERSONAL_WORDS.search(text)
    return found[0] if found else ""


def last_day_of_months(first: date, months: int) -> date:
    """Give the last day of a time of so many months that begins with the day `first`.

    BGB § 188(2): the day before the one with the same number; § 188(3): where that month is
    shorter, its last day.
    """
    later = first.month - 1 + months
    year, month = first.year + later // 12, later % 12 + 1
    if first.day == 1:
        return date(year, month, 1) - timedelta(days=1)
    return date(year, month, min(first.day - 1, calendar.monthrange(year, month)[1]))


def runs_of(stretches: tuple[tuple[date, date], ...]) -> tuple[tuple[date, date], ...]:
    """Join times with no more than three months between them: their months count together.

    `stretches` in order, first and last day inclusive, and so is what comes back.
    """
    runs: list[tuple[date, date]] = []
    for first, last in stretches:
        if runs and first <= _last_day_of_pause(runs[-1][1]) + timedelta(days=1):
            runs[-1] = (runs[-1][0], max(runs[-1][1], last))
        else:
            runs.append((first, last))
    return tuple(runs)


def _last_day_of_pause(last: date) -> date:
    return last_day_of_months(last + timedelta(days=1), PAUSE_MONTHS)


def decide_privacy(case: GateCase) -> Ruling | None:
    """Keep back what describes a person instead of the work."""
    for name, text in (("title", case.title), ("description", case.description)):
        if words := personal_words(text):
            return Ruling(
                code="PERSONAL_DATA",
                verdict=Verdict.CLOSED,
                text=texts.PERSONAL,
                missing={name: Sentence(texts.PERSONAL_FIELD, words=words)},
            )
    return None


def decide(case: GateCase) -> Ruling | None:
    """Walk through the questions in their order; the first that stops gives the ruling."""
    match case.values.get("directed_by"):
        case None:
            return _open_question({"directed_by": texts.ASK_DIRECTED})
        case "own_firm":
            text = texts.SERVICE_WANTED if case.is_request else texts.OWN_SERVICE
            return _read("SERVICE_CONTRACT", text, case)
        case "unclear":
            return _closed("ADVICE_NEEDED", texts.ADVICE, {"directed_by": texts.DIRECTED_UNCLEAR})
        case _:
            return _building(case)


def _building(case: GateCase) -> Ruling:
    match case.values.get("building_work"):
        case None:
            return _open_question({"building_work": texts.ASK_BUILDING})
        case "yes":
            return _closed(
                "CONSTRUCTION", texts.CONSTRUCTION, {"building_work": texts.CONSTRUCTION_FIELD}
            )
        case "unclear":
            return _closed("ADVICE_NEEDED", texts.ADVICE, {"building_work": texts.BUILDING_UNCLEAR})
        case _ if case.is_request:
            return _read("BORROWER", texts.BORROWER, case)
        case _:
            return _basis(case)


def _basis(case: GateCase) -> Ruling:
    values = case.values
    hired, basis = values.get("hired_for_lending"), values.get("legal_basis")
    if hired is None:
        return _open_question({"hired_for_lending": texts.ASK_HIRED})
    if hired == "unclear":
        return _closed("ADVICE_NEEDED", texts.ADVICE, {"hired_for_lending": texts.HIRED_UNCLEAR})
    if basis is None:
        return _open_question({"legal_basis": texts.ASK_BASIS})
    if basis == "none":
        return _closed("NO_BASIS", texts.NO_BASIS, {"legal_basis": texts.NO_BASIS_FIELD})
    if hired == "yes" and basis != "permit":
        return _closed("PERMIT_ONLY", texts.PERMIT_ONLY, {"legal_basis": texts.PERMIT_ONLY_FIELD})
    if not case.stretches:
        return _open_question({"free_days": texts.ASK_DAYS})
    missing = {**_facts_missing(basis, case), **_people_missing(values)}
    if missing:
        return _closed("BASIS_INCOMPLETE", texts.INCOMPLETE, missing)
    return _lending(basis, case)


def _facts_missing(basis: str, case: GateCase) -> dict[str, str]:
    values = case.values
    match basis:
        case "permit":
            return _permit_missing(case)
        case "small_firm_notice":
            return _small_firm_missing(case)
        case "group":
            return {} if values.get("is_group") is True else {"is_group": texts.ASK_GROUP}
        case "tariff_same_sector":
            return {} if values.get("tariff_binds") is True else {"tariff_binds": texts.ASK_TARIFF}
        case "public_transfer" | "public_bodies":
            is_public = case.organisation_kind in _PUBLIC
            return {} if is_public else {"legal_basis": texts.ONLY_PUBLIC}
        case _:
            return {}


def _permit_missing(case: GateCase) -> dict[str, str]:
    values = case.values
    missing = {key: text for key, text in texts.ASK_PERMIT.items() if values.get(key) in (None, "")}
    granted, ends = values.get("permit_date"), values.get("permit_valid_until")
    if granted and case.first_day and date.fromisoformat(granted) > case.first_day:
        missing["permit_date"] = texts.PERMIT_NOT_YET
    if values.get("permit_unlimited") is False:
        if not ends:
            missing["permit_valid_until"] = texts.ASK_PERMIT_END
        elif case.last_day and date.fromisoformat(ends) < case.last_day:
            missing["permit_valid_until"] = Sentence(
                texts.PERMIT_TOO_SHORT, day=_written(case.last_day)
            )
    return missing | _too_long(case, PERMIT_MONTHS)


def _small_firm_missing(case: GateCase) -> dict[str, str]:
    values = case.values
    missing: dict[str, str] = {}
    size = values.get("employee_count")
    if size != "below_50":
        missing["employee_count"] = texts.TOO_LARGE if size else texts.ASK_SIZE
    if values.get("avoids_short_time") is not True:
        missing["avoids_short_time"] = texts.ASK_AVOIDS
    sent = values.get("notice_sent_on")
    if not sent:
        missing["notice_sent_on"] = texts.ASK_NOTICE
    elif date.fromisoformat(sent) > case.today:
        missing["notice_sent_on"] = texts.NOTICE_AHEAD
    elif case.first_day and date.fromisoformat(sent) >= case.first_day:
        missing["notice_sent_on"] = texts.NOTICE_LATE
    return missing | _too_long(case, SMALL_FIRM_MONTHS)


def _people_missing(values: AttributeValues) -> dict[str, str]:
    missing: dict[str, str] = {}
    if values.get("consent") is not True:
        missing["consent"] = texts.ASK_CONSENT
    match values.get("works_council"):
        case None:
            missing["works_council"] = texts.ASK_COUNCIL_OPEN
        case "no":
            missing["works_council"] = texts.ASK_COUNCIL
    return missing


def _too_long(case: GateCase, months: int) -> dict[str, str]:
    for first, last in runs_of(case.stretches):
        latest = last_day_of_months(first, months)
        if last > latest:
            return {"free_days": Sentence(texts.TOO_LONG, months=months, day=_written(latest))}
    return {}


def _lending(basis: str, case: GateCase) -> Ruling:
    match basis:
        case "permit":
            reminders = _reminders(case, PERMIT_MONTHS)
            return _read("PERMIT", texts.PERMIT, case, reminders=reminders)
        case "small_firm_notice":
            reminders = _reminders(case, SMALL_FIRM_MONTHS)
            return _read("SMALL_FIRM_NOTICE", texts.SMALL_FIRM, case, reminders=reminders)
        case "occasional":
            return _occasional(case)
        case _:
            return _read(basis.upper(), texts.EXEMPTION, case)


def _occasional(case: GateCase) -> Ruling:
    earlier = case.earlier_uses.get("OCCASIONAL", 0)
    if earlier >= OCCASIONAL_WITH_REVIEW:
        return _read("OCCASIONAL", texts.OCCASIONAL_OFTEN, case, verdict=Verdict.REVIEW)
    if earlier >= OCCASIONAL_WITH_WARNING:
        return _read("OCCASIONAL", texts.OCCASIONAL_AGAIN, case)
    return _read("OCCASIONAL", texts.EXEMPTION, case)


def _reminders(case: GateCase, months: int) -> tuple[Reminder, ...]:
    reminders: list[Reminder] = []
    for first, _ in runs_of(case.stretches):
        ends = last_day_of_months(first, months)
        sentence = Sentence(texts.REMIND_END, day=_written(ends))
        reminders.append(Reminder(day=first, sentence=texts.REMIND_EQUAL_PAY))
        reminders += [
            Reminder(day=ends - before, sentence=sentence) for before in REMINDERS_BEFORE_THE_END
        ]
    return tuple(reminders)


def _read(
    code: str,
    text: str,
    case: GateCase,
    *,
    verdict: Verdict = Verdict.OPEN,
    reminders: tuple[Reminder, ...] = (),
) -> Ruling:
    """Open the gate, once the hints are read."""
    if case.values.get("hints_read") is not True:
        return Ruling(
            code=code, verdict=Verdict.CLOSED, text=text, missing={"hints_read": texts.ASK_HINTS}
        )
    return Ruling(code=code, verdict=verdict, text=text, reminders=reminders)


def _open_question(missing: Mapping[str, str]) -> Ruling:
    return Ruling(code="OPEN_QUESTIONS", verdict=Verdict.CLOSED, text=texts.OPEN, missing=missing)


def _closed(code: str, text: str, missing: Mapping[str, str]) -> Ruling:
    return Ruling(code=code, verdict=Verdict.CLOSED, text=text, missing=missing)


def _written(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


STAFF_BASIS = Gate(key="staff_basis", version="2026-11-27", decide=decide)
STAFF_PRIVACY = Gate(key="staff_privacy", version="2026-11-27", decide=decide_privacy)
