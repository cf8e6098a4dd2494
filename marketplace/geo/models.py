"""The gazetteer and the boundaries: tables of the installation, filled from the shipped data.

The tables keep apart what has different licences: `postcode` is derived from OpenStreetMap (ODbL).
Positions are WGS 84 in degrees. AGS is the official key of a municipality (eight digits, state of
2017) or of a district (its first five, state of today).
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.foundation.database.model import Base


class BoundaryKind(StrEnum):
    """Where an outline comes from."""

    OFFICIAL = "official"
    OWN = "own"


class Place(Base):
    """A town, village, quarter or district.

    `label` is unambiguous within its `region`: "Fredersdorf, Bad Belzig" in "Landkreis
    Potsdam-Mittelmark". `source` is a key of sources.toml.
    """

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("kind IN ('town', 'part', 'district')", name="kind"),
        Index(None, "lat", "lon"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    label: Mapped[str]
    region: Mapped[str]
    kind: Mapped[str]  # rules.places.PlaceKind
    lat: Mapped[float]
    lon: Mapped[float]
    population: Mapped[int | None]  # null: the sources know none
    municipality_ags: Mapped[str | None]  # null: a whole district
    district_ags: Mapped[str] = mapped_column(index=True)
    source: Mapped[str]


class PlaceName(Base):
    """One normalised form (rules.names) under which a place is found."""

    __tablename__ = "place_name"

    key: Mapped[str] = mapped_column(primary_key=True)
    place_id: Mapped[str] = mapped_column(
        ForeignKey("place.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_alternate: Mapped[bool]  # an old or foreign name: counts only where no place is called so


class Postcode(Base):
    """A German postcode at the middle of its area."""

    __tablename__ = "postcode"
    __table_args__ = (Index(None, "lat", "lon"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]  # "14822 Brück": with the most populous of its municipalities
    lat: Mapped[float]
    lon: Mapped[float]
    district_ags: Mapped[str]
    municipalities: Mapped[str]  # AGS, separated by blanks, the most populous first
    divides_town: Mapped[bool]  # it lies in one municipality that has further postcodes


class Boundary(Base):
    """The outline of a district: an official one, or one that a district brought itself."""

    __tablename__ = "boundary"
    __table_args__ = (CheckConstraint("kind IN ('official', 'own')", name="kind"),)

    key: Mapped[str] = mapped_column(primary_key=True)  # the AGS, or the owner's key
    kind: Mapped[str]  # BoundaryKind
    name: Mapped[str]  # "Potsdam-Mittelmark"
    designation: Mapped[str]  # "Landkreis", "Kreisfreie Stadt"; empty for an own outline
    land: Mapped[str]  # empty for an own outline
    # Null for an own outline: the district says itself how large it is.
    area_km2: Mapped[float | None]
    population: Mapped[int | None]
    population_date: Mapped[date | None]
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]
    source: Mapped[str]
    # Well-known binary, polygons only. The last column: SQLite then reads the others without it.
    outline: Mapped[bytes] = mapped_column(LargeBinary)


class GazetteerRelease(Base):
    """Which state of the shipped data the tables hold: one row, or none before the first load."""

    __tablename__ = "gazetteer_release"

    version: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of the shipped files
