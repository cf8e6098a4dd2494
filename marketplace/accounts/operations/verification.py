"""The district's staff see what an organisation states, and verify or refuse it."""

from marketplace.accounts.events import OrganisationRefused, OrganisationVerified
from marketplace.accounts.models import Organisation, VerificationDecision
from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import organisation_by_id
from marketplace.accounts.rules.organisations import VerificationState, may_become
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotAllowed, StaleVersion
from marketplace.foundation.identifiers import OrganisationId, new_id


def verify_organisation(
    work: UnitOfWork, organisation_id: OrganisationId, *, seen: str, version: int | None = None
) -> None:
    """Open publishing for an organisation; `seen` names what was looked at.

    `version`: what was on the screen; raises StaleVersion where the organisation has changed
    since. Raises Conflict where somebody has decided already, and InvalidInput.
    """
    if not seen.strip():
        raise InvalidInput({"seen": N_("Bitte schreiben Sie, was Sie eingesehen haben.")})
    organisation = _organisation_to_decide(work, organisation_id, version)
    decision = _decide(work, organisation, VerificationState.VERIFIED, seen=seen.strip())
    work.emit(OrganisationVerified(organisation_id=organisation.id, decision_id=decision.id))


def refuse_organisation(
    work: UnitOfWork, organisation_id: OrganisationId, *, reason: str, version: int | None = None
) -> None:
    """Refuse an organisation for a reason that it will read; it may change and hand in again.

    Raises StaleVersion, Conflict and InvalidInput as verify_organisation does.
    """
    if not reason.strip():
        raise InvalidInput(
            {"reason": N_("Bitte schreiben Sie den Grund auf. Die Organisation liest ihn.")}
        )
    organisation = _organisation_to_decide(work, organisation_id, version)
    decision = _decide(work, organisation, VerificationState.REFUSED, reason=reason.strip())
    work.emit(OrganisationRefused(organisation_id=organisation.id, decision_id=decision.id))


def _organisation_to_decide(
    work: UnitOfWork, organisation_id: OrganisationId, version: int | None
) -> Organisation:
    check_may(work.actor, Action.VERIFY_ORGANISATION)
    organisation = organisation_by_id(work, organisation_id, lock=True)
    if work.actor.organisation_id == organisation_id:
        raise NotAllowed(N_("Über die eigene Organisation entscheidet jemand anderes."))
    if version is not None and organisation.version != version:
        raise StaleVersion(
            N_("Die Organisation hat ihre Angaben inzwischen geändert. Bitte sehen Sie sie neu an.")
        )
    return organisation


def _decide(
    work: UnitOfWork,
    organisation: Organisation,
    state: VerificationState,
    *,
    seen: str = "",
    reason: str = "",
) -> VerificationDecision:
    if not may_become(VerificationState(organisation.state), state):
        raise Conflict(N_("Über diese Organisation ist schon entschieden."))
    organisation.state = state
    decision = VerificationDecision(
        id=new_id(),
        organisation_id=organisation.id,
        decided_by=work.actor.person_id,
        decided_at=work.now(),
        verified=state is VerificationState.VERIFIED,
        seen=seen,
        reason=reason,
    )
    work.session.add(decision)
    deed = "verify" if decision.verified else "refuse"
    work.record(deed, "organisation", organisation.id, {"seen": seen, "reason": reason})
    return decision
