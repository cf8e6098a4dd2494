"""A question about an offer: the form on its page, and the offer over the conversation."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.accounts.permissions import Action, may
from marketplace.accounts.queries import own_organisation
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import InvalidInput
from marketplace.foundation.identifiers import ListingId
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_work, writing_work
from marketplace.listings.models import Listing
from marketplace.listings.operations.questions import QUESTION_SUBJECT, ask_about_listing
from marketplace.listings.queries import is_own, is_public, listing_by_id, visible_listing
from marketplace.listings.rules.states import Direction
from marketplace.listings.web.blueprint import blueprint
from marketplace.listings.web.detail import render_listing
from marketplace.listings.web.labels import title_of
from marketplace.listings.web.panels import DetailPanel
from marketplace.messaging.models import Thread
from marketplace.messaging.web.forms import MessageForm
from marketplace.messaging.web.panels import ThreadPanel


class QuestionForm(MessageForm):
    """A message, beside the form to ask for the offer."""

    id_prefix = "question"


@blueprint.get("/listings/<listing_id>/questions")
@requires(Action.ASK_FOR_LISTING)
def question_page(listing_id: str) -> ResponseReturnValue:
    """Lead to the form on the listing's page: people come here after they have signed in."""
    visible_listing(current_work(), ListingId(listing_id))
    return redirect(url_for("listings.show", listing_id=listing_id) + "#question")


@blueprint.post("/listings/<listing_id>/questions")
@limiter.limit(lambda: at_most(30, 60))
@requires(Action.ASK_FOR_LISTING)
def send_question(listing_id: str) -> ResponseReturnValue:
    """Send the question, or show the page again with what has to be changed."""
    identity, form = ListingId(listing_id), QuestionForm()
    listing = visible_listing(current_work(), identity)
    if not form.validate():
        return _again(listing, form)
    try:
        sent = ask_about_listing(
            writing_work(), identity, form.message.data or "", form_id=form.form_id.data or ""
        )
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _again(visible_listing(current_work(), identity), form)
    flash(gettext("Ihre Frage ist unterwegs. Die Antwort kommt hierher und per Mail."))
    return redirect(url_for("messaging.show", thread_id=sent.thread_id) + "#newest", 303)


def question_panel(work: UnitOfWork, listing: Listing) -> DetailPanel | None:
    """Give the form to ask about an offer, or the way to it; nothing for owner and staff."""
    if is_own(listing, work) or listing.direction != Direction.OFFER:
        return None
    url = url_for("listings.question_page", listing_id=listing.id)
    context: dict[str, object] = {"url": url}
    if work.actor.person_id is None:
        context["login_url"] = url_for("accounts.login", next=url)
    elif not may(work.actor, Action.ASK_FOR_LISTING):
        return None
    elif own_organisation(work).state != VerificationState.VERIFIED:
        context["is_waiting"] = True
    else:
        typed = g.get("question_form")
        context |= {"form": typed or QuestionForm(formdata=None), "is_open": typed is not None}
    return DetailPanel(template="listings/question_panel.html", context=context)


def question_thread_panel(work: UnitOfWork, thread: Thread) -> ThreadPanel | None:
    """Name the listing that a conversation is about, over it."""
    if thread.subject != QUESTION_SUBJECT:
        return None
    listing = listing_by_id(work, ListingId(thread.subject_id))
    return ThreadPanel(
        template="listings/question_thread_panel.html",
        context={
            "title": title_of(listing),
            "place": f"{listing.postcode} {listing.place}".strip(),
            "listing_url": (
                url_for("listings.show", listing_id=listing.id)
                if is_own(listing, work) or is_public(listing, work)
                else ""
            ),
        },
    )


def _again(listing: Listing, form: QuestionForm) -> ResponseReturnValue:
    g.question_form = form
    return render_listing(current_work(), listing, status=422)
