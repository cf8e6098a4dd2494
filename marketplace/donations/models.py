"""Claims to gifts with their steps, what proves a recipient's status, and papers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Organisation
from marketplace.donations.rules.receipts import ReceiptState
from marketplace.donations.rules.recipients import Notice, NoticeKind, NoticeState
from marketplace.donations.rules.states import UNDER_WAY, ClaimState, Side, Standing
from marketplace.foundation.database.model import (
    Base,
    DistrictOwned,
    owned_key,
    owned_reference,
)
from marketplace.foundation.database.types import json_column
from marketplace.foundation.identifiers import (
    ClaimId,
    GiftLineId,
    ListingId,
    NoticeId,
    OrganisationId,
    PersonId,
    ReceiptId,
    ThreadId,
    new_id,
)
from marketplace.listings.models import Listing


class Claim(DistrictOwned, Base):
    """What one organisation wants of a gift, and how much of it is meant for it.

    `granted` counts in the gift's unit: what is offered, then what was accepted, then what was
    handed over; 0 while nothing is.
    """

    __tablename__ = "claim"
    __table_args__ = (
        owned_key(),
        owned_reference("listing_id", "listing"),
        owned_reference("organisation_id", "organisation"),
        owned_reference("person_id", "person"),
        owned_reference("thread_id", "thread"),
        CheckConstraint("wanted > 0", name="wanted_above_zero"),
        CheckConstraint("granted BETWEEN 0 AND wanted", name="granted_at_most_what_is_wanted"),
        CheckConstraint(
            "granted > 0 OR state NOT IN ('offered', 'accepted', 'collected', 'confirmed')",
            name="what_counts_has_a_quantity",
        ),
        CheckConstraint(
            "answer_until IS NOT NULL OR state != 'offered'", name="offers_have_a_deadline"
        ),
        CheckConstraint(
            "(pickup_starts_at IS NULL) = (pickup_ends_at IS NULL) "
            "AND (pickup_starts_at IS NULL OR pickup_starts_at < pickup_ends_at)",
            name="pickup_has_both_ends",
        ),
        # Alone enough to tell what is left of a lot.
        Index("ix_claim_counting", "listing_id", "state", "granted", "district_id"),
        Index("ix_claim_organisation", "organisation_id", "state"),
    )

    id: Mapped[ClaimId] = mapped_column(primary_key=True, default=new_id)
    listing_id: Mapped[ListingId]
    organisation_id: Mapped[OrganisationId]
    person_id: Mapped[PersonId]
    thread_id: Mapped[ThreadId] = mapped_column(index=True)
    wanted: Mapped[int]
    granted: Mapped[int]
    unit: Mapped[str]  # of the gift, when it was claimed
    intended_use: Mapped[str]  # donations.rules.requests.IntendedUse
    justification: Mapped[str]
    need_by: Mapped[date | None]  # null: no day was named
    state: Mapped[str]  # donations.rules.states.ClaimState
    reason: Mapped[str]  # why it was declined or not collected; empty: none was owed
    answer_until: Mapped[datetime | None]  # null: no answer to an offer is waited for
    handed_over_by: Mapped[str | None]  # donations.rules.states.Side; null: not handed over yet
    pickup_starts_at: Mapped[datetime | None]  # null: no time was chosen yet
    pickup_ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    listing: Mapped[Listing] = relationship(lazy="raise_on_sql", viewonly=True)
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql", viewonly=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own name)

    @property
    def standing(self) -> Standing:
        """What decides how it can go on."""
        return Standing(
            state=ClaimState(self.state),
            handed_over_by=Side(self.handed_over_by) if self.handed_over_by else None,
        )

    def side_of(self, organisation_id: OrganisationId | None) -> Side | None:
        """Give the side an organisation is on; None: neither. Needs the listing."""
        if organisation_id is None:
            return None
        if organisation_id == self.listing.organisation_id:
            return Side.GIVER
        return Side.CLAIMANT if organisation_id == self.organisation_id else None


_is_under_way = Claim.state.in_(sorted(UNDER_WAY))
Index(
    "uq_claim_under_way",
    *(Claim.district_id, Claim.listing_id, Claim.organisation_id),
    unique=True,
    sqlite_where=_is_under_way,
    postgresql_where=_is_under_way,
)


class ClaimStep(DistrictOwned, Base):
    """One step in the life of a claim, as all sides see it; the first one is the claim itself."""

    __tablename__ = "claim_step"
    __table_args__ = (
        owned_reference("claim_id", "claim", ondelete="CASCADE"),
        owned_reference("person_id", "person"),
        UniqueConstraint("district_id", "claim_id", "position"),
    )

    claim_id: Mapped[ClaimId]
    position: Mapped[int]  # counts from 1
    state: Mapped[str]  # where the step led
    side: Mapped[str | None]  # who took it; null: nobody, by rule or because a deadline passed
    person_id: Mapped[PersonId | None]  # null with `side`
    quantity: Mapped[int]
    note: Mapped[str]  # the message or the reason
    # What the district's rule gave at that moment: "place", "quantity", "outcome"; null: not asked.
    rule: Mapped[dict[str, Any] | None] = mapped_column(json_column())
    at: Mapped[datetime]


class ExemptionNotice(DistrictOwned, Base):
    """A tax office's notice as the organisation states it, and what an administrator decided.

    The organisation itself and the district's administrators see it; moderators only see whether
    the status is proven.
    """

    __tablename__ = "exemption_notice"
    __table_args__ = (
        owned_key(),
        owned_reference("organisation_id", "organisation"),
        owned_reference("decided_by", "person"),
        CheckConstraint(
            "decided_at IS NOT NULL OR state NOT IN ('accepted', 'refused')",
            name="decisions_have_a_day",
        ),
    )

    id: Mapped[NoticeId] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    kind: Mapped[str]  # donations.rules.recipients.NoticeKind
    tax_office: Mapped[str]
    tax_number: Mapped[str]
    day: Mapped[date]  # that the notice bears
    assessment_period: Mapped[str]  # such as "2021 bis 2023"; empty with § 60a
    purposes: Mapped[list[str]] = mapped_column(json_column())  # as the notice names them
    document_name: Mapped[str]  # of the copy that was sent; empty: none was
    document_sha256: Mapped[str]
    state: Mapped[str]  # donations.rules.recipients.NoticeState
    reason: Mapped[str]  # why it was refused, or what was seen
    submitted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]  # null: waits
    decided_by: Mapped[PersonId | None]

    @property
    def notice(self) -> Notice:
        """What the rules need of it."""
        return Notice(kind=NoticeKind(self.kind), day=self.day, state=NoticeState(self.state))


class AllocationRule(DistrictOwned, Base):
    """By what a district shares out lots; without a row, by the product's default."""

    __tablename__ = "allocation_rule"
    __table_args__ = (UniqueConstraint("district_id"),)

    criteria: Mapped[list[str]] = mapped_column(json_column())  # donations.rules.allocation
    updated_at: Mapped[datetime]


