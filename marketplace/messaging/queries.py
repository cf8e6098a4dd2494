"""What is known about conversations; only organisations that take part see them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Row, func, or_, select

from marketplace.accounts.models import Organisation
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import AttachmentId, OrganisationId, ThreadId
from marketplace.messaging.models import Attachment, Message, Participant, Thread

# What a page shows of a long conversation, and of many.
MESSAGES_SHOWN = 100
THREADS_SHOWN = 30


@dataclass(frozen=True, kw_only=True)
class ThreadLine:
    """A conversation as a list shows it; `unread` counts messages of the others.

    `other` is empty where the other side stays unnamed.
    """

    thread_id: ThreadId
    title: str
    other: str
    last_text: str
    last_at: datetime
    unread: int


@dataclass(frozen=True, kw_only=True)
class ThreadMessage:
    """One message with the organisation that wrote it; no name: the reader is not to know it."""

    id: str
    position: int
    text: str
    sent_at: datetime
    organisation_name: str
    is_own: bool
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A conversation with a page of its messages, oldest first.

    `other`: name and place of the other side, and nothing else of it; empty: it stays unnamed.
    `unread`: in all of it.
    """

    thread: Thread
    other: str
    messages: tuple[ThreadMessage, ...]
    has_older: bool
    has_newer: bool
    unread: int


UnnamedSides = Callable[[UnitOfWork, Collection[ThreadId]], Mapping[ThreadId, OrganisationId]]


def _nobody(work: UnitOfWork, threads: Collection[ThreadId]) -> Mapping[ThreadId, OrganisationId]:
    return {}


_unnamed: UnnamedSides = _nobody


def register_unnamed(provider: UnnamedSides) -> None:
    """Let a package above say which organisation the others in a conversation are not to know."""
    global _unnamed
    _unnamed = provider


def name_for_others(work: UnitOfWork, thread_id: ThreadId, organisation: Organisation) -> str:
    """Give an organisation's name as the others in a conversation see it; empty: it is unnamed."""
    is_unnamed = _unnamed(work, [thread_id]).get(thread_id) == organisation.id
    return "" if is_unnamed else organisation.name


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


def repeated_message(
    work: UnitOfWork, thread_id: ThreadId, organisation_id: OrganisationId, repeat_key: str | None
) -> Message | None:
    """Give the message that the same form has sent before."""
    if repeat_key is None:
        return None
    return work.session.scalars(
        select(Message).where(
            Message.thread_id == thread_id,
            Message.organisation_id == organisation_id,
            Message.repeat_key == repeat_key,
        )
    ).first()


def repeated_thread(
    work: UnitOfWork, subject_id: str, organisation_id: OrganisationId, repeat_key: str | None
) -> Thread | None:
    """Give the conversation about this thing that the same form has begun before."""
    if repeat_key is None:
        return None
    return work.session.scalars(
        select(Thread)
        .join(Message, Message.thread_id == Thread.id)
        .where(
            Thread.subject_id == subject_id,
            Message.position == 1,
            Message.organisation_id == organisation_id,
            Message.repeat_key == repeat_key,
        )
    ).first()


def own_thread_about(work: UnitOfWork, subject_id: str) -> ThreadId | None:
    """Give the acting organisation's newest conversation about this thing."""
    return work.session.scalars(
        select(Thread.id)
        .join(Participant, Participant.thread_id == Thread.id)
        .where(
            Thread.subject_id == subject_id,
            Participant.organisation_id == work.actor.organisation_id,
        )
        .order_by(Thread.created_at.desc(), Thread.id)
        .limit(1)
    ).first()


