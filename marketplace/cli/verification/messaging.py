"""Conversations: no message is missing, and both sides count the same."""

from collections.abc import Iterator

from sqlalchemy import func, select

from marketplace.cli.verification.invariant import Invariant
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.messaging.models import Message, Participant, Thread


def _gaps(work: UnitOfWork) -> Iterator[str]:
    rows = work.session.execute(
        select(Thread.id, func.count(Message.id), func.max(Message.position))
        .outerjoin(Message, Message.thread_id == Thread.id)
        .group_by(Thread.id)
        .order_by(Thread.id)
    )
    for thread_id, count, last in rows:
        if count == 0:
            yield f"conversation {thread_id} is empty"
        elif count != last:
            yield f"conversation {thread_id} has {count} messages, the last is number {last}"


def _read_too_far(work: UnitOfWork) -> Iterator[str]:
    last = (
        select(func.max(Message.position))
        .where(Message.thread_id == Participant.thread_id)
        .scalar_subquery()
    )
    rows = work.session.execute(
        select(Participant.thread_id, Participant.organisation_id)
        .where((Participant.read_position > last) | (Participant.read_position < 0))
        .order_by(Participant.id)
    )
    for thread_id, organisation_id in rows:
        yield f"organisation {organisation_id} has read more of {thread_id} than there is"


def _strangers(work: UnitOfWork) -> Iterator[str]:
    takes_part = (
        select(Participant.id)
        .where(
            Participant.thread_id == Message.thread_id,
            Participant.organisation_id == Message.organisation_id,
        )
        .exists()
    )
    for message_id in work.session.scalars(select(Message.id).where(~takes_part)):
        yield f"message {message_id} is by somebody who takes no part in the conversation"


def _disorder(work: UnitOfWork) -> Iterator[str]:
    yield from _gaps(work)
    yield from _read_too_far(work)
    yield from _strangers(work)


MESSAGING_INVARIANTS = (
    Invariant(
        id="I8",
        sentence="Conversations have no gap, no stranger, and nothing read that is not there",
        check=_disorder,
    ),
)
