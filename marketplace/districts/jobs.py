"""Deliver queued mails in the district's own name and brand."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from marketplace.districts.models import District
from marketplace.districts.queries import own_district, primary_host
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.jobs.worker import JobContext, job
from marketplace.foundation.mail.models import MailState, OutgoingMail
from marketplace.foundation.mail.operations import note_given_up, note_refused, note_sent
from marketplace.foundation.mail.transports import RecipientRefused

_SUBJECT_MARK = "Betreff:"
# The longest line that RFC 5322, 2.1.1 allows: where the standard library folds a header before an
# umlaut, readers see two blanks.
_WIDE = policy.default.clone(max_line_length=998)
# A mail that was given up goes out if its parked job is let run once more.
_UNSENT = frozenset({MailState.QUEUED, MailState.GIVEN_UP})
_ENCODING = "quoted-printable"  # every server passes it on


@dataclass(frozen=True, kw_only=True)
class _Letter:
    """A queued mail with all that its words need, read before anything is sent."""

    mail: OutgoingMail
    district: District
    host: str

    @property
    def origin(self) -> str:
        """What its links begin with."""
        return self.mail.origin or f"https://{self.host}"

    @property
    def values(self) -> dict[str, Any]:
        """What its templates are given."""
        return {
            **self.mail.context,
            "district": self.district,
            "origin": self.origin,
            "recipient": self.mail.recipient,
            "language": self.mail.language,
        }


@job("deliver_mail", when_parked=note_given_up)
def deliver_mail(context: JobContext, mail_id: str) -> None:
    """Write, hand over and note one mail; a mail that was sent or refused already is left alone.

    If the worker dies between hand-over and note, the mail goes out again with the same
    Message-ID.
    """
    with context.unit_of_work(read_only=True) as work:
        letter = _read(work, mail_id)
    if letter is None:
        return
    try:
        context.services.mail.send(_message(context, letter))
    except RecipientRefused as refusal:
        with context.unit_of_work() as work:
            note_refused(work, mail_id, str(refusal))
        return
    with context.unit_of_work() as work:
        note_sent(work, mail_id)


def subject_of(context: JobContext, work: UnitOfWork, mail: OutgoingMail) -> str:
    """Give the subject under which a mail would go out."""
    return _plain(context, _letter_of(work, mail))[0]


def origin_of(work: UnitOfWork, mail: OutgoingMail) -> str:
    """Give what a mail's links begin with: scheme, host and port."""
    return _letter_of(work, mail).origin


def _read(work: UnitOfWork, mail_id: str) -> _Letter | None:
    mail = work.session.get(OutgoingMail, mail_id)
    if mail is None or mail.state not in _UNSENT:
        return None
    return _letter_of(work, mail)


def _letter_of(work: UnitOfWork, mail: OutgoingMail) -> _Letter:
    district = own_district(work)
    return _Letter(mail=mail, district=district, host=primary_host(work, district.id))


def _plain(context: JobContext, letter: _Letter) -> tuple[str, str]:
    mail = letter.mail
    return _split(
        context.services.templates.render(
            f"emails/{mail.template}.txt", mail.language, letter.values
        )
    )


def _message(context: JobContext, letter: _Letter) -> EmailMessage:
    mail, district = letter.mail, letter.district
    subject, text = _plain(context, letter)
    message = EmailMessage(policy=_WIDE)
    message["Subject"] = subject
    message["From"] = Address(_one_line(district.sender_name), addr_spec=district.sender_email)
    message["To"] = Address(addr_spec=mail.recipient)
    message["Date"] = mail.created_at
    message["Message-ID"] = _message_id(mail, letter.host)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Marketplace-Host"] = letter.host
    if path := mail.context.get("unsubscribe_path"):
        # RFC 8058: mail programs send a POST to this address when somebody presses their button.
        message["List-Unsubscribe"] = f"<{letter.origin}{path}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte=_ENCODING)
    html = context.services.templates.render(
        f"emails/{mail.template}.html", mail.language, {**letter.values, "subject": subject}
    )
    message.add_alternative(html, subtype="html", cte=_ENCODING)
    _attach_calendars(message, mail.context.get("calendars", []))
    return message


def _attach_calendars(message: EmailMessage, files: Sequence[str]) -> None:
    for number, file in enumerate(files, start=1):
        method = "CANCEL" if "METHOD:CANCEL" in file else "PUBLISH"
        message.add_attachment(
            file,
            subtype="calendar",
            params={"method": method},
            filename="termin.ics" if len(files) == 1 else f"termin-{number}.ics",
        )


def _split(rendered: str) -> tuple[str, str]:
    """Take the first line, "Betreff: ...", off the text; names in it may hold line breaks."""
    first, _, rest = rendered.lstrip().partition("\n")
    if not first.startswith(_SUBJECT_MARK):
        raise ValueError("a mail's text begins with its subject")
    return _one_line(first.removeprefix(_SUBJECT_MARK)), rest.strip() + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _message_id(mail: OutgoingMail, host: str) -> str:
    parts = "\n".join((mail.district_id, mail.event_key, mail.recipient, mail.template))
    return f"<{hashlib.sha256(parts.encode()).hexdigest()[:40]}@{host}>"