def conversation(
    work: UnitOfWork,
    thread_id: ThreadId,
    *,
    before: int | None = None,
    limit: int = MESSAGES_SHOWN,
) -> Conversation:
    """Give a conversation of the acting organisation with its newest messages; raises NotFound.

    `before`: the newest ones below this position.
    """
    own = own_participation(work, thread_id)
    newest = (
        select(Message, Organisation.name)
        .join(Organisation, Organisation.id == Message.organisation_id)
        .where(Message.thread_id == thread_id)
        .order_by(Message.position.desc())
        .limit(limit + 1)
    )
    if before is not None:
        newest = newest.where(Message.position < before)
    stored = work.session.execute(newest).all()
    return Conversation(
        thread=work.session.get_one(Thread, thread_id),
        other=", ".join(_others(work, [thread_id], own.organisation_id).get(thread_id, ())),
        messages=tuple(
            _shown(
                work,
                stored[limit - 1 :: -1],
                own.organisation_id,
                unnamed=_unnamed(work, [thread_id]),
            )
        ),
        has_older=len(stored) > limit,
        has_newer=before is not None and before <= last_position(work, thread_id),
        unread=_unread(work, own.organisation_id, thread_id).get(thread_id, 0),
    )


def messages_after(
    work: UnitOfWork, thread_id: ThreadId, position: int, *, limit: int
) -> list[ThreadMessage]:
    """Give the messages above this position in their order; raises NotFound."""
    own = own_participation(work, thread_id)
    rows = work.session.execute(
        select(Message, Organisation.name)
        .join(Organisation, Organisation.id == Message.organisation_id)
        .where(Message.thread_id == thread_id, Message.position > position)
        .order_by(Message.position)
        .limit(limit)
    )
    return _shown(work, rows.all(), own.organisation_id, unnamed=_unnamed(work, [thread_id]))


def message_of_others(work: UnitOfWork, message_id: str) -> Thread:
    """Give the conversation of a message that another organisation wrote to the acting one.

    Raises NotFound for all other messages, one's own among them.
    """
    thread = work.session.scalars(
        select(Thread)
        .join(Message, Message.thread_id == Thread.id)
        .join(Participant, Participant.thread_id == Thread.id)
        .where(
            Message.id == message_id,
            Message.organisation_id != work.actor.organisation_id,
            Participant.organisation_id == work.actor.organisation_id,
        )
    ).first()
    if thread is None:
        raise NotFound
    return thread


def messages_around(work: UnitOfWork, message_id: str) -> list[ThreadMessage]:
    """Give a message with the one before and the one after it, whoever asks."""
    message = work.session.get_one(Message, message_id)
    rows = work.session.execute(
        select(Message, Organisation.name)
        .join(Organisation, Organisation.id == Message.organisation_id)
        .where(
            Message.thread_id == message.thread_id,
            Message.position.between(message.position - 1, message.position + 1),
        )
        .order_by(Message.position)
    )
    return _shown(work, rows.all(), message.organisation_id)


def attachments_of(
    work: UnitOfWork, message_ids: Sequence[str]
) -> Mapping[str, tuple[Attachment, ...]]:
    """Give the files of messages in their order; messages without any are left out."""
    found: dict[str, tuple[Attachment, ...]] = {}
    statement = (
        select(Attachment)
        .where(Attachment.message_id.in_(message_ids))
        .order_by(Attachment.message_id, Attachment.position)
    )
    for each in work.session.scalars(statement):
        found[each.message_id] = (*found.get(each.message_id, ()), each)
    return found


def own_attachment(work: UnitOfWork, attachment_id: AttachmentId) -> Attachment:
    """Give a file of a conversation of the acting organisation; raises NotFound."""
    attachment = work.session.scalars(
        select(Attachment)
        .join(Message, Message.id == Attachment.message_id)
        .join(Participant, Participant.thread_id == Message.thread_id)
        .where(
            Attachment.id == attachment_id,
            Participant.organisation_id == work.actor.organisation_id,
        )
    ).first()
    if attachment is None:
        raise NotFound
    return attachment


def attachment_around(work: UnitOfWork, message_id: str, attachment_id: AttachmentId) -> Attachment:
    """Give a file of the messages that `messages_around` gives, whoever asks; raises NotFound."""
    for message in messages_around(work, message_id):
        for attachment in message.attachments:
            if attachment.id == attachment_id:
                return attachment
    raise NotFound


