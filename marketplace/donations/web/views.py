"""Claim a gift from its page, answer above the conversation, and share a gift out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.accounts.desk import register_desk_section
from marketplace.accounts.permissions import Action
from marketplace.bookings.web.views import show_refusal
from marketplace.donations.models import Claim
from marketplace.donations.operations.allocating import allocate, gift_to_allocate, offer_claim
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.operations.claiming import claim_gift
from marketplace.donations.operations.collecting import confirm_handover, note_handover
from marketplace.donations.queries.claims import (
    gifts_of_the_district,
    proposal_for,
    visible_claim,
)
from marketplace.donations.rules.states import ClaimAction, Side
from marketplace.donations.web.allocation import allocation_page, reason_prefix
from marketplace.donations.web.desk import (
    claimed_by_us_section,
    claimed_of_us_section,
    gift_line,
    gifts_section,
)
from marketplace.donations.web.forms import (
    AcceptForm,
    AllocationForm,
    ChangedOfferForm,
    ClaimForm,
    HandOverForm,
    allocation_form,
)
from marketplace.donations.web.listing_panels import allocation_link, claim_panel, keep_typed
from marketplace.donations.web.thread_panels import (
    ActionForm,
    claim_thread_panel,
    form_of,
    keep_typed_action,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import Conflict, InvalidInput, NotFound
from marketplace.foundation.identifiers import ClaimId, ListingId
from marketplace.foundation.web.localisation import say
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_scope, current_work, writing_work
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_gift, visible_listing
from marketplace.listings.web.detail import render_listing
from marketplace.listings.web.panels import register_detail_panel, register_own_link
from marketplace.messaging.operations import mark_read
from marketplace.messaging.web.panels import register_thread_panel
from marketplace.messaging.web.views import position, render_conversation
from marketplace.moderation.desk import register_review_section

blueprint = Blueprint("donations", __name__)

_ACTIONS = ", ".join(f"'{each}'" for each in ClaimAction)

_WITH_QUANTITY = AcceptForm | HandOverForm | ChangedOfferForm

register_desk_section(20, claimed_of_us_section)
register_desk_section(120, claimed_by_us_section)
register_review_section(gifts_section)
register_detail_panel(claim_panel)
register_own_link(allocation_link)
register_thread_panel(claim_thread_panel)


@blueprint.get("/listings/<listing_id>/claim")
@requires(Action.CLAIM_GIFT)
def claim_page(listing_id: str) -> ResponseReturnValue:
    """Lead to the form on the gift's page: people come here after they have signed in."""
    visible_listing(current_work(), ListingId(listing_id))
    return redirect(url_for("listings.show", listing_id=listing_id) + "#claim")


@blueprint.post("/listings/<listing_id>/claim")
@limiter.limit(lambda: at_most(30, 60))
@requires(Action.CLAIM_GIFT)
def claim(listing_id: str) -> ResponseReturnValue:
    """Make the claim, or show the page again with what has to be changed."""
    identity, form = ListingId(listing_id), ClaimForm()
    try:
        listing = visible_listing(current_work(), identity)
    except NotFound:
        return _gone(form)
    if not is_gift(listing):
        raise NotFound
    if not form.validate():
        return _listing_again(current_work(), listing, form, status=422)
    try:
        made = claim_gift(writing_work(), identity, form.request())
    except NotFound:
        return _gone(form)
    except (InvalidInput, Conflict) as refusal:
        show_refusal(form, refusal)
        work = current_work()
        status = 409 if isinstance(refusal, Conflict) else 422
        return _listing_again(work, visible_listing(work, identity), form, status=status)
    flash(gettext("Ihre Anmeldung ist da. Wie es weitergeht, steht hier und kommt per Mail."))
    return redirect(url_for("messaging.show", thread_id=made.thread_id), 303)


@blueprint.post(f"/claims/<claim_id>/<any({_ACTIONS}):action>")
@limiter.limit(lambda: at_most(120, 60))
@requires(Action.USE_ACCOUNT)
def act(claim_id: str, action: str) -> ResponseReturnValue:
    """Take a step, or show the page again with what has to be changed.

    The staff, and givers who come from there, act on the page where the gift is shared out.
    """
    identity, step = ClaimId(claim_id), ClaimAction(action)
    found, side = visible_claim(current_work(), identity)
    is_sharing_out = side is Side.DESK or (
        side is Side.GIVER and request.form.get("back") == "allocation"
    )
    form = form_of(step, side, id_prefix=reason_prefix(step, identity) if is_sharing_out else "")
    if form is not None and not form.validate():
        return _page_again(found, step, form, is_sharing_out=is_sharing_out)
    try:
        _take(identity, step, form)
        if side is not Side.DESK:
            up_to = position(request.form.get("position"))
            mark_read(writing_work(), found.thread_id, up_to=up_to)
    except InvalidInput as refusal:
        if form is None:
            raise
        form.show_refusal(refusal)
        found, _ = visible_claim(current_work(), identity)
        return _page_again(found, step, form, is_sharing_out=is_sharing_out)
    except Conflict as refusal:
        flash(say(refusal))
        found, _ = visible_claim(current_work(), identity)
        if form is not None and is_sharing_out:
            keep_typed_action(identity, step, form)
        return _page_of(found, is_sharing_out=is_sharing_out, draft=_note(form)), 409
    flash(gettext("Festgehalten. Wen es angeht, erfährt es per Mail."))
    if is_sharing_out:
        return redirect(url_for("donations.allocation", listing_id=found.listing_id), 303)
    return redirect(url_for("messaging.show", thread_id=found.thread_id), 303)


