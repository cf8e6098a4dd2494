"""Words for what was asked: its state, its time and its quantity."""

from dataclasses import dataclass

from flask_babel import gettext

from marketplace.accounts.desk import Tone
from marketplace.bookings.models import Booking
from marketplace.foundation.web.localisation import format_day
from marketplace.listings.kinds import KINDS
from marketplace.listings.web.labels import quantity_label
from marketplace.search.web.cards import last_day_of


@dataclass(frozen=True, kw_only=True)
class StateLabel:
    """How a state is called, and its colour on the desk."""

    label: str
    tone: Tone


def state_for_owner(booking: Booking) -> StateLabel:
    """Say how far a request is, to those whose offer it is about."""
    if booking.answered_at is None:
        return StateLabel(label=gettext("neu"), tone=Tone.WARNING)
    return StateLabel(label=gettext("beantwortet"), tone=Tone.SUCCESS)


def state_for_asker(booking: Booking) -> StateLabel:
    """Say how far a request is, to those who sent it."""
    if booking.answered_at is None:
        return StateLabel(label=gettext("angefragt"), tone=Tone.INFO)
    return StateLabel(label=gettext("beantwortet"), tone=Tone.SUCCESS)


def days_label(booking: Booking) -> str:
    """Write the days that are asked for, both inclusive."""
    first, last = format_day(booking.starts_at), format_day(last_day_of(booking.ends_at))
    if first == last:
        return first
    return gettext("%(first)s bis %(last)s", first=first, last=last)


def asked_quantity_label(booking: Booking) -> str:
    """Write the quantity that is asked for, with the offer's unit."""
    listing = booking.listing
    return quantity_label(KINDS[listing.kind], booking.quantity, listing.unit)
