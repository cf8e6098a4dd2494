"""What can be reported: packages above say how a thing is found, shown to the staff and hidden."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.messaging.models import Attachment
from marketplace.messaging.queries import message_of_others, messages_around


@dataclass(frozen=True, kw_only=True)
class Reportable:
    """A thing as the reporter sees it; `question_path`: where one asks instead of reporting."""

    title: str
    question_path: str


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of text with who wrote it; `is_reported`: what the report is about."""

    author: str
    text: str
    written_at: datetime
    is_reported: bool
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the staff see of a reported thing; `path` is empty where they see no more of it."""

    author: str
    passages: tuple[Passage, ...]
    path: str
    can_be_hidden: bool


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A sort of thing; `find` raises NotFound and NotAllowed, `hide` takes the reason."""

    key: str
    find: Callable[[UnitOfWork, str], Reportable]
    show: Callable[[UnitOfWork, str], Evidence]
    hide: Callable[[UnitOfWork, str, str], None] | None = None


_subjects: dict[str, Subject] = {}


def register_subject(subject: Subject) -> None:
    """Let things of this sort be reported."""
    _subjects[subject.key] = subject


def subject_called(key: str) -> Subject:
    """Give a sort of thing; raises NotFound."""
    if key not in _subjects:
        raise NotFound
    return _subjects[key]


def subjects() -> Mapping[str, Subject]:
    """Give all sorts of things that can be reported."""
    return _subjects


def _find_message(work: UnitOfWork, message_id: str) -> Reportable:
    thread = message_of_others(work, message_id)
    return Reportable(title=thread.title, question_path=f"/messages/{thread.id}")


def _show_message(work: UnitOfWork, message_id: str) -> Evidence:
    around = messages_around(work, message_id)
    passages = tuple(
        Passage(
            author=each.organisation_name,
            text=each.text,
            written_at=each.sent_at,
            is_reported=each.id == message_id,
            attachments=each.attachments,
        )
        for each in around
    )
    (author,) = (each.author for each in passages if each.is_reported)
    return Evidence(author=author, passages=passages, path="", can_be_hidden=False)


register_subject(Subject(key="message", find=_find_message, show=_show_message))
