"""The figures of a year, and the closed deals behind each of them.

Where a giver stays unnamed, the place is left out as well: in a village one firm is soon guessed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, literal, or_, select
from sqlalchemy.orm import joinedload

from marketplace.bookings.models import Booking, BookingStep
from marketplace.bookings.rules.states import BookingState
from marketplace.donations.models import Claim, ClaimStep
from marketplace.donations.rules.states import ClaimState
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.impact.models import Effect, EmissionFactor
from marketplace.impact.queries.factors import all_factors
from marketplace.impact.rules.emissions import Range, factor_for, saved
from marketplace.impact.rules.measures import WeightBasis
from marketplace.listings.models import Listing
from marketplace.listings.resource_kind import UNNAMED
from marketplace.listings.rules.drafts import ZONE

Key = TypeVar("Key", str, int)


@dataclass(frozen=True, kw_only=True)
class Measures:
    """What some closed deals count for together."""

    deals: int = 0
    pieces: int = 0
    kilograms: float = 0.0
    estimated_kilograms: float = 0.0  # a part of `kilograms`
    without_weight: int = 0  # gifts for which nobody stated a weight
    hours: float = 0.0
    person_days: int = 0

    def __add__(self, other: "Measures") -> "Measures":
        """Give both together."""
        return Measures(
            deals=self.deals + other.deals,
            pieces=self.pieces + other.pieces,
            kilograms=self.kilograms + other.kilograms,
            estimated_kilograms=self.estimated_kilograms + other.estimated_kilograms,
            without_weight=self.without_weight + other.without_weight,
            hours=self.hours + other.hours,
            person_days=self.person_days + other.person_days,
        )


@dataclass(frozen=True, kw_only=True)
class Saving:
    """Emissions that may have been saved: the range, for so many kilograms, by these factors."""

    range: Range
    kilograms: float
    factors: tuple[EmissionFactor, ...]


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """How many deals of a year were agreed, and how many of these are closed by both by now."""

    agreed: int
    closed: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything that the page, the CSV and a sheet for the council say of a year.

    Categories are empty where none was chosen, places where the giver stays unnamed.
    """

    year: int
    total: Measures
    by_kind: Mapping[str, Measures]
    by_category: Mapping[str, Measures]
    by_place: Mapping[str, Measures]
    by_month: Mapping[int, Measures]
    saving: Saving | None  # None: no factor counts for what was given away
    confirmation: Confirmation


@dataclass(frozen=True, kw_only=True)
class DealFilter:
    """Which deals are looked for; None: any. The empty category and place are "none said"."""

    year: int
    kind: str | None = None
    category: str | None = None
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Group:
    month: int
    kind: str
    category: str
    place: str
    measures: Measures


def wants_no_name() -> ColumnElement[bool]:
    """Give the condition that the giver stays unnamed, said then or since; needs the listing."""
    return or_(
        Effect.is_anonymous,
        func.coalesce(Listing.attributes[UNNAMED].as_boolean(), literal(False)),
    )


def years_with_figures(work: UnitOfWork) -> list[int]:
    """Give the years in which deals were closed, the latest first."""
    return sorted(work.session.scalars(select(Effect.year).distinct()), reverse=True)


def figures_of(work: UnitOfWork, year: int) -> Figures:
    """Count up the closed deals of a year."""
    groups = _groups(work, year)
    by_category = _summed(groups, lambda each: each.category)
    return Figures(
        year=year,
        total=sum((each.measures for each in groups), Measures()),
        by_kind=_summed(groups, lambda each: each.kind),
        by_category=by_category,
        by_place=_summed(groups, lambda each: each.place),
        by_month=_summed(groups, lambda each: each.month),
        saving=_saving(by_category, all_factors(work)),
        confirmation=_confirmation(work, year),
    )


def saving_of(
    category: str, measures: Measures, factors: Sequence[EmissionFactor]
) -> Saving | None:
    """Estimate what the goods of one category have saved; None: no factor or no weight."""
    return _saving({category: measures}, factors)


def deals_of(
    work: UnitOfWork, wanted: DealFilter, *, limit: int, offset: int = 0
) -> Sequence[Effect]:
    """Give closed deals with their listing and both organisations, the latest first."""
    return work.session.scalars(
        _matching(select(Effect).join(Effect.listing), wanted)
        .options(joinedload(Effect.listing), joinedload(Effect.giver), joinedload(Effect.receiver))
        .order_by(Effect.closed_at.desc(), Effect.id)
        .limit(limit)
        .offset(offset)
    ).all()


