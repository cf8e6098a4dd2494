"""Ways a mail leaves the product: into a folder, or to an SMTP server."""

import hashlib
import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

_SMTP_SECONDS = 20
_LONGEST_REFUSAL = 300
# "Authentication required" (RFC 4954, section 6) is about us, whoever the mail was for.
_ABOUT_THE_SENDER = 530


class RecipientRefused(Exception):
    """The recipient will never take a mail, in the mail server's words."""


class MailTransport(Protocol):
    """Takes a finished message.

    Raises RecipientRefused, and OSError or smtplib.SMTPException where it is worth another try.
    """

    def send(self, message: EmailMessage) -> None:
        """Hand the message over; handing over the same Message-ID twice must do no harm."""
        ...


@dataclass(frozen=True)
class MailFolder:
    """Puts each message into a folder as `<hash of its Message-ID>.eml`."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Write the message whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(message["Message-ID"].encode()).hexdigest()[:32]
        unfinished = self.folder / f".{name}.part"
        with unfinished.open("wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self.folder / f"{name}.eml")


@dataclass(frozen=True)
class SmtpServer:
    """Hands messages to `smtp://user:password@host:port`, or `smtps://` for TLS from the start.

    Plain smtp changes over to TLS where the server offers it.
    """

    url: str

    def send(self, message: EmailMessage) -> None:
        """Open a connection for this one message."""
        address = urlsplit(self.url)
        with self._connect(address) as server:
            if address.username:
                server.login(unquote(address.username), unquote(address.password or ""))
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused as refused:
                ((code, reply),) = refused.recipients.values()  # each mail has one recipient
                _raise_where_final(code, reply)
                raise
            except smtplib.SMTPDataError as refused:
                # Full mailboxes and policies are often told only once the content is there.
                _raise_where_final(refused.smtp_code, refused.smtp_error)
                raise

    def _connect(self, address: SplitResult) -> smtplib.SMTP:
        host = address.hostname or "localhost"
        context = ssl.create_default_context()
        if address.scheme == "smtps":
            return smtplib.SMTP_SSL(
                host, address.port or 465, timeout=_SMTP_SECONDS, context=context
            )
        server = smtplib.SMTP(host, address.port or 25, timeout=_SMTP_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        return server


def _raise_where_final(code: int, reply: bytes | str) -> None:
    """Raise RecipientRefused unless the answer may be another one later.

    A reply of 5yz is final, one of 4yz is not (RFC 5321, section 4.2.1).
    """
    if 500 <= code < 600 and code != _ABOUT_THE_SENDER:
        text = reply if isinstance(reply, str) else reply.decode("utf-8", errors="replace")
        words = " ".join(text.split())
        raise RecipientRefused(f"{code} {words}"[:_LONGEST_REFUSAL])


def transport_for(smtp_url: str, folder: Path) -> MailTransport:
    """Give the way mails leave: the folder while no server is set."""
    return SmtpServer(smtp_url) if smtp_url else MailFolder(folder)
