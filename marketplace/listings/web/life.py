"""What becomes of a listing once it is written: shown, paused, renewed, put away, kept in mind."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import TextAreaField

from marketplace.accounts.permissions import Action
from marketplace.accounts.web.labels import organisation_label
from marketplace.foundation.destinations import local_path
from marketplace.foundation.errors import InvalidInput, MarketplaceError
from marketplace.foundation.identifiers import ListingId
from marketplace.foundation.web.forms import Form, Needed
from marketplace.foundation.web.localisation import format_day, say
from marketplace.foundation.web.permissions import public, requires
from marketplace.foundation.web.request_scope import current_scope, current_work, writing_work
from marketplace.listings.operations.favourites import add_favourite, remove_favourite
from marketplace.listings.operations.life import (
    approve_listing,
    archive_listing,
    decline_listing,
    hide_listing,
    pause_listing,
    publish_listing,
    renew_listing,
    take_back_listing,
)
from marketplace.listings.operations.renewal_links import (
    listing_of_link,
    renewing_actor,
)
from marketplace.listings.queries import (
    archived_listings_of,
    favourites,
    listing_by_id,
    shown_organisation,
    visible_listing,
)
from marketplace.listings.rules.states import ListingState
from marketplace.listings.web.blueprint import blueprint
from marketplace.listings.web.detail import render_listing
from marketplace.listings.web.labels import state_label, title_of
from marketplace.listings.web.writing import refused_publishing, saved_words
from marketplace.search.web.cards import last_day_of
from marketplace.search.web.labels import kind_label


class ReasonForm(Form):
    """Why the staff sends a listing back."""

    reason = TextAreaField(
        lazy_gettext("Begründung"),
        [Needed(lazy_gettext("Bitte schreiben Sie den Grund auf. Die Organisation liest ihn."))],
    )


@blueprint.post("/listings/<listing_id>/publish")
@requires(Action.WRITE_LISTING)
def publish(listing_id: str) -> ResponseReturnValue:
    """Let everybody see it; what is still missing is shown in its form."""
    identity = ListingId(listing_id)
    try:
        listing = publish_listing(writing_work(), identity)
    except InvalidInput as refusal:
        return refused_publishing(identity, refusal)
    return _shown_again(listing_id, saved_words(listing.state, was_published=True))


@blueprint.post("/listings/<listing_id>/pause")
@requires(Action.WRITE_LISTING)
def pause(listing_id: str) -> ResponseReturnValue:
    """Take it out of sight for a while."""
    pause_listing(writing_work(), ListingId(listing_id))
    return _shown_again(
        listing_id, gettext("Pausiert. Niemand sieht es, bis Sie es wieder veröffentlichen.")
    )


@blueprint.post("/listings/<listing_id>/renew")
@requires(Action.WRITE_LISTING)
def renew(listing_id: str) -> ResponseReturnValue:
    """Let it be valid for as long as possible again."""
    identity = ListingId(listing_id)
    try:
        listing = renew_listing(writing_work(), identity)
    except InvalidInput as refusal:
        return refused_publishing(identity, refusal)
    return _shown_again(listing_id, _renewed_words(listing.valid_until, listing.state))


@blueprint.post("/listings/<listing_id>/take-back")
@requires(Action.WRITE_LISTING)
def take_back(listing_id: str) -> ResponseReturnValue:
    """Make a draft again of what waits for the staff."""
    take_back_listing(writing_work(), ListingId(listing_id))
    return _shown_again(listing_id, gettext("Zurückgeholt. Es ist wieder ein Entwurf."))


@blueprint.post("/listings/<listing_id>/archive")
@requires(Action.WRITE_LISTING)
def archive(listing_id: str) -> ResponseReturnValue:
    """Put it away for good."""
    archive_listing(writing_work(), ListingId(listing_id))
    return _shown_again(listing_id, gettext("Abgelegt. Nur Ihre Organisation sieht es noch."))


@blueprint.get("/listings/archived")
@requires(Action.WRITE_LISTING)
def archived() -> ResponseReturnValue:
    """List what was put away, to look at or to copy."""
    work = current_work()
    organisation_id = work.actor.organisation_id
    return render_template(
        "listings/archived.html",
        lines=[
            {
                "id": listing.id,
                "title": title_of(listing),
                "detail": f"{kind_label(listing.kind)} · {format_day(listing.updated_at)}",
            }
            for listing in (archived_listings_of(work, organisation_id) if organisation_id else ())
        ],
    )


@blueprint.get("/favourites")
@requires(Action.USE_ACCOUNT)
def favourites_page() -> ResponseReturnValue:
    """List what the person wants to find again."""
    work = current_work()
    return render_template(
        "listings/favourites.html",
        lines=[
            {
                "id": listing.id,
                "title": title_of(listing),
                "detail": " · ".join(
                    (organisation_label(shown_organisation(work, listing).name), listing.place)
                ),
                "state": state_label(listing, work.now()).label
                if listing.state != ListingState.PUBLISHED
                else "",
            }
            for listing in favourites(work)
        ],
    )


@blueprint.post("/listings/<listing_id>/favourite")
@requires(Action.USE_ACCOUNT)
def favourite(listing_id: str) -> ResponseReturnValue:
    """Keep a listing in mind, or forget it, and stay on the page."""
    identity = ListingId(listing_id)
    if request.form.get("forget"):
        remove_favourite(writing_work(), identity)
        flash(gettext("Nicht mehr gemerkt."))
    else:
        add_favourite(writing_work(), identity)
        flash(gettext("Gemerkt. Sie finden es im Menü unter „Gemerkt“."))
    fallback = url_for("listings.show", listing_id=listing_id)
    return redirect(local_path(request.form.get("next", "")) or fallback, 303)


@blueprint.post("/listings/<listing_id>/approve")
@requires(Action.REVIEW_LISTING)
def approve(listing_id: str) -> ResponseReturnValue:
    """Publish what waited for the staff."""
    approve_listing(writing_work(), ListingId(listing_id))
    flash(gettext("Freigegeben und veröffentlicht."))
    return redirect(url_for("moderation.queue"), 303)


@blueprint.post("/listings/<listing_id>/decline")
@requires(Action.REVIEW_LISTING)
def decline(listing_id: str) -> ResponseReturnValue:
    """Send back what waited for the staff, with the reason."""
    form = ReasonForm()
    identity = ListingId(listing_id)
    if not form.validate():
        return _with_reason(identity, form)
    try:
        decline_listing(writing_work(), identity, form.reason.data or "")
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _with_reason(identity, form)
    flash(gettext("Zurückgegeben. Die Organisation liest den Grund."))
    return redirect(url_for("moderation.queue"), 303)


@blueprint.post("/listings/<listing_id>/hide")
@requires(Action.REVIEW_LISTING)
def hide(listing_id: str) -> ResponseReturnValue:
    """Take what is public out of sight, with the reason."""
    form = ReasonForm()
    identity = ListingId(listing_id)
    if not form.validate():
        return _with_reason(identity, form)
    try:
        hide_listing(writing_work(), identity, form.reason.data or "")
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _with_reason(identity, form)
    flash(gettext("Ausgeblendet. Die Organisation liest den Grund."))
    return redirect(url_for("moderation.queue"), 303)


@blueprint.get("/renew/<secret>")
@public
def renew_by_link(secret: str) -> ResponseReturnValue:
    """Show the one button that renews: opening a mail's link must change nothing."""
    listing = listing_of_link(current_work(), secret)
    return render_template(
        "listings/renew.html",
        title=title_of(listing),
        valid_until=last_day_of(listing.valid_until),
        is_done=False,
    )


