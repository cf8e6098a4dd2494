"""What was reported."""

from collections.abc import Sequence

from sqlalchemy import select

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import ReportId
from marketplace.moderation.models import Report

_DECIDED_SHOWN = 20


def report_by_id(work: UnitOfWork, report_id: ReportId, *, lock: bool = False) -> Report:
    """Give a report; raises NotFound."""
    statement = select(Report).where(Report.id == report_id)
    if lock:
        statement = statement.with_for_update()
    report = work.session.scalars(statement).first()
    if report is None:
        raise NotFound
    return report


def waiting_reports(work: UnitOfWork) -> Sequence[Report]:
    """Give the reports that nobody has decided on, the oldest first."""
    return work.session.scalars(
        select(Report).where(Report.decision.is_(None)).order_by(Report.created_at, Report.id)
    ).all()


def decided_reports(work: UnitOfWork) -> Sequence[Report]:
    """Give the reports decided last."""
    return work.session.scalars(
        select(Report)
        .where(Report.decision.is_not(None))
        .order_by(Report.decided_at.desc(), Report.id)
        .limit(_DECIDED_SHOWN)
    ).all()


def same_report(work: UnitOfWork, report: Report) -> Report | None:
    """Give a waiting report that says the same by the same person: a form sent twice."""
    return work.session.scalars(
        select(Report).where(
            Report.subject_id == report.subject_id,
            Report.category == report.category,
            Report.reason == report.reason,
            Report.email == report.email,
            Report.person_id.is_(None)
            if report.person_id is None
            else Report.person_id == report.person_id,
            Report.decision.is_(None),
        )
    ).first()
