"""Words for a booking: its state, its time and quantity, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_time
from flask_babel import get_locale, gettext

from marketplace.accounts.desk import Tone
from marketplace.bookings.models import Booking
from marketplace.bookings.rules.local_time import first_and_last_day, is_whole_days
from marketplace.bookings.rules.opening import BERLIN
from marketplace.bookings.rules.states import BookingAction, BookingState, Side
from marketplace.foundation.errors import N_
from marketplace.foundation.web.localisation import format_day
from marketplace.listings.kinds import KINDS
from marketplace.listings.web.labels import quantity_label

_STATES: Mapping[BookingState, tuple[str, Tone]] = {
    BookingState.REQUESTED: (N_("angefragt"), Tone.INFO),
    BookingState.COUNTERED: (N_("anderer Vorschlag"), Tone.INFO),
    BookingState.ACCEPTED: (N_("vereinbart"), Tone.SUCCESS),
    BookingState.DECLINED: (N_("abgelehnt"), Tone.NEUTRAL),
    BookingState.WITHDRAWN: (N_("zurückgezogen"), Tone.NEUTRAL),
    BookingState.LAPSED: (N_("abgelaufen"), Tone.NEUTRAL),
    BookingState.CANCELLED: (N_("abgesagt"), Tone.NEUTRAL),
    BookingState.HANDED_OVER: (N_("übergeben"), Tone.SUCCESS),
    BookingState.RETURNED: (N_("zurückgegeben"), Tone.SUCCESS),
    BookingState.COMPLETED: (N_("abgeschlossen"), Tone.NEUTRAL),
    BookingState.NO_SHOW: (N_("nicht zustande gekommen"), Tone.WARNING),
}
_ACTIONS: Mapping[BookingAction, str] = {
    BookingAction.ACCEPT: N_("Zusagen"),
    BookingAction.DECLINE: N_("Absagen"),
    BookingAction.COUNTER: N_("Etwas anderes vorschlagen"),
    BookingAction.WITHDRAW: N_("Anfrage zurückziehen"),
    BookingAction.CANCEL: N_("Vereinbarung absagen"),
    BookingAction.HAND_OVER: N_("Übergabe festhalten"),
    BookingAction.RETURN: N_("Rückgabe bestätigen"),
    BookingAction.COMPLETE: N_("Abschließen"),
    BookingAction.NO_SHOW: N_("Termin kam nicht zustande"),
}


@dataclass(frozen=True, kw_only=True)
class StateLabel:
    """How a state is called, and its colour."""

    label: str
    tone: Tone


def state_label(booking: Booking, side: Side, now: datetime) -> StateLabel:
    """Say how far a booking is; what waits for the reader stands out."""
    standing = booking.standing
    if standing.has_lapsed(now):
        return StateLabel(label=gettext("abgelaufen"), tone=Tone.NEUTRAL)
    if standing.hold_until is not None and side is not standing.proposed_by:
        return StateLabel(label=gettext("wartet auf Sie"), tone=Tone.WARNING)
    label, tone = _STATES[standing.state]
    return StateLabel(label=gettext(label), tone=tone)


def state_words(state: BookingState) -> str:
    """Give what a state is called."""
    return gettext(_STATES[state][0])


def action_label(action: BookingAction) -> str:
    """Give what the button of an action says."""
    return gettext(_ACTIONS[action])


def time_label(start: datetime, end: datetime, zone: ZoneInfo = BERLIN) -> str:
    """Write a time: its days, both inclusive, or with the hours where it is not whole days."""
    first, last = first_and_last_day(start, end, zone)
    if is_whole_days(start, end, zone):
        if first == last:
            return format_day(first)
        return gettext("%(first)s bis %(last)s", first=format_day(first), last=format_day(last))
    local_start, local_end = start.astimezone(zone), end.astimezone(zone)
    if local_start.date() == local_end.date():
        return gettext(
            "%(day)s, %(start)s bis %(end)s Uhr",
            day=format_day(local_start.date()),
            start=_clock(local_start),
            end=_clock(local_end),
        )
    return gettext(
        "%(first)s, %(start)s Uhr bis %(last)s, %(end)s Uhr",
        first=format_day(local_start.date()),
        start=_clock(local_start),
        last=format_day(local_end.date()),
        end=_clock(local_end),
    )


def instant_label(at: datetime, zone: ZoneInfo = BERLIN) -> str:
    """Write an instant with its time; midnight belongs to the day that ends."""
    local = at.astimezone(zone)
    if local.time() == time.min:
        return gettext("%(day)s, 24:00 Uhr", day=format_day(local.date() - timedelta(days=1)))
    return gettext("%(day)s, %(time)s Uhr", day=format_day(local.date()), time=_clock(local))


def _clock(local: datetime) -> str:
    return str(format_time(local, format="H:mm", locale=get_locale()))


def asked_quantity_label(booking: Booking) -> str:
    """Write the quantity that is asked for, with the offer's unit."""
    return quantity_label(KINDS[booking.listing.kind], booking.quantity, booking.unit)


def what_next(booking: Booking, side: Side, now: datetime, zone: ZoneInfo) -> str:
    """Say what the reader can do next, and what happens if nobody acts."""
    standing = booking.standing
    if standing.has_lapsed(now) or standing.state is BookingState.LAPSED:
        return gettext("Niemand hat rechtzeitig geantwortet. Es ist nichts mehr freigehalten.")
    if standing.hold_until is not None:
        until = instant_label(standing.hold_until, zone)
        if side is standing.proposed_by:
            return gettext(
                "Die andere Seite ist dran. Bis %(until)s ist es freigehalten; antwortet sie "
                "nicht, verfällt die Anfrage.",
                until=until,
            )
        return gettext(
            "Sie sind dran: Bitte antworten Sie bis %(until)s. Danach verfällt die Anfrage, und es "
            "ist wieder frei.",
            until=until,
        )
    return _after_agreeing(booking, side, now, zone)


def _after_agreeing(booking: Booking, side: Side, now: datetime, zone: ZoneInfo) -> str:
    standing = booking.standing
    match standing.state:
        case BookingState.ACCEPTED if now < booking.starts_at:
            return gettext(
                "Es ist vereinbart. Halten Sie hier die Übergabe fest, wenn es so weit ist. Kommt "
                "etwas dazwischen, sagen Sie bitte ab; dann wird es wieder frei."
            )
        case BookingState.ACCEPTED:
            return gettext(
                "Der Zeitraum hat begonnen. Halten Sie die Übergabe fest, oder schließen Sie ab, "
                "was schon erledigt ist."
            )
        case BookingState.HANDED_OVER if standing.is_returned and booking.ends_at <= now:
            return gettext(
                "Es war bis %(end)s vereinbart. Bis die Rückgabe bestätigt ist, kann es niemand "
                "anderes bekommen.",
                end=instant_label(booking.ends_at, zone),
            )
        case BookingState.HANDED_OVER if standing.is_returned and side is Side.OWNER:
            return gettext("Bestätigen Sie die Rückgabe, sobald es wieder da ist.")
        case BookingState.HANDED_OVER if standing.is_returned:
            return gettext(
                "Bitte geben Sie es bis %(end)s zurück. Die andere Seite bestätigt es dann hier.",
                end=instant_label(booking.ends_at, zone),
            )
        case BookingState.HANDED_OVER:
            return gettext("Schließen Sie es ab, wenn alles erledigt ist.")
        case BookingState.RETURNED:
            return gettext("Es ist wieder da. Wenn nichts offen ist, schließen Sie es ab.")
        case _:
            return gettext("Hier ist nichts mehr zu tun. Das Gespräch bleibt offen.")
