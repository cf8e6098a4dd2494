"""What became of mails."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.mail.models import MailState, OutgoingMail


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """Mails that an address did not take since the last one that it took."""

    count: int
    last_at: datetime
    words: str  # of the mail server, the last time


def undelivered(work: UnitOfWork, recipient: str | None = None) -> dict[str, Undelivered]:
    """Give the addresses that take no mails, all or only this one, the latest refusal last."""
    later = aliased(OutgoingMail)
    was_taken_since = (
        select(later.id)
        .where(
            later.recipient == OutgoingMail.recipient,
            later.state == MailState.SENT,
            later.sent_at > OutgoingMail.refused_at,
        )
        .exists()
    )
    statement = (
        select(OutgoingMail.recipient, OutgoingMail.refused_at, OutgoingMail.refusal)
        .where(OutgoingMail.state == MailState.REFUSED, ~was_taken_since)
        .order_by(OutgoingMail.refused_at, OutgoingMail.id)
    )
    if recipient is not None:
        statement = statement.where(OutgoingMail.recipient == recipient)
    found: dict[str, Undelivered] = {}
    for address, at, words in work.session.execute(statement):
        if at is None:  # never: the state says that it was refused
            continue
        before = found.pop(address, Undelivered(count=0, last_at=at, words=words))
        found[address] = replace(before, count=before.count + 1, last_at=at, words=words)
    return found
