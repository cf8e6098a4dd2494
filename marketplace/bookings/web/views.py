"""Ask for an offer from its page; what was asked stands above the conversation about it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from marketplace.accounts.desk import register_desk_section
from marketplace.accounts.permissions import Action
from marketplace.bookings.models import Booking
from marketplace.bookings.operations.answering import act_on_booking, counter_booking
from marketplace.bookings.operations.asking import CapacityExhausted, ask_for_listing
from marketplace.bookings.operations.help import offer_help
from marketplace.bookings.queries import own_booking, zone_of
from marketplace.bookings.rules.plans import Shortage
from marketplace.bookings.rules.states import BookingAction, needs_reason
from marketplace.bookings.web.desk import asked_by_us_section, asked_of_us_section
from marketplace.bookings.web.forms import AskForm, CounterForm, HelpForm, ReasonForm
from marketplace.bookings.web.listing_panels import (
    ask_panel,
    help_form,
    help_panel,
    keep_typed,
    keep_typed_help,
)
from marketplace.bookings.web.shortages import shortage_view
from marketplace.bookings.web.thread_panels import (
    booking_panel,
    help_thread_panel,
    keep_typed_action,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import Conflict, InvalidInput, NotFound
from marketplace.foundation.identifiers import BookingId, ListingId
from marketplace.foundation.web.forms import Form
from marketplace.foundation.web.localisation import say
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_work, writing_work
from marketplace.listings.models import Listing
from marketplace.listings.queries import visible_listing
from marketplace.listings.web.detail import render_listing
from marketplace.listings.web.panels import register_detail_panel
from marketplace.messaging.operations import mark_read
from marketplace.messaging.web.panels import register_thread_panel
from marketplace.messaging.web.views import position, render_conversation

blueprint = Blueprint("bookings", __name__)

_SUGGESTED = frozenset({"start", "end", "start_time", "end_time", "quantity"})
_ACTIONS = ", ".join(f"'{action}'" for action in BookingAction)

register_desk_section(10, asked_of_us_section)
register_desk_section(110, asked_by_us_section)
register_detail_panel(ask_panel)
register_detail_panel(help_panel)
register_thread_panel(booking_panel)
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
    """Send the request, or show the page again with what has to be changed or is possible."""
    identity = ListingId(listing_id)
    form = AskForm(_typed())
    try:
        listing = visible_listing(current_work(), identity)
    except NotFound:
        return _gone(form)
    form.zone = zone_of(current_work(), identity)
    asked = form.request() if form.validate() else None
    if asked is None:
        return _again(current_work(), listing, form)
    try:
        booking = ask_for_listing(writing_work(), identity, asked)
    except NotFound:
        return _gone(form)
    except (InvalidInput, Conflict) as refusal:
        shortage = refusal.shortage if isinstance(refusal, CapacityExhausted) else None
        if shortage is None:
            show_refusal(form, refusal)
        work = current_work()
        return _again(work, visible_listing(work, identity), form, shortage)
    flash(gettext("Ihre Anfrage ist unterwegs. Die Antwort kommt hierher und per Mail."))
    return redirect(url_for("messaging.show", thread_id=booking.thread_id), 303)


@blueprint.post(f"/bookings/<booking_id>/<any({_ACTIONS}):action>")
@limiter.limit(lambda: at_most(120, 60))
@requires(Action.ASK_FOR_LISTING)
def act(booking_id: str, action: str) -> ResponseReturnValue:
    """Take a step, or show the conversation again with what has to be changed."""
    identity, step = BookingId(booking_id), BookingAction(action)
    booking, _ = own_booking(current_work(), identity)
    form = _form_of(step)
    if isinstance(form, CounterForm):
        form.zone = zone_of(current_work(), booking.listing_id)
    proposal = None
    if form is not None:
        is_valid = form.validate()
        if is_valid and isinstance(form, CounterForm):
            proposal = form.request()
            is_valid = proposal is not None
        if not is_valid:
            return _conversation_again(booking, step, form)
    try:
        if proposal is not None:
            counter_booking(writing_work(), identity, proposal)
        else:
            note = form.reason.data or "" if isinstance(form, ReasonForm) else ""
            act_on_booking(writing_work(), identity, step, note=note)
        mark_read(writing_work(), booking.thread_id, up_to=position(request.form.get("position")))
    except (InvalidInput, CapacityExhausted) as refusal:
        if form is None:
            raise
        booking, _ = own_booking(current_work(), identity)
        if isinstance(refusal, CapacityExhausted):
            form.form_errors += _what_would_do(booking, refusal.shortage)
        else:
            form.show_refusal(refusal)
        return _conversation_again(booking, step, form)
    except Conflict as refusal:
        flash(say(refusal))
        return _as_a_message(booking, form)
    flash(gettext("Festgehalten. Die andere Seite erfährt es per Mail."))
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
    try:
        listing = visible_listing(current_work(), identity)
    except NotFound:
        return _gone(HelpForm())
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
            form_id=form.form_id.data or "",
        )
    except NotFound:
        return _gone(form)
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        work = current_work()
        return _help_again(work, visible_listing(work, identity), form)
    flash(gettext("Gesendet. Die Antwort kommt hierher und per Mail."))
    return redirect(url_for("messaging.show", thread_id=thread.id), 303)


def _typed() -> MultiDict[str, str]:
    """Give what was sent; the days of a suggestion that was clicked take the place of those typed.

    They come with the address of the button.
    """
    typed = MultiDict(request.form)
    for name in request.args.keys() & _SUGGESTED:
        typed[name] = request.args[name]
    return typed


def _gone(form: AskForm | HelpForm) -> ResponseReturnValue:
    """Say that what somebody wrote about is not there any more, and give their words back."""
    if not form.message.data:
        raise NotFound
    return render_template("bookings/gone.html", form=form, search_url="/search"), 404


def _as_a_message(booking: Booking, form: ReasonForm | CounterForm | None) -> ResponseReturnValue:
    """Show how it stands now; what was written to a step that is late can be sent as a message."""
    field = form.message if isinstance(form, CounterForm) else form.reason if form else None
    draft = field.data or "" if field is not None else ""
    if not draft:
        return redirect(url_for("messaging.show", thread_id=booking.thread_id), 303)
    flash(gettext("Was Sie geschrieben haben, steht noch im Feld für Ihre Nachricht."))
    return render_conversation(current_work(), booking.thread_id, draft=draft), 409


def _help_again(work: UnitOfWork, listing: Listing, form: HelpForm) -> ResponseReturnValue:
    keep_typed_help(form)
    return render_listing(work, listing, status=422)


def show_refusal(form: Form, refusal: InvalidInput | Conflict) -> None:
    """Put a refusal beside its fields, or over the form."""
    if isinstance(refusal, InvalidInput):
        form.show_refusal(refusal)
    else:
        form.form_errors.append(say(refusal))


def _form_of(action: BookingAction) -> ReasonForm | CounterForm | None:
    if action is BookingAction.COUNTER:
        return CounterForm()
    return ReasonForm() if needs_reason(action) else None


def _what_would_do(booking: Booking, shortage: Shortage) -> list[str]:
    """Say what is free around it and what could be suggested instead."""
    view = shortage_view(shortage, booking.listing, zone_of(current_work(), booking.listing_id))
    assert view is not None  # noqa: S101 (there is a shortage)
    refused = (
        gettext("Dann ist es nicht zu haben")
        if view.is_closed
        else gettext("So viel ist dann nicht frei")
    )
    possible = [gettext("Das ginge: %(what)s", what=each.label) for each in view.alternatives]
    return [refused, *view.free, *possible]


def _conversation_again(
    booking: Booking, action: BookingAction, form: ReasonForm | CounterForm
) -> ResponseReturnValue:
    keep_typed_action(action, form)
    return render_conversation(current_work(), booking.thread_id), 422


def _again(
    work: UnitOfWork, listing: Listing, form: AskForm, shortage: Shortage | None = None
) -> ResponseReturnValue:
    keep_typed(form, shortage)
    return render_listing(work, listing, status=409 if shortage else 422)
