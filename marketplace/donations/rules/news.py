"""What each side is told after a step of a claim: what happened, and what to do until when.

Sentences are marked; they take `other` (the organisation across), `title`, `deadline` (of an
offer), `collect` (the last day to collect), `pickup` (the time that was chosen) and `until` (when
others get what was not collected).
"""

from dataclasses import dataclass

from marketplace.donations.rules.states import ClaimState, Side
from marketplace.foundation.errors import N_


@dataclass(frozen=True, kw_only=True)
class News:
    """A mail's subject, what happened, and what comes next, even where that is nothing."""

    subject: str
    happened: str
    next: str


_NOTHING_TO_DO = N_("Zu tun ist nichts mehr.")
_ELSEWHERE = N_("Andere Angebote in der Nähe finden Sie über die Suche.")
_MOVES_UP = N_("Was frei wird, geht nach der Regel an die Warteliste. Zu tun ist nichts mehr.")

_SUBMITTED = News(
    subject=N_("%(other)s meldet Bedarf an: %(title)s"),
    happened=N_("%(other)s braucht etwas von „%(title)s“."),
    next=N_(
        "Wie viel jede Organisation bekommen soll, entscheiden Sie oder die Ansprechstelle des "
        "Landkreises auf der Seite „Anmeldungen“ des Angebots. Sie können auch absagen."
    ),
)
_LATE = News(
    subject=N_("%(other)s meldet Bedarf an: %(title)s"),
    happened=N_(
        "%(other)s braucht etwas von „%(title)s“ und steht auf der Warteliste, weil alles "
        "vergeben ist."
    ),
    next=N_("Wird etwas frei, wird es nach der Regel von selbst angeboten. Zu tun ist nichts."),
)
_WAITLISTED = News(
    subject=N_("Auf der Warteliste: %(title)s"),
    happened=N_("Von „%(title)s“ ist zurzeit nichts für Sie da. Sie stehen auf der Warteliste."),
    next=N_(
        "Wird etwas frei, bekommen Sie es nach der Regel des Landkreises angeboten und erfahren es "
        "per Mail. Brauchen Sie es nicht mehr, ziehen Sie die Anmeldung im Gespräch zurück."
    ),
)
_OFFERED = News(
    subject=N_("Für Sie angeboten: %(title)s"),
    happened=N_("Sie können von „%(title)s“ etwas bekommen."),
    next=N_(
        "Bitte antworten Sie bis %(deadline)s: Nehmen Sie alles oder einen Teil an, oder sagen Sie "
        "ab. Danach verfällt das Angebot und geht an die Warteliste."
    ),
)
_COLLECT = N_(
    "Vereinbaren Sie im Gespräch, wann es abgeholt wird; dort stehen jetzt Anschrift und "
    "Mailadresse. Halten Sie die Übergabe dort fest, sobald sie war. Die Zusage wird erst mit der "
    "Übergabe verbindlich."
)
_COLLECT_UNTIL = N_(
    "Vereinbaren Sie im Gespräch, wann es abgeholt wird, spätestens bis %(collect)s; dort stehen "
    "jetzt Anschrift und Mailadresse. Halten Sie die Übergabe dort fest, sobald sie war. Die "
    "Zusage wird erst mit der Übergabe verbindlich."
)
_ACCEPTED = {
    Side.GIVER: (
        N_("%(other)s nimmt an: %(title)s"),
        N_("%(other)s hat das Angebot von „%(title)s“ angenommen."),
    ),
    Side.CLAIMANT: (
        N_("Zugesagt von %(other)s: %(title)s"),
        N_("„%(title)s“ ist Ihnen zugesagt; Sie haben angenommen."),
    ),
}
_DECLINED = News(
    subject=N_("Absage von %(other)s: %(title)s"),
    happened=N_("%(other)s hat zu „%(title)s“ abgesagt."),
    next=_ELSEWHERE,
)
_DECLINED_BY_CLAIMANT = News(subject=_DECLINED.subject, happened=_DECLINED.happened, next=_MOVES_UP)
_DECLINED_BY_DESK = {
    Side.GIVER: News(
        subject=N_("Absage an %(other)s: %(title)s"),
        happened=N_("Die Ansprechstelle des Landkreises hat %(other)s zu „%(title)s“ abgesagt."),
        next=_MOVES_UP,
    ),
    Side.CLAIMANT: News(
        subject=N_("Absage der Ansprechstelle: %(title)s"),
        happened=N_("Die Ansprechstelle des Landkreises hat Ihnen zu „%(title)s“ abgesagt."),
        next=_ELSEWHERE,
    ),
}
_LAPSED = {
    Side.GIVER: News(
        subject=N_("Angebot an %(other)s verfallen: %(title)s"),
        happened=N_("%(other)s hat auf das Angebot von „%(title)s“ nicht geantwortet."),
        next=_MOVES_UP,
    ),
    Side.CLAIMANT: News(
        subject=N_("Angebot verfallen: %(title)s"),
        happened=N_("Auf das Angebot von „%(title)s“ kam keine Antwort, es ist verfallen."),
        next=N_("Solange sich andere dort anmelden können, können Sie es auch wieder."),
    ),
}
_WITHDRAWN = News(
    subject=N_("%(other)s zieht die Anmeldung zurück: %(title)s"),
    happened=N_("%(other)s hat die Anmeldung zu „%(title)s“ zurückgezogen."),
    next=_MOVES_UP,
)
_COLLECTED = {
    Side.GIVER: N_("Übernommen von %(other)s: %(title)s"),
    Side.CLAIMANT: N_("Übergeben von %(other)s: %(title)s"),
}
_CONFIRMED = News(
    subject=N_("Übergabe bestätigt von %(other)s: %(title)s"),
    happened=N_("%(other)s hat die Übergabe von „%(title)s“ bestätigt."),
    next=_NOTHING_TO_DO,
)
_NO_SHOW = News(
    subject=N_("Nicht abgeholt: %(title)s"),
    happened=N_("%(other)s meldet, dass „%(title)s“ nicht abgeholt wurde."),
    next=N_(
        "Es ist wieder für andere da. Sehen Sie das anders, schreiben Sie im Gespräch; eine Frist "
        "gibt es dafür nicht."
    ),
)
_NOT_COLLECTED = {
    Side.GIVER: News(
        subject=N_("Nicht abgeholt von %(other)s: %(title)s"),
        happened=N_(
            "%(other)s hat „%(title)s“ auch nach zwei Erinnerungen nicht abgeholt; es ist wieder "
            "für andere da."
        ),
        next=_MOVES_UP,
    ),
    Side.CLAIMANT: News(
        subject=_NO_SHOW.subject,
        happened=N_(
            "„%(title)s“ wurde auch nach zwei Erinnerungen nicht abgeholt; es ist wieder für "
            "andere da."
        ),
        next=_NO_SHOW.next,
    ),
}
_STILL_THERE = {
    Side.GIVER: News(
        subject=N_("Noch nicht abgeholt von %(other)s: %(title)s"),
        happened=N_("%(other)s hat „%(title)s“ noch nicht abgeholt."),
        next=N_(
            "War die Übergabe schon, halten Sie sie im Gespräch fest. Sonst bekommen es am "
            "%(until)s andere."
        ),
    ),
    Side.CLAIMANT: News(
        subject=N_("Noch nicht abgeholt: %(title)s"),
        happened=N_("„%(title)s“ steht noch bei %(other)s."),
        next=N_(
            "Bitte holen Sie es ab oder tragen Sie im Gespräch einen neuen Termin ein. Sonst "
            "bekommen es am %(until)s andere."
        ),
    ),
}
PICKUP_CHOSEN = News(
    subject=N_("Termin zum Abholen: %(title)s"),
    happened=N_("%(other)s hat eingetragen, wann „%(title)s“ abgeholt wird: %(pickup)s."),
    next=N_("Passt das nicht, tragen Sie einen anderen Termin ein oder schreiben im Gespräch."),
)
_NO_SHOW_BY_DESK = {
    Side.GIVER: News(
        subject=N_("Nicht abgeholt von %(other)s: %(title)s"),
        happened=N_(
            "Die Ansprechstelle des Landkreises hat festgehalten, dass %(other)s „%(title)s“ nicht "
            "abgeholt hat."
        ),
        next=_MOVES_UP,
    ),
    Side.CLAIMANT: News(
        subject=_NO_SHOW.subject,
        happened=N_(
            "Die Ansprechstelle des Landkreises hat festgehalten, dass „%(title)s“ nicht abgeholt "
            "wurde."
        ),
        next=_NO_SHOW.next,
    ),
}


