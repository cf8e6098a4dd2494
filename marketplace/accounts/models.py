"""People, their organisations, and how they sign in; all of one district."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.rules.locations import Address, Location
from marketplace.accounts.rules.organisations import OrganisationDetails, OrganisationKind
from marketplace.foundation.database.model import (
    Base,
    DistrictOwned,
    owned_key,
    owned_reference,
)
from marketplace.foundation.database.types import json_column
from marketplace.foundation.identifiers import OrganisationId, PersonId, SiteId, TokenId, new_id
from marketplace.foundation.languages import DEFAULT_LANGUAGE
from marketplace.geo.rules.answers import Precision
from marketplace.geo.rules.points import Point


class Person(DistrictOwned, Base):
    """Somebody with an account; the same address may have another account in another district."""

    __tablename__ = "person"
    __table_args__ = (owned_key(), UniqueConstraint("district_id", "email"))

    id: Mapped[PersonId] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]  # lower case
    name: Mapped[str]
    password_hash: Mapped[str]
    # District staff: accounts.permissions.StaffRole (moderator, district_admin); null: none.
    staff_role: Mapped[str | None]
    email_confirmed_at: Mapped[datetime | None]  # null: not confirmed yet
    language: Mapped[str] = mapped_column(default=DEFAULT_LANGUAGE)  # of the mails
    terms_version: Mapped[int | None]  # null: staff made on the command line accept none
    terms_accepted_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]  # null: may sign in
    created_at: Mapped[datetime]


class Organisation(DistrictOwned, Base):
    """A firm, association, public body or charity; verified by the district's staff.

    `lat`/`lon` are the confirmed pin (degrees, WGS 84) and private; `public_lat`/`public_lon`
    are what everybody sees (geo.rules.public_point).
    """

    __tablename__ = "organisation"
    __table_args__ = (owned_key(),)

    id: Mapped[OrganisationId] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    kind: Mapped[str]  # accounts.rules.organisations.OrganisationKind
    description: Mapped[str]
    website: Mapped[str]
    register_entry: Mapped[str]  # as the organisation states it, e.g. court and number
    street: Mapped[str]
    postcode: Mapped[str]
    place: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    public_lat: Mapped[float]
    public_lon: Mapped[float]
    precision: Mapped[str]  # geo.interfaces.Precision of the pin
    lies_inside: Mapped[bool]  # the pin lies inside the district's boundary
    serves_district: Mapped[bool]  # outside, but says that it works for the district
    service_note: Mapped[str]  # how it serves the district; for the staff
    state: Mapped[str]  # accounts.rules.organisations.VerificationState
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime]  # since when the staff can check what is stated now
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own name)

    @property
    def details(self) -> OrganisationDetails:
        """What it states about itself."""
        return OrganisationDetails(
            name=self.name,
            kind=OrganisationKind(self.kind),
            address=Address(street=self.street, postcode=self.postcode, place=self.place),
            description=self.description,
            website=self.website,
            register_entry=self.register_entry,
        )

    @property
    def location(self) -> Location:
        """Where it is: private, except for the staff."""
        return Location(
            point=Point(self.lat, self.lon),
            precision=Precision(self.precision),
            lies_inside=self.lies_inside,
            serves_district=self.serves_district,
            service_note=self.service_note,
        )


class Site(DistrictOwned, Base):
    """Another address of an organisation, where it has things or works; as private as its own."""

    __tablename__ = "site"
    __table_args__ = (owned_key(), owned_reference("organisation_id", "organisation"))

    id: Mapped[SiteId] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    place: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    public_lat: Mapped[float]
    public_lon: Mapped[float]
    precision: Mapped[str]  # geo.interfaces.Precision
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]  # null: in use; closed ones stay with their listings


class Membership(DistrictOwned, Base):
    """A person acts for an organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("district_id", "person_id", "organisation_id"),
        owned_reference("person_id", "person"),
        owned_reference("organisation_id", "organisation"),
    )

    person_id: Mapped[PersonId]
    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    role: Mapped[str]  # accounts.permissions.MemberRole: owner, member
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise_on_sql", viewonly=True)
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql", viewonly=True)


class MailChoice(DistrictOwned, Base):
    """How soon a person wants the mails of a topic; without a row they go out at once."""

    __tablename__ = "mail_choice"
    __table_args__ = (
        UniqueConstraint("district_id", "person_id", "topic"),
        owned_reference("person_id", "person"),
    )

    person_id: Mapped[PersonId]
    topic: Mapped[str]  # accounts.rules.mail_choices.MailTopic
    pace: Mapped[str]  # accounts.rules.mail_choices.Pace
    updated_at: Mapped[datetime]


class VerificationDecision(DistrictOwned, Base):
    """What the staff decided about an organisation: who, when, what was seen, why."""

    __tablename__ = "verification_decision"
    __table_args__ = (
        owned_reference("organisation_id", "organisation"),
        owned_reference("decided_by", "person"),
    )

    organisation_id: Mapped[OrganisationId] = mapped_column(index=True)
    decided_by: Mapped[PersonId]
    decided_at: Mapped[datetime]
    verified: Mapped[bool]
    seen: Mapped[str]  # what was looked at, e.g. a register on a day
    reason: Mapped[str]  # why it was refused; empty when verified


class SignIn(DistrictOwned, Base):
    """A running session; ended by deleting the row. Only the hash of its secret is stored."""

    __tablename__ = "sign_in"
    __table_args__ = (
        UniqueConstraint("district_id", "secret_hash"),
        owned_reference("person_id", "person"),
    )

    person_id: Mapped[PersonId] = mapped_column(index=True)
    secret_hash: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class OneTimeLink(DistrictOwned, Base):
    """A link from a mail that works once: to confirm an address or to set a new password."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        UniqueConstraint("district_id", "secret_hash"),
        owned_reference("person_id", "person"),
    )

    person_id: Mapped[PersonId] = mapped_column(index=True)
    purpose: Mapped[str]  # accounts.rules.links.LinkPurpose
    secret_hash: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # null: still good


class ApiToken(DistrictOwned, Base):
    """Lets a program act with its maker's rights within its scopes; only its hash is stored."""

    __tablename__ = "api_token"
    __table_args__ = (
        owned_key(),
        UniqueConstraint("district_id", "secret_hash"),
        owned_reference("person_id", "person"),
    )

    id: Mapped[TokenId] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[PersonId] = mapped_column(index=True)
    name: Mapped[str]
    secret_hash: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(json_column())  # accounts.rules.tokens.Scope
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]  # null: never; exact to accounts' SEEN_EVERY
    expires_at: Mapped[datetime]