def own_threads(
    work: UnitOfWork,
    *,
    limit: int = THREADS_SHOWN,
    after: tuple[datetime, str] | None = None,
    only_unread: bool = False,
) -> list[ThreadLine]:
    """Give the acting organisation's conversations, the one written in last first.

    `after`: instant of the last message and id of the last conversation on the page before. One
    that is written in meanwhile moves to the top; none is shown twice.
    """
    organisation_id = work.actor.organisation_id
    if organisation_id is None:
        return []
    last = (
        select(func.max(Message.position))
        .where(Message.thread_id == Thread.id)
        .correlate(Thread)
        .scalar_subquery()
    )
    statement = (
        select(Thread.id, Thread.title, Message.body, Message.sent_at)
        .join(Participant, Participant.thread_id == Thread.id)
        .join(Message, (Message.thread_id == Thread.id) & (Message.position == last))
        .where(Participant.organisation_id == organisation_id)
        .order_by(Message.sent_at.desc(), Thread.id)
        .limit(limit)
    )
    unread = _unread(work, organisation_id)
    if only_unread:
        statement = statement.where(Thread.id.in_(unread))
    if after is not None:
        sent_at, thread_id = after
        statement = statement.where(
            or_(
                Message.sent_at < sent_at,
                (Message.sent_at == sent_at) & (Thread.id > thread_id),
            )
        )
    stored = work.session.execute(statement).all()
    others = _others(work, [each.id for each in stored], organisation_id)
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


def count_unread(work: UnitOfWork) -> int:
    """Count the messages of others that the acting organisation has not read."""
    organisation_id = work.actor.organisation_id
    return sum(_unread(work, organisation_id).values()) if organisation_id else 0


def _shown(
    work: UnitOfWork,
    rows: Iterable[Row[Message, str]],
    reader: OrganisationId,
    *,
    unnamed: Mapping[ThreadId, OrganisationId] = MappingProxyType({}),
) -> list[ThreadMessage]:
    written = list(rows)
    attachments = attachments_of(work, [message.id for message, _ in written])
    return [
        ThreadMessage(
            id=message.id,
            position=message.position,
            text=message.body,
            sent_at=message.sent_at,
            organisation_name=""
            if message.organisation_id == unnamed.get(message.thread_id) != reader
            else name,
            is_own=message.organisation_id == reader,
            attachments=attachments.get(message.id, ()),
        )
        for message, name in written
    ]


def _others(
    work: UnitOfWork, threads: Sequence[ThreadId], organisation_id: OrganisationId
) -> Mapping[ThreadId, list[str]]:
    names: dict[ThreadId, list[str]] = {}
    unnamed = _unnamed(work, threads)
    rows = work.session.execute(
        select(Participant.thread_id, Organisation.id, Organisation.name, Organisation.place)
        .join(Organisation, Organisation.id == Participant.organisation_id)
        .where(Participant.thread_id.in_(threads), Participant.organisation_id != organisation_id)
        .order_by(Organisation.name)
    )
    for thread_id, other, name, place in rows:
        if other == unnamed.get(thread_id):
            continue
        names.setdefault(thread_id, []).append(f"{name} ({place})" if place else name)
    return names


def _unread(
    work: UnitOfWork, organisation_id: OrganisationId, thread_id: ThreadId | None = None
) -> Mapping[ThreadId, int]:
    statement = (
        select(Message.thread_id, func.count())
        .join(Participant, Participant.thread_id == Message.thread_id)
        .where(
            Participant.organisation_id == organisation_id,
            Message.organisation_id != organisation_id,
            Message.position > Participant.read_position,
        )
        .group_by(Message.thread_id)
    )
    if thread_id is not None:
        statement = statement.where(Message.thread_id == thread_id)
    return dict(work.session.execute(statement).all())
