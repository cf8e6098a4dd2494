"""The calendar of an own offer: what is booked when, and when it can be had at all."""

from collections.abc import Mapping, Sequence
from typing import cast

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.accounts.permissions import Action
from marketplace.bookings.operations.schedules import add_closure, remove_closure, set_schedule
from marketplace.bookings.queries import booking_by_id, schedule_of, zone_of
from marketplace.bookings.web.labels import asked_quantity_label, time_label
from marketplace.bookings.web.own_calendar import asked_week, closure_lines, own_calendar
from marketplace.bookings.web.schedule_forms import (
    ClosureForm,
    ScheduleForm,
    closure_form,
    schedule_form,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import Conflict, InvalidInput, NotFound
from marketplace.foundation.identifiers import BookingId, ListingId
from marketplace.foundation.web.localisation import say
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.request_scope import current_scope, current_work, writing_work
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_gift, own_listing
from marketplace.listings.rules.states import Direction, ListingState
from marketplace.listings.web.labels import quantity_label, title_of
from marketplace.listings.web.panels import OwnLink, register_own_link
from marketplace.search.rules.windows import Window

blueprint = Blueprint("calendars", __name__)


@register_own_link
def calendar_link(listing: Listing) -> OwnLink | None:
    """Lead from an own offer to its calendar."""
    if listing.direction != Direction.OFFER or listing.state == ListingState.DRAFT:
        return None
    label = gettext("Abholzeiten") if is_gift(listing) else gettext("Kalender")
    return OwnLink(label, url_for("calendars.show", listing_id=listing.id))


@blueprint.get("/listings/<listing_id>/calendar")
@requires(Action.WRITE_LISTING)
def show(listing_id: str) -> ResponseReturnValue:
    """Show a month or a week, and what the owner can set."""
    work = current_work()
    return _page(work, _own_offer(work, listing_id))


@blueprint.post("/listings/<listing_id>/calendar")
@requires(Action.WRITE_LISTING)
def schedule(listing_id: str) -> ResponseReturnValue:
    """Set hours by the week and terms of time."""
    listing = _own_offer(current_work(), listing_id)
    form = ScheduleForm()
    zone = zone_of(current_work(), listing.id).key
    terms = form.terms(zone) if form.validate() else None
    if terms is None:
        return _page(current_work(), listing, schedule=form, status=422)
    try:
        set_schedule(writing_work(), listing.id, terms)
    except (InvalidInput, Conflict) as refusal:
        return _refused(listing_id, refusal, schedule=form)
    flash(gettext("Gespeichert. Ab jetzt gilt es für neue Anfragen."))
    return redirect(url_for("calendars.show", listing_id=listing_id), 303)


@blueprint.post("/listings/<listing_id>/closures")
@requires(Action.WRITE_LISTING)
def close(listing_id: str) -> ResponseReturnValue:
    """Close the offer for a time."""
    listing = _own_offer(current_work(), listing_id)
    form = ClosureForm()
    form.zone = zone_of(current_work(), listing.id)
    start, end = form.period() if form.validate() else (None, None)
    if start is None or end is None:
        return _page(current_work(), listing, closure=form, status=422)
    if end <= start:
        form.end_time.errors = [gettext("Das Ende liegt vor dem Anfang.")]
        return _page(current_work(), listing, closure=form, status=422)
    try:
        add_closure(writing_work(), listing.id, Window(start, end), note=form.note.data or "")
    except (InvalidInput, Conflict) as refusal:
        return _refused(listing_id, refusal, closure=form)
    flash(gettext("Eingetragen. In dieser Zeit kann niemand anfragen."))
    month = f"{form.start.data:%Y-%m}"
    return redirect(url_for("calendars.show", listing_id=listing_id, month=month), 303)


@blueprint.post("/listings/<listing_id>/closures/<closure_id>/remove")
@requires(Action.WRITE_LISTING)
def reopen(listing_id: str, closure_id: str) -> ResponseReturnValue:
    """Take a closure back."""
    listing = _own_offer(current_work(), listing_id)
    zone = zone_of(current_work(), listing.id)
    start = remove_closure(writing_work(), listing.id, closure_id)
    flash(gettext("Wieder offen."))
    month = f"{start.astimezone(zone):%Y-%m}"
    return redirect(url_for("calendars.show", listing_id=listing_id, month=month), 303)


def _own_offer(work: UnitOfWork, listing_id: str) -> Listing:
    listing = own_listing(work, ListingId(listing_id))
    if listing.direction != Direction.OFFER:
        raise NotFound
    return listing


def _refused(
    listing_id: str,
    refusal: InvalidInput | Conflict,
    *,
    schedule: ScheduleForm | None = None,
    closure: ClosureForm | None = None,
) -> ResponseReturnValue:
    """Show the page again with what was typed, and what stands in the way."""
    current_scope().close()  # it was tried out: the page must not show it as if it were so
    work = current_work()
    listing = _own_offer(work, listing_id)
    form = schedule or closure
    status, in_the_way = 422, []
    if isinstance(refusal, InvalidInput) and form is not None:
        form.show_refusal(refusal)
    elif isinstance(refusal, Conflict):
        status, in_the_way = 409, _in_the_way(work, refusal)
        if form is not None and not in_the_way:
            form.form_errors.append(say(refusal))
    return _page(
        work, listing, schedule=schedule, closure=closure, in_the_way=in_the_way, status=status
    )


def _in_the_way(work: UnitOfWork, refusal: Conflict) -> list[tuple[str, str, str]]:
    """Give the bookings that a refusal names: who, address, what and when."""
    lines = []
    named = cast(Sequence[Mapping[str, str]], refusal.details.get("bookings", ()))
    for each in named:
        booking = booking_by_id(work, BookingId(each["id"]))
        when = time_label(booking.starts_at, booking.ends_at, zone_of(work, booking.listing_id))
        url = url_for("messaging.show", thread_id=booking.thread_id)
        lines.append((booking.organisation.name, url, f"{asked_quantity_label(booking)}, {when}"))
    return lines


def _page(
    work: UnitOfWork,
    listing: Listing,
    *,
    schedule: ScheduleForm | None = None,
    closure: ClosureForm | None = None,
    in_the_way: list[tuple[str, str, str]] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    week = asked_week()
    hours = schedule or schedule_form(schedule_of(work, listing.id))
    page = render_template(
        "bookings/calendar.html",
        listing=listing,
        title=title_of(listing),
        quantity=quantity_label(KINDS[listing.kind], listing.quantity, listing.unit),
        month=own_calendar(work, listing, typed=closure.start.data if closure else None),
        month_url=url_for("calendars.show", listing_id=listing.id, month=f"{week:%Y-%m}")
        if week
        else "",
        closures=closure_lines(work, listing),
        hours=hours,
        has_several=listing.quantity > 1,
        weekdays=hours.weekdays(),
        closure=closure or closure_form(),
        in_the_way=in_the_way or [],
        is_about_hours=schedule is not None,
        is_about_closure=closure is not None,
    )
    return page, status
