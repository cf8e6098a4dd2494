"""Mails leave through a real SMTP server, whole, in the district's own name, and once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.foundation.jobs.worker import run_pending_jobs
from marketplace.foundation.mail.models import MailState, OutgoingMail
from marketplace.foundation.mail.operations import queue_mail
from marketplace.foundation.mail.transports import SmtpServer
from tests.support.installation import Installation
from tests.support.mail_server import Mailbox, deliver


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def queue(installation: Installation, event_key: str = "decision-1", **context: str) -> None:
    with installation.work() as work:
        queue_mail(
            work,
            "organisation_verified",
            to="tischlerei@a.example",
            event_key=event_key,
            **{"name": "Inhaberin", "organisation": "Tischlerei", **context},
        )


def test_a_mail_has_both_parts_and_the_districts_own_sender(
    installation: Installation, mailbox: Mailbox
) -> None:
    queue(installation)

    (mail,) = deliver(installation, mailbox)

    assert "Marktplatz A" in mail["From"]
    assert "post@a.example" in mail["From"]
    assert mail["To"] == "tischlerei@a.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    html = mail.get_payload()[1].get_payload(decode=True).decode()  # type: ignore[index,union-attr]
    assert "#00543c" in html
    assert "http" in html


def test_the_same_event_gives_the_same_message_id(
    installation: Installation, mailbox: Mailbox
) -> None:
    queue(installation)
    queue(installation, "decision-2")

    first, second = deliver(installation, mailbox)

    assert first["Message-ID"] != second["Message-ID"]
    assert first["Message-ID"].endswith("@a.localhost>")


def test_names_cannot_add_headers_or_markup(installation: Installation, mailbox: Mailbox) -> None:
    queue(installation, organisation="Hof\r\nBcc: all@b.example", name="<b>Chefin</b>")

    (mail,) = deliver(installation, mailbox)

    html = mail.get_payload()[1].get_payload(decode=True).decode()  # type: ignore[index,union-attr]
    assert mail["Bcc"] is None
    assert "<b>Chefin</b>" not in html
    assert "&lt;b&gt;Chefin" in html


def test_a_long_subject_with_umlauts_arrives_as_it_was_written(
    installation: Installation,
) -> None:
    queue(installation, organisation="Gemeinnützige Möbelbörse für Beelitz, Brück und Umgebung")

    (mail,) = installation.mails()

    assert mail["Subject"] == (
        "Gemeinnützige Möbelbörse für Beelitz, Brück und Umgebung kann jetzt veröffentlichen"
    )


def test_a_mail_that_no_server_takes_waits_and_goes_out_later(
    installation: Installation, mailbox: Mailbox
) -> None:
    queue(installation)
    nowhere = SmtpServer("smtp://127.0.0.1:1")
    run_pending_jobs(replace(installation.services, mail=nowhere))

    installation.clock.advance(timedelta(hours=1))

    assert len(deliver(installation, mailbox)) == 1


@pytest.mark.parametrize(
    ("address_refusal", "content_refusal"),
    [("550 5.1.1 kein Postfach", ""), ("", "552 5.2.2 Postfach voll")],
)
def test_a_mail_that_the_address_will_never_take_is_not_tried_again(
    installation: Installation, address_refusal: str, content_refusal: str
) -> None:
    queue(installation)
    refusals = {"tischlerei@a.example": address_refusal} if address_refusal else {}
    mailbox = Mailbox(refusals, content_refusal=content_refusal)

    for _ in range(3):
        deliver(installation, mailbox)
        installation.clock.advance(timedelta(hours=1))

    with installation.work() as work:
        stored = work.session.scalars(select(OutgoingMail)).one()
        assert (stored.state, stored.refusal) == (
            MailState.REFUSED,
            address_refusal or content_refusal,
        )
        assert stored.context == {}
    assert len(mailbox.refused) == 1


def test_content_that_is_not_taken_at_the_moment_is_tried_again(
    installation: Installation,
) -> None:
    queue(installation)
    mailbox = Mailbox(content_refusal="452 4.2.2 Postfach voll")
    deliver(installation, mailbox)

    mailbox.content_refusal = ""
    installation.clock.advance(timedelta(hours=1))

    assert len(deliver(installation, mailbox)) == 1


@pytest.mark.parametrize("answer", ["451 4.7.1 spaeter", "530 5.7.0 Authentication required"])
def test_a_refusal_that_is_not_about_the_address_is_tried_again(
    installation: Installation, answer: str
) -> None:
    queue(installation)
    mailbox = Mailbox({"tischlerei@a.example": answer})
    deliver(installation, mailbox)

    mailbox.refusals.clear()
    installation.clock.advance(timedelta(hours=1))

    assert len(deliver(installation, mailbox)) == 1


def test_the_inbox_for_developers_shows_what_was_written(installation: Installation) -> None:
    queue(installation)
    installation.run_jobs()

    page = installation.visitor().get("/dev/inbox")

    assert "Tischlerei kann jetzt veröffentlichen" in page.words
