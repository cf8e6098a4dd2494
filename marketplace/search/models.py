"""The search index: what was published, ready to be looked through, and what changed in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.foundation.database.model import Base, DistrictOwned
from marketplace.foundation.database.types import UtcWindows, json_column
from marketplace.foundation.identifiers import ListingId, OrganisationId


class SearchEntry(DistrictOwned, Base):
    """A search document, and beside it in columns all that decides whether it is a hit.

    It names listing and organisation without pointing at them: search lies below listings, and
    what a neighbouring district shares is found here too. Its indexes on PostgreSQL stand in the
    migrations; backends/postgis.py says what each is for.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("district_id", "listing_id"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="place_is_whole"),
    )

    listing_id: Mapped[ListingId]
    document: Mapped[dict[str, Any]] = mapped_column(json_column())  # SearchDocument.to_json
    direction: Mapped[str]
    kind: Mapped[str]
    category: Mapped[str | None]  # null: none chosen
    terms_mode: Mapped[str | None]  # null: a request without terms
    choices: Mapped[list[str]] = mapped_column(json_column())  # SearchDocument.choices
    organisation_id: Mapped[OrganisationId]  # empty: it stays unnamed
    lat: Mapped[float | None]  # degrees, WGS 84; null with lon: place unknown
    lon: Mapped[float | None]
    x: Mapped[float | None]  # metres from the earth's centre (geo.rules.points); null with lat
    y: Mapped[float | None]
    z: Mapped[float | None]
    quantity: Mapped[int]
    stretches: Mapped[list[list[float]]] = mapped_column(json_column())  # rules.free_time.Stretch
    free_times: Mapped[list[list[float]]] = mapped_column(UtcWindows())  # when any is free
    valid_until: Mapped[datetime]
    published_at: Mapped[datetime]
    freshness: Mapped[float]  # rules.ranking
    analyser_version: Mapped[int]  # what analysed these: rules.analysis.ANALYSER_VERSION
    lexemes: Mapped[dict[str, int]] = mapped_column(json_column())  # AnalysedText.lexemes
    sequence: Mapped[str]  # AnalysedText.sequence


class SearchWord(DistrictOwned, Base):
    """A word that a document of the district has or once had, for putting typing errors right.

    It is no promise that something is found: documents change and go.
    """

    __tablename__ = "search_word"
    __table_args__ = (UniqueConstraint("district_id", "word"),)

    word: Mapped[str]  # AnalysedText.words


class SearchChange(DistrictOwned, Base):
    """A listing whose entry was written or removed, in the transaction that did so.

    Numbers rise by one with each transaction of the district and become visible in their order.
    """

    __tablename__ = "search_change"
    __table_args__ = (UniqueConstraint("district_id", "number", "listing_id"),)

    number: Mapped[int]
    listing_id: Mapped[ListingId]
