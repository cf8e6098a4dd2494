"""Sign in and out: each sign-in is a row, and deleting it ends the session."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from marketplace.accounts.backends.password_hashing import fits, hash_password, is_outdated
from marketplace.accounts.models import Person, SignIn
from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import hash_of, own_person, person_with_email, sign_ins_of
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import PersonId, new_secret

# security.md 5.2: ten sessions at most; the one unused for longest gives way.
MOST_SIGN_INS = 10
# How exactly a session's last use is known: each note of it is a write.
SEEN_EVERY = timedelta(minutes=5)


class Outcome(StrEnum):
    """What came of an address and a password."""

    RIGHT = "right"
    WRONG = "wrong"  # or no such account, or one that is shut: outsiders cannot tell
    UNCONFIRMED = "unconfirmed"  # right, but the address is not confirmed yet


@dataclass(frozen=True, kw_only=True)
class PasswordCheck:
    """The outcome, whose account it is, and a new hash where the old one is too cheap by now."""

    outcome: Outcome
    person_id: PersonId | None = None
    new_hash: str | None = None


def check_password(work: UnitOfWork, email: str, password: str) -> PasswordCheck:
    """Compare a password; only reads, and takes as long whether or not the account exists."""
    environment = work.services.settings.environment
    person = person_with_email(work, email)
    right = fits(password, person.password_hash if person else "", environment)
    if person is None:
        return PasswordCheck(outcome=Outcome.WRONG)
    if not right or person.disabled_at is not None:
        return PasswordCheck(outcome=Outcome.WRONG, person_id=person.id)
    if person.email_confirmed_at is None:
        return PasswordCheck(outcome=Outcome.UNCONFIRMED, person_id=person.id)
    outdated = is_outdated(person.password_hash, environment)
    return PasswordCheck(
        outcome=Outcome.RIGHT,
        person_id=person.id,
        new_hash=hash_password(password, environment) if outdated else None,
    )


def note_failed_sign_in(work: UnitOfWork, checked: PasswordCheck) -> None:
    """Put a refused sign-in on record; what was typed is not kept."""
    details = {"outcome": str(checked.outcome)}
    work.record("fail_to_sign_in", "person", checked.person_id or "", details)


def start_sign_in(work: UnitOfWork, person_id: PersonId, *, new_hash: str | None = None) -> str:
    """Begin a session and give its secret; sessions that are over or too many end."""
    person = work.session.get_one(Person, person_id)
    if new_hash is not None:
        person.password_hash = new_hash
    kept = [sign_in.id for sign_in in sign_ins_of(work, person_id)[: MOST_SIGN_INS - 1]]
    work.session.execute(
        delete(SignIn).where(SignIn.person_id == person_id, SignIn.id.not_in(kept))
    )
    secret = new_secret()
    work.session.add(
        SignIn(
            person_id=person_id,
            secret_hash=hash_of(secret),
            created_at=work.now(),
            last_seen_at=work.now(),
        )
    )
    work.record("sign_in", "person", person_id)
    return secret


def note_seen(work: UnitOfWork, sign_in_id: str) -> None:
    """Store that a session is in use."""
    sign_in = work.session.get(SignIn, sign_in_id)
    if sign_in is not None:
        sign_in.last_seen_at = work.now()


def end_sign_in(work: UnitOfWork, sign_in_id: str) -> None:
    """End one of the acting person's own sessions; raises NotFound for any other."""
    check_may(work.actor, Action.USE_ACCOUNT)
    sign_in = work.session.scalars(
        select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == own_person(work).id)
    ).first()
    if sign_in is None:
        raise NotFound
    work.session.delete(sign_in)
    work.record("end_sign_in", "person", own_person(work).id)


def end_other_sign_ins(work: UnitOfWork, *, keep: str) -> None:
    """End all sessions of the acting person but the one with the id `keep`."""
    check_may(work.actor, Action.USE_ACCOUNT)
    person = own_person(work)
    end_sign_ins_of(work, person.id, keep=keep)
    work.record("end_other_sign_ins", "person", person.id)


def end_sign_ins_of(work: UnitOfWork, person_id: PersonId, *, keep: str = "") -> None:
    """End all sessions of a person but the one with the id `keep`."""
    work.session.execute(delete(SignIn).where(SignIn.person_id == person_id, SignIn.id != keep))
