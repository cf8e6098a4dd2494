"""What the reader of a booking can do next, and what happens if nobody acts."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext

from marketplace.bookings.models import Booking
from marketplace.bookings.rules.local_time import first_and_last_day
from marketplace.bookings.rules.states import HANDOVER_BEFORE, OPEN, BookingState, Side
from marketplace.bookings.web.labels import end_label, instant_label
from marketplace.foundation.web.localisation import format_day


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads when, by which clock; `is_own_step`: whether the latest step was this side's."""

    side: Side
    other: str  # the organisation across
    now: datetime
    zone: ZoneInfo
    is_own_step: bool


def next_step(booking: Booking, reader: Reader) -> str:
    """Say it in one to three sentences."""
    standing = booking.standing
    if standing.has_lapsed(reader.now):
        return _after_lapsing(reader)
    if standing.state in OPEN:
        return _while_open(booking, reader)
    match standing.state:
        case BookingState.ACCEPTED:
            return _after_agreeing(booking, reader)
        case BookingState.HANDED_OVER if standing.is_returned:
            return _until_it_is_back(booking, reader)
        case BookingState.HANDED_OVER:
            return gettext(
                "Vereinbart ist es bis %(end)s. Ist alles erledigt, schließen Sie es ab; eine "
                "Frist gibt es dafür nicht.",
                end=end_label(booking.ends_at, reader.zone),
            )
        case BookingState.RETURNED:
            return gettext(
                "Es ist wieder da und frei für andere. Ist nichts mehr offen, schließen Sie es "
                "ab; eine Frist gibt es dafür nicht."
            )
        case BookingState.COMPLETED if standing.unconfirmed_by is reader.side:
            return gettext(
                "%(other)s hat es abgeschlossen. War alles so wie vereinbart, bestätigen Sie es: "
                "Erst dann zählt es bei dem, was im Landkreis zusammenkam. Sehen Sie das anders, "
                "schreiben Sie hier.",
                other=reader.other,
            )
        case BookingState.COMPLETED if standing.unconfirmed_by is not None:
            return gettext(
                "Sie haben es abgeschlossen, %(other)s bestätigt es noch. Für Sie ist nichts zu "
                "tun.",
                other=reader.other,
            )
        case _:
            return _when_over(standing.state, reader)


def _while_open(booking: Booking, reader: Reader) -> str:
    assert booking.hold_until is not None  # noqa: S101 (constraint open_ones_have_a_deadline)
    until = instant_label(booking.hold_until, reader.zone)
    if booking.standing.waits_for(reader.side, reader.now):
        return gettext(
            "Sie sind dran: Bitte antworten Sie bis %(until)s. Danach verfällt die Anfrage, und es "
            "ist wieder frei.",
            until=until,
        )
    return gettext(
        "%(other)s ist dran. Bis %(until)s ist es freigehalten; kommt bis dahin keine Antwort, "
        "verfällt die Anfrage.",
        other=reader.other,
        until=until,
    )


def _after_agreeing(booking: Booking, reader: Reader) -> str:
    if booking.ends_at <= reader.now:
        return gettext(
            "Der Zeitraum ist vorbei. Hat alles geklappt, schließen Sie es ab. Sonst halten Sie "
            "fest, was war."
        )
    if booking.starts_at - HANDOVER_BEFORE <= reader.now:
        return gettext(
            "Halten Sie die Übergabe fest, sobald sie war. Trägt niemand etwas ein, bleibt es bis "
            "%(end)s vergeben.",
            end=end_label(booking.ends_at, reader.zone),
        )
    first, _ = first_and_last_day(booking.starts_at, booking.ends_at, reader.zone)
    return gettext(
        "Es ist vereinbart. Am %(day)s halten Sie hier die Übergabe fest. Kommt etwas dazwischen, "
        "sagen Sie bitte ab; dann wird es wieder frei.",
        day=format_day(first),
    )


def _until_it_is_back(booking: Booking, reader: Reader) -> str:
    end = end_label(booking.ends_at, reader.zone)
    is_owner = reader.side is Side.OWNER
    if booking.standing.is_overdue(reader.now):
        return (
            gettext(
                "Vereinbart war es bis %(end)s. Ist es wieder da, bestätigen Sie die Rückgabe; "
                "bis dahin kann es niemand anderes bekommen.",
                end=end,
            )
            if is_owner
            else gettext(
                "Vereinbart war es bis %(end)s. Bitte geben Sie es zurück, oder schreiben Sie, "
                "wann es kommt. Bis %(other)s die Rückgabe bestätigt, kann es niemand anderes "
                "bekommen.",
                end=end,
                other=reader.other,
            )
        )
    return (
        gettext(
            "Vereinbart ist es bis %(end)s. Bestätigen Sie die Rückgabe, sobald es wieder da ist; "
            "so lange bleibt es vergeben.",
            end=end,
        )
        if is_owner
        else gettext(
            "Bitte geben Sie es bis %(end)s zurück. %(other)s bestätigt es dann hier.",
            end=end,
            other=reader.other,
        )
    )


def _after_lapsing(reader: Reader) -> str:
    if reader.side is Side.ASKER:
        return gettext(
            "Niemand hat rechtzeitig geantwortet, für Sie ist nichts mehr freigehalten. Sie können "
            "neu anfragen oder ein anderes Angebot suchen."
        )
    return gettext(
        "Niemand hat rechtzeitig geantwortet, es ist wieder frei. Wollen Sie noch zusammenkommen, "
        "schreiben Sie hier."
    )


def _when_over(state: BookingState, reader: Reader) -> str:
    other = reader.other
    match state:
        case BookingState.LAPSED:
            return _after_lapsing(reader)
        case BookingState.COMPLETED:
            return gettext("Es ist abgeschlossen, zu tun ist nichts mehr.")
        case BookingState.NO_SHOW if reader.is_own_step:
            return gettext(
                "Sie haben gemeldet, dass der Termin nicht zustande kam. Zu tun ist nichts mehr."
            )
        case BookingState.NO_SHOW:
            return gettext(
                "%(other)s meldet, dass der Termin nicht zustande kam. Sehen Sie das anders, "
                "schreiben Sie hier.",
                other=other,
            )
        case BookingState.WITHDRAWN if reader.is_own_step:
            return gettext(
                "Sie haben die Anfrage zurückgezogen. Neu anfragen können Sie jederzeit."
            )
        case BookingState.WITHDRAWN:
            return gettext(
                "%(other)s hat die Anfrage zurückgezogen. Es ist wieder frei, zu tun ist nichts.",
                other=other,
            )
        case _ if reader.is_own_step:
            return gettext(
                "Sie haben abgesagt, %(other)s kennt den Grund. Es ist wieder frei.", other=other
            )
        case _ if reader.side is Side.ASKER:
            return gettext(
                "%(other)s hat abgesagt. Fragen Sie andere Tage an, oder suchen Sie ein anderes "
                "Angebot.",
                other=other,
            )
        case _:
            return gettext(
                "%(other)s hat abgesagt. Es ist wieder frei, zu tun ist nichts.", other=other
            )
