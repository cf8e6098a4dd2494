"""What became of mails."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.mail.models import MailState, OutgoingMail


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """Mails that did not reach an address since the last one that did."""

    count: int
    last_at: datetime
    words: str  # of the mail server, the last time, or our own error
    is_refused: bool  # the last one, for good; else it was given up after many tries


def undelivered(work: UnitOfWork, recipient: str | None = None) -> dict[str, Undelivered]:
    """Give the addresses that mails do not reach, all or only this one, the latest last."""
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
        select(
            OutgoingMail.recipient,
            OutgoingMail.refused_at,
            OutgoingMail.refusal,
            OutgoingMail.state,
        )
        .where(OutgoingMail.state.in_([MailState.REFUSED, MailState.GIVEN_UP]), ~was_taken_since)
        .order_by(OutgoingMail.refused_at, OutgoingMail.id)
    )
    if recipient is not None:
        statement = statement.where(OutgoingMail.recipient == recipient)
    found: dict[str, Undelivered] = {}
    for address, at, words, state in work.session.execute(statement):
        if at is None:  # never: the state says when
            continue
        before = found.pop(address, None)
        found[address] = Undelivered(
            count=before.count + 1 if before else 1,
            last_at=at,
            words=words,
            is_refused=state == MailState.REFUSED,
        )
    return found
