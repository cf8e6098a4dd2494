"""What a machine needs before it is lent (domain.md 3.4).

Recurring inspection by a competent person: BetrSichV § 14; the next one is due by the end of the
month on the plate.
"""

import calendar
from datetime import date, timedelta

from marketplace.foundation.errors import N_, Sentence
from marketplace.listings.resource_kind import Gate, GateCase, Reminder, Ruling, Verdict

REMINDER_BEFORE_THE_END = timedelta(days=14)

_DUE = N_(
    "Die Prüfung gilt bis zum Ende des eingetragenen Monats. Danach ist das Angebot nicht mehr zu "
    "sehen, bis Sie den neuen Monat eintragen."
)
_REMIND_DUE = N_(
    "Am %(day)s läuft die Prüfung ab. Danach ist das Angebot nicht mehr zu sehen, bis Sie den "
    "neuen Monat eintragen."
)
_OVERDUE = N_(
    "Die nächste Prüfung war fällig. Eine Maschine mit abgelaufener Prüfung lässt sich hier "
    "nicht anbieten. Lassen Sie sie prüfen, etwa in einer Fachwerkstatt, und tragen Sie dann den "
    "neuen Monat ein."
)
_OVERDUE_FIELD = N_(
    "Dieser Monat ist vorbei. Haben Sie sich vertippt, ändern Sie ihn; sonst tragen Sie nach der "
    "Prüfung den neuen ein."
)
_NO_CE = N_(
    "Ohne CE-Kennzeichen sieht sich die Ansprechstelle im Landkreis das Angebot an, bevor andere "
    "es sehen. Ältere Maschinen können ohne Kennzeichen richtig sein: Schreiben Sie in die "
    "Beschreibung, warum. Ist es schon eingereicht, geht das nach „Zurückholen“."
)
_WITH_OPERATOR = N_(
    "Mit Bedienung ist es eine Leistung, die Sie erbringen: Ihre Leute arbeiten nach Ihren "
    "Anweisungen. Sollen sie nach den Anweisungen der Nutzenden arbeiten, gilt anderes: Stellen "
    "Sie das als Fachleistung ein, dort fragen wir danach."
)


def inspected(case: GateCase) -> Ruling | None:
    """Keep a machine back whose inspection has run out; a month counts to its last day."""
    due = case.values.get("next_inspection")
    if case.is_request or not due:
        return None
    year, month = map(int, str(due).split("-"))
    last = date(year, month, calendar.monthrange(year, month)[1])
    if case.today <= last:
        sentence = Sentence(_REMIND_DUE, day=f"{last.day}.{last.month}.{last.year}")
        reminder = Reminder(day=last - REMINDER_BEFORE_THE_END, sentence=sentence)
        return Ruling(code="INSPECTION_DUE", verdict=Verdict.OPEN, text=_DUE, reminders=(reminder,))
    return Ruling(
        code="INSPECTION_OVERDUE",
        verdict=Verdict.CLOSED,
        text=_OVERDUE,
        missing={"next_inspection": _OVERDUE_FIELD},
    )


def marking(case: GateCase) -> Ruling | None:
    """Let the staff look at a machine without CE marking."""
    if case.is_request or case.values.get("ce_marking") is not False:
        return None
    return Ruling(code="NO_CE_MARKING", verdict=Verdict.REVIEW, text=_NO_CE)


def operation(case: GateCase) -> Ruling | None:
    """Say what it means that a machine comes with somebody who works it."""
    if case.is_request or case.values.get("operator_required") != "with_operator":
        return None
    return Ruling(code="WITH_OPERATOR", verdict=Verdict.OPEN, text=_WITH_OPERATOR)


INSPECTION = Gate(key="inspection", version="2026-11-27", decide=inspected)
CE_MARKING = Gate(key="ce_marking", version="2026-11-27", decide=marking)
OPERATION = Gate(key="operation", version="2026-11-27", decide=operation)
