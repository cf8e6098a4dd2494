"""State what a tax office has given an organisation; an administrator looks and decides."""

from dataclasses import dataclass
from datetime import timedelta

from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import own_organisation
from marketplace.donations.events import StatusProven
from marketplace.donations.models import ExemptionNotice
from marketplace.donations.operations.status_mails import (
    tell_administrators,
    tell_organisation,
)
from marketplace.donations.operations.status_reminders import plan_reminders
from marketplace.donations.queries.notices import notice_by_id, notices_by_organisation, today_of
from marketplace.donations.rules.recipients import NoticeState
from marketplace.donations.rules.statements import (
    LONGEST_DECISION,
    NO_REASON,
    NOTHING_SEEN,
    Statement,
    settled_statement,
    why_it_cannot_count,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotAllowed, Sentence
from marketplace.foundation.identifiers import NoticeId, new_id
from marketplace.messaging.rules.attachments import CheckedFile, MediaType
from marketplace.messaging.rules.messages import tidy_message

NOTICE_FOLDER = "notices"
# Longer than any request lasts, so that no copy is taken for left over while its notice comes.
_UNTIL_LEFT_OVER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class ExpectedCopy:
    """A checked file with the id of the notice that it will be stored for."""

    notice_id: NoticeId
    file: CheckedFile


def expect_copy(work: UnitOfWork, file: CheckedFile) -> ExpectedCopy:
    """Give the notice its id before anything of its copy is stored.

    Commit this before `state_notice`: should that one fail after it stored the copy, the worker
    finds it by this id and deletes it.
    """
    check_may(work.actor, Action.STATE_STATUS)
    expected = ExpectedCopy(notice_id=NoticeId(new_id()), file=file)
    work.enqueue(
        "delete_left_over_copy",
        due_at=work.now() + _UNTIL_LEFT_OVER,
        notice_id=expected.notice_id,
    )
    return expected


def state_notice(
    work: UnitOfWork, statement: Statement, *, copy: ExpectedCopy | None = None
) -> ExemptionNotice:
    """State a notice of the acting organisation; the administrators are told that it waits.

    Raises InvalidInput with a sentence for each field that cannot stay so.
    """
    check_may(work.actor, Action.STATE_STATUS)
    organisation = own_organisation(work, lock=True)  # so that the same is not stated twice
    known = notices_by_organisation(work, [organisation.id])[organisation.id]
    settled = settled_statement(statement, known, today=today_of(work))
    notice = ExemptionNotice(
        id=copy.notice_id if copy else NoticeId(new_id()),
        organisation_id=organisation.id,
        kind=settled.kind,
        tax_office=settled.tax_office,
        tax_number=settled.tax_number,
        day=settled.day,
        assessment_period=settled.assessment_period,
        purposes=list(settled.purposes),
        document_name=copy.file.name if copy else "",
        document_sha256=copy.file.sha256 if copy else "",
        state=NoticeState.SUBMITTED,
        reason="",
        submitted_at=work.now(),
    )
    work.session.add(notice)
    work.session.flush()
    if copy is not None:
        work.services.files.put(
            work.district_id, NOTICE_FOLDER, stored_copy(notice), copy.file.content
        )
    work.record("state_notice", "exemption_notice", notice.id, {"kind": notice.kind})
    tell_administrators(work, notice, organisation)
    return notice


def accept_notice(work: UnitOfWork, notice_id: NoticeId, *, seen: str) -> ExemptionNotice:
    """Let a notice count from now on; `seen` names what was looked at.

    Raises InvalidInput, and Conflict where it is decided already or would not count.
    """
    notice = _notice_to_decide(work, notice_id)
    known = notices_by_organisation(work, [notice.organisation_id])[notice.organisation_id]
    obstacle = why_it_cannot_count(notice.notice, known, today_of(work))
    if obstacle:
        raise Conflict(
            N_("Das lässt sich nicht annehmen: %(why)s"),
            why=obstacle if isinstance(obstacle, Sentence) else Sentence(obstacle),
        )
    _decide(work, notice, NoticeState.ACCEPTED, _words("seen", seen, NOTHING_SEEN))
    plan_reminders(work, notice)
    work.emit(StatusProven(organisation_id=notice.organisation_id))
    return notice


def refuse_notice(work: UnitOfWork, notice_id: NoticeId, *, reason: str) -> ExemptionNotice:
    """Refuse a notice for a reason that the organisation will read; it may state another.

    Raises InvalidInput, and Conflict where it is decided already.
    """
    notice = _notice_to_decide(work, notice_id)
    _decide(work, notice, NoticeState.REFUSED, _words("reason", reason, NO_REASON))
    return notice


def stored_copy(notice: ExemptionNotice) -> str:
    """Name the file of a notice's copy."""
    picture, pdf = possible_copies(notice.id)
    return pdf if copy_type(notice) is MediaType.PDF else picture


def copy_type(notice: ExemptionNotice) -> MediaType:
    """Give what a notice's copy is; its name ends as it must."""
    return MediaType.PDF if notice.document_name.endswith(".pdf") else MediaType.PICTURE


def possible_copies(notice_id: NoticeId) -> tuple[str, str]:
    """Name every file that the copy of a notice may be in: picture, PDF."""
    return f"{notice_id}.webp", f"{notice_id}.pdf"


def _notice_to_decide(work: UnitOfWork, notice_id: NoticeId) -> ExemptionNotice:
    check_may(work.actor, Action.DECIDE_STATUS)
    notice = notice_by_id(work, notice_id, lock=True)
    if work.actor.organisation_id == notice.organisation_id:
        raise NotAllowed(N_("Über die eigene Organisation entscheidet jemand anderes."))
    if notice.state != NoticeState.SUBMITTED:
        raise Conflict(N_("Über diesen Nachweis ist schon entschieden."))
    return notice


def _words(field: str, typed: str, missing: str) -> str:
    text = tidy_message(typed)
    if not text:
        raise InvalidInput({field: missing})
    if len(text) > LONGEST_DECISION:
        raise InvalidInput(
            {field: Sentence(N_("Höchstens %(most)s Zeichen."), most=LONGEST_DECISION)}
        )
    return text


def _decide(work: UnitOfWork, notice: ExemptionNotice, state: NoticeState, words: str) -> None:
    notice.state, notice.reason = state, words
    notice.decided_at, notice.decided_by = work.now(), work.actor.person_id
    work.session.flush()
    work.record(
        "decide_notice", "exemption_notice", notice.id, {"decision": state, "reason": words}
    )
    tell_organisation(work, notice)
