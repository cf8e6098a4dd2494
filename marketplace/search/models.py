"""The search index: what was published, ready to be looked through."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.foundation.database.model import Base, DistrictOwned
from marketplace.foundation.database.types import json_column
from marketplace.foundation.identifiers import ListingId, OrganisationId


class SearchEntry(DistrictOwned, Base):
    """A search document, and beside it in columns all that decides whether it is a hit.

    It names listing and organisation without pointing at them: search lies below listings, and
    what a neighbouring district shares is found here too.
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
    organisation_id: Mapped[OrganisationId]
    lat: Mapped[float | None]  # degrees, WGS 84; null with lon: place unknown
    lon: Mapped[float | None]
    quantity: Mapped[int]
    windows: Mapped[list[list[str]]] = mapped_column(json_column())  # rules.documents
    valid_until: Mapped[datetime]
    published_at: Mapped[datetime]
    analyser_version: Mapped[int]  # what analysed these: rules.analysis.ANALYSER_VERSION
    word_terms: Mapped[dict[str, str]] = mapped_column(json_column())  # AnalysedText.terms
    word_spellings: Mapped[dict[str, str]] = mapped_column(json_column())  # .spellings
