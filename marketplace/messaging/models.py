"""Conversations between two organisations about one thing."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.foundation.database.model import (
    Base,
    DistrictOwned,
    owned_key,
    owned_reference,
)
from marketplace.foundation.identifiers import (
    AttachmentId,
    OrganisationId,
    PersonId,
    ThreadId,
    new_id,
)


class Thread(DistrictOwned, Base):
    """A conversation; `subject_*` say what it is about, in words that stay when that is gone."""

    __tablename__ = "thread"
    __table_args__ = (owned_key(),)

    id: Mapped[ThreadId] = mapped_column(primary_key=True, default=new_id)
    subject: Mapped[str]  # what sort of thing: "listing"
    subject_id: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    created_at: Mapped[datetime]


class Participant(DistrictOwned, Base):
    """An organisation that reads and writes in a conversation."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("district_id", "thread_id", "organisation_id"),
        owned_reference("thread_id", "thread"),
        owned_reference("organisation_id", "organisation"),
    )

    thread_id: Mapped[ThreadId]
    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    read_position: Mapped[int]  # position of the last message read; 0: none


class Message(DistrictOwned, Base):
    """One message; `position` counts from 1 and is the same order for both sides."""

    __tablename__ = "message"
    __table_args__ = (
        owned_key(),
        UniqueConstraint("district_id", "thread_id", "position"),
        UniqueConstraint("district_id", "thread_id", "organisation_id", "repeat_key"),
        owned_reference("thread_id", "thread"),
        owned_reference("organisation_id", "organisation"),
        owned_reference("person_id", "person"),
    )

    thread_id: Mapped[ThreadId]
    position: Mapped[int]
    organisation_id: Mapped[OrganisationId]
    person_id: Mapped[PersonId]
    body: Mapped[str]
    sent_at: Mapped[datetime]
    repeat_key: Mapped[str | None]  # the same in a form that is sent again; null: no form


class Attachment(DistrictOwned, Base):
    """A file of a message, stored under its id; names and digests are those of what is stored."""

    __tablename__ = "attachment"
    __table_args__ = (
        owned_reference("message_id", "message", ondelete="CASCADE"),
        UniqueConstraint("district_id", "message_id", "position"),
        CheckConstraint("size > 0", name="size_above_zero"),
    )

    id: Mapped[AttachmentId] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[str] = mapped_column(index=True)
    position: Mapped[int]
    name: Mapped[str]
    media_type: Mapped[str]  # messaging.rules.attachments.MediaType
    size: Mapped[int]  # bytes
    sha256: Mapped[str]
