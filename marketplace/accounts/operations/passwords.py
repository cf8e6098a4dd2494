"""Set passwords: by a link from a mail, or knowing the present one."""

from collections.abc import Iterable

from marketplace.accounts.backends.common_passwords import common_passwords
from marketplace.accounts.backends.password_hashing import fits, hash_password
from marketplace.accounts.models import Person
from marketplace.accounts.operations.links import issue_link, use_link
from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.operations.registration import note_confirmed
from marketplace.accounts.operations.sign_in import end_sign_ins_of
from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import own_person, person_with_email
from marketplace.accounts.rules.links import LIFETIMES, PASSWORD_PURPOSES, LinkPurpose
from marketplace.accounts.rules.passwords import fault_of
from marketplace.districts.queries import own_district
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.identifiers import new_id


def hash_new_password(work: UnitOfWork, password: str, *, names: Iterable[str]) -> str:
    """Check a new password and give its hash; slow, so `work` only reads.

    `names`: those of the person and the organisation. Raises InvalidInput (field `password`).
    """
    district = own_district(work)
    fault = fault_of(
        password,
        names=(district.site_name, district.name, *names),
        common=common_passwords(),
    )
    if fault is not None:
        raise InvalidInput({"password": fault})
    return hash_password(password, work.services.settings.environment)


def check_current_password(work: UnitOfWork, password: str) -> None:
    """Raise InvalidInput (field `current_password`) unless it is the acting person's."""
    if not fits(password, own_person(work).password_hash, work.services.settings.environment):
        raise InvalidInput({"current_password": N_("Das ist nicht Ihr jetziges Passwort.")})


def change_password(work: UnitOfWork, password_hash: str, *, keep: str) -> None:
    """Give the acting person a new password and end all sessions but the one with the id `keep`."""
    check_may(work.actor, Action.USE_ACCOUNT)
    person = own_person(work)
    end_sign_ins_of(work, person.id, keep=keep)
    _store_password(work, person, password_hash)


def ask_for_reset(work: UnitOfWork, email: str) -> None:
    """Send a link that sets a new password, if the address has an account.

    Outsiders see no difference, and both cases write and commit.
    """
    person = person_with_email(work, email)
    work.record("ask_for_reset", "person", person.id if person else "")
    if person is None or person.disabled_at is not None:
        return
    secret = issue_link(work, person.id, LinkPurpose.RESET_PASSWORD)
    mail_to(
        work,
        person,
        "reset_password",
        event_key=f"reset-{new_id()}",
        path=f"/reset-password/{secret}",
        minutes=int(LIFETIMES[LinkPurpose.RESET_PASSWORD].total_seconds() // 60),
    )


def set_password_with_link(work: UnitOfWork, secret: str, password_hash: str) -> None:
    """Set the password of whom the link was sent to and end all sessions of that person.

    Who has the link reads the mailbox, so the address is confirmed too. Raises NotFound or
    Conflict.
    """
    person_id = use_link(work, secret, PASSWORD_PURPOSES)
    person = work.session.get_one(Person, person_id)
    note_confirmed(work, person_id)
    end_sign_ins_of(work, person_id)
    _store_password(work, person, password_hash)


def _store_password(work: UnitOfWork, person: Person, password_hash: str) -> None:
    person.password_hash = password_hash
    work.record("set_password", "person", person.id)
    mail_to(
        work,
        person,
        "password_changed",
        event_key=f"password-{new_id()}",
    )
