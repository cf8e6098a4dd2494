"""Give of a lot: to one claim, to all at once by the rule or otherwise, with the reasons kept."""

from collections.abc import Mapping

from marketplace.accounts.permissions import Action, may
from marketplace.bookings.queries import left_of
from marketplace.bookings.rules.requests import checked_reason
from marketplace.donations.models import Claim
from marketplace.donations.operations.steps import StepNote, lapse_overdue, move_up, take_step
from marketplace.donations.queries.claims import (
    claim_by_id,
    claimants_of,
    lines_for,
    lock_gift_of,
    visible_claim,
)
from marketplace.donations.rules.allocation import Line
from marketplace.donations.rules.states import (
    OPEN,
    ClaimAction,
    ClaimState,
    Side,
    next_state,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotFound, Sentence
from marketplace.foundation.identifiers import ClaimId, ListingId
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_gift, is_own, listing_by_id


def gift_to_allocate(
    work: UnitOfWork, listing_id: ListingId, *, lock: bool = False
) -> tuple[Listing, Side]:
    """Give a gift that the actor may share out: its giver, or the district's staff.

    Raises NotFound for everybody else.
    """
    listing = listing_by_id(work, listing_id, lock=lock)
    if not is_gift(listing):
        raise NotFound
    if is_own(listing, work):
        return listing, Side.GIVER
    if may(work.actor, Action.ALLOCATE_GIFT):
        return listing, Side.DESK
    raise NotFound


def offer_claim(work: UnitOfWork, claim_id: ClaimId, quantity: int, *, reason: str = "") -> Claim:
    """Offer a claim so much of the gift; it counts against the lot until it is answered.

    What is offered already may be changed so; what that sets free goes to the waiting list. Raises
    NotFound; Conflict: illegal_transition, not_eligible, already_claimed (nothing is left) or
    capacity_exhausted (less is left); InvalidInput: `quantity`, and `reason` where the district's
    rule gives it something else or another quantity was offered before.
    """
    lock_gift_of(work, claim_id)
    claim, side = visible_claim(work, claim_id)
    listing = claim.listing
    lapse_overdue(work, listing)
    _check_left(work, claim, quantity)
    next_state(ClaimAction.OFFER, side, claim.standing)
    lines = {each.claimant.claim_id: each for each in _lines(work, listing, claim)}
    before = claim.granted
    _offer(work, claim, quantity, side=side, line=lines[claim.id], reason=reason)
    if quantity < before:
        move_up(work, listing)
    return claim


def allocate(
    work: UnitOfWork,
    listing_id: ListingId,
    shares: Mapping[ClaimId, int],
    *,
    reasons: Mapping[ClaimId, str] | None = None,
) -> None:
    """Share out what is left among the waiting claims; those who get nothing wait on the list.

    Raises as `offer_claim` does, with all of what is left where it is less than the sum; the fields
    of InvalidInput are `quantity-<id>` and `reason-<id>`.
    """
    listing, side = gift_to_allocate(work, listing_id, lock=True)
    lapse_overdue(work, listing)
    reasons = reasons or {}
    lines = lines_for(work, listing, claimants_of(work, listing))
    _check_sum(work, listing, sum(max(0, shares.get(each.claimant.claim_id, 0)) for each in lines))
    problems: dict[str, str] = {}
    for line in lines:
        claim = claim_by_id(work, line.claimant.claim_id)
        quantity, reason = shares.get(claim.id, 0), reasons.get(claim.id, "")
        try:
            if quantity > 0:
                _offer(work, claim, quantity, side=side, line=line, reason=reason)
            else:
                _wait(work, claim, side=side, line=line, reason=reason)
        except InvalidInput as refusal:
            problems |= {f"{field}-{claim.id}": each for field, each in refusal.errors.items()}
    if problems:
        raise InvalidInput(problems)


def _offer(
    work: UnitOfWork, claim: Claim, quantity: int, *, side: Side, line: Line, reason: str
) -> None:
    if not line.claimant.is_eligible:
        raise Conflict(
            N_("%(who)s wartet noch auf den Nachweis und kann jetzt nichts bekommen."),
            code="not_eligible",
            who=claim.organisation.name,
        )
    if not 1 <= quantity <= claim.wanted:
        raise InvalidInput(
            {"quantity": Sentence(N_("Möglich sind 1 bis %(most)s."), most=claim.wanted)}
        )
    if claim.granted not in (0, quantity) and not reason.strip():
        raise InvalidInput(
            {"reason": N_("Bitte schreiben Sie, warum es jetzt eine andere Menge ist.")}
        )
    text = _reason(quantity, line, reason)
    take_step(
        work,
        claim,
        ClaimState.OFFERED,
        side=side,
        granted=quantity,
        note=StepNote(text=text, line=line),
    )


def _wait(work: UnitOfWork, claim: Claim, *, side: Side, line: Line, reason: str) -> None:
    if claim.state != ClaimState.SUBMITTED:
        return
    text = _reason(0, line, reason)
    take_step(
        work,
        claim,
        ClaimState.WAITLISTED,
        side=side,
        granted=0,
        note=StepNote(text=text, line=line),
    )


def _reason(quantity: int, line: Line, reason: str) -> str:
    """Give the reason; it is owed where somebody gets something else than by the rule."""
    if quantity == line.quantity and not reason.strip():
        return ""
    try:
        return checked_reason(reason)
    except InvalidInput as refusal:
        if reason.strip():
            raise
        raise InvalidInput(
            {
                "reason": Sentence(
                    N_("Nach der Regel wären es %(quantity)s. Bitte schreiben Sie, warum anders."),
                    quantity=line.quantity,
                )
            }
        ) from refusal


def _check_left(work: UnitOfWork, claim: Claim, quantity: int) -> None:
    own = claim.granted if claim.state == ClaimState.OFFERED else 0
    left = left_of(work, claim.listing) + own
    if quantity <= left or claim.state not in OPEN:
        return
    if left == 0:
        raise nothing_left()
    raise Conflict(
        N_("So viel ist nicht mehr da: noch %(left)s."),
        code="capacity_exhausted",
        details={"free": left},
        left=left,
    )


def _check_sum(work: UnitOfWork, listing: Listing, offered: int) -> None:
    left = left_of(work, listing)
    if offered <= left:
        return
    if left == 0:
        raise nothing_left()
    raise Conflict(
        N_("Zusammen sind das %(offered)s. Zu verteilen sind noch %(left)s."),
        code="capacity_exhausted",
        details={"free": left},
        offered=offered,
        left=left,
    )


def nothing_left() -> Conflict:
    """Give the refusal where all of a gift is offered or given to others."""
    return Conflict(N_("Es ist schon vergeben."), code="already_claimed")


def _lines(work: UnitOfWork, listing: Listing, claim: Claim) -> list[Line]:
    """Give the rule's lines for the waiting claims and for this one."""
    waiting = {each.claim_id: each for each in claimants_of(work, listing)}
    own = claimants_of(work, listing, frozenset({ClaimState(claim.state)}))
    waiting |= {each.claim_id: each for each in own if each.claim_id == claim.id}
    given_back = claim.granted if claim.state == ClaimState.OFFERED else 0
    return lines_for(work, listing, [*waiting.values()], given_back=given_back)
