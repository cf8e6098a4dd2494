"""Which mails somebody gets: chosen on the account's page, or stopped by a link in a mail."""

from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from marketplace.accounts.models import MailChoice, Person
from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import mail_choices_of, own_person
from marketplace.accounts.rules.mail_choices import PACES, Choices, MailTopic, Pace, stopped_by
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput, NotFound
from marketplace.foundation.identifiers import PersonId


def choose_mails(work: UnitOfWork, choices: Choices) -> None:
    """Send the acting person mails as chosen from now on; raises InvalidInput."""
    check_may(work.actor, Action.USE_ACCOUNT)
    problems = {
        str(topic): N_("Diese Mails lassen sich nicht ganz abstellen: Jemand wartet auf Sie.")
        for topic, pace in choices.items()
        if pace not in PACES[topic]
    }
    if problems:
        raise InvalidInput(problems)
    _store(work, own_person(work).id, choices)


def unsubscribe_path(work: UnitOfWork, person_id: PersonId, topic: MailTopic | None) -> str:
    """Give the path that stops the mails of a topic by one click, without signing in.

    It holds for one person of one district, and as long as the account does: who finds an old
    mail may want to stop those of today. `topic` None: of all that are collected.
    """
    return f"/unsubscribe/{_serializer(work).dumps([person_id, topic])}"


def topics_of_link(work: UnitOfWork, secret: str) -> Sequence[MailTopic]:
    """Give what a link stops, empty where nothing is left; raises NotFound for any other text."""
    person_id, topic = _read(work, secret)
    return stopped_by(topic, mail_choices_of(work, person_id))


def unsubscribe(work: UnitOfWork, secret: str) -> Sequence[MailTopic]:
    """Send no more mails of the link's topics, and give those; raises NotFound."""
    person_id, topic = _read(work, secret)
    stopped = stopped_by(topic, mail_choices_of(work, person_id))
    _store(work, person_id, dict.fromkeys(stopped, Pace.NEVER))
    return stopped


def _read(work: UnitOfWork, secret: str) -> tuple[PersonId, MailTopic | None]:
    try:
        person_id, topic = _serializer(work).loads(secret)
    except BadSignature:
        raise NotFound from None
    if work.session.get(Person, person_id) is None:
        raise NotFound
    return PersonId(person_id), MailTopic(topic) if topic else None


def _store(work: UnitOfWork, person_id: PersonId, choices: Choices) -> None:
    # The person's row is the lock: two first choices at the same time make one row, not two.
    work.session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    stored = {
        each.topic: each
        for each in work.session.scalars(
            select(MailChoice).where(MailChoice.person_id == person_id)
        )
    }
    for topic, pace in choices.items():
        choice = stored.get(topic) or MailChoice(person_id=person_id, topic=topic)
        choice.pace, choice.updated_at = pace, work.now()
        work.session.add(choice)
    if choices:
        work.record(
            "choose_mails",
            "person",
            person_id,
            {str(topic): str(pace) for topic, pace in choices.items()},
        )


def _serializer(work: UnitOfWork) -> URLSafeSerializer:
    salt = f"unsubscribe {work.district_id}"
    return URLSafeSerializer(work.services.settings.secret_key, salt=salt)
