"""Stop mails by the link in one of them, without signing in."""

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.operations.mail_choices import topics_of_link, unsubscribe
from marketplace.accounts.rules.mail_choices import MailTopic
from marketplace.accounts.web.blueprint import blueprint
from marketplace.accounts.web.forms import TOPIC_LABELS
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_work, writing_work


@blueprint.get("/unsubscribe/<secret>")
@public
def unsubscribe_by_link(secret: str) -> ResponseReturnValue:
    """Show the one button that stops the mails: opening a mail's link must change nothing."""
    return _page(topics_of_link(current_work(), secret), is_done=False)


@blueprint.post("/unsubscribe/<secret>")
@public
def unsubscribe_with_link(secret: str) -> ResponseReturnValue:
    """Stop the mails: who has the link reads the person's mail.

    Mail programs send this themselves (RFC 8058), so no key of a form is asked for.
    """
    return _page(unsubscribe(writing_work(), secret), is_done=True)


def _page(topics: Sequence[MailTopic], *, is_done: bool) -> str:
    return render_template(
        "accounts/unsubscribe.html",
        topics=[TOPIC_LABELS[topic] for topic in topics],
        is_done=is_done,
    )
