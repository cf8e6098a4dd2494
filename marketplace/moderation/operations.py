"""Report a thing, and decide on a report."""

from marketplace.accounts.models import Person
from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import staff
from marketplace.accounts.rules.emails import normal_email
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput
from marketplace.foundation.identifiers import ReportId, new_id
from marketplace.foundation.mail.operations import queue_mail
from marketplace.moderation.models import Report
from marketplace.moderation.queries import report_by_id, same_report
from marketplace.moderation.rules.reports import Decision, ReportCategory, checked_reason
from marketplace.moderation.subjects import subject_called


def report_subject(
    work: UnitOfWork,
    subject: str,
    subject_id: str,
    *,
    category: ReportCategory,
    reason: str,
    email: str = "",
    language: str = "de",
) -> Report:
    """Tell the staff of a thing that the reporter sees; whoever can be written to gets a receipt.

    `email`, `language`: of a visitor who is not signed in. Raises NotFound, NotAllowed (what one
    has written oneself) and InvalidInput (`reason`, `email`).
    """
    found = subject_called(subject).find(work, subject_id)
    is_visitor = work.actor.person_id is None
    report = Report(
        id=ReportId(new_id()),
        subject=subject,
        subject_id=subject_id,
        title=found.title,
        category=category,
        reason=checked_reason(reason),
        person_id=work.actor.person_id,
        organisation_id=work.actor.organisation_id,
        email=normal_email(email) if is_visitor and email.strip() else "",
        language=language,
        created_at=work.now(),
        decision_reason="",
    )
    sent_before = same_report(work, report)
    if sent_before is not None:
        return sent_before
    work.session.add(report)
    work.session.flush()
    work.record("report", subject, subject_id, {"report": report.id, "category": category})
    _tell_reporter(work, report, "report_received")
    for person in staff(work):
        mail_to(
            work,
            person,
            "report_waiting",
            event_key=f"report-{report.id}-waiting",
            title=report.title,
            path=f"/moderation/reports/{report.id}",
        )
    return report


def decide_report(
    work: UnitOfWork, report_id: ReportId, *, decision: Decision, reason: str
) -> Report:
    """Close a report; the reporter reads the reason, and so does who wrote what is hidden.

    Raises NotFound, InvalidInput (`reason`, `decision`) and Conflict where it is decided already.
    """
    check_may(work.actor, Action.DECIDE_REPORT)
    report = report_by_id(work, report_id, lock=True)
    if report.decision is not None:
        raise Conflict(N_("Über diese Meldung wurde schon entschieden."))
    text = checked_reason(reason)
    if decision is Decision.HIDDEN:
        hide = subject_called(report.subject).hide
        if hide is None:
            raise InvalidInput({"decision": N_("Das lässt sich nicht ausblenden.")})
        hide(work, report.subject_id, text)
    report.decision = decision
    report.decision_reason = text
    report.decided_by = work.actor.person_id
    report.decided_at = work.now()
    work.record(
        "decide_report",
        report.subject,
        report.subject_id,
        {"report": report.id, "decision": decision, "reason": text},
    )
    _tell_reporter(work, report, "report_decided", decision=decision, reason=text)
    report.email = ""  # nobody needs it any more
    work.session.flush()
    return report


def _tell_reporter(
    work: UnitOfWork, report: Report, template: str, *, decision: str = "", reason: str = ""
) -> None:
    event_key = f"report-{report.id}-{template}"
    if report.person_id is not None:
        person = work.session.get_one(Person, report.person_id)
        mail_to(
            work,
            person,
            template,
            event_key=event_key,
            title=report.title,
            decision=decision,
            reason=reason,
        )
    elif report.email:
        queue_mail(
            work,
            template,
            to=report.email,
            event_key=event_key,
            language=report.language,
            name="",
            title=report.title,
            decision=decision,
            reason=reason,
        )
