"""Mails that follow what happened to an organisation."""

from marketplace.accounts.events import (
    OrganisationRefused,
    OrganisationSubmitted,
    OrganisationVerified,
)
from marketplace.accounts.models import VerificationDecision
from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.queries import organisation_by_id, people_of, staff
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.events import subscribe
from marketplace.foundation.identifiers import new_id


@subscribe(OrganisationSubmitted)
def tell_staff(work: UnitOfWork, event: OrganisationSubmitted) -> None:
    """Tell each of the staff that an organisation waits for them."""
    organisation = organisation_by_id(work, event.organisation_id)
    event_key = f"submitted-{new_id()}"
    for person in staff(work):
        mail_to(
            work,
            person,
            "organisation_waiting",
            event_key=event_key,
            organisation=organisation.name,
            place=f"{organisation.postcode} {organisation.place}",
            path=f"/moderation/organisations/{organisation.id}",
        )


@subscribe(OrganisationVerified)
def tell_verified(work: UnitOfWork, event: OrganisationVerified) -> None:
    """Tell the organisation's people that they can publish from now on."""
    organisation = organisation_by_id(work, event.organisation_id)
    for person in people_of(work, organisation.id):
        mail_to(
            work,
            person,
            "organisation_verified",
            event_key=f"decision-{event.decision_id}",
            organisation=organisation.name,
        )


@subscribe(OrganisationRefused)
def tell_refused(work: UnitOfWork, event: OrganisationRefused) -> None:
    """Tell the organisation's people why, and what they can do."""
    organisation = organisation_by_id(work, event.organisation_id)
    decision = work.session.get_one(VerificationDecision, event.decision_id)
    for person in people_of(work, organisation.id):
        mail_to(
            work,
            person,
            "organisation_refused",
            event_key=f"decision-{event.decision_id}",
            organisation=organisation.name,
            reason=decision.reason,
        )