@blueprint.get("/listings/<listing_id>/claims")
@requires(Action.USE_ACCOUNT)
def allocation(listing_id: str) -> ResponseReturnValue:
    """Show who wants how much of a gift, and what the rule proposes."""
    work = current_work()
    listing, side = gift_to_allocate(work, ListingId(listing_id))
    return allocation_page(work, listing, side)


@blueprint.post("/listings/<listing_id>/claims")
@limiter.limit(lambda: at_most(60, 60))
@requires(Action.USE_ACCOUNT)
def allocate_gift(listing_id: str) -> ResponseReturnValue:
    """Offer each waiting claim so much, or show the page again with what has to be changed."""
    identity, work = ListingId(listing_id), current_work()
    listing, _ = gift_to_allocate(work, identity)
    lines = proposal_for(work, listing)
    form = allocation_form(lines, is_sent=True)
    shares = form.shares(lines) if form.validate() else {}
    if form.errors:
        return _allocation_again(identity, form, status=422)
    try:
        allocate(writing_work(), identity, shares, reasons=form.reasons(lines))
    except (InvalidInput, Conflict) as refusal:
        show_refusal(form, refusal)
        status = 409 if isinstance(refusal, Conflict) else 422
        return _allocation_again(identity, form, status=status)
    flash(
        gettext("Angeboten. Alle erfahren es per Mail; wer leer ausgeht, steht auf der Warteliste.")
    )
    return redirect(url_for("donations.allocation", listing_id=listing_id), 303)


@blueprint.get("/moderation/gifts")
@requires(Action.ALLOCATE_GIFT)
def gifts() -> ResponseReturnValue:
    """List the district's gifts that somebody claims, for the staff."""
    work = current_work()
    lines = [gift_line(work, listing, count) for listing, count in gifts_of_the_district(work)]
    return render_template("donations/gifts.html", lines=lines)


def _take(claim_id: ClaimId, step: ClaimAction, form: ActionForm | None) -> None:
    work = writing_work()
    match step:
        case ClaimAction.HAND_OVER:
            note_handover(work, claim_id, quantity=_quantity(form))
        case ClaimAction.CONFIRM:
            confirm_handover(work, claim_id)
        case ClaimAction.OFFER:
            offer_claim(work, claim_id, _quantity(form) or 0, reason=_note(form))
        case _:
            act_on_claim(work, claim_id, step, quantity=_quantity(form), note=_note(form))


def _quantity(form: ActionForm | None) -> int | None:
    return form.quantity.data if isinstance(form, _WITH_QUANTITY) else None


def _note(form: ActionForm | None) -> str:
    if form is None or isinstance(form, AcceptForm | HandOverForm):
        return ""
    return form.reason.data or ""


def _gone(form: ClaimForm) -> ResponseReturnValue:
    """Say that what somebody wrote about is not there any more, and give their words back."""
    if not form.justification.data:
        raise NotFound
    page = render_template("donations/gone.html", form=form, search_url="/search?kind=goods")
    return page, 404


def _listing_again(
    work: UnitOfWork, listing: Listing, form: ClaimForm, *, status: int
) -> ResponseReturnValue:
    keep_typed(form)
    return render_listing(work, listing, status=status)


def _page_again(
    claim: Claim, action: ClaimAction, form: ActionForm, *, is_sharing_out: bool
) -> ResponseReturnValue:
    keep_typed_action(claim.id, action, form)
    return _page_of(claim, is_sharing_out=is_sharing_out), 422


def _page_of(claim: Claim, *, is_sharing_out: bool, draft: str = "") -> str:
    """Give the page on which somebody acts; what was written to a late step stays there."""
    work = current_work()
    if is_sharing_out:
        listing, side = gift_to_allocate(work, claim.listing_id)
        return allocation_page(work, listing, side)
    return render_conversation(work, claim.thread_id, draft=draft)


def _allocation_again(
    listing_id: ListingId, form: AllocationForm, *, status: int
) -> ResponseReturnValue:
    """Show the page again with what was typed, also where others have claimed it meanwhile."""
    current_scope().close()  # nothing was stored: what is shown must not say that some was offered
    work = current_work()
    listing, side = gift_to_allocate(work, listing_id)
    lines = proposal_for(work, listing)
    if not form.fits(lines):
        earlier, form = form, allocation_form(lines, is_sent=True)
        form.form_errors += earlier.form_errors
        form.form_errors.append(
            gettext("Inzwischen hat sich etwas geändert. Bitte sehen Sie noch einmal nach.")
        )
    return allocation_page(work, listing, side, form=form), status
