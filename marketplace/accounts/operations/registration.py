"""Register an organisation with its first person, who then confirms the address by mail."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from marketplace.accounts.events import OrganisationSubmitted
from marketplace.accounts.models import Membership, Organisation, Person
from marketplace.accounts.operations.links import issue_link, use_link
from marketplace.accounts.operations.locations import settle_location
from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.operations.organisations import write_details, write_location
from marketplace.accounts.permissions import MemberRole
from marketplace.accounts.queries import organisation_of, people_of, person_with_email
from marketplace.accounts.rules.emails import normal_email
from marketplace.accounts.rules.links import LIFETIMES, LinkPurpose
from marketplace.accounts.rules.locations import PlaceClaim
from marketplace.accounts.rules.organisations import OrganisationDetails, VerificationState
from marketplace.districts.queries import current_text
from marketplace.districts.rules.texts import TextKey
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.identifiers import OrganisationId, PersonId, new_id
from marketplace.foundation.languages import DEFAULT_LANGUAGE
from marketplace.foundation.mail.operations import queue_mail


@dataclass(frozen=True, kw_only=True)
class FirstPerson:
    """Who registers; the password is hashed already, before the transaction opened.

    `terms_version`: the version of the terms of use that was accepted; None where the district
    has none.
    """

    name: str
    email: str
    password_hash: str
    terms_version: int | None
    language: str = DEFAULT_LANGUAGE


def register_organisation(
    work: UnitOfWork, details: OrganisationDetails, place: PlaceClaim, first: FirstPerson
) -> Organisation | None:
    """Store the organisation and its first person, and send the link that confirms the address.

    Where the address has an account already, it only gets a mail that says so and the answer is
    None: outsiders must not learn who takes part. Raises InvalidInput.
    """
    email = normal_email(first.email)
    _check_terms(work, first.terms_version)
    location = settle_location(work, details.address, place)
    person = _add_person(work, first, email)
    if person is None:
        _tell_known_address(work, email)
        return None
    organisation = Organisation(
        id=OrganisationId(new_id()),
        state=VerificationState.SUBMITTED,
        created_at=work.now(),
        updated_at=work.now(),
        submitted_at=work.now(),
    )
    write_details(organisation, details)
    write_location(work, organisation, location)
    work.session.add(organisation)
    work.session.flush()
    work.session.add(
        Membership(
            person_id=person.id,
            organisation_id=organisation.id,
            role=MemberRole.OWNER,
            created_at=work.now(),
        )
    )
    work.record("register", "organisation", organisation.id, {"person": person.id})
    _send_confirmation(work, person, organisation.name)
    return organisation


def confirm_email(work: UnitOfWork, secret: str) -> None:
    """Confirm the address that the link was sent to; raises NotFound or Conflict."""
    person_id = use_link(work, secret, (LinkPurpose.CONFIRM_EMAIL,))
    note_confirmed(work, person_id)


def note_confirmed(work: UnitOfWork, person_id: PersonId) -> None:
    """Store that a person has shown to read this mailbox; with the first one the staff begin."""
    person = work.session.get_one(Person, person_id)
    if person.email_confirmed_at is not None:
        return
    organisation = organisation_of(work, person_id)
    is_first = organisation is not None and not people_of(work, organisation.id)
    person.email_confirmed_at = work.now()
    work.record("confirm_email", "person", person_id)
    if organisation is not None and is_first:
        organisation.submitted_at = work.now()
        work.emit(OrganisationSubmitted(organisation_id=organisation.id))


def resend_confirmation(work: UnitOfWork, email: str) -> None:
    """Send a fresh link, if the address waits for one; outsiders see no difference."""
    person = person_with_email(work, email)
    work.record("ask_for_confirmation", "person", person.id if person else "")
    if person is None or person.email_confirmed_at is not None or person.disabled_at is not None:
        return
    organisation = organisation_of(work, person.id)
    _send_confirmation(work, person, organisation.name if organisation else "")


def _check_terms(work: UnitOfWork, accepted: int | None) -> None:
    terms = current_text(work, TextKey.TERMS)
    if accepted != (terms.version if terms else None):
        raise InvalidInput(
            {
                "terms": N_(
                    "Die Nutzungsbedingungen haben sich eben geändert. "
                    "Bitte lesen Sie die neue Fassung und stimmen Sie ihr zu."
                )
            }
        )


def _add_person(work: UnitOfWork, first: FirstPerson, email: str) -> Person | None:
    person = Person(
        id=PersonId(new_id()),
        email=email,
        name=first.name,
        password_hash=first.password_hash,
        staff_role=None,
        email_confirmed_at=None,
        language=first.language,
        terms_version=first.terms_version,
        terms_accepted_at=work.now() if first.terms_version is not None else None,
        disabled_at=None,
        created_at=work.now(),
    )
    try:
        with work.session.begin_nested():
            work.session.add(person)
    except IntegrityError:
        # The address has an account, perhaps since a moment ago.
        return None
    return person


def _tell_known_address(work: UnitOfWork, email: str) -> None:
    known = person_with_email(work, email)
    work.record("register_again", "person", known.id if known else "")
    queue_mail(
        work,
        "already_registered",
        to=email,
        event_key=f"register-again-{new_id()}",
        language=known.language if known else DEFAULT_LANGUAGE,
    )


def _send_confirmation(work: UnitOfWork, person: Person, organisation_name: str) -> None:
    secret = issue_link(work, person.id, LinkPurpose.CONFIRM_EMAIL)
    mail_to(
        work,
        person,
        "confirm_email",
        event_key=f"confirm-{new_id()}",
        organisation=organisation_name,
        path=f"/confirm/{secret}",
        hours=int(LIFETIMES[LinkPurpose.CONFIRM_EMAIL].total_seconds() // 3600),
    )