class Handover(DistrictOwned, Base):
    """What was written down when a part of a gift changed hands; both sides confirm it."""

    __tablename__ = "handover"
    __table_args__ = (
        owned_reference("claim_id", "claim", ondelete="CASCADE"),
        owned_reference("noted_by", "person"),
        owned_reference("confirmed_by", "person"),
        UniqueConstraint("district_id", "claim_id"),
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        CheckConstraint(
            "confirmed_at IS NULL OR confirmed_by IS NOT NULL", name="confirmed_by_somebody"
        ),
    )

    claim_id: Mapped[ClaimId]
    quantity: Mapped[int]  # in the gift's unit
    condition: Mapped[str]  # as both saw it; empty: nothing to note
    photo_sha256: Mapped[str]  # the file's name is `<id>.webp`; empty: no picture
    noted_side: Mapped[str]  # donations.rules.states.Side
    noted_by: Mapped[PersonId]
    noted_at: Mapped[datetime]
    confirmed_by: Mapped[PersonId | None]  # null: the other side has not confirmed yet
    confirmed_at: Mapped[datetime | None]


class GiftLine(DistrictOwned, Base):
    """One sort of thing in a lot (donations.rules.lines); a lot without lines is of one sort."""

    __tablename__ = "gift_line"
    __table_args__ = (
        owned_reference("listing_id", "listing", ondelete="CASCADE"),
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
    )

    id: Mapped[GiftLineId] = mapped_column(primary_key=True, default=new_id)
    listing_id: Mapped[ListingId] = mapped_column(index=True)
    position: Mapped[int]
    name: Mapped[str]
    quantity: Mapped[int]
    condition: Mapped[str]  # an answer to the question "condition" of goods
    year_of_make: Mapped[int | None]  # null: nobody knows
    dimensions: Mapped[str]
    weight_kg: Mapped[float | None]  # of one piece; null: nobody weighed it
    is_weight_estimated: Mapped[bool]
    data_carriers: Mapped[str]  # donations.rules.lines.DATA_CARRIERS
    inspected_on: Mapped[date | None]  # the last electrical inspection; null: none


