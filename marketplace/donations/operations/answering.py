"""Everything the sides do with a claim after it was made, but for offers."""

from marketplace.bookings.queries import left_of
from marketplace.bookings.rules.requests import checked_reason
from marketplace.donations.models import Claim
from marketplace.donations.operations.allocating import nothing_left
from marketplace.donations.operations.steps import (
    StepNote,
    go_on,
    lapse_overdue,
    move_up,
    take_step,
)
from marketplace.donations.queries.claims import (
    claim_by_id,
    lock_gift_of,
    terms_of,
    visible_claim,
)
from marketplace.donations.rules.states import (
    WAITING,
    ClaimAction,
    Side,
    next_state,
    owes_reason,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput, Sentence
from marketplace.foundation.identifiers import ClaimId
from marketplace.messaging.rules.messages import tidy_message


def act_on_claim(
    work: UnitOfWork,
    claim_id: ClaimId,
    action: ClaimAction,
    *,
    quantity: int | None = None,
    note: str = "",
) -> Claim:
    """Take a step; what it sets free goes to the waiting list in the same transaction.

    `quantity`: how much of an offer is accepted, or was handed over; None: all of it. Raises
    NotFound for those who take no part, Conflict where the state does not allow it
    (already_claimed: nothing is left to accept), NotAllowed where it is another side's to do, and
    InvalidInput (`reason`, `quantity`).
    """
    lock_gift_of(work, claim_id)
    claim, side = visible_claim(work, claim_id)
    lapse_overdue(work, claim.listing)
    if (
        action is ClaimAction.ACCEPT
        and side is Side.CLAIMANT
        and claim.state in WAITING
        and left_of(work, claim.listing) == 0
    ):
        raise nothing_left()
    target = next_state(action, side, claim.standing)
    reason = checked_reason(note) if owes_reason(action, side) else tidy_message(note)
    granted = _granted(claim, action, quantity)
    if action is ClaimAction.HAND_OVER:
        claim.handed_over_by = side
    if action in (ClaimAction.DECLINE, ClaimAction.NO_SHOW, ClaimAction.WITHDRAW):
        claim.reason = reason
    before = claim.granted
    take_step(work, claim, target, side=side, granted=granted, note=StepNote(text=reason))
    if granted < before:
        move_up(work, claim.listing)
    return claim


def go_on_with_gift(work: UnitOfWork, claim_id: ClaimId) -> None:
    """Do what the time asks for with the gift of a claim; safe to run twice.

    Takes back offers that nobody answered in time, and lets the waiting list move up.
    """
    lock_gift_of(work, claim_id)
    go_on(work, claim_by_id(work, claim_id).listing)


def _granted(claim: Claim, action: ClaimAction, quantity: int | None) -> int:
    match action:
        case ClaimAction.ACCEPT:
            return _part(claim, quantity, least=terms_of(claim.listing).least_of(claim.granted))
        case ClaimAction.HAND_OVER:
            return _part(claim, quantity, least=1)
        case ClaimAction.CONFIRM:
            return claim.granted
        case _:
            return 0


def _part(claim: Claim, quantity: int | None, *, least: int) -> int:
    part = claim.granted if quantity is None else quantity
    if not least <= part <= claim.granted:
        raise InvalidInput(
            {
                "quantity": Sentence(
                    N_("Möglich sind %(least)s bis %(most)s."), least=least, most=claim.granted
                )
            }
        )
    return part
