"""Mails about what proves the status of an organisation."""

from marketplace.accounts.models import Organisation
from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.permissions import StaffRole
from marketplace.accounts.queries import organisation_by_id, people_of, staff
from marketplace.accounts.rules.mail_choices import MailTopic
from marketplace.donations.models import ExemptionNotice
from marketplace.donations.rules.recipients import NoticeState
from marketplace.donations.rules.statements import NOTICE_LABELS
from marketplace.foundation.database.unit_of_work import UnitOfWork


def tell_administrators(
    work: UnitOfWork, notice: ExemptionNotice, organisation: Organisation
) -> None:
    """Tell each of the district's administrators that a notice waits for them."""
    for person in staff(work):
        if person.staff_role == StaffRole.DISTRICT_ADMIN:
            mail_to(
                work,
                person,
                "status_waiting",
                event_key=f"status-{notice.id}-waiting",
                organisation=organisation.name,
                place=f"{organisation.postcode} {organisation.place}",
                path=f"/moderation/status/{notice.id}",
            )


def tell_organisation(work: UnitOfWork, notice: ExemptionNotice) -> None:
    """Tell the organisation's people what was decided, and why."""
    is_accepted = notice.state == NoticeState.ACCEPTED
    for person in people_of(work, notice.organisation_id):
        mail_to(
            work,
            person,
            "status_accepted" if is_accepted else "status_refused",
            event_key=f"status-{notice.id}-decided",
            organisation=organisation_by_id(work, notice.organisation_id).name,
            kind=NOTICE_LABELS[notice.notice.kind],
            day=notice.day.isoformat(),
            last_day=notice.notice.last_day.isoformat(),
            reason=notice.reason,
            path="/account/status",
        )


def tell_of_the_end(work: UnitOfWork, notice: ExemptionNotice, *, event_key: str) -> None:
    """Remind the organisation's people of the last day, and say what they can do."""
    for person in people_of(work, notice.organisation_id):
        mail_to(
            work,
            person,
            "status_ends",
            event_key=event_key,
            topic=MailTopic.REMINDERS,
            organisation=organisation_by_id(work, notice.organisation_id).name,
            kind=NOTICE_LABELS[notice.notice.kind],
            last_day=notice.notice.last_day.isoformat(),
            path="/account/status",
        )
