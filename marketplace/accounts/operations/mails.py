"""Mails to people with an account, in their own language, as soon as they want them."""

from datetime import datetime

from marketplace.accounts.models import Person
from marketplace.accounts.operations.mail_choices import unsubscribe_path
from marketplace.accounts.queries import mail_choices_of
from marketplace.accounts.rules.mail_choices import (
    MailTopic,
    Pace,
    can_stop,
    next_morning,
    pace_of,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.mail.operations import Words, collect_mail, queue_mail


def mail_to(
    work: UnitOfWork,
    person: Person,
    template: str,
    *,
    event_key: str,
    topic: MailTopic | None = None,
    act_by: datetime | None = None,
    **context: Words,
) -> None:
    """Queue a mail to somebody; the template knows them as `name`. See queue_mail.

    With a topic the person's choice decides: at once, collected until the next morning (not what
    has to be done before, `act_by`), or not at all. Without one it goes out at once.
    """
    words = {"name": person.name, **context}
    pace = Pace.AT_ONCE
    if topic is not None:
        pace = pace_of(mail_choices_of(work, person.id)[topic], now=work.now(), act_by=act_by)
        words["choices_path"] = "/account#mails"
        if can_stop(topic):
            words["unsubscribe_path"] = unsubscribe_path(work, person.id, topic)
    to, language = person.email, person.language
    if pace is Pace.AT_ONCE:
        queue_mail(work, template, to=to, event_key=event_key, language=language, **words)
    elif pace is Pace.DAILY:
        collect_mail(work, template, to=to, event_key=event_key, language=language, **words)
        work.enqueue("tell_collected", due_at=next_morning(work.now()), person_id=person.id)
