"""Mails that tell of several things at once."""

from marketplace.accounts.models import Person
from marketplace.accounts.operations.mail_choices import unsubscribe_path
from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.queries import mail_choices_of
from marketplace.accounts.rules.mail_choices import stopped_by
from marketplace.districts.jobs import origin_of, subject_of
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import PersonId
from marketplace.foundation.jobs.worker import JobContext, job
from marketplace.foundation.mail.operations import collected_mails, note_told


@job("tell_collected")
def tell_collected(context: JobContext, person_id: str) -> None:
    """Send one mail about all that was collected for somebody; none where nothing was.

    Each collected mail planned a run; the first one of a morning tells of them all.
    """
    with context.unit_of_work() as work:
        person = work.session.get(Person, PersonId(person_id))
        collected = collected_mails(work, person.email) if person else []
        if person is None or not collected:
            return
        mail_to(
            work,
            person,
            "collected",
            event_key=f"collected-{collected[0].id}",
            lines=[
                {
                    "subject": subject_of(context, work, mail),
                    "url": origin_of(work, mail) + str(mail.context["path"]),
                }
                for mail in collected
            ],
            calendars=[file for mail in collected for file in mail.context.get("calendars", [])],
            choices_path="/account#mails",
            unsubscribe_path=_way_out(work, person.id),
        )
        for mail in collected:
            note_told(work, mail)


def _way_out(work: UnitOfWork, person_id: PersonId) -> str:
    """Give the link that stops what is collected; empty where none of it can stop."""
    can_stop = stopped_by(None, mail_choices_of(work, person_id))
    return unsubscribe_path(work, person_id, None) if can_stop else ""
