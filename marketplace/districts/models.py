"""Districts, the hosts they answer on, and their own texts."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.foundation.database.model import Base, DistrictOwned
from marketplace.foundation.database.types import json_column
from marketplace.foundation.identifiers import DistrictId, new_id


class District(Base):
    """A tenant: its names, its brand and its contact; branding is data and nothing else.

    Colours are `#rrggbb`; each was checked for contrast when it was stored.
    """

    __tablename__ = "district"

    id: Mapped[DistrictId] = mapped_column(primary_key=True, default=lambda: DistrictId(new_id()))
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]  # "Potsdam-Mittelmark"
    full_name: Mapped[str]  # "Landkreis Potsdam-Mittelmark"
    site_name: Mapped[str]  # "Starke Region"
    claim: Mapped[str]  # the small line under the site's name
    ags: Mapped[str]  # official key, five digits: leads to the boundary
    # Null: the official boundary of the AGS counts; else a boundary that was imported as GeoJSON.
    boundary_key: Mapped[str | None]
    office: Mapped[str]  # who runs it: "Wirtschaftsförderung"
    contact_email: Mapped[str]
    contact_phone: Mapped[str]
    sender_name: Mapped[str]
    sender_email: Mapped[str]
    language: Mapped[str]
    brand_light: Mapped[str]
    brand_dark: Mapped[str]
    accent_light: Mapped[str]
    accent_dark: Mapped[str]
    hero_title: Mapped[str]
    hero_text: Mapped[str]
    # Groups of words that mean the same here, as they were written.
    synonyms: Mapped[list[list[str]]] = mapped_column(json_column(), default=list)
    logo_file: Mapped[str | None]  # null: the product's own mark in the district's colours
    updated_at: Mapped[datetime]


class Host(Base):
    """A host name that leads to one district; exact match, lower case, without port."""

    __tablename__ = "host"

    name: Mapped[str] = mapped_column(primary_key=True)
    district_id: Mapped[DistrictId] = mapped_column(ForeignKey("district.id"), index=True)
    is_primary: Mapped[bool]  # the one that links in mails use


class DistrictText(DistrictOwned, Base):
    """A version of a district's own text, in Markdown; the newest one counts.

    `key` is one of districts.rules.texts.TextKey: imprint, privacy, terms, accessibility.
    """

    __tablename__ = "district_text"
    __table_args__ = (UniqueConstraint("district_id", "key", "version"),)

    key: Mapped[str]
    version: Mapped[int]
    body: Mapped[str]
    created_at: Mapped[datetime]
