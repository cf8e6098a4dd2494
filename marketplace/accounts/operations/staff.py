"""The operator makes the district's first staff."""

from dataclasses import dataclass

from marketplace.accounts.backends.password_hashing import NO_PASSWORD
from marketplace.accounts.models import Person
from marketplace.accounts.operations.links import issue_link
from marketplace.accounts.permissions import Action, StaffRole, check_may
from marketplace.accounts.queries import person_with_email
from marketplace.accounts.rules.emails import normal_email
from marketplace.accounts.rules.links import LinkPurpose
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.identifiers import PersonId, new_id


@dataclass(frozen=True, kw_only=True)
class NewStaff:
    """Who was made; `link_secret` sets the first password and is None where one was given."""

    person_id: PersonId
    email: str
    link_secret: str | None


def create_staff(
    work: UnitOfWork,
    email: str,
    role: StaffRole,
    *,
    name: str = "",
    password_hash: str | None = None,
) -> NewStaff:
    """Make somebody of the district's staff; the operator vouches for the address.

    Raises InvalidInput (field `email`) where it is no address or has an account already.
    """
    check_may(work.actor, Action.CREATE_STAFF)
    email = normal_email(email)
    if person_with_email(work, email) is not None:
        raise InvalidInput({"email": N_("Diese Adresse hat hier schon ein Konto.")})
    person = Person(
        id=PersonId(new_id()),
        email=email,
        name=name.strip() or email.partition("@")[0],
        password_hash=password_hash or NO_PASSWORD,
        staff_role=role,
        email_confirmed_at=work.now(),
        terms_version=None,
        terms_accepted_at=None,
        disabled_at=None,
        created_at=work.now(),
    )
    work.session.add(person)
    work.session.flush()
    work.record("create_staff", "person", person.id, {"role": str(role)})
    secret = issue_link(work, person.id, LinkPurpose.FIRST_PASSWORD) if not password_hash else None
    return NewStaff(person_id=person.id, email=email, link_secret=secret)
