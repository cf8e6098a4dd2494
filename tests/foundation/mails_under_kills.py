"""Mails that are delivered while the worker is killed: each arrives.

Used small by the tests and at full size by `tools/prove kill`.
"""

import random
import socket
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from sqlalchemy import func, select

from marketplace.foundation.jobs.outbox import LEASE, OutboxJob
from marketplace.foundation.mail.operations import queue_mail
from tests.support.installation import Installation
from tests.support.servers import killable_worker, start_worker

_AT_ONCE = 100
# Shortest and longest life of a worker, in seconds.
_PAUSES = (0.05, 0.5)
_LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class MailReport:
    """What arrived."""

    queued: int
    kills: int
    missing: int
    again: int  # with the Message-ID of one that had arrived
    under_another_id: int


class _Mailbox(MessageHandler):
    """Keeps for whom each mail was, and its Message-ID."""

    def __init__(self) -> None:
        super().__init__()
        self.received: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def handle_message(self, message: Message) -> None:
        """Keep it."""
        self.received[str(message["To"])][str(message["Message-ID"])] += 1


def deliver_under_kills(
    installation: Installation, *, mails: int, kills: int, seed: int
) -> MailReport:
    """Queue so many mails, kill the worker so many times, and let the last one finish."""
    choose = random.Random(seed)
    addresses = [f"post-{number}@firma.example" for number in range(mails)]
    installation.clock.advance(datetime.now(UTC) - installation.clock.now())
    for first in range(0, mails, _AT_ONCE):
        _queue(installation, addresses[first : first + _AT_ONCE])
    mailbox = _Mailbox()
    settings = installation.services.settings
    with _mail_server(mailbox) as url:
        with killable_worker(settings, MARKETPLACE_SMTP_URL=url) as worker:
            for _ in range(kills):
                time.sleep(choose.uniform(*_PAUSES))
                worker.kill_and_restart()
        # What a killed worker held is free again after its lease.
        later = datetime.now(UTC) + LEASE + timedelta(seconds=5)
        last = start_worker(settings, MARKETPLACE_SMTP_URL=url, MARKETPLACE_NOW=later.isoformat())
        try:
            while _jobs_left(installation):
                time.sleep(_LOOK_EVERY_SECONDS)
        finally:
            last.end()
    # Others may get mails of their own meanwhile; each of these got one.
    received = {each: mailbox.received[each] for each in addresses if each in mailbox.received}
    return MailReport(
        queued=mails,
        kills=worker.kills,
        missing=sum(address not in received for address in addresses),
        again=sum(count - 1 for ids in received.values() for count in ids.values()),
        under_another_id=sum(len(ids) > 1 for ids in received.values()),
    )


def _queue(installation: Installation, addresses: list[str]) -> None:
    with installation.work() as work:
        for address in addresses:
            queue_mail(
                work,
                "organisation_verified",
                to=address,
                event_key=f"verified-{address}",
                name="Inhaberin",
                organisation="Tischlerei",
            )


def _jobs_left(installation: Installation) -> int:
    with installation.platform_work() as work:
        return (
            work.session.scalar(
                select(func.count()).select_from(OutboxJob).where(OutboxJob.name == "deliver_mail")
            )
            or 0
        )


@contextmanager
def _mail_server(mailbox: _Mailbox) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
