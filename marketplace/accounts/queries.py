"""What is known about people and organisations."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from marketplace.accounts.models import (
    MailChoice,
    Membership,
    OneTimeLink,
    Organisation,
    Person,
    SignIn,
    Site,
    VerificationDecision,
)
from marketplace.accounts.permissions import MemberRole
from marketplace.accounts.rules.links import LinkPurpose, LinkState
from marketplace.accounts.rules.mail_choices import PACES, Choices, MailTopic, Pace
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.foundation.database.unit_of_work import NOBODY, Actor, UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import OrganisationId, PersonId, SiteId
from marketplace.foundation.mail.queries import Undelivered, undelivered

# security.md 5.2: members sign in again after 12 idle hours, staff after 30 minutes; members stay
# signed in for seven days at most, staff for twelve hours.
MEMBER_IDLE = timedelta(hours=12)
STAFF_IDLE = timedelta(minutes=30)
MEMBER_LONGEST = timedelta(days=7)
STAFF_LONGEST = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class RunningSignIn:
    """A session that has not ended, and whom it stands for."""

    id: str
    actor: Actor
    organisation_name: str  # empty for people of no organisation
    last_seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the staff decided about an organisation, with the name of who did."""

    decided_at: datetime
    decided_by: str
    verified: bool
    seen: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class UnreachablePerson:
    """Somebody whose address takes no mails."""

    name: str
    email: str
    organisation: str  # empty for the staff
    organisation_id: OrganisationId | None  # None for the staff
    mails: Undelivered


