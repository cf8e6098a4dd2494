"""What the desk shows of bookings, on both sides."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext

from marketplace.accounts.desk import DeskAction, DeskLine, DeskSection
from marketplace.bookings.models import Booking
from marketplace.bookings.queries import bookings_received, bookings_sent, zone_of
from marketplace.bookings.rules.states import Side, leading_action
from marketplace.bookings.web.labels import action_label, instant_label, state_label, time_label
from marketplace.foundation.database.unit_of_work import UnitOfWork


def asked_of_us_section(work: UnitOfWork) -> DeskSection:
    """Give what others asked the acting organisation for; what waits for an answer comes first."""
    bookings = _those_that_wait_first(work, bookings_received(work), Side.OWNER)
    return DeskSection(
        key="asked-of-us",
        title=gettext("Anfragen an uns"),
        lines=tuple(_line(work, booking, Side.OWNER) for booking in bookings),
        empty_text=gettext("Zurzeit wartet niemand auf eine Antwort von Ihnen."),
    )


def asked_by_us_section(work: UnitOfWork) -> DeskSection:
    """Give what the acting organisation asked others for; what waits for it comes first."""
    bookings = _those_that_wait_first(work, bookings_sent(work), Side.ASKER)
    return DeskSection(
        key="asked-by-us",
        title=gettext("Unsere Anfragen"),
        lines=tuple(_line(work, booking, Side.ASKER) for booking in bookings),
        empty_text=gettext("Sie haben noch nichts angefragt."),
        actions=(DeskAction(label=gettext("Angebote finden"), url="/search"),),
    )


def _those_that_wait_first(
    work: UnitOfWork, bookings: Sequence[Booking], side: Side
) -> list[Booking]:
    return sorted(bookings, key=lambda each: not each.standing.waits_for(side, work.now()))


def _line(work: UnitOfWork, booking: Booking, side: Side) -> DeskLine:
    standing, now = booking.standing, work.now()
    state = state_label(booking, side, now)
    across = booking.organisation if side is Side.OWNER else booking.listing.organisation
    zone = zone_of(work, booking.listing_id)
    parts = [across.name, time_label(booking.starts_at, booking.ends_at, zone)]
    if standing.waits_for(side, now) and booking.hold_until is not None:
        parts.append(
            gettext("Antwort bis %(until)s", until=instant_label(booking.hold_until, zone))
        )
    return DeskLine(
        title=booking.listing.title,
        url=f"/messages/{booking.thread_id}",
        action_label=_next_label(booking, side, now),
        detail=" · ".join(parts),
        state_label=state.label,
        tone=state.tone,
    )


def _next_label(booking: Booking, side: Side, now: datetime) -> str:
    if booking.standing.waits_for(side, now):
        return gettext("Antworten")
    action = leading_action(side, booking.standing, now)
    return action_label(action, booking) if action else gettext("Ansehen")
