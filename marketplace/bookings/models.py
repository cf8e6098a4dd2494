"""What organisations ask of an offer; the capacity engine takes over from here."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.foundation.database.model import (
    Base,
    DistrictOwned,
    owned_key,
    owned_reference,
)
from marketplace.foundation.identifiers import (
    BookingId,
    ListingId,
    OrganisationId,
    PersonId,
    ThreadId,
    new_id,
)
from marketplace.listings.models import Listing


class Booking(DistrictOwned, Base):
    """A quantity over `[starts_at, ends_at)` that one organisation asks of an offer."""

    __tablename__ = "booking"
    __table_args__ = (
        owned_key(),
        owned_reference("listing_id", "listing"),
        owned_reference("organisation_id", "organisation"),
        owned_reference("person_id", "person"),
        owned_reference("thread_id", "thread"),
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )

    id: Mapped[BookingId] = mapped_column(primary_key=True, default=new_id)
    listing_id: Mapped[ListingId] = mapped_column(index=True)
    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    person_id: Mapped[PersonId]
    thread_id: Mapped[ThreadId] = mapped_column(index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    quantity: Mapped[int]
    state: Mapped[str]  # bookings.rules.states.BookingState
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # null: the owner has not written yet

    listing: Mapped[Listing] = relationship(lazy="raise_on_sql", viewonly=True)
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql", viewonly=True)
