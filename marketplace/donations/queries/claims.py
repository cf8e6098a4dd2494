"""What is known about claims to gifts."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.accounts.permissions import Action, may
from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.bookings.models import Booking
from marketplace.bookings.queries import left_of
from marketplace.donations.models import AllocationRule, Claim, ClaimStep
from marketplace.donations.queries.notices import (
    has_proven_status,
    notices_by_organisation,
    today_of,
)
from marketplace.donations.rules.allocation import (
    DEFAULT_RULE,
    Claimant,
    Criterion,
    Line,
    Lot,
    proposed,
)
from marketplace.donations.rules.gifts import GiftTerms, gift_terms
from marketplace.donations.rules.recipients import is_public, is_recognised
from marketplace.donations.rules.states import (
    CONTACT_SHOWN,
    COUNTING,
    OPEN,
    OVER,
    WAITING,
    ClaimState,
    Side,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import ClaimId, ListingId, OrganisationId, ThreadId
from marketplace.geo.rules.points import Point, geodesic_metres
from marketplace.listings.models import Listing
from marketplace.listings.queries import (
    is_unnamed,
    listing_by_id,
    named_organisation,
    public_organisation,
    public_spot,
)
from marketplace.listings.resource_kind import UNNAMED
from marketplace.listings.rules.naming import ShownOrganisation
from marketplace.messaging.models import Participant, Thread


def claim_by_id(work: UnitOfWork, claim_id: ClaimId) -> Claim:
    """Give a claim with its gift and both organisations; raises NotFound."""
    claim = work.session.scalars(_claims().where(Claim.id == claim_id)).first()
    if claim is None:
        raise NotFound
    return claim


def lock_gift_of(work: UnitOfWork, claim_id: ClaimId) -> None:
    """Lock the gift that a claim is about until the commit, before the claim is read.

    Raises NotFound.
    """
    listing_id = work.session.scalars(select(Claim.listing_id).where(Claim.id == claim_id)).first()
    if listing_id is None:
        raise NotFound
    listing_by_id(work, listing_id, lock=True)


def visible_claim(work: UnitOfWork, claim_id: ClaimId) -> tuple[Claim, Side]:
    """Give a claim and the actor's side: giver, claimant, or the desk for the district's staff.

    Raises NotFound for everybody else.
    """
    claim = claim_by_id(work, claim_id)
    return claim, side_of_actor(work, claim)


def side_of_actor(work: UnitOfWork, claim: Claim) -> Side:
    """Give the actor's side of a claim; raises NotFound for those who have none."""
    side = claim.side_of(work.actor.organisation_id)
    if side is None and may(work.actor, Action.ALLOCATE_GIFT):
        side = Side.DESK
    if side is None:
        raise NotFound
    return side


def giver_seen_by(claim: Claim, side: Side) -> ShownOrganisation:
    """Give the giver as a side sees them: a claimant learns who it is by what they accepted."""
    if side is Side.CLAIMANT and claim.state not in CONTACT_SHOWN:
        return public_organisation(claim.listing)
    return named_organisation(claim.listing)


def across_from(claim: Claim, side: Side) -> ShownOrganisation:
    """Give the organisation across, as a side sees it."""
    if side is not Side.GIVER:
        return giver_seen_by(claim, side)
    claimant = claim.organisation
    return ShownOrganisation(id=claimant.id, name=claimant.name, place=claimant.place)


def unnamed_givers(
    work: UnitOfWork, threads: Collection[ThreadId]
) -> dict[ThreadId, OrganisationId]:
    """Give which organisation stays unnamed in which of these conversations.

    That is the giver of an unnamed gift, in claims and questions, until the other organisation
    has accepted some of it. Who once asked to borrow it knows from then whose it is.
    """
    has_accepted = exists().where(
        Claim.listing_id == Listing.id,
        Claim.state.in_(sorted(CONTACT_SHOWN)),
        Claim.organisation_id == Participant.organisation_id,
        Participant.thread_id == Thread.id,
    )
    rows = work.session.execute(
        select(Thread.id, Listing)
        .join(Listing, Listing.id == Thread.subject_id)
        .where(
            Thread.id.in_(threads),
            Listing.attributes[UNNAMED].as_boolean(),
            ~has_accepted,
            ~exists().where(Booking.thread_id == Thread.id),
        )
    )
    return {thread: listing.organisation_id for thread, listing in rows if is_unnamed(listing)}


