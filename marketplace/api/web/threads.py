"""Conversations: begin one about a listing, read it, write in it."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.permissions import Action
from marketplace.api.rules.schemas import MESSAGE_SCHEMA
from marketplace.api.web.blueprint import blueprint
from marketplace.api.web.pages import page_limit
from marketplace.api.web.presenting import message_as_json
from marketplace.api.web.requests import Answer, is_repeated, once, read_body
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.identifiers import AttachmentId, ListingId, ThreadId
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_scope, current_work
from marketplace.listings.operations.questions import ask_about_listing
from marketplace.listings.queries import visible_listing
from marketplace.messaging.models import Message
from marketplace.messaging.operations import post_message
from marketplace.messaging.queries import messages_after, own_attachment, own_participation
from marketplace.messaging.web.files import file_response


@blueprint.post("/listings/<listing_id>/threads")
@limiter.limit(lambda: at_most(120, 60))
@requires(Action.ASK_FOR_LISTING)
def begin_thread(listing_id: str) -> ResponseReturnValue:
    """Ask about a listing; goes on with the conversation about it, if there is one."""
    identity = ListingId(listing_id)
    if not is_repeated():  # else it may be gone, and what was written stands
        visible_listing(current_work(), identity)
    body = read_body(MESSAGE_SCHEMA)

    def effect(work: UnitOfWork) -> Answer:
        return _answer(work, ask_about_listing(work, identity, body["message"]))

    return once(effect, needs_key=True)


@blueprint.get("/threads/<thread_id>/messages")
@requires(Action.USE_MESSAGES)
def read_messages(thread_id: str) -> ResponseReturnValue:
    """Give the messages in the order that both sides see; reading marks nothing as read."""
    work, identity = current_work(), ThreadId(thread_id)
    own_participation(work, identity)
    limit = page_limit(request.args.get("limit", ""))
    page = messages_after(
        work, identity, _position(request.args.get("cursor", "0")), limit=limit + 1
    )
    shown = page[:limit]
    return jsonify(
        items=[message_as_json(each, site=current_scope().origin) for each in shown],
        next_cursor=str(shown[-1].position) if len(page) > limit else None,
    )


@blueprint.post("/threads/<thread_id>/messages")
@limiter.limit(lambda: at_most(120, 60))
@requires(Action.USE_MESSAGES)
def write_message(thread_id: str) -> ResponseReturnValue:
    """Write in a conversation."""
    identity = ThreadId(thread_id)
    own_participation(current_work(), identity)
    body = read_body(MESSAGE_SCHEMA)

    def effect(work: UnitOfWork) -> Answer:
        return _answer(work, post_message(work, identity, body["message"]))

    return once(effect, needs_key=True)


@blueprint.get("/attachments/<attachment_id>")
@requires(Action.USE_MESSAGES)
def read_attachment(attachment_id: str) -> ResponseReturnValue:
    """Give a file of a message."""
    work = current_work()
    return file_response(work, own_attachment(work, AttachmentId(attachment_id)))


def _answer(work: UnitOfWork, message: Message) -> Answer:
    site = current_scope().origin
    (shown,) = messages_after(work, message.thread_id, message.position - 1, limit=1)
    body: dict[str, Any] = {
        **message_as_json(shown, site=site),
        "thread": message.thread_id,
        "url": f"{site}/messages/{message.thread_id}",
    }
    location = f"{site}/api/v1/threads/{message.thread_id}/messages"
    return Answer(status=201, body=body, headers={"Location": location})


def _position(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    raise InvalidInput({"cursor": N_("Diese Seite gibt es nicht.")})
