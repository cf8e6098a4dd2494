"""Conversations: their list, and the page of one."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.accounts.desk import register_desk_section
from marketplace.accounts.permissions import Action
from marketplace.districts.web.context import register_navigation
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.identifiers import AttachmentId, ThreadId
from marketplace.foundation.settings import Limits
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import (
    current_scope,
    current_services,
    current_work,
    writing_work,
)
from marketplace.foundation.web.uploads import accepts_uploads
from marketplace.messaging.operations import ExpectedFile, expect_files, mark_read, post_message
from marketplace.messaging.queries import (
    THREADS_SHOWN,
    conversation,
    count_unread,
    own_attachment,
    own_threads,
)
from marketplace.messaging.rules.attachments import CheckedFile
from marketplace.messaging.web.desk import messages_section
from marketplace.messaging.web.files import checked_files, file_response
from marketplace.messaging.web.forms import ConversationForm
from marketplace.messaging.web.panels import message_links, thread_panels

blueprint = Blueprint("messaging", __name__)

# Twice what is taken: who sends somewhat too much gets a sentence in the form, with the text kept.
_LARGEST_UPLOAD = 2 * Limits.attachments_per_message * Limits.attachment_bytes

register_navigation(
    N_("Nachrichten"),
    "messaging.threads",
    order=20,
    action=Action.USE_MESSAGES,
    count=count_unread,
)
register_desk_section(20, messages_section)


@blueprint.get("/messages")
@requires(Action.USE_MESSAGES)
def threads() -> ResponseReturnValue:
    """List one's own conversations, a page at a time."""
    found = own_threads(
        current_work(), limit=THREADS_SHOWN + 1, after=_place_in_list(request.args.get("after", ""))
    )
    shown = found[:THREADS_SHOWN]
    last = f"{shown[-1].last_at.isoformat()},{shown[-1].thread_id}" if shown else ""
    return render_template(
        "messaging/threads.html",
        threads=shown,
        is_first_page="after" not in request.args,
        more_url=url_for("messaging.threads", after=last) if len(found) > len(shown) else "",
    )


@blueprint.get("/messages/<thread_id>")
@requires(Action.USE_MESSAGES)
def show(thread_id: str) -> ResponseReturnValue:
    """Show a conversation; looking at it stores nothing."""
    return _page(current_work(), ThreadId(thread_id), ConversationForm())


@blueprint.post("/messages/<thread_id>")
@limiter.limit(lambda: at_most(60, 10))
@accepts_uploads(_LARGEST_UPLOAD)
@requires(Action.USE_MESSAGES)
def post(thread_id: str) -> ResponseReturnValue:
    """Send a message."""
    form = ConversationForm()
    identity = ThreadId(thread_id)
    conversation(current_work(), identity)  # a stranger's conversation is not found, form or not
    files, problems = checked_files(form.uploads(), current_services().settings.limits)
    if not form.validate() or problems:
        form.show_problems(problems)
        return _page(current_work(), identity, form), 422
    expected = _expected(files)
    try:
        post_message(
            writing_work(),
            identity,
            form.message.data or "",
            form_id=form.form_id.data or "",
            files=expected,
        )
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        form.show_problems([])
        return _page(current_work(), identity, form), 422
    flash(gettext("Gesendet."))
    return redirect(url_for("messaging.show", thread_id=thread_id) + "#newest", 303)


@blueprint.get("/messages/attachments/<attachment_id>")
@requires(Action.USE_MESSAGES)
def attachment(attachment_id: str) -> ResponseReturnValue:
    """Give a file of one of one's own conversations."""
    work = current_work()
    return file_response(work, own_attachment(work, AttachmentId(attachment_id)))


@blueprint.post("/messages/<thread_id>/read")
@requires(Action.USE_MESSAGES)
def read(thread_id: str) -> ResponseReturnValue:
    """Count what was on the screen as read."""
    up_to = position(request.form.get("position"))
    mark_read(writing_work(), ThreadId(thread_id), up_to=up_to)
    return redirect(url_for("messaging.threads"), 303)


def render_conversation(work: UnitOfWork, thread_id: ThreadId, *, draft: str = "") -> str:
    """Show a conversation to a package above that has something to say on it.

    `draft`: stands in the field for a message.
    """
    return _page(work, thread_id, ConversationForm(formdata=None, message=draft))


def position(typed: str | None) -> int:
    """Give the position of the last message that was on the screen, as a form sends it."""
    return _position(typed or "") or 0


def _expected(files: list[CheckedFile]) -> tuple[ExpectedFile, ...]:
    """Name the files in a transaction of its own: they are found should the message's one fail."""
    if not files:
        return ()
    work = current_scope().aside()
    try:
        expected = expect_files(work, files)
        work.finish()
    finally:
        work.close()
    return expected


def _page(work: UnitOfWork, thread_id: ThreadId, form: ConversationForm) -> str:
    shown = conversation(work, thread_id, before=_position(request.args.get("before", "")))
    return render_template(
        "messaging/thread.html",
        conversation=shown,
        last_position=shown.messages[-1].position if shown.messages else 0,
        older_url=(
            url_for("messaging.show", thread_id=thread_id, before=shown.messages[0].position)
            if shown.has_older
            else ""
        ),
        newest_url=url_for("messaging.show", thread_id=thread_id) if shown.has_newer else "",
        panels=thread_panels(work, shown.thread),
        message_links=message_links,
        form=form,
    )


def _position(text: str) -> int | None:
    is_one = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_one else None


def _place_in_list(text: str) -> tuple[datetime, str] | None:
    """Read where a page begins; a mistyped address shows the first one."""
    instant, _, thread_id = text.partition(",")
    try:
        sent_at = datetime.fromisoformat(instant)
    except ValueError:
        return None
    return (sent_at, thread_id) if sent_at.tzinfo is not None else None
