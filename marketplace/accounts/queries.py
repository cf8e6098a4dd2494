"""What is known about people and organisations."""

import hashlib
from datetime import timedelta

from sqlalchemy import select

from marketplace.accounts.models import Membership, Person, SignIn
from marketplace.foundation.database.unit_of_work import NOBODY, Actor, UnitOfWork
from marketplace.foundation.identifiers import PersonId

# security.md 5.2: members sign in again after 12 idle hours, staff after 30 minutes; nobody
# stays signed in longer than seven days.
MEMBER_IDLE = timedelta(hours=12)
STAFF_IDLE = timedelta(minutes=30)
LONGEST_SIGN_IN = timedelta(days=7)


def hash_of(secret: str) -> str:
    """Give what is stored of a random secret; it has 256 bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_signed_in_with(work: UnitOfWork, secret: str) -> Actor:
    """Give who signed in with this secret; NOBODY once the sign-in is over or the account shut."""
    row = work.session.execute(
        select(Person, SignIn)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(SignIn.secret_hash == hash_of(secret), Person.disabled_at.is_(None))
    ).first()
    if row is None:
        return NOBODY
    person, sign_in = row
    idle = STAFF_IDLE if person.staff_role else MEMBER_IDLE
    ends_at = min(sign_in.last_seen_at + idle, sign_in.created_at + LONGEST_SIGN_IN)
    if work.now() > ends_at:
        return NOBODY
    return actor_for(work, person.id)


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
