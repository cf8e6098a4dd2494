"""What a conversation is about, over it: a booking with its next step, or a request for help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import g, url_for
from flask_babel import gettext

from marketplace.bookings.models import Booking, BookingStep
from marketplace.bookings.operations.help import REQUEST_SUBJECT
from marketplace.bookings.queries import booking_in_thread, steps_of, zone_of
from marketplace.bookings.rules.local_time import first_and_last_day, is_whole_days
from marketplace.bookings.rules.states import (
    CONTACT_SHOWN,
    BookingAction,
    BookingState,
    Side,
    actions_for,
    leading_action,
    needs_reason,
)
from marketplace.bookings.web.contacts import contact_rows
from marketplace.bookings.web.forms import CounterForm, ReasonForm
from marketplace.bookings.web.labels import (
    action_label,
    asked_quantity_label,
    instant_label,
    state_label,
    state_words,
    time_label,
)
from marketplace.bookings.web.next_steps import Reader, next_step
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.listings.kinds import KINDS
from marketplace.listings.queries import is_own, is_public, listing_by_id
from marketplace.listings.web.labels import quantity_label, title_of
from marketplace.messaging.models import Thread
from marketplace.messaging.web.panels import ThreadPanel

# What the reader is left with who wanted something: to look elsewhere.
_LEFT_WITHOUT = frozenset({BookingState.DECLINED, BookingState.CANCELLED, BookingState.LAPSED})


def keep_typed_action(action: BookingAction, form: ReasonForm | CounterForm) -> None:
    """Let the page of the conversation show this form, opened."""
    g.booking_action = action
    g.booking_form = form


@dataclass(frozen=True, kw_only=True)
class ActionView:
    """Something one can do with a booking; `form`: it asks for more than a click."""

    key: str
    label: str
    url: str
    form: ReasonForm | CounterForm | None = None
    is_open: bool = False
    is_first: bool = False


def booking_panel(work: UnitOfWork, thread: Thread) -> ThreadPanel | None:
    """Give the booking over the conversation about it, with the next step of the reader."""
    booking = booking_in_thread(work, thread.id)
    side = booking.side_of(work.actor.organisation_id) if booking else None
    if booking is None or side is None:
        return None
    listing, now, zone = booking.listing, work.now(), zone_of(work, booking.listing_id)
    across = booking.organisation if side is Side.OWNER else listing.organisation
    steps = steps_of(work, booking.id)
    state = state_label(booking, side, now)
    reader = Reader(
        side=side, other=across.name, now=now, zone=zone, is_own_step=steps[-1].side == side
    )
    own = side is Side.OWNER
    return ThreadPanel(
        template="bookings/thread_panel.html",
        context={
            "heading": gettext("Vereinbarung") if _was_agreed(steps) else gettext("Anfrage"),
            "rows": [
                (gettext("Angebot"), title_of(listing)),
                (gettext("Mit"), f"{across.name}, {across.place}"),
                *_proposal_rows(booking, steps, zone),
            ],
            "state": state.label,
            "tone": state.tone,
            "next": next_step(booking, reader),
            "actions": _actions(booking, side, now, zone),
            "contact": contact_rows(work, listing, across, is_collecting=not own)
            if booking.state in CONTACT_SHOWN
            else [],
            "steps": _step_lines(booking, steps, side, zone),
            "search_url": _search_instead(booking, reader),
            "listing_url": (
                url_for("listings.show", listing_id=listing.id)
                if own or is_public(listing, work)
                else ""
            ),
        },
    )


def _was_agreed(steps: Sequence[BookingStep]) -> bool:
    return any(step.state == BookingState.ACCEPTED for step in steps)


def _proposal_rows(
    booking: Booking, steps: Sequence[BookingStep], zone: ZoneInfo
) -> list[tuple[str, str]]:
    """Give what is on the table; of a counter-offer also what it takes the place of, and why."""
    rows = [
        (gettext("Zeit"), time_label(booking.starts_at, booking.ends_at, zone)),
        (gettext("Menge"), asked_quantity_label(booking)),
    ]
    if booking.state == BookingState.COUNTERED:
        rows.append((gettext("Vorher"), _asked_label(booking, steps[-2], zone)))
        if steps[-1].note:
            rows.append((gettext("Dazu"), steps[-1].note))
    if booking.reason and booking.state != BookingState.LAPSED:
        rows.append((gettext("Grund"), booking.reason))
    return rows


def _search_instead(booking: Booking, reader: Reader) -> str:
    """Give the search for what the asker is left without; empty where they still may get it."""
    is_refused = booking.state in _LEFT_WITHOUT and not reader.is_own_step
    if reader.side is Side.OWNER or not (is_refused or booking.standing.has_lapsed(reader.now)):
        return ""
    wanted = {"kind": booking.listing.kind, "place": booking.organisation.postcode}
    if booking.starts_at > reader.now:
        first, last = first_and_last_day(booking.starts_at, booking.ends_at, reader.zone)
        wanted |= {"available_from": first.isoformat(), "available_to": last.isoformat()}
    return f"/search?{urlencode(wanted)}"


def _actions(booking: Booking, side: Side, now: datetime, zone: ZoneInfo) -> list[ActionView]:
    views: list[ActionView] = []
    possible = actions_for(side, booking.standing, now)
    leading = leading_action(side, booking.standing, now)
    for action in possible:
        if action is BookingAction.WITHDRAW and BookingAction.DECLINE in possible:
            continue  # two ways to say no would be one too many
        typed = g.get("booking_form") if g.get("booking_action") == action else None
        form: ReasonForm | CounterForm | None = None
        if action is BookingAction.COUNTER:
            form = typed or _counter_form(booking, zone)
        elif needs_reason(action):
            form = typed or ReasonForm(formdata=None)
        views.append(
            ActionView(
                key=action,
                label=action_label(action, booking),
                url=url_for("bookings.act", booking_id=booking.id, action=action),
                form=form,
                is_open=typed is not None,
                is_first=action is leading,
            )
        )
    return sorted(views, key=lambda view: not view.is_first)


def _counter_form(booking: Booking, zone: ZoneInfo) -> CounterForm:
    first, last = first_and_last_day(booking.starts_at, booking.ends_at, zone)
    whole = is_whole_days(booking.starts_at, booking.ends_at, zone)
    return CounterForm(
        formdata=None,
        start=first,
        end=last,
        start_time=None if whole else booking.starts_at.astimezone(zone).time(),
        end_time=None if whole else booking.ends_at.astimezone(zone).time(),
        quantity=booking.quantity,
    )


def _step_lines(
    booking: Booking, steps: Sequence[BookingStep], side: Side, zone: ZoneInfo
) -> list[tuple[str, str]]:
    """Give the history, the first step first: a line, and what was written to it.

    What was written with the request is the first message of the conversation.
    """
    names = {
        Side.OWNER: booking.listing.organisation.name,
        Side.ASKER: booking.organisation.name,
    }
    lines = []
    for step in steps:
        who = names[Side(step.side)] if step.side else gettext("niemand")
        if step.side == side:
            who = gettext("Sie")
        line = gettext(
            "%(when)s: %(state)s (%(who)s). %(what)s",
            when=instant_label(step.at, zone),
            state=state_words(BookingState(step.state)),
            who=who,
            what=_asked_label(booking, step, zone),
        )
        is_written = step.side is not None and step.state != BookingState.REQUESTED
        lines.append((line, step.note if is_written else ""))
    return lines


def _asked_label(booking: Booking, step: BookingStep, zone: ZoneInfo) -> str:
    return gettext(
        "%(quantity)s, %(time)s",
        quantity=quantity_label(KINDS[booking.listing.kind], step.quantity, booking.unit),
        time=time_label(step.starts_at, step.ends_at, zone),
    )


def help_thread_panel(work: UnitOfWork, thread: Thread) -> ThreadPanel | None:
    """Name the request that a conversation is about, over it."""
    if thread.subject != REQUEST_SUBJECT:
        return None
    listing = listing_by_id(work, ListingId(thread.subject_id))
    own = is_own(listing, work)
    return ThreadPanel(
        template="bookings/help_thread_panel.html",
        context={
            "rows": [
                (gettext("Gesuch"), title_of(listing)),
                (gettext("Gesucht von"), listing.organisation.name),
            ],
            "listing_url": url_for("listings.show", listing_id=listing.id)
            if own or is_public(listing, work)
            else "",
        },
    )
