"""Queue mails; the worker writes and sends them after the commit."""

from sqlalchemy import select

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import new_id
from marketplace.foundation.mail.models import OutgoingMail


def queue_mail(
    work: UnitOfWork,
    template: str,
    *,
    to: str,
    event_key: str,
    language: str = "de",
    **context: str | int | None,
) -> None:
    """Send `templates/emails/<template>.txt` and `.html` to one address after the commit.

    `event_key` names what happened ("booking-<id>-requested"): the same event, recipient and
    template make the same Message-ID, and a second row is refused by the database.
    """
    mail = OutgoingMail(
        id=new_id(),
        event_key=event_key,
        recipient=to,
        template=template,
        language=language,
        context=context,
        origin=work.origin,
        created_at=work.now(),
    )
    work.session.add(mail)
    work.enqueue("deliver_mail", mail_id=mail.id)


def is_queued(work: UnitOfWork, event_key: str) -> bool:
    """Tell whether mails about this event were queued before, sent by now or not."""
    return (
        work.session.scalars(
            select(OutgoingMail.id).where(OutgoingMail.event_key == event_key).limit(1)
        ).first()
        is not None
    )
