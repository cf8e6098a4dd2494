"""What each side is told after a step: what happened, and what to do until when.

Sentences are marked; they take `other` (the organisation across), `title`, `deadline` and `end`.
"""

from dataclasses import dataclass

from marketplace.bookings.rules.reminders import Reminder
from marketplace.bookings.rules.states import BookingState, Side
from marketplace.foundation.errors import N_


@dataclass(frozen=True, kw_only=True)
class News:
    """A mail's subject, what happened, and what comes next; an empty `next`: nothing is to do."""

    subject: str
    happened: str
    next: str = ""
    has_calendar: bool = False  # a file for the calendar goes with it


_ANSWER = N_(
    "Bitte antworten Sie bis %(deadline)s: annehmen, etwas anderes vorschlagen oder absagen. "
    "Danach verfällt die Anfrage, und es ist wieder frei."
)
_NOTHING = N_("Zu tun ist nichts.")
_SEARCH = N_("Andere Angebote in der Nähe finden Sie über die Suche.")

_REQUESTED = {
    Side.OWNER: News(
        subject=N_("%(other)s fragt an: %(title)s"),
        happened=N_("%(other)s möchte „%(title)s“ nutzen."),
        next=_ANSWER,
    ),
    Side.ASKER: News(
        subject=N_("Ihre Anfrage: %(title)s"),
        happened=N_("Wir haben %(other)s Ihre Anfrage zu „%(title)s“ geschickt."),
        next=N_(
            "Bis %(deadline)s ist es für Sie freigehalten. Antwortet bis dahin niemand, verfällt "
            "die Anfrage; Sie erfahren es sofort."
        ),
    ),
}
_COUNTERED = News(
    subject=N_("%(other)s schlägt etwas anderes vor: %(title)s"),
    happened=N_("%(other)s schlägt für „%(title)s“ etwas anderes vor."),
    next=_ANSWER,
)
_ACCEPTED = {
    Side.OWNER: News(
        subject=N_("Mit %(other)s vereinbart: %(title)s"),
        happened=N_("„%(title)s“ ist mit %(other)s vereinbart."),
        next=N_(
            "Anschrift und Mailadresse der anderen Seite stehen jetzt im Gespräch. Halten Sie dort "
            "fest, wann Sie es übergeben haben."
        ),
        has_calendar=True,
    ),
    Side.ASKER: News(
        subject=N_("Mit %(other)s vereinbart: %(title)s"),
        happened=N_("„%(title)s“ ist mit %(other)s vereinbart."),
        next=N_(
            "Anschrift und Mailadresse der anderen Seite stehen jetzt im Gespräch. Wenn etwas "
            "dazwischenkommt, sagen Sie dort ab; dann wird es wieder frei."
        ),
        has_calendar=True,
    ),
}
_DECLINED = News(
    subject=N_("Absage von %(other)s: %(title)s"),
    happened=N_("%(other)s hat für „%(title)s“ abgesagt."),
    next=_SEARCH,
)
_WITHDRAWN = News(
    subject=N_("%(other)s hat zurückgezogen: %(title)s"),
    happened=N_("%(other)s hat die Anfrage zu „%(title)s“ zurückgezogen. Es ist wieder frei."),
    next=_NOTHING,
)
_LAPSED = {
    Side.OWNER: News(
        subject=N_("Anfrage von %(other)s abgelaufen: %(title)s"),
        happened=N_(
            "Auf die Anfrage von %(other)s zu „%(title)s“ hat niemand rechtzeitig geantwortet. Es "
            "ist wieder frei."
        ),
        next=N_("Wenn Sie noch zusammenkommen wollen, schreiben Sie im Gespräch."),
    ),
    Side.ASKER: News(
        subject=N_("Ihre Anfrage ist abgelaufen: %(title)s"),
        happened=N_(
            "Zu „%(title)s“ von %(other)s hat niemand rechtzeitig geantwortet. Für Sie ist nichts "
            "mehr freigehalten."
        ),
        next=N_("Sie können neu anfragen oder ein anderes Angebot suchen."),
    ),
}
_CANCELLED_BY_OTHER = {
    Side.OWNER: News(
        subject=N_("%(other)s hat abgesagt: %(title)s"),
        happened=N_(
            "%(other)s hat die Vereinbarung über „%(title)s“ abgesagt. Es ist wieder frei."
        ),
        next=_NOTHING,
        has_calendar=True,
    ),
    Side.ASKER: News(
        subject=N_("%(other)s hat abgesagt: %(title)s"),
        happened=N_("%(other)s hat die Vereinbarung über „%(title)s“ abgesagt."),
        next=_SEARCH,
        has_calendar=True,
    ),
}
# It goes to those who cancelled too: the file takes the dates out of their calendars.
_CANCELLED_BY_READER = News(
    subject=N_("Von Ihnen abgesagt: %(title)s"),
    happened=N_(
        "Sie haben die Vereinbarung mit %(other)s über „%(title)s“ abgesagt. Der Grund ist "
        "dort angekommen."
    ),
    next=_NOTHING,
    has_calendar=True,
)
_HANDED_OVER = {
    Side.OWNER: News(
        subject=N_("%(other)s hat übernommen: %(title)s"),
        happened=N_("%(other)s hat die Übergabe von „%(title)s“ festgehalten."),
        next=N_(
            "Vereinbart ist es bis %(end)s. Halten Sie im Gespräch fest, wenn es zurück oder "
            "erledigt ist; so lange bleibt es vergeben."
        ),
    ),
    Side.ASKER: News(
        subject=N_("%(other)s hat übergeben: %(title)s"),
        happened=N_("%(other)s hat die Übergabe von „%(title)s“ festgehalten."),
        next=N_("Vereinbart ist es bis %(end)s. Stimmt etwas nicht, schreiben Sie im Gespräch."),
    ),
}
_RETURNED = News(
    subject=N_("%(other)s bestätigt die Rückgabe: %(title)s"),
    happened=N_("%(other)s bestätigt, dass „%(title)s“ wieder da ist."),
    next=N_(
        "Ist nichts mehr offen, schließen Sie es im Gespräch ab; eine Frist gibt es dafür nicht."
    ),
)
_COMPLETED = News(
    subject=N_("%(other)s hat abgeschlossen: %(title)s"),
    happened=N_("%(other)s hat „%(title)s“ abgeschlossen."),
    next=_NOTHING,
)
_NO_SHOW = News(
    subject=N_("%(other)s meldet, es kam nicht zustande: %(title)s"),
    happened=N_("%(other)s meldet, dass der Termin für „%(title)s“ nicht zustande kam."),
    next=N_("Sehen Sie das anders, schreiben Sie im Gespräch. Sonst ist nichts zu tun."),
)

