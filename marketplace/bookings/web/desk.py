"""What the desk shows of requests, on both sides."""

from flask_babel import gettext

from marketplace.accounts.desk import DeskAction, DeskLine, DeskSection
from marketplace.bookings.models import Booking
from marketplace.bookings.queries import bookings_received, bookings_sent
from marketplace.bookings.web.labels import days_label, state_for_asker, state_for_owner
from marketplace.foundation.database.unit_of_work import UnitOfWork


def asked_of_us_section(work: UnitOfWork) -> DeskSection:
    """Give what others asked the acting organisation for; what waits for an answer comes first."""
    return DeskSection(
        key="asked-of-us",
        title=gettext("Anfragen an uns"),
        lines=tuple(_received(booking) for booking in bookings_received(work)),
        empty_text=gettext("Zurzeit wartet niemand auf eine Antwort von Ihnen."),
    )


def asked_by_us_section(work: UnitOfWork) -> DeskSection:
    """Give what the acting organisation asked others for."""
    return DeskSection(
        key="asked-by-us",
        title=gettext("Unsere Anfragen"),
        lines=tuple(_sent(booking) for booking in bookings_sent(work)),
        empty_text=gettext("Sie haben noch nichts angefragt."),
        actions=(DeskAction(label=gettext("Angebote finden"), url="/search"),),
    )


def _received(booking: Booking) -> DeskLine:
    state = state_for_owner(booking)
    return DeskLine(
        title=booking.listing.title,
        url=f"/messages/{booking.thread_id}",
        action_label=gettext("Ansehen") if booking.answered_at else gettext("Antworten"),
        detail=f"{booking.organisation.name} · {days_label(booking)}",
        state_label=state.label,
        tone=state.tone,
        when=booking.created_at,
    )


def _sent(booking: Booking) -> DeskLine:
    state = state_for_asker(booking)
    return DeskLine(
        title=booking.listing.title,
        url=f"/messages/{booking.thread_id}",
        action_label=gettext("Ansehen"),
        detail=f"{booking.listing.organisation.name} · {days_label(booking)}",
        state_label=state.label,
        tone=state.tone,
        when=booking.created_at,
    )
