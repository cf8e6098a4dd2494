"""Remind an organisation before the last day on which its notice counts."""

from datetime import datetime, time

from marketplace.accounts.queries import organisation_by_id
from marketplace.donations.models import ExemptionNotice
from marketplace.donations.operations.status_mails import tell_of_the_end
from marketplace.donations.queries.notices import notice_by_id, status_of
from marketplace.donations.rules.recipients import reminder_days
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import NoticeId
from marketplace.foundation.mail.operations import is_queued
from marketplace.listings.rules.drafts import ZONE

_MORNING = time(7)


def plan_reminders(work: UnitOfWork, notice: ExemptionNotice) -> None:
    """Have the worker remind on each of the days that still lie ahead, at 7 o'clock in Berlin."""
    for day in reminder_days(notice.notice):
        due_at = datetime.combine(day, _MORNING, ZONE)
        if due_at > work.now():
            work.enqueue(
                "remind_of_status", due_at=due_at, notice_id=notice.id, day=day.isoformat()
            )


def remind_of_status(work: UnitOfWork, notice_id: NoticeId, *, day: str) -> None:
    """Send the reminder of a day once, if this notice is what proves the status until its end."""
    notice = notice_by_id(work, notice_id)
    status = status_of(work, organisation_by_id(work, notice.organisation_id))
    event_key = f"status-{notice.id}-ends-{day}"
    if status.is_public or status.counting != notice.notice or is_queued(work, event_key):
        return
    tell_of_the_end(work, notice, event_key=event_key)
