"""What each side is told after a step: what happened, and what to do until when.

Sentences are marked; they take `other` (the organisation across), `title`, `deadline` and `end`.
"""

from dataclasses import dataclass, replace

from marketplace.bookings.rules.reminders import Reminder
from marketplace.bookings.rules.states import BookingState, Side
from marketplace.foundation.errors import N_


@dataclass(frozen=True, kw_only=True)
class News:
    """A mail's subject, what happened, and what comes next, even where that is nothing."""

    subject: str
    happened: str
    next: str
    has_calendar: bool = False  # a file for the calendar goes with it


_ANSWER = N_(
    "Bitte antworten Sie bis %(deadline)s: annehmen, etwas anderes vorschlagen oder absagen. "
    "Danach verfällt die Anfrage, und es ist wieder frei."
)
_HAND_OVER = N_(
    "Halten Sie die Übergabe im Gespräch fest, sobald sie war; trägt niemand etwas ein, bleibt es "
    "bis %(end)s vergeben. Kommt etwas dazwischen, sagen Sie dort ab; dann wird es wieder frei."
)
_NOTHING_TO_DO = N_("Zu tun ist nichts mehr.")
_FREE_AGAIN = N_("Es ist wieder frei, und andere können anfragen. Zu tun ist nichts mehr.")
_ASK_ELSEWHERE = N_(
    "Sie können andere Tage anfragen. Andere Angebote in der Nähe finden Sie über die Suche."
)

