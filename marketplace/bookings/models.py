"""What organisations ask of an offer and agree on, and when an offer can be had."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.bookings.rules.states import OPEN, BookingState, Side, Standing
from marketplace.foundation.database.model import (
    Base,
    DistrictOwned,
    owned_key,
    owned_reference,
)
from marketplace.foundation.database.types import json_column
from marketplace.foundation.identifiers import (
    BookingId,
    ListingId,
    OrganisationId,
    PersonId,
    ThreadId,
    new_id,
)
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing


class Booking(DistrictOwned, Base):
    """A quantity over `[starts_at, ends_at)` that one organisation asks of an offer.

    Time and quantity are those on the table: what was asked, the latest counter-offer, or what
    was agreed. It is a note between the two, no contract of the product's.
    """

    __tablename__ = "booking"
    __table_args__ = (
        owned_key(),
        owned_reference("listing_id", "listing"),
        owned_reference("organisation_id", "organisation"),
        owned_reference("person_id", "person"),
        owned_reference("thread_id", "thread"),
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint(
            "hold_until IS NOT NULL OR state NOT IN ('requested', 'countered')",
            name="open_ones_have_a_deadline",
        ),
        CheckConstraint(
            "unconfirmed_by IS NULL OR state = 'completed'",
            name="only_what_is_completed_is_unconfirmed",
        ),
        Index(
            "ix_booking_taken",  # alone enough to tell what is taken
            *("listing_id", "state", "ends_at", "starts_at"),
            *("quantity", "hold_until", "district_id"),
        ),
        Index("ix_booking_deadline", "listing_id", "hold_until"),
        Index("ix_booking_waiting", "organisation_id", "hold_until"),
    )

    id: Mapped[BookingId] = mapped_column(primary_key=True, default=new_id)
    listing_id: Mapped[ListingId]
    organisation_id: Mapped[OrganisationId]
    person_id: Mapped[PersonId]
    thread_id: Mapped[ThreadId] = mapped_column(index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    quantity: Mapped[int]
    unit: Mapped[str]  # of the offer, when it was asked for
    state: Mapped[str]  # bookings.rules.states.BookingState
    proposed_by: Mapped[str]  # bookings.rules.states.Side: whose proposal is on the table
    hold_until: Mapped[datetime | None]  # null: nobody's answer is waited for
    unconfirmed_by: Mapped[
        str | None
    ]  # bookings.rules.states.Side: who has not confirmed its end; null: nobody has to
    reason: Mapped[str]  # why it was declined, cancelled or not kept; empty: no reason was owed
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    listing: Mapped[Listing] = relationship(lazy="raise_on_sql", viewonly=True)
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql", viewonly=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own name)

    @property
    def standing(self) -> Standing:
        """What decides how it can go on; needs the listing."""
        return Standing(
            state=BookingState(self.state),
            proposed_by=Side(self.proposed_by),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            hold_until=self.hold_until if self.state in OPEN else None,
            is_returned=KINDS[self.listing.kind].scheduling.comes_back(self.listing.terms_mode),
            unconfirmed_by=Side(self.unconfirmed_by) if self.unconfirmed_by else None,
        )

    def side_of(self, organisation_id: OrganisationId | None) -> Side | None:
        """Give the side an organisation is on; None: neither. Needs the listing."""
        if organisation_id is None:
            return None
        if organisation_id == self.listing.organisation_id:
            return Side.OWNER
        return Side.ASKER if organisation_id == self.organisation_id else None


class BookingStep(DistrictOwned, Base):
    """One step in the life of a booking, as both sides see it; the first one is the request."""

    __tablename__ = "booking_step"
    __table_args__ = (
        owned_reference("booking_id", "booking", ondelete="CASCADE"),
        owned_reference("person_id", "person"),
        UniqueConstraint("district_id", "booking_id", "position"),
    )

    booking_id: Mapped[BookingId]
    position: Mapped[int]  # counts from 1
    state: Mapped[str]  # where the step led
    side: Mapped[str | None]  # who took it; null: nobody, a deadline passed
    person_id: Mapped[PersonId | None]  # null with `side`
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    quantity: Mapped[int]
    note: Mapped[str]  # the message or the reason
    at: Mapped[datetime]


class OfferSchedule(DistrictOwned, Base):
    """When and on what terms of time an offer can be had; without a row: whenever it is offered.

    `weekly`: by weekday ("0" is Monday) pairs of times like ["07:00", "17:00"], "24:00" is the end
    of the day; an empty object means around the clock, a missing weekday is closed.
    """

    __tablename__ = "offer_schedule"
    __table_args__ = (
        owned_reference("listing_id", "listing", ondelete="CASCADE"),
        UniqueConstraint("district_id", "listing_id"),
        CheckConstraint("smallest_quantity > 0", name="smallest_quantity_above_zero"),
        CheckConstraint("lead_hours >= 0", name="lead_not_negative"),
        CheckConstraint("shortest_hours IS NULL OR shortest_hours > 0", name="shortest_above_zero"),
        CheckConstraint("longest_hours IS NULL OR longest_hours > 0", name="longest_above_zero"),
    )

    listing_id: Mapped[ListingId]
    zone: Mapped[str]  # IANA name: its days and hours are those of this zone
    weekly: Mapped[dict[str, Any]] = mapped_column(json_column())
    closed_on_holidays: Mapped[bool]
    lead_hours: Mapped[int]
    shortest_hours: Mapped[int | None]  # null: any
    longest_hours: Mapped[int | None]  # null: any
    smallest_quantity: Mapped[int]
    updated_at: Mapped[datetime]


class Closure(DistrictOwned, Base):
    """A time `[starts_at, ends_at)` in which an offer cannot be had; the note is the owner's."""

    __tablename__ = "closure"
    __table_args__ = (
        owned_key(),
        owned_reference("listing_id", "listing", ondelete="CASCADE"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )

    listing_id: Mapped[ListingId] = mapped_column(index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str]
