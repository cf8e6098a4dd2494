"""Effects of closed deals, who wants to be named, and the district's factors of emissions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from marketplace.accounts.models import Organisation
from marketplace.foundation.database.model import (
    Base,
    DistrictOwned,
    owned_key,
    owned_reference,
)
from marketplace.foundation.identifiers import (
    BookingId,
    ClaimId,
    ListingId,
    OrganisationId,
    PersonId,
)
from marketplace.impact.rules.emissions import Factor
from marketplace.listings.models import Listing


class Effect(DistrictOwned, Base):
    """What one deal that both sides have closed counts for, as things stood at that moment.

    Exactly one row for each claim or booking; it goes with its source, and is taken back if that is
    no longer closed. `year` and `month` are by Berlin's calendar.
    """

    __tablename__ = "effect"
    __table_args__ = (
        owned_reference("claim_id", "claim", ondelete="CASCADE"),
        owned_reference("booking_id", "booking", ondelete="CASCADE"),
        owned_reference("listing_id", "listing"),
        owned_reference("giver_id", "organisation"),
        owned_reference("receiver_id", "organisation"),
        UniqueConstraint("district_id", "claim_id"),
        UniqueConstraint("district_id", "booking_id"),
        CheckConstraint("claim_id IS NOT NULL OR booking_id IS NOT NULL", name="has_a_source"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month_of_the_year"),
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        Index("ix_effect_year", "district_id", "year"),
        Index("ix_effect_giver", "giver_id", "year"),
    )

    claim_id: Mapped[ClaimId | None]  # null: it comes from a booking
    booking_id: Mapped[BookingId | None]  # null: it comes from a claim
    listing_id: Mapped[ListingId]
    giver_id: Mapped[OrganisationId]
    receiver_id: Mapped[OrganisationId]
    kind: Mapped[str]  # key of a listings.resource_kind.ResourceKind
    category: Mapped[str | None]  # null: none chosen
    mode: Mapped[str]  # give, lend, rent, co_use
    place: Mapped[str]  # of the giver
    year: Mapped[int]
    month: Mapped[int]
    quantity: Mapped[int]
    unit: Mapped[str]
    pieces: Mapped[int]
    kilograms: Mapped[float | None]  # null: nobody stated a weight, or nothing is weighed
    weight_basis: Mapped[str]  # impact.rules.measures.WeightBasis
    hours: Mapped[float]
    person_days: Mapped[int]
    is_anonymous: Mapped[bool]  # the giver wanted to stay unnamed
    closed_at: Mapped[datetime]

    listing: Mapped[Listing] = relationship(lazy="raise_on_sql", viewonly=True)
    giver: Mapped[Organisation] = relationship(
        lazy="raise_on_sql", viewonly=True, foreign_keys="[Effect.district_id, Effect.giver_id]"
    )
    receiver: Mapped[Organisation] = relationship(
        lazy="raise_on_sql", viewonly=True, foreign_keys="[Effect.district_id, Effect.receiver_id]"
    )


class EngagementChoice(DistrictOwned, Base):
    """Where an organisation lets itself be named; without a row: nowhere."""

    __tablename__ = "engagement_choice"
    __table_args__ = (
        owned_reference("organisation_id", "organisation"),
        UniqueConstraint("district_id", "organisation_id"),
    )

    organisation_id: Mapped[OrganisationId]
    as_giver: Mapped[bool]
    as_recipient: Mapped[bool]
    updated_at: Mapped[datetime]


class EmissionFactor(DistrictOwned, Base):
    """What using on a kilogram of a category may save, by a source that the staff have named.

    Factors are kg CO2e for a kilogram; displacement is the share (0 to 1) of what is used on that
    really replaces a purchase. None is shipped with the product.
    """

    __tablename__ = "emission_factor"
    __table_args__ = (
        owned_key(),
        owned_reference("entered_by", "person"),
        UniqueConstraint("district_id", "category"),
        CheckConstraint("low >= 0 AND low <= high", name="low_below_high"),
        CheckConstraint(
            "displacement_low >= 0 AND displacement_low <= displacement_high "
            "AND displacement_high <= 1",
            name="displacement_is_a_share",
        ),
    )

    category: Mapped[str]  # a group or a leaf of listings.rules.categories
    low: Mapped[float]
    high: Mapped[float]
    displacement_low: Mapped[float]
    displacement_high: Mapped[float]
    source_title: Mapped[str]
    source_url: Mapped[str]
    year: Mapped[int]  # that the source speaks of
    licence: Mapped[str]
    entered_by: Mapped[PersonId]
    entered_at: Mapped[datetime]

    @property
    def factor(self) -> Factor:
        """The numbers that the rules need."""
        return Factor(
            low=self.low,
            high=self.high,
            displacement_low=self.displacement_low,
            displacement_high=self.displacement_high,
        )