def claim_in_thread(work: UnitOfWork, thread_id: ThreadId) -> Claim | None:
    """Give the claim that a conversation is about, with its gift and both organisations."""
    return work.session.scalars(_claims().where(Claim.thread_id == thread_id)).first()


def own_claim_to(work: UnitOfWork, listing_id: ListingId) -> Claim | None:
    """Give the acting organisation's claim to a gift that is under way; else its newest one."""
    return work.session.scalars(
        _claims()
        .where(Claim.listing_id == listing_id, Claim.organisation_id == work.actor.organisation_id)
        .order_by(Claim.state.in_(OVER), Claim.created_at.desc(), Claim.id)
    ).first()


def steps_of(work: UnitOfWork, claim_id: ClaimId) -> Sequence[ClaimStep]:
    """Give the steps of a claim, the first one first."""
    return work.session.scalars(
        select(ClaimStep).where(ClaimStep.claim_id == claim_id).order_by(ClaimStep.position)
    ).all()


def claims_to(work: UnitOfWork, listing_id: ListingId) -> list[Claim]:
    """Give all claims to a gift as they came in."""
    return list(
        work.session.scalars(
            _claims().where(Claim.listing_id == listing_id).order_by(Claim.created_at, Claim.id)
        )
    )


def claims_received(work: UnitOfWork) -> list[Claim]:
    """Give what others claim of the acting organisation and is not over, as it came in."""
    return list(
        work.session.scalars(
            _claims()
            .where(Listing.organisation_id == work.actor.organisation_id, Claim.state.not_in(OVER))
            .order_by(Claim.created_at, Claim.id)
        )
    )


def claims_sent(work: UnitOfWork) -> list[Claim]:
    """Give what the acting organisation claims of others and is not over, as it was sent."""
    return list(
        work.session.scalars(
            _claims()
            .where(Claim.organisation_id == work.actor.organisation_id, Claim.state.not_in(OVER))
            .order_by(Claim.created_at, Claim.id)
        )
    )


def claims_page(
    work: UnitOfWork, *, limit: int, after: tuple[object, str] | None = None
) -> list[Claim]:
    """Give the newest claims first: all of the district for its staff, else those on either side.

    `after`: instant and id of the last one of the page before.
    """
    statement = _claims()
    if not may(work.actor, Action.ALLOCATE_GIFT):
        own = work.actor.organisation_id
        statement = statement.where(
            or_(Claim.organisation_id == own, Listing.organisation_id == own)
        )
    if after is not None:
        created_at, claim_id = after
        statement = statement.where(
            or_(
                Claim.created_at < created_at,
                (Claim.created_at == created_at) & (Claim.id > claim_id),
            )
        )
    return list(
        work.session.scalars(statement.order_by(Claim.created_at.desc(), Claim.id).limit(limit))
    )


def count_open_claims(work: UnitOfWork, organisation_id: OrganisationId) -> int:
    """Count the claims of an organisation that nothing was agreed about yet."""
    return (
        work.session.scalar(
            select(func.count())
            .select_from(Claim)
            .where(Claim.organisation_id == organisation_id, Claim.state.in_(OPEN))
        )
        or 0
    )


def granted_of(work: UnitOfWork, listing: Listing) -> int:
    """Give how much of a gift counts as given: offered, accepted, collected or confirmed."""
    return (
        work.session.scalar(
            select(func.sum(Claim.granted)).where(
                Claim.listing_id == listing.id, Claim.state.in_(COUNTING)
            )
        )
        or 0
    )


def terms_of(listing: Listing) -> GiftTerms:
    """Give on what terms a gift is given."""
    return gift_terms(listing.attributes, listing.quantity)


def waits_for_proof(work: UnitOfWork, claim: Claim) -> bool:
    """Tell whether a claim gets nothing for now because the status it needs is not proven."""
    return (
        claim.state in WAITING
        and terms_of(claim.listing).needs_status(work.now())
        and not has_proven_status(work, claim.organisation)
    )