_REQUESTED = {
    Side.OWNER: News(
        subject=N_("%(other)s fragt an: %(title)s"),
        happened=N_("%(other)s möchte „%(title)s“ nutzen."),
        next=_ANSWER,
    ),
    # Their own step, but they have to wait for an answer: a receipt that says until when.
    Side.ASKER: News(
        subject=N_("Ihre Anfrage an %(other)s: %(title)s"),
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
_ACCEPTED = News(
    subject=N_("Vereinbart mit %(other)s: %(title)s"),
    happened=N_(
        "„%(title)s“ ist mit %(other)s vereinbart. Anschrift und Mailadresse der anderen Seite "
        "stehen jetzt im Gespräch."
    ),
    next=_HAND_OVER,
    has_calendar=True,
)
_DECLINED = {
    side: News(
        subject=N_("Absage von %(other)s: %(title)s"),
        happened=N_("%(other)s hat für „%(title)s“ abgesagt."),
        next=then,
    )
    for side, then in ((Side.OWNER, _FREE_AGAIN), (Side.ASKER, _ASK_ELSEWHERE))
}
_WITHDRAWN = News(
    subject=N_("%(other)s zieht die Anfrage zurück: %(title)s"),
    happened=N_("%(other)s hat die Anfrage zu „%(title)s“ zurückgezogen."),
    next=_FREE_AGAIN,
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
        subject=N_("Anfrage an %(other)s abgelaufen: %(title)s"),
        happened=N_(
            "Zu „%(title)s“ von %(other)s hat niemand rechtzeitig geantwortet. Für Sie ist nichts "
            "mehr freigehalten."
        ),
        next=N_("Sie können neu anfragen oder ein anderes Angebot suchen."),
    ),
}
_CANCELLED = {
    side: News(
        subject=N_("Abgesagt von %(other)s: %(title)s"),
        happened=N_("%(other)s hat die Vereinbarung über „%(title)s“ abgesagt."),
        next=then,
        has_calendar=True,
    )
    for side, then in ((Side.OWNER, _FREE_AGAIN), (Side.ASKER, _ASK_ELSEWHERE))
}
# Their own step, but it takes the entry out of their calendar.
_CANCELLED_OWN = News(
    subject=N_("Ihre Absage an %(other)s: %(title)s"),
    happened=N_(
        "Sie haben die Vereinbarung mit %(other)s über „%(title)s“ abgesagt. Der Grund ist "
        "dort angekommen."
    ),
    next=_FREE_AGAIN,
    has_calendar=True,
)
_HANDED_OVER_SUBJECTS = {
    Side.OWNER: N_("Übernommen von %(other)s: %(title)s"),
    Side.ASKER: N_("Übergeben von %(other)s: %(title)s"),
}
_CLOSE_WHEN_DONE = N_(
    "Vereinbart ist es bis %(end)s. Ist alles erledigt, schließen Sie es im Gespräch ab; eine "
    "Frist gibt es dafür nicht."
)
_GIVE_BACK = {
    Side.OWNER: N_(
        "Vereinbart ist es bis %(end)s. Bestätigen Sie im Gespräch die Rückgabe, sobald es wieder "
        "da ist; so lange bleibt es vergeben."
    ),
    Side.ASKER: N_(
        "Bitte geben Sie es bis %(end)s zurück; %(other)s bestätigt es dann im Gespräch, so lange "
        "bleibt es vergeben. Brauchen Sie es länger, fragen Sie vorher dort."
    ),
}
_RETURNED = News(
    subject=N_("Zurück bei %(other)s: %(title)s"),
    happened=N_("%(other)s bestätigt, dass „%(title)s“ wieder da ist."),
    next=N_(
        "Es ist schon wieder frei für andere. Ist nichts mehr offen, schließen Sie es im Gespräch "
        "ab; eine Frist gibt es dafür nicht."
    ),
)
_COMPLETED = News(
    subject=N_("Abgeschlossen mit %(other)s: %(title)s"),
    happened=N_("%(other)s hat „%(title)s“ abgeschlossen."),
    next=_NOTHING_TO_DO,
)
_CONFIRM = replace(
    _COMPLETED,
    subject=N_("Bitte bestätigen: %(other)s hat abgeschlossen: %(title)s"),
    next=N_(
        "War alles so wie vereinbart, bestätigen Sie es im Gespräch: Erst dann zählt es bei dem, "
        "was im Landkreis zusammenkam. Sehen Sie das anders, schreiben Sie dort; eine Frist gibt "
        "es dafür nicht."
    ),
)
_NO_SHOW = News(
    subject=N_("Nicht zustande gekommen mit %(other)s: %(title)s"),
    happened=N_("%(other)s meldet, dass der Termin für „%(title)s“ nicht zustande kam."),
    next=N_(
        "Sehen Sie das anders, schreiben Sie im Gespräch; eine Frist gibt es dafür nicht. Sonst "
        "bleibt es dabei, und zu tun ist nichts mehr."
    ),
)

_ANSWER_REMINDER = News(
    subject=N_("%(other)s wartet auf Ihre Antwort: %(title)s"),
    happened=N_("%(other)s wartet auf Ihre Antwort zu „%(title)s“."),
    next=_ANSWER,
)
_HANDOVER_REMINDER = News(
    subject=N_("Bald ist Übergabe mit %(other)s: %(title)s"),
    happened=N_("Die Übergabe von „%(title)s“ mit %(other)s steht bevor."),
    next=_HAND_OVER,
)
_RETURN_REMINDER = News(
    subject=N_("Bald zurückgeben an %(other)s: %(title)s"),
    happened=N_("„%(title)s“ von %(other)s ist bis %(end)s vereinbart."),
    next=_GIVE_BACK[Side.ASKER],
)
_OVERDUE_REMINDER = {
    Side.OWNER: News(
        subject=N_("Noch nicht zurück von %(other)s: %(title)s"),
        happened=N_(
            "„%(title)s“ war bis %(end)s vereinbart und ist noch nicht als zurück bestätigt."
        ),
        next=N_(
            "Ist es wieder da, bestätigen Sie im Gespräch die Rückgabe; bis dahin kann es niemand "
            "anderes bekommen."
        ),
    ),
    Side.ASKER: News(
        subject=N_("Noch nicht zurück bei %(other)s: %(title)s"),
        happened=N_(
            "„%(title)s“ war bis %(end)s vereinbart und ist noch nicht als zurück bestätigt."
        ),
        next=N_(
            "Bitte geben Sie es zurück, oder schreiben Sie im Gespräch, wann es kommt. Bis "
            "%(other)s die Rückgabe bestätigt, kann es niemand anderes bekommen."
        ),
    ),
}


def news_for(
    state: BookingState,
    *,
    reader: Side,
    actor: Side | None,
    is_returned: bool = True,
    is_over: bool = False,
    has_to_confirm: bool = False,
) -> News | None:
    """Give what a side is told after a step into this state; None: it needs no mail.

    `actor`: who took the step, None where a deadline passed. The others change the words only:
    whether things of this kind are given back, whether the time of the booking has passed, and
    whether this side has to confirm that it is completed.
    """
    news = _news_for(state, reader, actor, is_returned=is_returned)
    if news is _COMPLETED and has_to_confirm:
        return _CONFIRM
    if news is not None and is_over and news.next == _FREE_AGAIN:
        return replace(news, next=_NOTHING_TO_DO)
    return news


def _news_for(
    state: BookingState, reader: Side, actor: Side | None, *, is_returned: bool
) -> News | None:
    is_own_step = reader is actor
    match state:
        case BookingState.REQUESTED:
            return _REQUESTED[reader]
        case BookingState.ACCEPTED:
            return _ACCEPTED
        case BookingState.LAPSED:
            return _LAPSED[reader]
        case BookingState.CANCELLED:
            return _CANCELLED_OWN if is_own_step else _CANCELLED[reader]
        case _ if is_own_step:
            return None
        case BookingState.DECLINED:
            return _DECLINED[reader]
        case BookingState.HANDED_OVER:
            return _handed_over(reader, is_returned=is_returned)
        case _:
            return _TO_THE_OTHER[state]


def news_of(reminder: Reminder, *, reader: Side) -> News:
    """Give what a reminder says to a side."""
    match reminder:
        case Reminder.ANSWER:
            return _ANSWER_REMINDER
        case Reminder.HANDOVER:
            return _HANDOVER_REMINDER
        case Reminder.RETURN:
            return _RETURN_REMINDER
        case Reminder.OVERDUE:
            return _OVERDUE_REMINDER[reader]


def _handed_over(reader: Side, *, is_returned: bool) -> News:
    return News(
        subject=_HANDED_OVER_SUBJECTS[reader],
        happened=N_("%(other)s hat die Übergabe von „%(title)s“ festgehalten."),
        next=_GIVE_BACK[reader] if is_returned else _CLOSE_WHEN_DONE,
    )


_TO_THE_OTHER = {
    BookingState.COUNTERED: _COUNTERED,
    BookingState.WITHDRAWN: _WITHDRAWN,
    BookingState.RETURNED: _RETURNED,
    BookingState.COMPLETED: _COMPLETED,
    BookingState.NO_SHOW: _NO_SHOW,
}
