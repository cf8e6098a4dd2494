"""Claim a gift: one transaction locks it, looks who may have it, and keeps the claim."""

from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.bookings.queries import asking_organisation, left_of
from marketplace.donations.models import Claim
from marketplace.donations.operations.steps import lapse_overdue, take_step
from marketplace.donations.queries.claims import (
    claim_in_thread,
    count_open_claims,
    own_claim_to,
    terms_of,
)
from marketplace.donations.queries.notices import today_of
from marketplace.donations.rules.requests import ClaimRequest, settled_claim
from marketplace.donations.rules.states import OVER, ClaimState, Side
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, NotAllowed, NotFound
from marketplace.foundation.identifiers import ClaimId, ListingId, new_id
from marketplace.listings.queries import is_gift, is_own, is_public, listing_by_id
from marketplace.messaging.operations import open_thread
from marketplace.messaging.queries import repeated_thread
from marketplace.messaging.rules.messages import repeat_key, tidy_message


def claim_gift(work: UnitOfWork, listing_id: ListingId, request: ClaimRequest) -> Claim:
    """Claim a part of another organisation's gift; nothing is held for it until it is offered.

    Where all of it is offered or given already, the claim goes to the end of the waiting list.
    Opens a conversation about it; a form that is sent again gives what it has claimed before.
    Raises NotFound where it is no gift on offer, NotAllowed (an own gift; an organisation that is
    not verified), InvalidInput (see settled_claim), and Conflict (illegal_transition: it is over;
    already_claimed: an own claim is under way; quota_exceeded).
    """
    check_may(work.actor, Action.CLAIM_GIFT)
    if work.actor.person_id is None:
        raise NotAllowed(N_("Dafür müssen Sie für eine Organisation angemeldet sein."))
    organisation = asking_organisation(work)
    # From here on nobody else gives anything of this gift away before the commit.
    listing = listing_by_id(work, listing_id, lock=True)
    if is_own(listing, work):
        raise NotAllowed(N_("Das verschenken Sie selbst."))
    if not is_gift(listing) or not is_public(listing, work):
        raise NotFound
    if organisation.state != VerificationState.VERIFIED:
        raise NotAllowed(
            N_("Ihre Organisation wird noch geprüft. Wir schreiben Ihnen, sobald das fertig ist.")
        )
    key = repeat_key(request.form_id, tidy_message(request.justification))
    sent_before = repeated_thread(work, listing.id, organisation.id, key)
    if sent_before and (repeated := claim_in_thread(work, sent_before.id)):
        return repeated
    terms = terms_of(listing)
    if not terms.is_open(work.now()):
        raise Conflict(N_("Anmelden kann man sich hier nicht mehr: Die Frist ist vorbei."))
    settled = settled_claim(request, terms, today=today_of(work))
    lapse_overdue(work, listing)
    _check_first(work, listing_id)
    _check_quota(work, count_open_claims(work, organisation.id))
    thread = open_thread(
        work,
        subject="listing",
        subject_id=listing.id,
        title=listing.title,
        with_organisation=listing.organisation_id,
        body=settled.justification,
        form_id=request.form_id,
    )
    claim = Claim(
        id=ClaimId(new_id()),
        listing_id=listing.id,
        organisation_id=organisation.id,
        person_id=work.actor.person_id,
        thread_id=thread.id,
        wanted=settled.quantity,
        granted=0,
        unit=listing.unit,
        intended_use=settled.intended_use,
        justification=settled.justification,
        need_by=settled.need_by,
        state=ClaimState.SUBMITTED,
        reason="",
        created_at=work.now(),
        updated_at=work.now(),
    )
    work.session.add(claim)
    work.session.flush()
    is_all_gone = left_of(work, listing) == 0
    take_step(
        work,
        claim,
        ClaimState.WAITLISTED if is_all_gone else ClaimState.SUBMITTED,
        side=Side.CLAIMANT,
        granted=0,
    )
    return claim


def _check_first(work: UnitOfWork, listing_id: ListingId) -> None:
    earlier = own_claim_to(work, listing_id)
    if earlier is not None and earlier.state not in OVER:
        raise Conflict(
            N_("Ihre Organisation hat sich hier schon angemeldet. Sie finden es im Schreibtisch."),
            code="already_claimed",
            details={"claim": earlier.id},
        )


def _check_quota(work: UnitOfWork, waiting: int) -> None:
    if waiting >= work.services.settings.limits.open_claims_per_organisation:
        raise Conflict(
            N_(
                "%(count)s Ihrer Anmeldungen sind noch offen, mehr gehen nicht auf einmal. Sobald "
                "über eine entschieden ist, können Sie sich wieder anmelden."
            ),
            code="quota_exceeded",
            count=waiting,
        )
