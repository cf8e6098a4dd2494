"""What the desk shows of bookings, on both sides."""

from flask_babel import gettext

from marketplace.accounts.desk import DeskAction, DeskLine, DeskSection
from marketplace.bookings.models import Booking
from marketplace.bookings.queries import bookings_received, bookings_sent, zone_of
from marketplace.bookings.rules.states import BookingAction, Side, actions_for
from marketplace.bookings.web.labels import action_label, instant_label, state_label, time_label
from marketplace.foundation.database.unit_of_work import UnitOfWork


def asked_of_us_section(work: UnitOfWork) -> DeskSection:
    """Give what others asked the acting organisation for; what waits for an answer comes first."""
    bookings = sorted(bookings_received(work), key=lambda each: _is_waiting(work, each, Side.OWNER))
    return DeskSection(
        key="asked-of-us",
        title=gettext("Anfragen an uns"),
        lines=tuple(_line(work, booking, Side.OWNER) for booking in bookings),
        empty_text=gettext("Zurzeit wartet niemand auf eine Antwort von Ihnen."),
    )


def asked_by_us_section(work: UnitOfWork) -> DeskSection:
    """Give what the acting organisation asked others for; what waits for it comes first."""
    bookings = sorted(bookings_sent(work), key=lambda each: _is_waiting(work, each, Side.ASKER))
    return DeskSection(
        key="asked-by-us",
        title=gettext("Unsere Anfragen"),
        lines=tuple(_line(work, booking, Side.ASKER) for booking in bookings),
        empty_text=gettext("Sie haben noch nichts angefragt."),
        actions=(DeskAction(label=gettext("Angebote finden"), url="/search"),),
    )


def _is_waiting(work: UnitOfWork, booking: Booking, side: Side) -> bool:
    """Tell whether nobody waits for this side: sorts what waits to the top."""
    standing = booking.standing
    waits = (
        standing.hold_until is not None
        and side is not standing.proposed_by
        and not standing.has_lapsed(work.now())
    )
    return not waits


def _line(work: UnitOfWork, booking: Booking, side: Side) -> DeskLine:
    state = state_label(booking, side, work.now())
    across = booking.organisation if side is Side.OWNER else booking.listing.organisation
    possible = actions_for(side, booking.standing, work.now())
    waits = not _is_waiting(work, booking, side)
    zone = zone_of(work, booking.listing_id)
    parts = [across.name, time_label(booking.starts_at, booking.ends_at, zone)]
    if waits and booking.hold_until is not None:
        parts.append(
            gettext("Antwort bis %(until)s", until=instant_label(booking.hold_until, zone))
        )
    return DeskLine(
        title=booking.listing.title,
        url=f"/messages/{booking.thread_id}",
        action_label=_next_label(possible, waits=waits),
        detail=" · ".join(parts),
        state_label=state.label,
        tone=state.tone,
    )


def _next_label(possible: tuple[BookingAction, ...], *, waits: bool) -> str:
    if waits:
        return gettext("Antworten")
    for action in (BookingAction.RETURN, BookingAction.COMPLETE, BookingAction.HAND_OVER):
        if action in possible:
            return action_label(action)
    return gettext("Ansehen")
