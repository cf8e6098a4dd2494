"""When a gift can be collected."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from marketplace.bookings.queries import plan_of
from marketplace.bookings.rules.opening import open_windows
from marketplace.donations.models import Claim, ClaimStep, Handover
from marketplace.donations.queries.claims import terms_of
from marketplace.donations.rules.pickups import HORIZON, due_at, free_slots
from marketplace.donations.rules.states import ClaimState
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ClaimId
from marketplace.search.rules.windows import Window


@dataclass(frozen=True, kw_only=True)
class PickupTimes:
    """When one can come: `slots` are hours to choose from; none: the giver named no times."""

    open: tuple[Window, ...]
    taken: tuple[Window, ...]
    slots: tuple[Window, ...]
    zone: ZoneInfo
    is_unlimited: bool


def pickup_times(work: UnitOfWork, claim: Claim) -> PickupTimes:
    """Give when a claim's part of the gift can be collected; needs the listing."""
    opening = plan_of(work, claim.listing).opening
    start = work.now().replace(minute=0, second=0, microsecond=0)
    collect_until = terms_of(claim.listing).collect_until
    end = min(start + HORIZON, collect_until) if collect_until else start + HORIZON
    if end <= work.now():
        end = start + HORIZON
    period = Window(work.now(), end)
    can_come = open_windows(opening, period)
    taken = _pickups_of_others(work, claim)
    return PickupTimes(
        open=can_come,
        taken=taken,
        slots=() if opening.is_unlimited else free_slots(can_come, taken, period),
        zone=opening.zone,
        is_unlimited=opening.is_unlimited,
    )


def due_of(work: UnitOfWork, claim: Claim) -> datetime:
    """Give until when an accepted claim should be collected; needs the listing."""
    accepted_at = work.session.scalar(
        select(func.max(ClaimStep.at)).where(
            ClaimStep.claim_id == claim.id, ClaimStep.state == ClaimState.ACCEPTED
        )
    )
    return due_at(
        pickup_ends_at=claim.pickup_ends_at,
        collect_until=terms_of(claim.listing).collect_until,
        accepted_at=accepted_at or claim.updated_at,
    )


def handover_of(work: UnitOfWork, claim_id: ClaimId) -> Handover | None:
    """Give what was written down when it was handed over."""
    return work.session.scalars(select(Handover).where(Handover.claim_id == claim_id)).first()


def _pickups_of_others(work: UnitOfWork, claim: Claim) -> tuple[Window, ...]:
    rows = work.session.execute(
        select(Claim.pickup_starts_at, Claim.pickup_ends_at).where(
            Claim.listing_id == claim.listing_id,
            Claim.id != claim.id,
            Claim.state == ClaimState.ACCEPTED,
            Claim.pickup_starts_at.is_not(None),
        )
    )
    return tuple(Window(start, end) for start, end in rows if start and end)
