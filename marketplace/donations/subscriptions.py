"""What follows a step of a claim: mails, deadlines, the waiting list, what is left of a gift."""

from marketplace.bookings.queries import register_spending
from marketplace.donations.events import ClaimStepped, GiftChanged, PickupChosen, StatusProven
from marketplace.donations.models import Claim, ClaimStep
from marketplace.donations.operations.collecting import watch_collection
from marketplace.donations.operations.steps import go_on, move_up
from marketplace.donations.operations.telling import tell
from marketplace.donations.queries.claims import (
    claim_by_id,
    claims_to,
    gifts_waited_for,
    granted_of,
    steps_of,
    terms_of,
    unnamed_givers,
)
from marketplace.donations.rules.news import PICKUP_CHOSEN, news_for
from marketplace.donations.rules.states import ClaimState, Side
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.events import subscribe
from marketplace.listings.events import ListingPublished
from marketplace.listings.queries import is_gift, listing_by_id
from marketplace.messaging.queries import register_unnamed

register_spending(granted_of)
register_unnamed(unnamed_givers)


@subscribe(ClaimStepped)
def tell_both_sides(work: UnitOfWork, event: ClaimStepped) -> None:
    """Tell each side what it has to know of a step."""
    claim = claim_by_id(work, event.claim_id)
    step = work.session.get_one(ClaimStep, event.step_id)
    for reader in (Side.GIVER, Side.CLAIMANT):
        news = news_for(
            ClaimState(step.state),
            reader=reader,
            actor=Side(step.side) if step.side else None,
            has_last_day=terms_of(claim.listing).collect_until is not None,
        )
        if news is not None:
            is_new = step.position == 1 and reader is Side.GIVER
            # What the deadline or the rule writes down is what the mail says in its own words.
            written = step.note if step.side else ""
            note = claim.justification if is_new else written
            tell(work, claim, step, news, reader=reader, note=note)


@subscribe(ClaimStepped)
def watch_the_time(work: UnitOfWork, event: ClaimStepped) -> None:
    """Have the worker take back what nobody answers, and go on when a gift is open to all."""
    claim = claim_by_id(work, event.claim_id)
    if claim.state == ClaimState.OFFERED:
        work.enqueue("lapse_offer_of_gift", due_at=claim.answer_until, claim_id=claim.id)
    if claim.state == ClaimState.WAITLISTED:
        _watch_the_opening(work, claim)
    if claim.state == ClaimState.ACCEPTED:
        watch_collection(work, claim)


@subscribe(GiftChanged)
def let_others_have_more(work: UnitOfWork, event: GiftChanged) -> None:
    """Offer what the change has set free, now or when the gift is open to all by its new day."""
    listing = listing_by_id(work, event.listing_id, lock=True)
    go_on(work, listing)
    waiting = (each for each in claims_to(work, listing.id) if each.state == ClaimState.WAITLISTED)
    if claim := next(waiting, None):
        _watch_the_opening(work, claim)


@subscribe(PickupChosen)
def watch_the_pickup(work: UnitOfWork, event: PickupChosen) -> None:
    """Tell the other side; from then on it is late by the time that was chosen."""
    claim = claim_by_id(work, event.claim_id)
    reader = Side.CLAIMANT if event.side is Side.GIVER else Side.GIVER
    step = steps_of(work, claim.id)[-1]
    about = f"-pickup-{claim.version}"
    tell(work, claim, step, PICKUP_CHOSEN, reader=reader, about=about)
    watch_collection(work, claim)


@subscribe(ListingPublished)
def look_for_matches(work: UnitOfWork, event: ListingPublished) -> None:
    """Have the worker tell whom a new gift or a new wish may help."""
    work.enqueue("tell_of_matches", listing_id=event.listing_id)


@subscribe(ListingPublished)
def go_on_with_what_was_hidden(work: UnitOfWork, event: ListingPublished) -> None:
    """Offer what became free while a gift was out of sight."""
    listing = listing_by_id(work, event.listing_id, lock=True)
    if is_gift(listing):
        go_on(work, listing)


@subscribe(StatusProven)
def let_move_up(work: UnitOfWork, event: StatusProven) -> None:
    """Offer what is left of the gifts that the organisation waits for."""
    for listing_id in gifts_waited_for(work, event.organisation_id):
        move_up(work, listing_by_id(work, listing_id, lock=True))


def _watch_the_opening(work: UnitOfWork, claim: Claim) -> None:
    """Have the worker go on with a gift once it is open to all; one job serves all who wait."""
    first = terms_of(claim.listing).recognised_first_until
    if first is not None and work.now() < first:
        work.enqueue("open_gift_to_all", due_at=first, claim_id=claim.id)
