"""Begin a conversation, write in it, and note what was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from marketplace.accounts.permissions import Action, check_may
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput, NotAllowed, Sentence
from marketplace.foundation.identifiers import (
    AttachmentId,
    OrganisationId,
    PersonId,
    ThreadId,
    new_id,
)
from marketplace.messaging.events import MessagePosted
from marketplace.messaging.models import Attachment, Message, Participant, Thread
from marketplace.messaging.queries import (
    last_position,
    locked_thread,
    own_participation,
    repeated_message,
)
from marketplace.messaging.rules.attachments import CheckedFile, MediaType
from marketplace.messaging.rules.messages import checked_message, repeat_key

ATTACHMENT_FOLDER = "attachments"
# Longer than any request lasts, so that no file is taken for left over while its message comes.
_UNTIL_LEFT_OVER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class ExpectedFile:
    """A checked file with the id that it will be stored under."""

    attachment_id: AttachmentId
    file: CheckedFile


def expect_files(work: UnitOfWork, files: Sequence[CheckedFile]) -> tuple[ExpectedFile, ...]:
    """Give files their ids before anything of them is stored.

    Commit this before `post_message`: should that one fail after it stored the files, the worker
    finds them by these ids and deletes them.
    """
    check_may(work.actor, Action.USE_MESSAGES)
    expected = tuple(
        ExpectedFile(attachment_id=AttachmentId(new_id()), file=each) for each in files
    )
    if expected:
        work.enqueue(
            "delete_left_over_files",
            due_at=work.now() + _UNTIL_LEFT_OVER,
            attachment_ids=" ".join(each.attachment_id for each in expected),
        )
    return expected


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
    key = repeat_key(form_id, text)
    _add_message(work, thread.id, organisation_id, person_id, text, position=1, key=key)
    work.record("open_thread", "thread", thread.id)
    return thread


def post_message(
    work: UnitOfWork,
    thread_id: ThreadId,
    message: str,
    *,
    form_id: str = "",
    files: Sequence[ExpectedFile] = (),
) -> Message:
    """Write in a conversation; all before it counts as read.

    `form_id`: made for one form; what arrives a second time with it is one message. Raises
    NotFound for those who take no part, and InvalidInput (fields `message`, `files`).
    """
    organisation_id, person_id = _writer(work)
    participant = own_participation(work, thread_id)
    body = checked_message(message)
    _check_number(work, files)
    key = repeat_key(form_id, body, [each.file.sha256 for each in files])
    locked_thread(work, thread_id)  # two writers get two positions
    sent_before = repeated_message(work, thread_id, organisation_id, key)
    if sent_before is not None:
        return sent_before
    position = last_position(work, thread_id) + 1
    stored = _add_message(
        work, thread_id, organisation_id, person_id, body, position=position, key=key
    )
    _store_files(work, stored, files)
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
    key: str | None,
) -> Message:
    message = Message(
        id=new_id(),
        thread_id=thread_id,
        position=position,
        organisation_id=organisation_id,
        person_id=person_id,
        body=body,
        sent_at=work.now(),
        repeat_key=key,
    )
    work.session.add(message)
    work.session.flush()
    return message


def _check_number(work: UnitOfWork, files: Sequence[ExpectedFile]) -> None:
    most = work.services.settings.limits.attachments_per_message
    if len(files) > most:
        raise InvalidInput(
            {
                "files": Sentence(
                    N_("An eine Nachricht passen höchstens %(most)s Dateien."), most=most
                )
            }
        )


def _store_files(work: UnitOfWork, message: Message, files: Sequence[ExpectedFile]) -> None:
    for position, each in enumerate(files, start=1):
        attachment = Attachment(
            id=each.attachment_id,
            message_id=message.id,
            position=position,
            name=each.file.name,
            media_type=each.file.media_type,
            size=len(each.file.content),
            sha256=each.file.sha256,
        )
        stored = {stored_file(attachment): each.file.content}
        if each.file.thumbnail:
            stored[small_file(attachment.id)] = each.file.thumbnail
        for name, content in stored.items():
            work.services.files.put(work.district_id, ATTACHMENT_FOLDER, name, content)
        work.session.add(attachment)
    work.session.flush()


def stored_file(attachment: Attachment) -> str:
    """Name the file of an attachment."""
    return all_files(attachment.id)[attachment.media_type == MediaType.PDF]


def small_file(attachment_id: AttachmentId) -> str:
    """Name the file of a picture's thumbnail."""
    return f"{attachment_id}-small.webp"


def all_files(attachment_id: AttachmentId) -> tuple[str, str, str]:
    """Name every file that an attachment may have: picture, PDF, thumbnail."""
    return f"{attachment_id}.webp", f"{attachment_id}.pdf", small_file(attachment_id)
