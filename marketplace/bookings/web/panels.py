"""What bookings add to pages below: the form to ask, and what a conversation is about."""

from flask import g, request, url_for
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs

from marketplace.accounts.permissions import Action, may
from marketplace.accounts.queries import own_organisation
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.bookings.operations import REQUEST_SUBJECT
from marketplace.bookings.queries import booking_in_thread
from marketplace.bookings.web.forms import AskForm, HelpForm
from marketplace.bookings.web.labels import (
    asked_quantity_label,
    days_label,
    state_for_asker,
    state_for_owner,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.foundation.typed_input import parse_day
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_own, is_public, listing_by_id, listings_of
from marketplace.listings.rules.states import Direction
from marketplace.listings.web.labels import quantity_label, title_of
from marketplace.listings.web.panels import DetailPanel
from marketplace.messaging.models import Thread
from marketplace.messaging.web.panels import ThreadPanel


def keep_typed(form: AskForm) -> None:
    """Let the page of the listing show this form instead of an empty one."""
    g.ask_form = form


def ask_panel(work: UnitOfWork, listing: Listing) -> DetailPanel | None:
    """Give the form to ask, or the way to it; nothing for the owner and for the staff."""
    if is_own(listing, work) or listing.direction != Direction.OFFER:
        return None
    if work.actor.person_id is None:
        url = url_for("bookings.ask_page", listing_id=listing.id)
        context: dict[str, object] = {"login_url": url_for("accounts.login", next=url)}
    elif not may(work.actor, Action.ASK_FOR_LISTING):
        return None
    elif own_organisation(work).state != VerificationState.VERIFIED:
        context = {"is_waiting": True}
    else:
        context = _form_context(listing)
    return DetailPanel(
        template="bookings/ask_panel.html",
        context=context,
        bar_label=gettext("Anfragen"),
        bar_url="#ask",
    )


def keep_typed_help(form: HelpForm) -> None:
    """Let the page of the request show this form instead of an empty one."""
    g.help_form = form


def help_form(work: UnitOfWork, listing: Listing) -> HelpForm:
    """Give the form to offer help, with the own offers of this kind to choose from."""
    form = HelpForm() if request.method == "POST" else HelpForm(formdata=None)
    organisation_id = work.actor.organisation_id
    own = listings_of(work, organisation_id) if organisation_id else ()
    form.offer.choices = [
        SelectChoice("", gettext("keines, nur die Nachricht")),
        *(
            SelectChoice(each.id, each.title)
            for each in own
            if each.kind == listing.kind
            and each.direction == Direction.OFFER
            and is_public(each, work)
        ),
    ]
    return form


def help_panel(work: UnitOfWork, listing: Listing) -> DetailPanel | None:
    """Give "I can help" on a request, or the way to it; nothing for its owner and the staff."""
    if is_own(listing, work) or listing.direction != Direction.REQUEST:
        return None
    url = url_for("bookings.offer_help_page", listing_id=listing.id)
    context: dict[str, object] = {}
    if work.actor.person_id is None:
        context = {"login_url": url_for("accounts.login", next=url)}
    elif not may(work.actor, Action.ASK_FOR_LISTING):
        return None
    elif own_organisation(work).state != VerificationState.VERIFIED:
        context = {"is_waiting": True}
    else:
        context = {"form": g.get("help_form") or help_form(work, listing), "url": url}
    return DetailPanel(
        template="bookings/help_panel.html",
        context=context,
        bar_label=gettext("Ich kann helfen"),
        bar_url="#help",
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


def _form_context(listing: Listing) -> dict[str, object]:
    most = quantity_label(KINDS[listing.kind], listing.quantity, listing.unit)
    return {
        "form": g.get("ask_form") or _fresh_form(),
        "url": url_for("bookings.ask", listing_id=listing.id),
        "quantity_hint": gettext("Höchstens %(most)s.", most=most),
    }


def _fresh_form() -> AskForm:
    """Give an empty form, or one with the days that were searched for."""
    return AskForm(
        formdata=None,
        start=parse_day(request.args.get("available_from", "")),
        end=parse_day(request.args.get("available_to", "")),
    )


def request_panel(work: UnitOfWork, thread: Thread) -> ThreadPanel | None:
    """Give what was asked, over the conversation about it."""
    booking = booking_in_thread(work, thread.id)
    if booking is None:
        return None
    listing = booking.listing
    own = is_own(listing, work)
    state = state_for_owner(booking) if own else state_for_asker(booking)
    return ThreadPanel(
        template="bookings/thread_panel.html",
        context={
            "rows": [
                (gettext("Angebot"), title_of(listing)),
                (gettext("Angefragt von"), booking.organisation.name),
                (gettext("Zeitraum"), days_label(booking)),
                (gettext("Menge"), asked_quantity_label(booking)),
            ],
            "state": state.label,
            "is_answered": booking.answered_at is not None,
            "listing_url": (
                url_for("listings.show", listing_id=listing.id)
                if own or is_public(listing, work)
                else ""
            ),
        },
    )