_REMINDERS = {
    Reminder.ANSWER: News(
        subject=N_("%(other)s wartet auf Antwort: %(title)s"),
        happened=N_("%(other)s wartet auf Ihre Antwort zu „%(title)s“."),
        next=_ANSWER,
    ),
    Reminder.HANDOVER: News(
        subject=N_("Bald ist es so weit: %(title)s"),
        happened=N_("Die Übergabe von „%(title)s“ mit %(other)s steht bevor."),
        next=N_("Wenn etwas dazwischenkommt, sagen Sie im Gespräch ab; dann wird es wieder frei."),
    ),
    Reminder.RETURN: News(
        subject=N_("Bald zurückgeben: %(title)s"),
        happened=N_("„%(title)s“ von %(other)s ist bis %(end)s vereinbart."),
        next=N_("Brauchen Sie es länger, fragen Sie vorher im Gespräch."),
    ),
    Reminder.OVERDUE: News(
        subject=N_("Noch nicht zurück: %(title)s"),
        happened=N_(
            "„%(title)s“ war bis %(end)s vereinbart und ist noch nicht als zurück bestätigt."
        ),
        next=N_(
            "Ist es schon zurück, bestätigt das die Seite, der es gehört, im Gespräch. Bis dahin "
            "kann es niemand anderes bekommen."
        ),
    ),
}


def news_for(state: BookingState, *, reader: Side, actor: Side | None) -> News | None:
    """Give what a side is told after a step into this state; None: it needs no mail.

    `actor`: who took the step, None where a deadline passed.
    """
    is_own_step = reader is actor
    match state:
        case BookingState.REQUESTED:
            return _REQUESTED[reader]
        case BookingState.ACCEPTED:
            return _ACCEPTED[reader]
        case BookingState.LAPSED:
            return _LAPSED[reader]
        case BookingState.CANCELLED:
            return _CANCELLED_BY_READER if is_own_step else _CANCELLED_BY_OTHER[reader]
        case _ if is_own_step:
            return None
        case BookingState.HANDED_OVER:
            return _HANDED_OVER[reader]
        case _:
            return _TO_THE_OTHER[state]


def news_of(reminder: Reminder) -> News:
    """Give what a reminder says."""
    return _REMINDERS[reminder]


_TO_THE_OTHER = {
    BookingState.COUNTERED: _COUNTERED,
    BookingState.DECLINED: _DECLINED,
    BookingState.WITHDRAWN: _WITHDRAWN,
    BookingState.RETURNED: _RETURNED,
    BookingState.COMPLETED: _COMPLETED,
    BookingState.NO_SHOW: _NO_SHOW,
}
