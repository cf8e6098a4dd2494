"""What is known about conversations; only organisations that take part see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from marketplace.accounts.models import Organisation
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import OrganisationId, ThreadId
from marketplace.messaging.models import Message, Participant, Thread


@dataclass(frozen=True, kw_only=True)
class ThreadLine:
    """A conversation as a list shows it; `unread` counts messages of the others."""

    thread_id: ThreadId
    title: str
    other: str
    last_text: str
    last_at: datetime
    unread: int


@dataclass(frozen=True, kw_only=True)
class ThreadMessage:
    """One message with the name of the organisation that wrote it."""

    id: str
    text: str
    sent_at: datetime
    organisation_name: str
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A conversation with its messages, oldest first."""

    thread: Thread
    other: str
    messages: tuple[ThreadMessage, ...]
    unread: int


def own_participation(work: UnitOfWork, thread_id: ThreadId) -> Participant:
    """Give the acting organisation's part in a conversation; raises NotFound for all others."""
    participant = work.session.scalars(
        select(Participant).where(
            Participant.thread_id == thread_id,
            Participant.organisation_id == work.actor.organisation_id,
        )
    ).first()
    if participant is None:
        raise NotFound
    return participant


def locked_thread(work: UnitOfWork, thread_id: ThreadId) -> Thread:
    """Give a conversation, locked until the commit; raises NotFound."""
    thread = work.session.scalars(
        select(Thread).where(Thread.id == thread_id).with_for_update()
    ).first()
    if thread is None:
        raise NotFound
    return thread


def last_position(work: UnitOfWork, thread_id: ThreadId) -> int:
    """Give the position of the newest message, 0 where there is none."""
    return (
        work.session.scalar(
            select(func.max(Message.position)).where(Message.thread_id == thread_id)
        )
        or 0
    )


def first_message(work: UnitOfWork, thread_id: ThreadId) -> Message:
    """Give the message that began a conversation; raises NotFound."""
    message = work.session.scalars(
        select(Message).where(Message.thread_id == thread_id, Message.position == 1)
    ).first()
    if message is None:
        raise NotFound
    return message


def other_participants(
    work: UnitOfWork, thread_id: ThreadId, organisation_id: OrganisationId
) -> Sequence[OrganisationId]:
    """Give who else takes part."""
    return work.session.scalars(
        select(Participant.organisation_id).where(
            Participant.thread_id == thread_id, Participant.organisation_id != organisation_id
        )
    ).all()


def conversation(work: UnitOfWork, thread_id: ThreadId) -> Conversation:
    """Give a conversation of the acting organisation; raises NotFound."""
    own = own_participation(work, thread_id)
    thread = work.session.get_one(Thread, thread_id)
    rows = work.session.execute(
        select(Message, Organisation.name)
        .join(Organisation, Organisation.id == Message.organisation_id)
        .where(Message.thread_id == thread_id)
        .order_by(Message.position)
    )
    stored = rows.all()
    return Conversation(
        thread=thread,
        other=", ".join(_others(work, [thread_id], own.organisation_id).get(thread_id, ())),
        messages=tuple(
            ThreadMessage(
                id=message.id,
                text=message.body,
                sent_at=message.sent_at,
                organisation_name=name,
                is_own=message.organisation_id == own.organisation_id,
            )
            for message, name in stored
        ),
        unread=sum(
            message.position > own.read_position and message.organisation_id != own.organisation_id
            for message, _ in stored
        ),
    )


def own_threads(work: UnitOfWork) -> list[ThreadLine]:
    """Give the acting organisation's conversations, the one written in last first."""
    organisation_id = work.actor.organisation_id
    if organisation_id is None:
        return []
    newest = (
        select(Message.thread_id, func.max(Message.position).label("position"))
        .group_by(Message.thread_id)
        .subquery()
    )
    rows = work.session.execute(
        select(Thread.id, Thread.title, Message.body, Message.sent_at)
        .join(Participant, Participant.thread_id == Thread.id)
        .join(newest, newest.c.thread_id == Thread.id)
        .join(
            Message,
            (Message.thread_id == Thread.id) & (Message.position == newest.c.position),
        )
        .where(Participant.organisation_id == organisation_id)
        .order_by(Message.sent_at.desc(), Thread.id)
    )
    stored = rows.all()
    threads = [thread_id for thread_id, *_ in stored]
    others = _others(work, threads, organisation_id)
    unread = _unread(work, organisation_id)
    return [
        ThreadLine(
            thread_id=thread_id,
            title=title,
            other=", ".join(others.get(thread_id, ())),
            last_text=body,
            last_at=sent_at,
            unread=unread.get(thread_id, 0),
        )
        for thread_id, title, body, sent_at in stored
    ]


def _others(
    work: UnitOfWork, threads: Sequence[ThreadId], organisation_id: OrganisationId
) -> Mapping[ThreadId, list[str]]:
    names: dict[ThreadId, list[str]] = {}
    rows = work.session.execute(
        select(Participant.thread_id, Organisation.name)
        .join(Organisation, Organisation.id == Participant.organisation_id)
        .where(Participant.thread_id.in_(threads), Participant.organisation_id != organisation_id)
        .order_by(Organisation.name)
    )
    for thread_id, name in rows:
        names.setdefault(thread_id, []).append(name)
    return names


def _unread(work: UnitOfWork, organisation_id: OrganisationId) -> Mapping[ThreadId, int]:
    rows = work.session.execute(
        select(Message.thread_id, func.count())
        .join(Participant, Participant.thread_id == Message.thread_id)
        .where(
            Participant.organisation_id == organisation_id,
            Message.organisation_id != organisation_id,
            Message.position > Participant.read_position,
        )
        .group_by(Message.thread_id)
    )
    return dict(rows.all())
