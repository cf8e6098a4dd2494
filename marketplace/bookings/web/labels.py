"""Words for a booking: its state, its time and its quantity."""

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
    BookingAction.COUNTER: N_("Etwas anderes vorschlagen"),
    BookingAction.DECLINE: N_("Absagen"),
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
    if standing.waits_for(side, now) or standing.unconfirmed_by is side:
        return StateLabel(label=gettext("wartet auf Sie"), tone=Tone.WARNING)
    if standing.is_overdue(now):
        return StateLabel(label=gettext("noch nicht zurück"), tone=Tone.WARNING)
    label, tone = _STATES[standing.state]
    return StateLabel(label=gettext(label), tone=tone)


def state_words(state: BookingState) -> str:
    """Give what a state is called."""
    return gettext(_STATES[state][0])


def action_label(action: BookingAction, booking: Booking) -> str:
    """Give what the button of an action says: the second to complete it confirms."""
    if action is BookingAction.COMPLETE and booking.state == BookingState.COMPLETED:
        return gettext("Abschluss bestätigen")
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


def clock_label(at: datetime, zone: ZoneInfo = BERLIN) -> str:
    """Write the time of an instant, without its day."""
    return gettext("%(time)s Uhr", time=_clock(at.astimezone(zone)))


def start_label(start: datetime, zone: ZoneInfo) -> str:
    """Write from when on: the first day, or the time on it."""
    local = start.astimezone(zone)
    return format_day(local.date()) if local.time() == time.min else instant_label(start, zone)


def end_label(end: datetime, zone: ZoneInfo) -> str:
    """Write until when: the last day, or the time on it."""
    local = end.astimezone(zone)
    if local.time() == time.min:
        return format_day(local.date() - timedelta(days=1))
    return instant_label(end, zone)


def _clock(local: datetime) -> str:
    return str(format_time(local, format="H:mm", locale=get_locale()))


def asked_quantity_label(booking: Booking) -> str:
    """Write the quantity that is asked for, with the offer's unit."""
    return quantity_label(KINDS[booking.listing.kind], booking.quantity, booking.unit)
