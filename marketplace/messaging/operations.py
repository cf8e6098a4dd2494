"""Begin a conversation, write in it, and note what was read."""

from marketplace.accounts.permissions import Action, check_may
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, NotAllowed
from marketplace.foundation.identifiers import OrganisationId, PersonId, ThreadId, new_id
from marketplace.messaging.events import MessagePosted
from marketplace.messaging.models import Message, Participant, Thread
from marketplace.messaging.queries import (
    last_position,
    locked_thread,
    own_participation,
    repeated_message,
)
from marketplace.messaging.rules.messages import checked_message, repeat_key


def open_thread(
    work: UnitOfWork,
    *,
    subject: str,
    subject_id: str,
    title: str,
    with_organisation: OrganisationId,
    body: str,
    form_id: str = "",
) -> Thread:
    """Begin a conversation of the acting organisation with another, with its first message.

    Whoever opens it tells the other side in words of their own: no mail goes out from here.
    Raises InvalidInput (field `message`).
    """
    organisation_id, person_id = _writer(work)
    text = checked_message(body)
    thread = Thread(
        id=ThreadId(new_id()),
        subject=subject,
        subject_id=subject_id,
        title=title,
        created_at=work.now(),
    )
    work.session.add(thread)
    work.session.flush()
    work.session.add_all(
        Participant(thread_id=thread.id, organisation_id=each, read_position=position)
        for each, position in ((organisation_id, 1), (with_organisation, 0))
    )
    _add_message(work, thread.id, organisation_id, person_id, text, position=1, form_id=form_id)
    work.record("open_thread", "thread", thread.id)
    return thread


def post_message(
    work: UnitOfWork, thread_id: ThreadId, message: str, *, form_id: str = ""
) -> Message:
    """Write in a conversation; all before it counts as read.

    `form_id`: made for one form; what arrives a second time with it is one message. Raises
    NotFound for those who take no part, and InvalidInput (field `message`).
    """
    organisation_id, person_id = _writer(work)
    participant = own_participation(work, thread_id)
    body = checked_message(message)
    locked_thread(work, thread_id)  # two writers get two positions
    sent_before = repeated_message(work, thread_id, organisation_id, repeat_key(form_id, body))
    if sent_before is not None:
        return sent_before
    position = last_position(work, thread_id) + 1
    stored = _add_message(
        work, thread_id, organisation_id, person_id, body, position=position, form_id=form_id
    )
    participant.read_position = position
    work.session.flush()
    work.record("post_message", "thread", thread_id)
    work.emit(
        MessagePosted(thread_id=thread_id, message_id=stored.id, organisation_id=organisation_id)
    )
    return stored


def mark_read(work: UnitOfWork, thread_id: ThreadId, *, up_to: int) -> None:
    """Count the messages up to this position as read: what came after was not on the screen.

    Raises NotFound for those who take no part.
    """
    check_may(work.actor, Action.USE_MESSAGES)
    participant = own_participation(work, thread_id)
    seen = min(up_to, last_position(work, thread_id))
    participant.read_position = max(participant.read_position, seen)
    work.record("mark_read", "thread", thread_id)


def _writer(work: UnitOfWork) -> tuple[OrganisationId, PersonId]:
    check_may(work.actor, Action.USE_MESSAGES)
    if work.actor.organisation_id is None or work.actor.person_id is None:
        raise NotAllowed(N_("Dafür müssen Sie für eine Organisation angemeldet sein."))
    return work.actor.organisation_id, work.actor.person_id


def _add_message(
    work: UnitOfWork,
    thread_id: ThreadId,
    organisation_id: OrganisationId,
    person_id: PersonId,
    body: str,
    *,
    position: int,
    form_id: str,
) -> Message:
    message = Message(
        id=new_id(),
        thread_id=thread_id,
        position=position,
        organisation_id=organisation_id,
        person_id=person_id,
        body=body,
        sent_at=work.now(),
        repeat_key=repeat_key(form_id, body),
    )
    work.session.add(message)
    work.session.flush()
    return message
