"""Mails on their way: one row for each event, recipient and kind."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.foundation.database.model import Base, DistrictOwned
from marketplace.foundation.database.types import json_column


class MailState(StrEnum):
    """How far a mail has come."""

    QUEUED = "queued"
    SENT = "sent"
    COLLECTED = "collected"  # waits for a mail that tells of several
    TOLD = "told"  # that mail was queued
    REFUSED = "refused"  # no mail server will ever take it for this address
    GIVEN_UP = "given_up"  # nobody took it, however often we tried


class OutgoingMail(DistrictOwned, Base):
    """A mail to one recipient; its words are made when it is sent, from `template`.

    `context` may hold one-time links, so it is emptied once the mail is sent or refused; one that
    was given up keeps it, for its parked job may be let run once more. Besides
    what the template asks for, delivery itself reads `calendars` (files to attach, as text) and
    `unsubscribe_path` (where one click stops such mails).
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        UniqueConstraint("district_id", "event_key", "recipient", "template"),
        Index("ix_outgoing_mail_recipient_state", "recipient", "state"),
    )

    event_key: Mapped[str]
    recipient: Mapped[str]
    template: Mapped[str]
    language: Mapped[str]
    context: Mapped[dict[str, Any]] = mapped_column(json_column())
    origin: Mapped[str]  # scheme, host and port for the links; empty: the district's own
    state: Mapped[str] = mapped_column(default=MailState.QUEUED)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # null: not sent yet
    refused_at: Mapped[datetime | None]  # null: neither refused nor given up
    # The mail server's words, or the last error of a mail that was given up.
    refusal: Mapped[str] = mapped_column(default="", server_default="")