def rule_of_district(work: UnitOfWork) -> tuple[Criterion, ...]:
    """Give by what the district shares out lots, the most important first."""
    stored = stored_rule(work)
    return tuple(Criterion(each) for each in stored.criteria) if stored else DEFAULT_RULE


def stored_rule(work: UnitOfWork) -> AllocationRule | None:
    """Give the rule that the district has laid down; None: the product's default counts."""
    return work.session.scalars(select(AllocationRule)).first()


def claimants_of(
    work: UnitOfWork, listing: Listing, states: frozenset[ClaimState] = WAITING
) -> list[Claimant]:
    """Give the claims to a gift in some states as the rule of allocation sees them.

    Distances are between the public point of the gift and the organisation's own place.
    """
    claims = claims_to(work, listing.id)
    notices = notices_by_organisation(work, {each.organisation_id for each in claims})
    needs_status, today = terms_of(listing).needs_status(work.now()), today_of(work)
    start = public_spot(work, listing).point
    found = []
    for order, claim in enumerate(claims):
        if claim.state not in states:
            continue
        organisation = claim.organisation
        kind = OrganisationKind(organisation.kind)
        found.append(
            Claimant(
                claim_id=claim.id,
                wanted=claim.wanted,
                is_public=is_public(kind),
                is_eligible=not needs_status
                or is_recognised(kind, notices[claim.organisation_id], today),
                need_by=claim.need_by,
                distance_metres=geodesic_metres(
                    start, Point(organisation.public_lat, organisation.public_lon)
                )
                if start
                else None,
                order=order,
            )
        )
    return found


def proposal_for(work: UnitOfWork, listing: Listing) -> list[Line]:
    """Give what the district's rule would give each waiting claim of what is left."""
    return lines_for(work, listing, claimants_of(work, listing))


def lines_for(
    work: UnitOfWork, listing: Listing, claimants: Sequence[Claimant], *, given_back: int = 0
) -> list[Line]:
    """Give what the rule would give some claims of what is left, and of what is given back."""
    terms = terms_of(listing)
    lot = Lot(
        left=left_of(work, listing) + given_back,
        may_split=terms.may_split,
        smallest_lot=terms.smallest_lot,
    )
    return proposed(lot, claimants, rule_of_district(work))


def overdue_offers(work: UnitOfWork, listing_id: ListingId) -> Sequence[ClaimId]:
    """Give the claims to a gift that did not answer an offer in time."""
    return work.session.scalars(
        select(Claim.id)
        .where(
            Claim.listing_id == listing_id,
            Claim.state == ClaimState.OFFERED,
            Claim.answer_until <= work.now(),
        )
        .order_by(Claim.answer_until, Claim.id)
    ).all()


def gifts_waited_for(work: UnitOfWork, organisation_id: OrganisationId) -> Sequence[ListingId]:
    """Give the gifts on whose waiting list an organisation stands, always in the same order."""
    return work.session.scalars(
        select(Claim.listing_id)
        .where(Claim.organisation_id == organisation_id, Claim.state == ClaimState.WAITLISTED)
        .order_by(Claim.listing_id)
    ).all()


def gifts_of_the_district(work: UnitOfWork) -> list[tuple[Listing, int]]:
    """Give the gifts that have claims which are not over, with how many, for the staff."""
    counts = dict(
        work.session.execute(
            select(Claim.listing_id, func.count(Claim.id))
            .where(Claim.state.not_in(OVER))
            .group_by(Claim.listing_id)
        ).all()
    )
    listings = work.session.scalars(
        select(Listing)
        .where(Listing.id.in_(counts))
        .order_by(Listing.created_at, Listing.id)
        .options(joinedload(Listing.organisation))
    )
    return [(listing, counts[listing.id]) for listing in listings]


def _claims() -> Select[Claim]:
    return (
        select(Claim)
        .join(Claim.listing)
        .options(
            contains_eager(Claim.listing).joinedload(Listing.organisation),
            joinedload(Claim.organisation),
        )
    )