class TaxStatement(DistrictOwned, Base):
    """What the giver states about one claim for the papers; only giver and recipient see it."""

    __tablename__ = "tax_statement"
    __table_args__ = (
        owned_reference("claim_id", "claim", ondelete="CASCADE"),
        UniqueConstraint("district_id", "claim_id"),
    )

    claim_id: Mapped[ClaimId]
    origin: Mapped[str]  # donations.rules.taxes.Origin
    # donations.rules.taxes.ValuedLine each; money in cents.
    lines: Mapped[list[dict[str, Any]]] = mapped_column(json_column())
    evidence: Mapped[list[str]] = mapped_column(json_column())  # donations.rules.taxes.Evidence
    asked_at: Mapped[datetime | None]  # null: the recipient has not asked for it
    stated_at: Mapped[datetime | None]  # null: nothing was stated yet
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own name)


class ReceiptWording(DistrictOwned, Base):
    """The district's words of an official form; the newest counts, without any the sample."""

    __tablename__ = "receipt_wording"
    __table_args__ = (
        owned_reference("person_id", "person"),
        UniqueConstraint("district_id", "variant", "version"),
    )

    variant: Mapped[str]  # donations.rules.wordings.FormVariant
    version: Mapped[str]  # as papers name it
    source: Mapped[str]
    texts: Mapped[dict[str, str]] = mapped_column(json_column())  # donations.rules.wordings.TEXTS
    person_id: Mapped[PersonId | None]  # null: put in on the command line
    created_at: Mapped[datetime]


class ReceiptSeries(DistrictOwned, Base):
    """Which number a recipient gave last in a year; who draws the next one holds the lock."""

    __tablename__ = "receipt_series"
    __table_args__ = (
        owned_reference("organisation_id", "organisation"),
        UniqueConstraint("district_id", "organisation_id", "year"),
        CheckConstraint("last > 0", name="last_above_zero"),
    )

    organisation_id: Mapped[OrganisationId]
    year: Mapped[int]
    last: Mapped[int]


class Receipt(DistrictOwned, Base):
    """A receipt for goods that was issued; its file never changes, and it is never deleted."""

    __tablename__ = "receipt"
    __table_args__ = (
        owned_key(),
        owned_reference("claim_id", "claim"),
        owned_reference("organisation_id", "organisation"),
        owned_reference("person_id", "person"),
        owned_reference("replaced_by", "receipt"),
        UniqueConstraint("district_id", "organisation_id", "year", "number"),
        CheckConstraint("number > 0", name="number_above_zero"),
        CheckConstraint("amount > 0", name="amount_above_zero"),
        CheckConstraint(
            "voided_at IS NOT NULL OR state != 'voided'", name="void_ones_say_since_when"
        ),
    )

    id: Mapped[ReceiptId] = mapped_column(primary_key=True, default=new_id)
    claim_id: Mapped[ClaimId] = mapped_column(index=True)
    organisation_id: Mapped[OrganisationId]  # who issued it
    person_id: Mapped[PersonId]  # who had it made
    year: Mapped[int]
    number: Mapped[int]
    state: Mapped[str]  # donations.rules.receipts.ReceiptState
    amount: Mapped[int] = mapped_column(BigInteger)  # cents
    wording_version: Mapped[str]
    wording_source: Mapped[str]
    signatory: Mapped[str]  # who is to sign by hand
    sha256: Mapped[str]  # of the file `<id>.pdf`
    issued_at: Mapped[datetime]
    signed_on: Mapped[date | None]  # null: not signed yet
    delivered_at: Mapped[datetime | None]  # null: not handed to the giver yet
    voided_at: Mapped[datetime | None]  # null: it stands
    void_reason: Mapped[str]  # empty: it stands
    replaced_by: Mapped[ReceiptId | None]  # null: nothing took its place
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own name)


_stands = Receipt.state != ReceiptState.VOIDED
Index(
    "uq_receipt_standing",
    Receipt.district_id,
    Receipt.claim_id,
    unique=True,
    sqlite_where=_stands,
    postgresql_where=_stands,
)