def count_deals(work: UnitOfWork, wanted: DealFilter) -> int:
    """Give how many closed deals there are of that sort."""
    statement = _matching(select(func.count(Effect.id)).join(Effect.listing), wanted)
    return work.session.scalar(statement) or 0


Selected = TypeVar("Selected", bound=Select)  # type: ignore[type-arg]


def _matching(statement: Selected, wanted: DealFilter) -> Selected:
    conditions: list[ColumnElement[bool]] = [Effect.year == wanted.year]
    if wanted.kind is not None:
        conditions.append(Effect.kind == wanted.kind)
    if wanted.category is not None:
        conditions.append(func.coalesce(Effect.category, "") == wanted.category)
    if wanted.place is not None:
        conditions.append(_public_place() == wanted.place)
    return statement.where(*conditions)


def _public_place() -> ColumnElement[str]:
    return case((wants_no_name(), ""), else_=Effect.place)


def _groups(work: UnitOfWork, year: int) -> list[_Group]:
    place = _public_place().label("public_place")
    keys = (Effect.month, Effect.kind, Effect.category, place, Effect.weight_basis)
    rows = work.session.execute(
        select(
            *keys,
            func.count(Effect.id),
            func.sum(Effect.pieces),
            func.sum(func.coalesce(Effect.kilograms, literal(0.0))),
            func.sum(Effect.hours),
            func.sum(Effect.person_days),
        )
        .join(Effect.listing)
        .where(Effect.year == year)
        .group_by(Effect.month, Effect.kind, Effect.category, place, Effect.weight_basis)
    )
    return [
        _Group(
            month=month,
            kind=kind,
            category=category or "",
            place=where,
            measures=Measures(
                deals=deals,
                pieces=pieces,
                kilograms=kilograms,
                estimated_kilograms=kilograms if basis == WeightBasis.ESTIMATED else 0.0,
                without_weight=deals if basis == WeightBasis.MISSING else 0,
                hours=hours,
                person_days=person_days,
            ),
        )
        for month, kind, category, where, basis, deals, pieces, kilograms, hours, person_days in (
            rows.all()
        )
    ]


def _summed(groups: Sequence[_Group], key: Callable[[_Group], Key]) -> dict[Key, Measures]:
    found: dict[Key, Measures] = {}
    for each in groups:
        found[key(each)] = found.get(key(each), Measures()) + each.measures
    return found


def _saving(
    by_category: Mapping[str, Measures], factors: Sequence[EmissionFactor]
) -> Saving | None:
    stored = {each.category: each for each in factors}
    numbers = {category: each.factor for category, each in stored.items()}
    total, kilograms, used = Range(low=0.0, high=0.0), 0.0, set()
    for category, measures in by_category.items():
        found = factor_for(category, numbers)
        if found is not None and measures.kilograms > 0:
            total += saved(measures.kilograms, numbers[found])
            kilograms += measures.kilograms
            used.add(found)
    if not used:
        return None
    return Saving(
        range=total,
        kilograms=kilograms,
        factors=tuple(stored[category] for category in sorted(used)),
    )


def _confirmation(work: UnitOfWork, year: int) -> Confirmation:
    starts_at, ends_at = (
        datetime(each, 1, 1, tzinfo=ZONE).astimezone(UTC) for each in (year, year + 1)
    )
    claims = work.session.execute(
        select(
            func.count(distinct(Claim.id)),
            func.count(distinct(case((Claim.state == ClaimState.CONFIRMED, Claim.id)))),
        )
        .join(ClaimStep, ClaimStep.claim_id == Claim.id)
        .where(
            ClaimStep.state == ClaimState.ACCEPTED,
            ClaimStep.at >= starts_at,
            ClaimStep.at < ends_at,
        )
    ).one()
    is_closed = and_(Booking.state == BookingState.COMPLETED, Booking.unconfirmed_by.is_(None))
    bookings = work.session.execute(
        select(
            func.count(distinct(Booking.id)),
            func.count(distinct(case((is_closed, Booking.id)))),
        )
        .join(BookingStep, BookingStep.booking_id == Booking.id)
        .where(
            BookingStep.state == BookingState.ACCEPTED,
            BookingStep.at >= starts_at,
            BookingStep.at < ends_at,
        )
    ).one()
    return Confirmation(agreed=claims[0] + bookings[0], closed=claims[1] + bookings[1])
