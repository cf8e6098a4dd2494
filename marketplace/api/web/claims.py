"""Claims to gifts: claim, offer, answer, hand over."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.permissions import Action
from marketplace.api.rules.schemas import (
    BOOKING_ACTION_SCHEMA,
    CLAIM_OFFER_SCHEMA,
    CLAIM_SCHEMA,
    CLAIM_SHARE_SCHEMA,
)
from marketplace.api.rules.times import read_day
from marketplace.api.web.blueprint import blueprint
from marketplace.api.web.pages import cursor_for, entity_tag, page_limit, read_cursor
from marketplace.api.web.presenting import claim_as_json
from marketplace.api.web.requests import Answer, is_repeated, once, read_body
from marketplace.donations.operations.allocating import offer_claim
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.operations.claiming import claim_gift
from marketplace.donations.operations.collecting import confirm_handover, note_handover
from marketplace.donations.queries.claims import claims_page, side_of_actor, visible_claim
from marketplace.donations.rules.requests import ClaimRequest
from marketplace.donations.rules.states import ClaimAction
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ClaimId, ListingId
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_scope, current_work
from marketplace.listings.queries import visible_listing

_SHARES = frozenset({ClaimAction.ACCEPT, ClaimAction.HAND_OVER})


@blueprint.post("/listings/<listing_id>/claims")
@limiter.limit(lambda: at_most(120, 60))
@requires(Action.CLAIM_GIFT)
def claim(listing_id: str) -> ResponseReturnValue:
    """Claim a part of a gift; nothing is held for it until it is offered."""
    identity = ListingId(listing_id)
    if not is_repeated():  # else it may be gone, and what was claimed stands
        visible_listing(current_work(), identity)
    body = read_body(CLAIM_SCHEMA)
    need_by = body.get("need_by")
    wanted = ClaimRequest(
        quantity=body["quantity"],
        intended_use=body["intended_use"],
        justification=body["justification"],
        need_by=read_day(need_by, "need_by") if need_by is not None else None,
    )

    def effect(work: UnitOfWork) -> Answer:
        return _answer(work, claim_gift(work, identity, wanted).id, status=201)

    return once(effect, needs_key=True)


@blueprint.get("/claims")
@requires(Action.SEE_CLAIM)
def read_claims() -> ResponseReturnValue:
    """Give the claims that the caller sees, the newest first."""
    work, site = current_work(), current_scope().origin
    limit = page_limit(request.args.get("limit", ""))
    cursor = request.args.get("cursor")
    after = read_cursor(cursor, _question()) if cursor else None
    page = claims_page(work, limit=limit + 1, after=after)
    shown = page[:limit]
    return jsonify(
        items=[claim_as_json(work, each, side_of_actor(work, each), site=site) for each in shown],
        next_cursor=cursor_for(shown[-1].created_at, shown[-1].id, _question())
        if len(page) > limit
        else None,
    )


@blueprint.get("/claims/<claim_id>")
@requires(Action.SEE_CLAIM)
def read_claim(claim_id: str) -> ResponseReturnValue:
    """Give a claim that the caller sees."""
    response = _answer(current_work(), ClaimId(claim_id)).response()
    return response.make_conditional(request)


@blueprint.post("/claims/<claim_id>/offer")
@limiter.limit(lambda: at_most(240, 60))
@requires(Action.SEE_CLAIM)
def offer(claim_id: str) -> ResponseReturnValue:
    """Offer a claim so much of the gift."""
    identity = ClaimId(claim_id)
    visible_claim(current_work(), identity)
    body = read_body(CLAIM_OFFER_SCHEMA)

    def effect(work: UnitOfWork) -> Answer:
        offer_claim(work, identity, body["quantity"], reason=body.get("reason", ""))
        return _answer(work, identity)

    return once(effect)


@limiter.limit(lambda: at_most(240, 60))
@requires(Action.SEE_CLAIM)
def act_on(claim_id: str) -> ResponseReturnValue:
    """Take the step that the address ends with."""
    identity, action = ClaimId(claim_id), ClaimAction(request.path.rpartition("/")[2])
    visible_claim(current_work(), identity)
    schema = CLAIM_SHARE_SCHEMA if action in _SHARES else BOOKING_ACTION_SCHEMA
    body = read_body(schema) if request.content_length else {}

    def effect(work: UnitOfWork) -> Answer:
        note, quantity = body.get("reason", body.get("message", "")), body.get("quantity")
        match action:
            case ClaimAction.HAND_OVER:
                note_handover(work, identity, quantity=quantity, condition=note)
            case ClaimAction.CONFIRM:
                confirm_handover(work, identity, note=note)
            case _:
                act_on_claim(work, identity, action, quantity=quantity, note=note)
        return _answer(work, identity)

    return once(effect)


for step in sorted(set(ClaimAction) - {ClaimAction.OFFER}):
    blueprint.add_url_rule(
        f"/claims/<claim_id>/{step}",
        endpoint=f"{step.replace('-', '_')}_claim",
        view_func=act_on,
        methods=["POST"],
    )


def _answer(work: UnitOfWork, claim_id: ClaimId, *, status: int = 200) -> Answer:
    work.session.flush()
    claim, side = visible_claim(work, claim_id)
    site = current_scope().origin
    body = claim_as_json(work, claim, side, site=site)
    headers = {"ETag": entity_tag(body)}
    if status == 201:
        headers["Location"] = f"{site}/api/v1/claims/{claim.id}"
    return Answer(status=status, body=body, headers=headers)


def _question() -> str:
    actor = current_scope().actor
    return f"claims of {actor.organisation_id or actor.person_id}"
