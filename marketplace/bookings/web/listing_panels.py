"""What bookings add to the page of a listing: the form to ask, or to offer help."""

from flask import g, request, url_for
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs

from marketplace.accounts.permissions import Action, may
from marketplace.accounts.queries import own_organisation
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.bookings.queries import zone_of
from marketplace.bookings.rules.plans import Shortage
from marketplace.bookings.web.forms import AskForm, HelpForm
from marketplace.bookings.web.picker import Picker, picker
from marketplace.bookings.web.shortages import shortage_view
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.typed_input import parse_clock, parse_count, parse_day
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_gift, is_own, is_public, listings_of
from marketplace.listings.rules.states import Direction
from marketplace.listings.web.labels import quantity_label
from marketplace.listings.web.panels import DetailPanel


def keep_typed(form: AskForm, shortage: Shortage | None = None) -> None:
    """Let the page of the listing show this form, and what would be possible instead."""
    g.ask_form = form
    g.shortage = shortage


def ask_panel(work: UnitOfWork, listing: Listing) -> DetailPanel | None:
    """Give the form to ask, or the way to it; nothing for the owner and for the staff."""
    if is_own(listing, work) or listing.direction != Direction.OFFER or is_gift(listing):
        return None
    if work.actor.person_id is None:
        url = url_for("bookings.ask_page", listing_id=listing.id)
        context: dict[str, object] = {"login_url": url_for("accounts.login", next=url)}
    elif not may(work.actor, Action.ASK_FOR_LISTING):
        return None
    elif own_organisation(work).state != VerificationState.VERIFIED:
        context = {"is_waiting": True}
    else:
        return _panel(_form_context(work, listing))
    return _panel({**context, "picker": picker(work, listing, may_pick=False)})


def _panel(context: dict[str, object]) -> DetailPanel:
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


def _form_context(work: UnitOfWork, listing: Listing) -> dict[str, object]:
    most = quantity_label(KINDS[listing.kind], listing.quantity, listing.unit)
    typed: AskForm | None = g.get("ask_form")
    shown = picker(
        work,
        listing,
        may_pick=True,
        typed=(typed.start.data, typed.end.data) if typed else None,
    )
    return {
        "form": typed or _fresh_form(shown),
        "picker": shown,
        "url": url_for("bookings.ask", listing_id=listing.id),
        "quantity_hint": gettext("Höchstens %(most)s.", most=most),
        "shortage": shortage_view(g.get("shortage"), listing, zone_of(work, listing.id)),
    }


def _fresh_form(shown: Picker) -> AskForm:
    """Give an empty form, or one with what was searched for or picked."""
    quantity = request.args.get("quantity", "")
    return AskForm(
        formdata=None,
        start=parse_day(request.args.get("available_from", "")),
        end=parse_day(request.args.get("available_to", "")),
        start_time=parse_clock(shown.start_time),
        end_time=parse_clock(shown.end_time),
        quantity=parse_count(quantity) or shown.smallest,
    )
