"""The mails of this host, shown on a page while no SMTP server is set; never in production."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_services

blueprint = Blueprint("development_inbox", __name__)

_MOST_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class ShownMail:
    """What the page shows of one mail."""

    subject: str
    sender: str
    recipient: str
    sent_at: datetime
    lines: list[str]


@blueprint.get("/dev/inbox")
@public
def inbox() -> ResponseReturnValue:
    """Show the newest mails of this district, newest first; `?to=` keeps one recipient's."""
    recipient = request.args.get("to", "").strip().lower()
    host = request.host.rsplit(":", 1)[0].lower()
    mails = _mails(current_services().settings.mail_dir, host)
    if recipient:
        mails = [mail for mail in mails if mail.recipient.lower() == recipient]
    mails.sort(key=lambda mail: mail.sent_at, reverse=True)
    return render_template("development/inbox.html", mails=mails[:_MOST_SHOWN])


def _mails(folder: Path, host: str) -> list[ShownMail]:
    messages = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in folder.glob("*.eml")
    ]
    return [_shown(message) for message in messages if message["X-Marketplace-Host"] == host]


def _shown(message: EmailMessage) -> ShownMail:
    body = message.get_body(preferencelist=("plain",))
    return ShownMail(
        subject=str(message["Subject"]),
        sender=str(message["From"]),
        recipient=str(message["To"]),
        sent_at=parsedate_to_datetime(str(message["Date"])),
        lines=body.get_content().splitlines() if body is not None else [],
    )
