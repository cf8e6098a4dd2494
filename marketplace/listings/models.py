"""Offers and requests, their photos, and the times when something is free or needed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.foundation.database.model import (
    Base,
    DistrictOwned,
    owned_key,
    owned_reference,
)
from marketplace.foundation.database.types import json_column
from marketplace.foundation.identifiers import (
    ListingId,
    OrganisationId,
    PersonId,
    PhotoId,
    SiteId,
    new_id,
)


class Listing(DistrictOwned, Base):
    """Something an organisation offers or looks for; `attributes` has the kind's own values.

    `lat`/`lon` (degrees, WGS 84) are the exact place and private; `public_lat`/`public_lon`
    are what search, map and pages use, fixed when the place is set. Both pairs are null where
    the place is unknown. Money is in minor units of `currency`.
    """

    __tablename__ = "listing"
    __table_args__ = (
        owned_key(),
        owned_reference("organisation_id", "organisation"),
        owned_reference("site_id", "site"),
        UniqueConstraint("district_id", "organisation_id", "import_key"),
        CheckConstraint(
            "service_radius_km IS NULL OR service_radius_km > 0", name="service_radius_above_zero"
        ),
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        CheckConstraint("amount_minor IS NULL OR amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint("deposit_minor IS NULL OR deposit_minor >= 0", name="deposit_not_negative"),
    )

    id: Mapped[ListingId] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    direction: Mapped[str]  # listings.rules.states.Direction
    kind: Mapped[str]  # key of a listings.resource_kind.ResourceKind
    category: Mapped[str | None]  # null: none chosen
    title: Mapped[str]
    description: Mapped[str]
    attributes: Mapped[dict[str, Any]] = mapped_column(json_column())
    quantity: Mapped[int]
    unit: Mapped[str]
    terms_mode: Mapped[str | None]  # lend, rent, co_use, give; null: a draft without terms yet
    amount_minor: Mapped[int | None]  # null: free of charge, or to be agreed
    currency: Mapped[str]
    price_unit: Mapped[str | None]  # per hour, day, ...; null with amount_minor
    vat_info: Mapped[str | None]  # net, gross, exempt; null with amount_minor
    deposit_minor: Mapped[int | None]  # null: no deposit
    insurance: Mapped[str]  # lender, borrower, to_be_agreed
    insurance_note: Mapped[str]
    handover_protocol: Mapped[bool]
    street: Mapped[str]
    postcode: Mapped[str]
    place: Mapped[str]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    public_lat: Mapped[float | None]
    public_lon: Mapped[float | None]
    precision: Mapped[str | None]  # geo.interfaces.Precision; null: place unknown
    site_id: Mapped[
        SiteId | None
    ]  # null: the organisation's own address, or a place that was typed
    service_radius_km: Mapped[int | None]  # served around the place; null: only the place itself
    state: Mapped[str]  # listings.rules.states.ListingState
    staff_reason: Mapped[str]  # why the staff sent it back; empty: they did not
    valid_until: Mapped[datetime]
    import_key: Mapped[str | None]  # what names the row of an imported file; null: typed by hand
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]  # null: never public so far
    version: Mapped[int] = mapped_column()

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql", viewonly=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own name)


class AvailabilityWindow(DistrictOwned, Base):
    """A time when it is free, `[starts_at, ends_at)`; an offer without any is free always.

    For a request: when it is needed.
    """

    __tablename__ = "availability_window"
    __table_args__ = (
        owned_reference("listing_id", "listing", ondelete="CASCADE"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )

    listing_id: Mapped[ListingId] = mapped_column(index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Photo(DistrictOwned, Base):
    """A re-encoded picture without metadata; the file's name is `<id>.<extension>`."""

    __tablename__ = "photo"
    __table_args__ = (
        owned_reference("listing_id", "listing", ondelete="CASCADE"),
        UniqueConstraint("district_id", "listing_id", "position"),
    )

    id: Mapped[PhotoId] = mapped_column(primary_key=True, default=new_id)
    listing_id: Mapped[ListingId] = mapped_column(index=True)
    position: Mapped[int]
    description: Mapped[str]  # read out where the picture cannot be seen
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str]
    created_at: Mapped[datetime]


class GateDecision(DistrictOwned, Base):
    """What a gate decided when a listing was to be published, by which answers and wording."""

    __tablename__ = "gate_decision"
    __table_args__ = (
        owned_reference("listing_id", "listing", ondelete="CASCADE"),
        owned_reference("decided_for", "person"),
    )

    listing_id: Mapped[ListingId] = mapped_column(index=True)
    gate: Mapped[str]  # listings.resource_kind.Gate.key
    code: Mapped[str]  # listings.resource_kind.Ruling.code
    verdict: Mapped[str]  # listings.resource_kind.Verdict
    text_version: Mapped[str]  # listings.resource_kind.Gate.version
    text: Mapped[str]  # the wording that was shown, in German
    answers: Mapped[dict[str, Any]] = mapped_column(json_column())
    decided_at: Mapped[datetime]
    decided_for: Mapped[PersonId | None]  # null: an import


class Favourite(DistrictOwned, Base):
    """A listing that a person wants to find again."""

    __tablename__ = "favourite"
    __table_args__ = (
        UniqueConstraint("district_id", "person_id", "listing_id"),
        owned_reference("person_id", "person"),
        owned_reference("listing_id", "listing", ondelete="CASCADE"),
    )

    person_id: Mapped[PersonId]
    listing_id: Mapped[ListingId] = mapped_column(index=True)
    created_at: Mapped[datetime]


class KeptForm(DistrictOwned, Base):
    """What was typed into a listing's form and not saved yet, as it was typed."""

    __tablename__ = "kept_form"
    __table_args__ = (
        UniqueConstraint("district_id", "listing_id"),
        owned_reference("listing_id", "listing", ondelete="CASCADE"),
    )

    listing_id: Mapped[ListingId]
    fields: Mapped[list[list[str]]] = mapped_column(json_column())  # pairs of name and value
    kept_at: Mapped[datetime]
