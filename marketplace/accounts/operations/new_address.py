"""Change the address of an account: asked for with the password, done from the new mailbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import OneTimeLink, Person
from marketplace.accounts.operations.registration import note_confirmed
from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import own_person, person_with_email
from marketplace.accounts.rules.emails import normal_email
from marketplace.accounts.rules.links import LIFETIMES, LinkPurpose
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotFound
from marketplace.foundation.identifiers import PersonId, new_id
from marketplace.foundation.mail.operations import queue_mail, readdress_collected

_LIFETIME: timedelta = LIFETIMES[LinkPurpose.CONFIRM_EMAIL]


@dataclass(frozen=True, kw_only=True)
class NewAddress:
    """What a link from the new mailbox stands for."""

    person_id: PersonId
    before: str
    after: str
    expires_at: datetime


def ask_for_new_address(work: UnitOfWork, email: str) -> None:
    """Send a link to the address that shall be the acting person's; raises InvalidInput (`email`).

    An address that has an account already gets none, and the asking person sees no difference.
    """
    check_may(work.actor, Action.USE_ACCOUNT)
    person = own_person(work)
    address = normal_email(email)
    if address == person.email:
        raise InvalidInput({"email": N_("Das ist schon Ihre Adresse.")})
    work.record("ask_for_new_address", "person", person.id)
    if person_with_email(work, address) is not None:
        return
    expires_at = work.now() + _LIFETIME
    secret = _serializer(work).dumps([person.id, person.email, address, expires_at.isoformat()])
    queue_mail(
        work,
        "new_address",
        to=address,
        event_key=f"new-address-{new_id()}",
        language=person.language,
        name=person.name,
        path=f"/new-address/{secret}",
        hours=int(_LIFETIME.total_seconds() // 3600),
    )


def new_address_of_link(work: UnitOfWork, secret: str) -> NewAddress:
    """Give what a link stands for; raises NotFound, and Conflict where it works no longer.

    It works once, because it names the address that it replaces.
    """
    try:
        person_id, before, after, expires_at = _serializer(work).loads(secret)
    except BadSignature:
        raise NotFound from None
    asked = NewAddress(
        person_id=PersonId(person_id),
        before=before,
        after=after,
        expires_at=datetime.fromisoformat(expires_at),
    )
    person = work.session.get(Person, asked.person_id)
    if person is None or person.disabled_at is not None:
        raise NotFound
    if person.email != asked.before:
        raise Conflict(N_("Dieser Link wurde schon benutzt."))
    if work.now() >= asked.expires_at:
        raise Conflict(N_("Dieser Link ist abgelaufen."))
    return asked


def take_new_address(work: UnitOfWork, secret: str) -> None:
    """Give the person the new address and tell the old one; raises NotFound or Conflict.

    Who has the link reads the new mailbox, so it is confirmed too; links sent to the old one end.
    """
    asked = new_address_of_link(work, secret)
    person = work.session.scalars(
        select(Person)
        .where(Person.id == asked.person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if person.email != asked.before:
        raise Conflict(N_("Dieser Link wurde schon benutzt."))
    note_confirmed(work, person.id)
    try:
        with work.session.begin_nested():
            person.email = asked.after
            person.email_confirmed_at = work.now()
    except IntegrityError:
        raise Conflict(N_("Diese Adresse hat hier schon ein Konto.")) from None
    work.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person.id, OneTimeLink.used_at.is_(None))
        .values(used_at=work.now())
    )
    readdress_collected(work, asked.before, asked.after)
    work.record("change_address", "person", person.id)
    queue_mail(
        work,
        "address_changed",
        to=asked.before,
        event_key=f"address-changed-{new_id()}",
        language=person.language,
        name=person.name,
    )


def _serializer(work: UnitOfWork) -> URLSafeSerializer:
    salt = f"new address {work.district_id}"
    return URLSafeSerializer(work.services.settings.secret_key, salt=salt)