def hash_of(secret: str) -> str:
    """Give what is stored of a random secret; it has 256 bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def running_sign_in(work: UnitOfWork, secret: str) -> RunningSignIn | None:
    """Give the sign-in with this secret; None once it is over or the account is shut."""
    row = work.session.execute(
        select(SignIn, Person)
        .join(Person, SignIn.person_id == Person.id)
        .where(SignIn.secret_hash == hash_of(secret), Person.disabled_at.is_(None))
    ).first()
    if row is None:
        return None
    sign_in, person = row
    if work.now() > _end_of(sign_in, person):
        return None
    organisation = organisation_of(work, person.id)
    return RunningSignIn(
        id=sign_in.id,
        actor=actor_for(work, person.id),
        organisation_name=organisation.name if organisation else "",
        last_seen_at=sign_in.last_seen_at,
    )


def sign_ins_of(work: UnitOfWork, person_id: PersonId) -> list[SignIn]:
    """Give the running sign-ins of a person, the latest seen first."""
    person = work.session.get_one(Person, person_id)
    stored = work.session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id)
        .order_by(SignIn.last_seen_at.desc(), SignIn.id)
    )
    return [sign_in for sign_in in stored if work.now() <= _end_of(sign_in, person)]


def _end_of(sign_in: SignIn, person: Person) -> datetime:
    idle = STAFF_IDLE if person.staff_role else MEMBER_IDLE
    longest = STAFF_LONGEST if person.staff_role else MEMBER_LONGEST
    return min(sign_in.last_seen_at + idle, sign_in.created_at + longest)


def actor_for(work: UnitOfWork, person_id: PersonId) -> Actor:
    """Give a person with the roles of this district: staff, and member of an organisation."""
    person = work.session.get(Person, person_id)
    if person is None:
        return NOBODY
    membership = work.session.scalars(
        select(Membership).where(Membership.person_id == person_id).order_by(Membership.created_at)
    ).first()
    roles = {role for role in (person.staff_role, membership and membership.role) if role}
    return Actor(
        name=person.name,
        person_id=person.id,
        organisation_id=membership.organisation_id if membership else None,
        roles=frozenset(roles),
    )


def person_with_email(work: UnitOfWork, email: str) -> Person | None:
    """Give the person with this address, written as rules.emails has it."""
    return work.session.scalars(select(Person).where(Person.email == email)).first()


def own_person(work: UnitOfWork) -> Person:
    """Give the acting person; raises NotFound where nobody acts."""
    person = work.session.get(Person, work.actor.person_id) if work.actor.person_id else None
    if person is None:
        raise NotFound
    return person


def mail_choices_of(work: UnitOfWork, person_id: PersonId) -> Choices:
    """Give how soon a person wants the mails of each topic."""
    chosen = work.session.execute(
        select(MailChoice.topic, MailChoice.pace).where(MailChoice.person_id == person_id)
    )
    return {topic: paces[0] for topic, paces in PACES.items()} | {
        MailTopic(topic): Pace(pace) for topic, pace in chosen
    }


def unreachable_address(work: UnitOfWork) -> str:
    """Give the acting person's address if it takes no mails, else nothing.

    A mail that we gave up says little about the address: the staff look into it.
    """
    email = own_person(work).email
    mails = undelivered(work, email).get(email)
    return email if mails and mails.is_refused else ""


def unreachable_people(work: UnitOfWork) -> list[UnreachablePerson]:
    """Give who has an account and gets no mails, the latest first."""
    refusals = undelivered(work)
    rows = work.session.execute(
        select(Person.email, Person.name, Organisation.name, Organisation.id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.email.in_(refusals), Person.disabled_at.is_(None))
    )
    people = [
        UnreachablePerson(
            name=name,
            email=email,
            organisation=organisation or "",
            organisation_id=organisation_id,
            mails=mails,
        )
        for email, name, organisation, organisation_id in rows
        if (mails := refusals[email])
    ]
    return sorted(people, key=lambda each: each.mails.last_at, reverse=True)


def names_around(work: UnitOfWork, person: Person) -> list[str]:
    """Give the names that no password may consist of: the person's and their organisation's."""
    organisation = organisation_of(work, person.id)
    return [person.name, person.email, *([organisation.name] if organisation else [])]


def organisation_of(work: UnitOfWork, person_id: PersonId) -> Organisation | None:
    """Give the organisation a person acts for, None for staff without one."""
    return work.session.scalars(
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.created_at)
    ).first()


def link_with_secret(
    work: UnitOfWork, secret: str, purposes: Iterable[LinkPurpose]
) -> tuple[OneTimeLink, LinkState]:
    """Give the link and whether it still works; raises NotFound where there is none."""
    link = work.session.scalars(
        select(OneTimeLink).where(
            OneTimeLink.secret_hash == hash_of(secret),
            OneTimeLink.purpose.in_([str(purpose) for purpose in purposes]),
        )
    ).first()
    if link is None:
        raise NotFound
    if link.used_at is not None:
        return link, LinkState.USED
    return link, LinkState.GOOD if work.now() < link.expires_at else LinkState.EXPIRED


def organisation_by_id(
    work: UnitOfWork, organisation_id: OrganisationId, *, lock: bool = False
) -> Organisation:
    """Give an organisation, locked until the commit if asked; raises NotFound."""
    statement = select(Organisation).where(Organisation.id == organisation_id)
    organisation = work.session.scalars(statement.with_for_update() if lock else statement).first()
    if organisation is None:
        raise NotFound
    return organisation


def own_organisation(work: UnitOfWork, *, lock: bool = False) -> Organisation:
    """Give the organisation that the actor acts for; raises NotFound where there is none."""
    if work.actor.organisation_id is None:
        raise NotFound
    return organisation_by_id(work, work.actor.organisation_id, lock=lock)


def own_sites(work: UnitOfWork) -> list[Site]:
    """Give the further addresses of the acting organisation that are in use, by name."""
    return list(
        work.session.scalars(
            select(Site)
            .where(Site.organisation_id == work.actor.organisation_id, Site.closed_at.is_(None))
            .order_by(Site.name, Site.id)
        )
    )


def own_site(work: UnitOfWork, site_id: SiteId) -> Site:
    """Give one of them; raises NotFound."""
    site = next((each for each in own_sites(work) if each.id == site_id), None)
    if site is None:
        raise NotFound
    return site


def organisations_in(work: UnitOfWork, state: VerificationState) -> list[Organisation]:
    """Give the organisations in this state, the longest waiting first.

    Those nobody of whom has confirmed an address are left out: nobody could be told.
    """
    return list(
        work.session.scalars(
            select(Organisation)
            .where(Organisation.state == state, Organisation.id.in_(_reachable_organisations()))
            .order_by(Organisation.submitted_at, Organisation.id)
        )
    )


def count_of_organisations(work: UnitOfWork) -> dict[VerificationState, int]:
    """Give how many organisations are in each state, counted as organisations_in shows them."""
    rows = work.session.execute(
        select(Organisation.state, func.count())
        .where(Organisation.id.in_(_reachable_organisations()))
        .group_by(Organisation.state)
    )
    counts = dict(rows.all())
    return {state: counts.get(state, 0) for state in VerificationState}


def _reachable_organisations() -> Select[OrganisationId]:
    return (
        select(Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.email_confirmed_at.is_not(None))
    )


def decisions_about(work: UnitOfWork, organisation_id: OrganisationId) -> list[Decision]:
    """Give what the staff decided about an organisation, the newest first."""
    rows = work.session.execute(
        select(VerificationDecision, Person.name)
        .join(Person, Person.id == VerificationDecision.decided_by)
        .where(VerificationDecision.organisation_id == organisation_id)
        .order_by(VerificationDecision.decided_at.desc(), VerificationDecision.id)
    )
    return [
        Decision(
            decided_at=decision.decided_at,
            decided_by=name,
            verified=decision.verified,
            seen=decision.seen,
            reason=decision.reason,
        )
        for decision, name in rows
    ]


def details_seen_at(work: UnitOfWork, organisation_id: OrganisationId) -> datetime | None:
    """Give when the staff last saw and accepted what an organisation states; None: not now.

    For pages: „Angaben eingesehen am TT.MM.JJJJ“, never more (domain guide, 7.3).
    """
    return work.session.scalars(
        select(VerificationDecision.decided_at)
        .join(Organisation, Organisation.id == VerificationDecision.organisation_id)
        .where(
            VerificationDecision.organisation_id == organisation_id,
            VerificationDecision.verified,
            Organisation.state == VerificationState.VERIFIED,
        )
        .order_by(VerificationDecision.decided_at.desc())
        .limit(1)
    ).first()


def people_of(work: UnitOfWork, organisation_id: OrganisationId) -> list[Person]:
    """Give who acts for an organisation and can sign in, the owners first."""
    return list(
        work.session.scalars(
            select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(
                Membership.organisation_id == organisation_id,
                Person.email_confirmed_at.is_not(None),
                Person.disabled_at.is_(None),
            )
            .order_by(Membership.role != MemberRole.OWNER, Membership.created_at, Person.id)
        )
    )


def staff(work: UnitOfWork) -> list[Person]:
    """Give the district's staff who can sign in."""
    return list(
        work.session.scalars(
            select(Person)
            .where(
                Person.staff_role.is_not(None),
                Person.email_confirmed_at.is_not(None),
                Person.disabled_at.is_(None),
            )
            .order_by(Person.created_at, Person.id)
        )
    )


def organisation_called(work: UnitOfWork, text: str) -> Organisation | None:
    """Give the organisation with this id or exactly this name; None where several have it."""
    organisation = work.session.get(Organisation, text)
    if organisation is not None:
        return organisation
    named = work.session.scalars(
        select(Organisation).where(Organisation.name == text).limit(2)
    ).all()
    return named[0] if len(named) == 1 else None
