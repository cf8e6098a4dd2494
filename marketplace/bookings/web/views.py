"""Ask for an offer from its page; what was asked stands above the conversation about it."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.accounts.desk import register_desk_section
from marketplace.accounts.permissions import Action
from marketplace.bookings.operations import ask_for_listing, offer_help
from marketplace.bookings.web.desk import asked_by_us_section, asked_of_us_section
from marketplace.bookings.web.forms import AskForm, HelpForm
from marketplace.bookings.web.panels import (
    ask_panel,
    help_form,
    help_panel,
    help_thread_panel,
    keep_typed,
    keep_typed_help,
    request_panel,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import InvalidInput
from marketplace.foundation.identifiers import ListingId
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_work, writing_work
from marketplace.listings.models import Listing
from marketplace.listings.queries import visible_listing
from marketplace.listings.web.detail import render_listing
from marketplace.listings.web.panels import register_detail_panel
from marketplace.messaging.web.panels import register_thread_panel

blueprint = Blueprint("bookings", __name__)

register_desk_section(10, asked_of_us_section)
register_desk_section(110, asked_by_us_section)
register_detail_panel(ask_panel)
register_detail_panel(help_panel)
register_thread_panel(request_panel)
register_thread_panel(help_thread_panel)


@blueprint.get("/listings/<listing_id>/ask")
@requires(Action.ASK_FOR_LISTING)
def ask_page(listing_id: str) -> ResponseReturnValue:
    """Lead to the form on the listing's page: people come here after they have signed in."""
    visible_listing(current_work(), ListingId(listing_id))
    return redirect(url_for("listings.show", listing_id=listing_id) + "#ask")


@blueprint.post("/listings/<listing_id>/ask")
@limiter.limit(lambda: at_most(30, 60))
@requires(Action.ASK_FOR_LISTING)
def ask(listing_id: str) -> ResponseReturnValue:
    """Send the request, or show the page again with what has to be changed."""
    identity = ListingId(listing_id)
    form = AskForm()
    listing = visible_listing(current_work(), identity)
    if not form.validate():
        return _again(current_work(), listing, form)
    try:
        booking = ask_for_listing(writing_work(), identity, form.request)
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        work = current_work()
        return _again(work, visible_listing(work, identity), form)
    flash(gettext("Ihre Anfrage ist unterwegs. Die Antwort kommt hierher und per Mail."))
    return redirect(url_for("messaging.show", thread_id=booking.thread_id), 303)


@blueprint.get("/listings/<listing_id>/help")
@requires(Action.ASK_FOR_LISTING)
def offer_help_page(listing_id: str) -> ResponseReturnValue:
    """Lead to the form on the request's page: people come here after they have signed in."""
    visible_listing(current_work(), ListingId(listing_id))
    return redirect(url_for("listings.show", listing_id=listing_id) + "#help")


@blueprint.post("/listings/<listing_id>/help")
@limiter.limit(lambda: at_most(30, 60))
@requires(Action.ASK_FOR_LISTING)
def send_help(listing_id: str) -> ResponseReturnValue:
    """Tell those who look for something that one can help."""
    identity = ListingId(listing_id)
    listing = visible_listing(current_work(), identity)
    form = help_form(current_work(), listing)
    if not form.validate():
        return _help_again(current_work(), listing, form)
    offer = form.offer.data
    try:
        thread = offer_help(
            writing_work(),
            identity,
            message=form.message.data or "",
            offer_id=ListingId(offer) if offer else None,
        )
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        work = current_work()
        return _help_again(work, visible_listing(work, identity), form)
    flash(gettext("Gesendet. Die Antwort kommt hierher und per Mail."))
    return redirect(url_for("messaging.show", thread_id=thread.id), 303)


def _help_again(work: UnitOfWork, listing: Listing, form: HelpForm) -> ResponseReturnValue:
    keep_typed_help(form)
    return render_listing(work, listing, status=422)


def _again(work: UnitOfWork, listing: Listing, form: AskForm) -> ResponseReturnValue:
    keep_typed(form)
    return render_listing(work, listing, status=422)