def news_for(
    state: ClaimState, *, reader: Side, actor: Side | None, has_last_day: bool = False
) -> News | None:
    """Give what a side is told after a step into this state; None: it needs no mail.

    `actor`: who took the step, None where a deadline passed or the rule did. `has_last_day`: the
    giver has said until when it is to be collected.
    """
    match state:
        case ClaimState.ACCEPTED:
            return _accepted(reader, has_last_day=has_last_day)
        case ClaimState.WAITLISTED if reader is Side.CLAIMANT:
            return _WAITLISTED
        case ClaimState.WAITLISTED:
            return _LATE if actor is Side.CLAIMANT else None
        case ClaimState.OFFERED:
            # The giver reads of it when there is something to do: once it is accepted.
            return _OFFERED if reader is Side.CLAIMANT else None
        case _ if reader is actor:
            return None
        case ClaimState.DECLINED:
            return _declined(reader, actor)
        case ClaimState.COLLECTED:
            return _collected(reader)
        case ClaimState.NO_SHOW:
            return _not_kept(reader, actor)
        case _:
            return _TO_THE_OTHER[state]


def still_there(reader: Side) -> News:
    """Give what a side is reminded of when something was not collected in time."""
    return _STILL_THERE[reader]


def _not_kept(reader: Side, actor: Side | None) -> News:
    match actor:
        case None:
            return _NOT_COLLECTED[reader]
        case Side.DESK:
            return _NO_SHOW_BY_DESK[reader]
        case _:
            return _NO_SHOW


def _accepted(reader: Side, *, has_last_day: bool) -> News:
    subject, happened = _ACCEPTED[reader]
    return News(
        subject=subject, happened=happened, next=_COLLECT_UNTIL if has_last_day else _COLLECT
    )


def _declined(reader: Side, actor: Side | None) -> News:
    match actor:
        case None:
            return _LAPSED[reader]
        case Side.DESK:
            return _DECLINED_BY_DESK[reader]
        case Side.CLAIMANT:
            return _DECLINED_BY_CLAIMANT
        case Side.GIVER:
            return _DECLINED


def _collected(reader: Side) -> News:
    return News(
        subject=_COLLECTED[reader],
        happened=N_("%(other)s hat die Übergabe von „%(title)s“ festgehalten."),
        next=N_(
            "Bitte bestätigen Sie im Gespräch, was übergeben wurde. Stimmt die Menge nicht, "
            "schreiben Sie es dort."
        ),
    )


_TO_THE_OTHER = {
    ClaimState.SUBMITTED: _SUBMITTED,
    ClaimState.WITHDRAWN: _WITHDRAWN,
    ClaimState.CONFIRMED: _CONFIRMED,
}
