"""Mails to people with an account, in their own language."""

from marketplace.accounts.models import Person
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.mail.operations import queue_mail


def mail_to(
    work: UnitOfWork,
    person: Person,
    template: str,
    *,
    event_key: str,
    **context: str | int | None,
) -> None:
    """Queue a mail to somebody; the template knows them as `name`. See queue_mail."""
    queue_mail(
        work,
        template,
        to=person.email,
        event_key=event_key,
        language=person.language,
        name=person.name,
        **context,
    )
