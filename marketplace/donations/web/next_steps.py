"""What the reader of a claim can do next, and what happens if nobody acts."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from marketplace.bookings.rules.opening import BERLIN
from marketplace.bookings.web.labels import end_label, instant_label
from marketplace.donations.models import Claim
from marketplace.donations.rules.gifts import GiftTerms
from marketplace.donations.rules.states import ClaimState, Side, waits_for
from marketplace.donations.web.labels import has_lapsed


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads when; `actor`: who took the latest step, None: a deadline or the rule did."""

    side: Side
    other: str  # the organisation across
    now: datetime
    terms: GiftTerms
    actor: Side | None

    @property
    def is_giver(self) -> bool:
        """Tell whether the giver reads."""
        return self.side is Side.GIVER

    @property
    def who(self) -> str:
        """Who took the latest step, if it was not the reader."""
        if self.actor is Side.DESK:
            return gettext("Die Ansprechstelle des Landkreises")
        return self.other


def next_step(claim: Claim, reader: Reader) -> str:
    """Say it in one to four sentences."""
    match claim.standing.state:
        case ClaimState.SUBMITTED:
            return _while_waiting(reader)
        case ClaimState.WAITLISTED:
            return _on_the_waiting_list(reader)
        case ClaimState.OFFERED:
            return _while_offered(claim, reader)
        case ClaimState.ACCEPTED:
            return _after_accepting(reader)
        case ClaimState.COLLECTED if waits_for(reader.side, claim.standing):
            return gettext(
                "Sie sind dran: Bestätigen Sie, was übergeben wurde. Stimmt die Menge nicht, "
                "schreiben Sie es hier."
            )
        case ClaimState.COLLECTED:
            return gettext(
                "%(other)s bestätigt noch die Übergabe. Für Sie ist nichts zu tun.",
                other=reader.other,
            )
        case _:
            return _when_over(claim, reader)


def _while_waiting(reader: Reader) -> str:
    end = reader.terms.apply_until
    last_day = end_label(end, BERLIN) if end is not None and reader.now < end else ""
    if reader.is_giver:
        return (
            gettext(
                "Anmelden kann man sich noch bis %(day)s. Danach verteilen Sie oder die "
                "Ansprechstelle; die Regel des Landkreises schlägt vor, wer wie viel bekommt.",
                day=last_day,
            )
            if last_day
            else gettext("Sie sind dran: Bieten Sie etwas davon an, oder sagen Sie ab.")
        )
    return (
        gettext(
            "Anmelden kann man sich bis %(day)s. Danach wird nach der Regel des Landkreises "
            "verteilt, und Sie erfahren es per Mail.",
            day=last_day,
        )
        if last_day
        else gettext(
            "%(other)s oder die Ansprechstelle entscheidet, wie viel Sie bekommen. Sie erfahren "
            "es per Mail.",
            other=reader.other,
        )
    )


def _on_the_waiting_list(reader: Reader) -> str:
    if reader.is_giver:
        return gettext(
            "%(other)s steht auf der Warteliste. Wird etwas frei, wird es nach der Regel von "
            "selbst angeboten.",
            other=reader.other,
        )
    return gettext(
        "Sie stehen auf der Warteliste. Wird etwas frei, bekommen Sie es nach der Regel angeboten "
        "und erfahren es per Mail."
    )


def _while_offered(claim: Claim, reader: Reader) -> str:
    if has_lapsed(claim, reader.now):
        return gettext(
            "Auf das Angebot hat niemand rechtzeitig geantwortet. Es ist wieder für andere da."
        )
    assert claim.answer_until is not None  # noqa: S101 (constraint offers_have_a_deadline)
    until = instant_label(claim.answer_until)
    if reader.is_giver:
        return gettext(
            "%(other)s ist dran. Kommt bis %(until)s keine Antwort, verfällt das Angebot und geht "
            "an die Warteliste.",
            other=reader.other,
            until=until,
        )
    return gettext(
        "Sie sind dran: Nehmen Sie bis %(until)s alles oder einen Teil an, oder sagen Sie ab. "
        "Danach verfällt das Angebot. Was Sie nicht nehmen, geht an die Warteliste.",
        until=until,
    )


def _after_accepting(reader: Reader) -> str:
    end = reader.terms.collect_until
    if end is None:
        return gettext(
            "Es ist zugesagt. Vereinbaren Sie hier, wann es abgeholt wird, und halten Sie die "
            "Übergabe fest, sobald sie war. Die Zusage wird erst mit der Übergabe verbindlich."
        )
    return gettext(
        "Es ist zugesagt. Vereinbaren Sie hier, wann es abgeholt wird, spätestens bis %(day)s, und "
        "halten Sie die Übergabe fest, sobald sie war. Die Zusage wird erst mit der Übergabe "
        "verbindlich.",
        day=end_label(end, BERLIN),
    )


def _when_over(claim: Claim, reader: Reader) -> str:
    is_own_step = reader.actor is reader.side
    match claim.standing.state:
        case ClaimState.CONFIRMED:
            return gettext("Beide Seiten haben die Übergabe festgehalten. Zu tun ist nichts mehr.")
        case ClaimState.WITHDRAWN if is_own_step:
            return gettext("Sie haben Ihre Anmeldung zurückgezogen. Zu tun ist nichts mehr.")
        case ClaimState.WITHDRAWN:
            return gettext(
                "%(other)s hat die Anmeldung zurückgezogen. Zu tun ist nichts.", other=reader.other
            )
        case ClaimState.NO_SHOW if is_own_step:
            return gettext(
                "Sie haben gemeldet, dass es nicht abgeholt wurde. Es ist wieder für andere da."
            )
        case ClaimState.NO_SHOW:
            return gettext(
                "%(who)s meldet, dass es nicht abgeholt wurde. Sehen Sie das anders, schreiben Sie "
                "hier.",
                who=reader.who,
            )
        case _ if reader.actor is None:
            return _after_lapsing(reader)
        case _ if is_own_step:
            return gettext("Sie haben abgesagt. Zu tun ist nichts mehr.")
        case _:
            return gettext("%(who)s hat abgesagt. Zu tun ist nichts.", who=reader.who)


def _after_lapsing(reader: Reader) -> str:
    if reader.is_giver:
        return gettext(
            "%(other)s hat nicht rechtzeitig geantwortet. Es ist wieder für andere da.",
            other=reader.other,
        )
    return gettext(
        "Das Angebot ist verfallen, weil niemand rechtzeitig geantwortet hat. Solange sich andere "
        "anmelden können, können Sie es auch."
    )
