"""Whether staff time is a firm's own service or the lending of workers (domain.md 2).

AÜG § 1(1) (lending, permit), § 1(1b) (18 months), § 1(3) (exemptions), § 1a (small firms, 12
months, notice), § 1b (building trade). What a person says is kept as said; nobody checks it here.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from marketplace.foundation.errors import N_, Sentence
from marketplace.listings.resource_kind import (
    AttributeValues,
    Gate,
    GateCase,
    Reminder,
    Ruling,
    Verdict,
)

PERMIT_MONTHS = 18  # AÜG § 1(1b)
SMALL_FIRM_MONTHS = 12  # AÜG § 1a(1)
PAUSE_MONTHS = 3  # AÜG § 1(1b): only after a longer pause the months count anew
REMINDERS_BEFORE_THE_END = (timedelta(days=60), timedelta(days=14))  # domain.md 2.2
_PUBLIC = ("public_body", "public_service")
# From the second listing within twelve months on we warn, from the third the staff looks at it.
OCCASIONAL_WITH_WARNING = 1
OCCASIONAL_WITH_REVIEW = 2

OWN_SERVICE = N_(
    "Fachleistung: Ihr Betrieb schuldet die Leistung und weist seine Leute selbst an. Achten Sie "
    "darauf, dass es vor Ort auch so läuft. Arbeiten Ihre Leute dort nach fremden Anweisungen, "
    "kommt es auf die Wirklichkeit an und nicht auf die Überschrift des Vertrags (§ 12 Abs. 1 AÜG)."
)
_ADVICE = N_(
    "Solange diese Antwort unklar ist, bleibt es ein Entwurf. Rat geben IHK, Handwerkskammer und "
    "die Agentur für Arbeit."
)
_CONSTRUCTION = N_(
    "In Betriebe des Baugewerbes dürfen Arbeitskräfte für gewerbliche Arbeiten nicht verliehen "
    "werden (§ 1b AÜG). Das gilt auch in den sonst ausgenommenen Fällen. Möglich bleibt eine "
    "Fachleistung: Dann weist der Betrieb an, der die Leute schickt."
)
_PERMIT_ONLY = N_(
    "Wer Beschäftigte einstellt, um sie zu verleihen, braucht eine Erlaubnis. Eine Ausnahme kommt "
    "dafür nicht in Frage (§ 1 Abs. 3, § 1a AÜG). Haben Sie eine Erlaubnis, wählen Sie sie; sonst "
    "bleibt es ein Entwurf."
)
_NO_BASIS = N_(
    "Wer Beschäftigte nach fremden Anweisungen arbeiten lässt, verleiht sie und braucht dafür eine "
    "Erlaubnis oder eine Ausnahme des Gesetzes (§ 1 AÜG). Ohne sie bleibt es ein Entwurf. Weist "
    "Ihr Betrieb seine Leute selbst an, ist es eine Fachleistung: Ändern Sie dann die erste "
    "Antwort."
)
PERMIT = N_(
    "Verleih mit Erlaubnis. Angezeigt wird: Angabe der anbietenden Organisation, nicht geprüft. "
    "Der Vertrag heißt vor Beginn Arbeitnehmerüberlassung und nennt die Person (§ 1 Abs. 1 AÜG). "
    "Gleiches Entgelt gilt vom ersten Tag an (§ 8 AÜG)."
)
EXEMPTION = N_(
    "Verleih nach einer Ausnahme des Gesetzes. Angezeigt wird: Angabe der anbietenden "
    "Organisation, nicht geprüft. Ob die Ausnahme trägt, klären Sie bitte vorher mit der Agentur "
    "für Arbeit, der IHK oder der Handwerkskammer."
)
SMALL_FIRM = N_(
    "Verleih nach § 1a AÜG: weniger als 50 Beschäftigte, um Kurzarbeit oder Entlassungen zu "
    "vermeiden, vorher schriftlich bei der Agentur für Arbeit angezeigt, höchstens zwölf Monate. "
    "Angezeigt wird: Angabe der anbietenden Organisation, nicht geprüft."
)
_OCCASIONAL_AGAIN = N_(
    "Gelegentlich wird eng verstanden. In den letzten zwölf Monaten haben Sie schon einmal so "
    "angeboten; das spricht gegen „gelegentlich“ (§ 1 Abs. 3 Nr. 2a AÜG). Klären Sie bitte vorher "
    "mit der Agentur für Arbeit, ob es noch darunter fällt."
)
_OCCASIONAL_OFTEN = N_(
    "Zum dritten Mal in zwölf Monaten „gelegentlich“: Die Ansprechstelle im Landkreis sieht sich "
    "das Angebot an, bevor andere es sehen. Schreiben Sie dazu, warum es gelegentlich bleibt."
)
BORROWER = N_(
    "Sie möchten Beschäftigte anderer nach Ihren Anweisungen arbeiten lassen. Auch wer entleiht, "
    "hat Pflichten: Unterweisung vor Beginn, Arbeitsschutz, Angaben zum Entgelt (§§ 11, 12 AÜG)."
)
_PERSONAL = N_(
    "Namen, Geburtsdaten und Angaben zur Gesundheit von Beschäftigten gehören nicht hierher. "
    "Beschreiben Sie die Arbeit, nicht die Person."
)
_PERSONAL_FIELD = N_("„%(words)s“ beschreibt eine Person. Bitte nehmen Sie es heraus.")
_OPEN = N_("Damit klar ist, was hier gilt, fehlen noch Angaben.")
_INCOMPLETE = N_("Mit diesen Angaben lässt sich der Verleih noch nicht veröffentlichen.")

_STILL_UNCLEAR = N_("Klären Sie es zuerst mit der anderen Seite, und ändern Sie dann die Antwort.")
_ASK_DIRECTED = N_("Bitte sagen Sie, wer die Person vor Ort anweist.")
_ASK_BUILDING = N_("Bitte sagen Sie, ob es um gewerbliche Arbeiten im Baugewerbe geht.")
_ASK_HIRED = N_("Bitte sagen Sie, ob die Person zum Verleihen eingestellt wurde.")
_ASK_BASIS = N_("Bitte wählen Sie Erlaubnis oder Ausnahme.")
_ASK_DAYS = N_("Beim Verleih müssen die Tage feststehen. Bitte tragen Sie sie ein.")
_ASK_HINTS = N_("Bitte bestätigen Sie, dass Sie die Hinweise gelesen haben.")
_ASK_CONSENT = N_(
    "Ohne die Zustimmung der Beschäftigten geht es nicht. Fragen Sie sie, bevor Sie anbieten."
)
_ASK_COUNCIL = N_("Bitte informieren Sie zuerst den Betriebsrat.")
_ASK_COUNCIL_OPEN = N_("Bitte sagen Sie, ob der Betriebsrat informiert ist.")
_ASK_PERMIT: Mapping[str, str] = {
    "permit_authority": N_("Bitte nennen Sie die Behörde, die die Erlaubnis erteilt hat."),
    "permit_date": N_("Bitte nennen Sie den Tag der Erlaubnis."),
    "permit_unlimited": N_("Bitte sagen Sie, ob die Erlaubnis unbefristet gilt."),
}
_ASK_PERMIT_END = N_("Bitte nennen Sie den letzten Tag der Erlaubnis.")
_PERMIT_TOO_SHORT = N_(
    "Die Erlaubnis endet vor dem letzten Tag des Einsatzes (%(day)s). Verkürzen Sie den Zeitraum."
)
_PERMIT_NOT_YET = N_(
    "Die Erlaubnis muss vor dem Einsatz erteilt sein. Bitte prüfen Sie diesen Tag und den Zeitraum."
)
_TOO_LONG = N_(
    "Höchstens %(months)s Monate am Stück: Der letzte mögliche Tag ist der %(day)s. Neu gezählt "
    "wird erst nach mehr als drei Monaten Pause."
)
_TOO_LARGE = N_("§ 1a AÜG gilt nur unter 50 Beschäftigten. Bitte wählen Sie anderes.")
_ASK_SIZE = N_("Bitte sagen Sie, wie viele Beschäftigte Ihr Betrieb hat.")
_ASK_AVOIDS = N_(
    "§ 1a AÜG setzt voraus, dass Kurzarbeit oder Entlassungen vermieden werden. Trifft das nicht "
    "zu, wählen Sie bitte anderes."
)
_ASK_NOTICE = N_("Bitte nennen Sie den Tag der schriftlichen Anzeige.")
_NOTICE_LATE = N_(
    "Die Anzeige muss vor dem ersten Tag des Einsatzes gesendet sein. Lassen Sie ihn später "
    "beginnen."
)
_NOTICE_AHEAD = N_("Dieser Tag liegt in der Zukunft. Tragen Sie ihn ein, wenn sie gesendet ist.")
_ASK_GROUP = N_(
    "Das gilt nur zwischen Unternehmen eines Konzerns (§ 18 AktG). Sonst wählen Sie bitte anderes."
)
_ASK_TARIFF = N_(
    "Das gilt nur, wenn ein Tarifvertrag beide bindet und es so vorsieht. Sonst wählen Sie bitte "
    "anderes."
)
_ONLY_PUBLIC = N_("Diese Ausnahme gilt nur für öffentliche Stellen. Bitte wählen Sie anderes.")

_REMIND_EQUAL_PAY = N_("Der Einsatz beginnt. Vom ersten Tag an gilt gleiches Entgelt (§ 8 AÜG).")
_REMIND_END = N_(
    "Am %(day)s endet die längste Zeit, für die das Gesetz diesen Einsatz zulässt. Danach sind "
    "mehr als drei Monate Pause nötig, bevor sie neu zählt (§ 1 Abs. 1b AÜG)."
)

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
                text=_PERSONAL,
                missing={name: Sentence(_PERSONAL_FIELD, words=words)},
            )
    return None


def decide(case: GateCase) -> Ruling | None:
    """Walk through the questions in their order; the first that stops gives the ruling."""
    match case.values.get("directed_by"):
        case None:
            return _open_question({"directed_by": _ASK_DIRECTED})
        case "own_firm":
            return _read("SERVICE_CONTRACT", OWN_SERVICE, case)
        case "unclear":
            return _closed("ADVICE_NEEDED", _ADVICE, {"directed_by": _STILL_UNCLEAR})
        case _:
            return _building(case)


def _building(case: GateCase) -> Ruling:
    match case.values.get("building_work"):
        case None:
            return _open_question({"building_work": _ASK_BUILDING})
        case "yes":
            return _closed("CONSTRUCTION", _CONSTRUCTION, {"building_work": _CONSTRUCTION})
        case "unclear":
            return _closed("ADVICE_NEEDED", _ADVICE, {"building_work": _STILL_UNCLEAR})
        case _ if case.is_request:
            return _read("BORROWER", BORROWER, case)
        case _:
            return _basis(case)


def _basis(case: GateCase) -> Ruling:
    values = case.values
    hired, basis = values.get("hired_for_lending"), values.get("legal_basis")
    if hired is None:
        return _open_question({"hired_for_lending": _ASK_HIRED})
    if hired == "unclear":
        return _closed("ADVICE_NEEDED", _ADVICE, {"hired_for_lending": _STILL_UNCLEAR})
    if basis is None:
        return _open_question({"legal_basis": _ASK_BASIS})
    if basis == "none":
        return _closed("NO_BASIS", _NO_BASIS, {"legal_basis": _ASK_BASIS})
    if hired == "yes" and basis != "permit":
        return _closed("PERMIT_ONLY", _PERMIT_ONLY, {"legal_basis": _PERMIT_ONLY})
    if not case.stretches:
        return _open_question({"free_days": _ASK_DAYS})
    missing = {**_facts_missing(basis, case), **_people_missing(values)}
    if missing:
        return _closed("BASIS_INCOMPLETE", _INCOMPLETE, missing)
    return _lending(basis, case)


def _facts_missing(basis: str, case: GateCase) -> dict[str, str]:
    values = case.values
    match basis:
        case "permit":
            return _permit_missing(case)
        case "small_firm_notice":
            return _small_firm_missing(case)
        case "group":
            return {} if values.get("is_group") is True else {"is_group": _ASK_GROUP}
        case "tariff_same_sector":
            return {} if values.get("tariff_binds") is True else {"tariff_binds": _ASK_TARIFF}
        case "public_transfer" | "public_bodies":
            is_public = case.organisation_kind in _PUBLIC
            return {} if is_public else {"legal_basis": _ONLY_PUBLIC}
        case _:
            return {}


def _permit_missing(case: GateCase) -> dict[str, str]:
    values = case.values
    missing = {key: text for key, text in _ASK_PERMIT.items() if values.get(key) in (None, "")}
    granted, ends = values.get("permit_date"), values.get("permit_valid_until")
    if granted and case.first_day and date.fromisoformat(granted) > case.first_day:
        missing["permit_date"] = _PERMIT_NOT_YET
    if values.get("permit_unlimited") is False:
        if not ends:
            missing["permit_valid_until"] = _ASK_PERMIT_END
        elif case.last_day and date.fromisoformat(ends) < case.last_day:
            missing["permit_valid_until"] = Sentence(_PERMIT_TOO_SHORT, day=_written(case.last_day))
    return missing | _too_long(case, PERMIT_MONTHS)


def _small_firm_missing(case: GateCase) -> dict[str, str]:
    values = case.values
    missing: dict[str, str] = {}
    size = values.get("employee_count")
    if size != "below_50":
        missing["employee_count"] = _TOO_LARGE if size else _ASK_SIZE
    if values.get("avoids_short_time") is not True:
        missing["avoids_short_time"] = _ASK_AVOIDS
    sent = values.get("notice_sent_on")
    if not sent:
        missing["notice_sent_on"] = _ASK_NOTICE
    elif date.fromisoformat(sent) > case.today:
        missing["notice_sent_on"] = _NOTICE_AHEAD
    elif case.first_day and date.fromisoformat(sent) >= case.first_day:
        missing["notice_sent_on"] = _NOTICE_LATE
    return missing | _too_long(case, SMALL_FIRM_MONTHS)


def _people_missing(values: AttributeValues) -> dict[str, str]:
    missing: dict[str, str] = {}
    if values.get("consent") is not True:
        missing["consent"] = _ASK_CONSENT
    match values.get("works_council"):
        case None:
            missing["works_council"] = _ASK_COUNCIL_OPEN
        case "no":
            missing["works_council"] = _ASK_COUNCIL
    return missing


def _too_long(case: GateCase, months: int) -> dict[str, str]:
    for first, last in runs_of(case.stretches):
        latest = last_day_of_months(first, months)
        if last > latest:
            return {"free_days": Sentence(_TOO_LONG, months=months, day=_written(latest))}
    return {}


def _lending(basis: str, case: GateCase) -> Ruling:
    match basis:
        case "permit":
            reminders = _reminders(case, PERMIT_MONTHS)
            return _read("PERMIT", PERMIT, case, reminders=reminders)
        case "small_firm_notice":
            reminders = _reminders(case, SMALL_FIRM_MONTHS)
            return _read("SMALL_FIRM_NOTICE", SMALL_FIRM, case, reminders=reminders)
        case "occasional":
            return _occasional(case)
        case _:
            return _read(basis.upper(), EXEMPTION, case)


def _occasional(case: GateCase) -> Ruling:
    earlier = case.earlier_uses.get("OCCASIONAL", 0)
    if earlier >= OCCASIONAL_WITH_REVIEW:
        found = _read("OCCASIONAL", _OCCASIONAL_OFTEN, case, verdict=Verdict.REVIEW)
        return replace(found, asks_advice=True)
    if earlier >= OCCASIONAL_WITH_WARNING:
        return _read("OCCASIONAL", _OCCASIONAL_AGAIN, case)
    return _read("OCCASIONAL", EXEMPTION, case)


def _reminders(case: GateCase, months: int) -> tuple[Reminder, ...]:
    reminders: list[Reminder] = []
    for first, _ in runs_of(case.stretches):
        ends = last_day_of_months(first, months)
        sentence = Sentence(_REMIND_END, day=_written(ends))
        reminders.append(Reminder(day=first, sentence=_REMIND_EQUAL_PAY))
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
            code=code, verdict=Verdict.CLOSED, text=text, missing={"hints_read": _ASK_HINTS}
        )
    return Ruling(code=code, verdict=verdict, text=text, reminders=reminders)


def _open_question(missing: Mapping[str, str]) -> Ruling:
    return Ruling(code="OPEN_QUESTIONS", verdict=Verdict.CLOSED, text=_OPEN, missing=missing)


def _closed(code: str, text: str, missing: Mapping[str, str]) -> Ruling:
    return Ruling(code=code, verdict=Verdict.CLOSED, text=text, missing=missing, asks_advice=True)


def _written(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


STAFF_BASIS = Gate(key="staff_basis", version="2026-11-25", decide=decide)
STAFF_PRIVACY = Gate(key="staff_privacy", version="2026-11", decide=decide_privacy)
