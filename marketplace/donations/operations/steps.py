"""What every step of a claim has in common: it is written down, told, and found by searches."""

from dataclasses import dataclass

from sqlalchemy import func, select

from marketplace.bookings.operations.steps import refresh_free_times
from marketplace.donations.events import ClaimStepped
from marketplace.donations.models import Claim, ClaimStep
from marketplace.donations.queries.claims import (
    claim_by_id,
    claimants_of,
    lines_for,
    overdue_offers,
)
from marketplace.donations.rules.allocation import Line
from marketplace.donations.rules.states import COUNTING, ClaimState, Side
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_
from marketplace.foundation.identifiers import new_id
from marketplace.listings.models import Listing
from marketplace.listings.rules.states import ListingState

# What the staff look at may have been hidden before; it goes on once they let it be published.
_PUT_AWAY = frozenset({ListingState.DRAFT, ListingState.IN_REVIEW, ListingState.ARCHIVED})
NOT_ANSWERED = N_("Niemand hat rechtzeitig geantwortet.")


@dataclass(frozen=True, kw_only=True)
class StepNote:
    """What is written down with a step: the reason, and what the district's rule had given."""

    text: str = ""
    line: Line | None = None

    def rule(self) -> dict[str, object] | None:
        """Give the line as it is stored."""
        if self.line is None:
            return None
        return {
            "place": self.line.place,
            "quantity": self.line.quantity,
            "outcome": self.line.outcome,
        }


def take_step(
    work: UnitOfWork,
    claim: Claim,
    state: ClaimState,
    *,
    side: Side | None,
    granted: int,
    note: StepNote = StepNote(),
) -> ClaimStep:
    """Note that a claim went on, in this transaction: state, step, audit trail and news.

    Who calls holds the lock on the gift.
    """
    before = claim.granted if claim.state in COUNTING else 0
    claim.state, claim.granted, claim.updated_at = state, granted, work.now()
    claim.answer_until = (
        work.now() + work.services.settings.limits.claim_hold
        if state is ClaimState.OFFERED
        else None
    )
    step = ClaimStep(
        id=new_id(),
        claim_id=claim.id,
        position=_last_position(work, claim) + 1,
        state=state,
        side=side,
        person_id=work.actor.person_id if side is not None else None,
        quantity=granted or claim.wanted,
        note=note.text,
        rule=note.rule(),
        at=work.now(),
    )
    work.session.add(step)
    work.session.flush()
    work.record("step_claim", "claim", claim.id, {"state": state, "quantity": granted})
    work.emit(ClaimStepped(claim_id=claim.id, step_id=step.id))
    if before != (granted if state in COUNTING else 0):
        refresh_free_times(work, claim.listing)
    return step


def go_on(work: UnitOfWork, listing: Listing) -> None:
    """Take back what nobody answered in time and let the waiting list move up; it is locked."""
    lapse_overdue(work, listing)
    move_up(work, listing)


def move_up(work: UnitOfWork, listing: Listing) -> None:
    """Offer what is left to those on the waiting list, by the rule; the gift is locked.

    Nobody overtakes those about whom nothing was decided yet: what the rule gives them stays. What
    was put away or hidden is not offered.
    """
    if listing.state in _PUT_AWAY:
        return
    for line in lines_for(work, listing, claimants_of(work, listing)):
        claim = claim_by_id(work, line.claimant.claim_id)
        if line.quantity > 0 and claim.state == ClaimState.WAITLISTED:
            take_step(
                work,
                claim,
                ClaimState.OFFERED,
                side=None,
                granted=line.quantity,
                note=StepNote(line=line),
            )


def lapse_overdue(work: UnitOfWork, listing: Listing) -> None:
    """Take back the offers of a gift that nobody answered in time; the gift is locked."""
    for claim_id in overdue_offers(work, listing.id):
        claim = claim_by_id(work, claim_id)
        claim.reason = NOT_ANSWERED
        take_step(
            work,
            claim,
            ClaimState.DECLINED,
            side=None,
            granted=0,
            note=StepNote(text=NOT_ANSWERED),
        )


def _last_position(work: UnitOfWork, claim: Claim) -> int:
    return (
        work.session.scalar(
            select(func.max(ClaimStep.position)).where(ClaimStep.claim_id == claim.id)
        )
        or 0
    )
