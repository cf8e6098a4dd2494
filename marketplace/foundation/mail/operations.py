"""Queue mails; the worker writes and sends them after the commit."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import select

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import new_id
from marketplace.foundation.mail.models import MailState, OutgoingMail

_LONGEST_ERROR = 300
# What a template is given: plain values that go through JSON unchanged.
Words: TypeAlias = str | int | list[str] | list[dict[str, str]] | None


def queue_mail(
    work: UnitOfWork,
    template: str,
    *,
    to: str,
    event_key: str,
    language: str = "de",
    **context: Words,
) -> None:
    """Send `templates/emails/<template>.txt` and `.html` to one address after the commit.

    `event_key` names what happened ("booking-<id>-requested"): the same event, recipient and
    template make the same Message-ID, and a second row is refused by the database.
    """
    mail = _store(work, template, to, event_key, language, context)
    work.enqueue("deliver_mail", mail_id=mail.id)


def collect_mail(
    work: UnitOfWork,
    template: str,
    *,
    to: str,
    event_key: str,
    language: str = "de",
    **context: Words,
) -> None:
    """Keep a mail for the next one that tells of several; see queue_mail."""
    mail = _store(work, template, to, event_key, language, context)
    mail.state = MailState.COLLECTED


def collected_mails(work: UnitOfWork, recipient: str) -> list[OutgoingMail]:
    """Give what was collected for an address, the oldest first, locked until the commit."""
    return list(
        work.session.scalars(
            select(OutgoingMail)
            .where(OutgoingMail.recipient == recipient, OutgoingMail.state == MailState.COLLECTED)
            .order_by(OutgoingMail.created_at, OutgoingMail.id)
            .with_for_update()
        )
    )


def readdress_collected(work: UnitOfWork, before: str, after: str) -> None:
    """Tell of what was collected for an address at another one."""
    for mail in collected_mails(work, before):
        mail.recipient = after


def note_told(work: UnitOfWork, mail: OutgoingMail) -> None:
    """Note that another mail told of this one; its words are needed no longer."""
    mail.state = MailState.TOLD
    mail.sent_at = work.now()
    mail.context = {}


def note_sent(work: UnitOfWork, mail_id: str) -> None:
    """Note that a mail left; its words are needed no longer."""
    mail = work.session.get(OutgoingMail, mail_id)
    if mail is not None:
        mail.state = MailState.SENT
        mail.sent_at = work.now()
        mail.context = {}


def note_refused(work: UnitOfWork, mail_id: str, words: str) -> None:
    """Note that the address will never take this mail; it is not tried again."""
    mail = work.session.get(OutgoingMail, mail_id)
    if mail is not None:
        mail.state = MailState.REFUSED
        mail.refused_at = work.now()
        mail.refusal = words
        mail.context = {}


def note_given_up(work: UnitOfWork, mail_id: str, error: str) -> None:
    """Note that the last try failed; a mail that left, but was not noted, is left alone."""
    mail = work.session.get(OutgoingMail, mail_id)
    if mail is not None and mail.state in (MailState.QUEUED, MailState.GIVEN_UP):
        mail.state = MailState.GIVEN_UP
        mail.refused_at = work.now()
        mail.refusal = error[:_LONGEST_ERROR]


def is_queued(work: UnitOfWork, event_key: str) -> bool:
    """Tell whether mails about this event were queued before, sent by now or not."""
    return (
        work.session.scalars(
            select(OutgoingMail.id).where(OutgoingMail.event_key == event_key).limit(1)
        ).first()
        is not None
    )


def _store(
    work: UnitOfWork,
    template: str,
    recipient: str,
    event_key: str,
    language: str,
    context: Mapping[str, Any],
) -> OutgoingMail:
    mail = OutgoingMail(
        id=new_id(),
        event_key=event_key,
        recipient=recipient,
        template=template,
        language=language,
        context=dict(context),
        origin=work.origin,
        created_at=work.now(),
    )
    work.session.add(mail)
    return mail
