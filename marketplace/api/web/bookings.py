"""Free times and bookings: ask, answer, and what becomes of it."""

from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.permissions import Action
from marketplace.api.rules.schemas import (
    BOOKING_ACTION_SCHEMA,
    BOOKING_COUNTER_SCHEMA,
    BOOKING_SCHEMA,
)
from marketplace.api.rules.times import read_instant, read_period
from marketplace.api.web.blueprint import blueprint
from marketplace.api.web.pages import cursor_for, entity_tag, page_limit, read_cursor
from marketplace.api.web.presenting import booking_as_json, timeline_as_json
from marketplace.api.web.requests import Answer, is_repeated, once, read_body
from marketplace.bookings.operations.answering import act_on_booking, counter_booking
from marketplace.bookings.operations.asking import ask_for_listing
from marketplace.bookings.queries import booked, bookings_page, own_booking, plan_of, zone_of
from marketplace.bookings.rules.plans import timeline
from marketplace.bookings.rules.requests import BookingRequest
from marketplace.bookings.rules.states import BookingAction
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import BookingId, ListingId
from marketplace.foundation.web.permissions import public, requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_scope, current_work
from marketplace.listings.queries import visible_listing
from marketplace.listings.rules.states import Direction


@blueprint.get("/listings/<listing_id>/availability")
@public
def read_availability(listing_id: str) -> ResponseReturnValue:
    """Give what can be had of an offer over a time, piecewise constant."""
    work = current_work()
    listing = visible_listing(work, ListingId(listing_id))
    if listing.direction != Direction.OFFER:
        raise NotFound
    plan = plan_of(work, listing)
    period = read_period(
        request.args.get("from", ""),
        request.args.get("to", ""),
        plan.opening.zone,
        now=work.now(),
    )
    pieces = timeline_as_json(timeline(plan, booked(work, listing, plan, period), period))
    return Response(pieces, mimetype="application/json")


@blueprint.post("/listings/<listing_id>/bookings")
@limiter.limit(lambda: at_most(120, 60))
@requires(Action.ASK_FOR_LISTING)
def ask(listing_id: str) -> ResponseReturnValue:
    """Ask for an offer; what is asked for is held until it is answered."""
    identity = ListingId(listing_id)
    if not is_repeated():  # else it may be gone, and what was asked for stands
        visible_listing(current_work(), identity)
    body = read_body(BOOKING_SCHEMA)
    zone = zone_of(current_work(), identity)
    asked = BookingRequest(
        start=read_instant(body["start"], "start", zone),
        end=read_instant(body["end"], "end", zone),
        quantity=body["quantity"],
        message=body["message"],
    )

    def effect(work: UnitOfWork) -> Answer:
        return _answer(work, ask_for_listing(work, identity, asked).id, status=201)

    return once(effect, needs_key=True)


@blueprint.get("/bookings")
@requires(Action.ASK_FOR_LISTING)
def read_bookings() -> ResponseReturnValue:
    """Give the bookings that the organisation takes part in, the newest request first."""
    work = current_work()
    limit = page_limit(request.args.get("limit", ""))
    cursor = request.args.get("cursor")
    after = read_cursor(cursor, _question()) if cursor else None
    page = bookings_page(work, limit=limit + 1, after=after)
    shown = page[:limit]
    return jsonify(
        items=[booking_as_json(work, each, site=current_scope().origin) for each in shown],
        next_cursor=cursor_for(shown[-1].created_at, shown[-1].id, _question())
        if len(page) > limit
        else None,
    )


@blueprint.get("/bookings/<booking_id>")
@requires(Action.ASK_FOR_LISTING)
def read_booking(booking_id: str) -> ResponseReturnValue:
    """Give a booking that the organisation takes part in."""
    response = _answer(current_work(), BookingId(booking_id)).response()
    return response.make_conditional(request)


@blueprint.post("/bookings/<booking_id>/counter")
@limiter.limit(lambda: at_most(120, 60))
@requires(Action.ASK_FOR_LISTING)
def counter(booking_id: str) -> ResponseReturnValue:
    """Propose another time or quantity; what is not sent stays as it is on the table."""
    identity = BookingId(booking_id)
    booking, _ = own_booking(current_work(), identity)
    body = read_body(BOOKING_COUNTER_SCHEMA)
    zone = zone_of(current_work(), booking.listing_id)
    proposal = BookingRequest(
        start=read_instant(body["start"], "start", zone) if "start" in body else booking.starts_at,
        end=read_instant(body["end"], "end", zone) if "end" in body else booking.ends_at,
        quantity=body.get("quantity", booking.quantity),
        message=body.get("message", ""),
    )

    def effect(work: UnitOfWork) -> Answer:
        counter_booking(work, identity, proposal)
        return _answer(work, identity)

    return once(effect)


@limiter.limit(lambda: at_most(240, 60))
@requires(Action.ASK_FOR_LISTING)
def act(booking_id: str) -> ResponseReturnValue:
    """Take the step that the address ends with; time and quantity stay as they are."""
    identity, action = BookingId(booking_id), BookingAction(request.path.rpartition("/")[2])
    own_booking(current_work(), identity)
    body = read_body(BOOKING_ACTION_SCHEMA) if request.content_length else {}

    def effect(work: UnitOfWork) -> Answer:
        note = body.get("reason", body.get("message", ""))
        act_on_booking(work, identity, action, note=note)
        return _answer(work, identity)

    return once(effect)


for step in sorted(set(BookingAction) - {BookingAction.COUNTER}):
    blueprint.add_url_rule(
        f"/bookings/<booking_id>/{step}",
        endpoint=f"{step.replace('-', '_')}_booking",
        view_func=act,
        methods=["POST"],
    )


def _answer(work: UnitOfWork, booking_id: BookingId, *, status: int = 200) -> Answer:
    work.session.flush()
    booking, _ = own_booking(work, booking_id)
    site = current_scope().origin
    body: dict[str, Any] = booking_as_json(work, booking, site=site)
    headers = {"ETag": entity_tag(body)}
    if status == 201:
        headers["Location"] = f"{site}/api/v1/bookings/{booking.id}"
    return Answer(status=status, body=body, headers=headers)


def _question() -> str:
    return f"bookings of {current_scope().actor.organisation_id}"
