"""A real mail server that keeps what it takes, and refuses what it is told to refuse."""

import socket
from collections.abc import Mapping
from dataclasses import replace
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP, Envelope, Session

from marketplace.foundation.jobs.worker import run_pending_jobs
from marketplace.foundation.mail.transports import SmtpServer
from tests.support.installation import Installation


class Mailbox(MessageHandler):
    """Keeps what it receives; `refusals`: what it answers for some addresses ("550 No").

    `content_refusal`: what it answers once a mail's content is there.
    """

    def __init__(
        self, refusals: Mapping[str, str] | None = None, *, content_refusal: str = ""
    ) -> None:
        super().__init__()
        self.refusals = dict(refusals or {})
        self.content_refusal = content_refusal
        self.received: list[Message] = []
        self.refused: list[str] = []

    async def handle_RCPT(  # noqa: N802 (aiosmtpd finds it by this name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take mails for an address, or refuse them."""
        if address in self.refusals:
            self.refused.append(address)
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd finds it by this name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail, or refuse it."""
        if self.content_refusal:
            self.refused += envelope.rcpt_tos
            return self.content_refusal
        return str(await super().handle_DATA(server, session, envelope))

    def handle_message(self, message: Message) -> None:
        """Keep a message."""
        self.received.append(message)


def deliver(installation: Installation, mailbox: Mailbox) -> list[Message]:
    """Run the worker against the server; give all that it has received so far."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        transport = SmtpServer(f"smtp://127.0.0.1:{port}")
        run_pending_jobs(replace(installation.services, mail=transport))
    finally:
        controller.stop()
    return mailbox.received