@blueprint.post("/renew/<secret>")
@public
def renew_with_link(secret: str) -> ResponseReturnValue:
    """Renew without signing in: who has the link reads the organisation's mail."""
    listing = listing_of_link(current_work(), secret)
    work = current_scope().aside(renewing_actor(listing))
    message = ""
    try:
        renew_listing(work, listing.id)
        work.finish()
    except MarketplaceError as refusal:
        message = say(refusal)
    finally:
        work.close()
    renewed = listing_by_id(current_work(), listing.id)
    page = render_template(
        "listings/renew.html",
        title=title_of(renewed),
        valid_until=last_day_of(renewed.valid_until),
        is_done=not message,
        message=message,
        edit_url=url_for("listings.edit", listing_id=renewed.id),
    )
    return page, 422 if message else 200


def _with_reason(listing_id: ListingId, form: ReasonForm) -> ResponseReturnValue:
    work = current_work()
    listing = visible_listing(work, listing_id)
    return render_listing(work, listing, status=422, reason_form=form)


def _renewed_words(valid_until: datetime, state: str) -> str:
    if state == ListingState.IN_REVIEW:
        return saved_words(state, was_published=True)
    return gettext("Verlängert bis %(day)s.", day=format_day(last_day_of(valid_until)))


def _shown_again(listing_id: str, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("listings.show", listing_id=listing_id), 303)
