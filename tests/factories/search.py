"""Search documents for tests; state only what matters."""

from datetime import UTC, datetime
from typing import Any

from marketplace.foundation.identifiers import ListingId, OrganisationId
from marketplace.geo.rules.points import Point
from marketplace.search.interfaces import FreeInterval, SearchDocument, Terms, Window

PUBLISHED = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)


def make_document(listing_id: str = "machine", **changes: Any) -> SearchDocument:  # noqa: ANN401
    """Give a document of a machine in Beelitz that is lent at any time."""
    values: dict[str, Any] = {
        "direction": "offer",
        "kind": "machine",
        "category": None,
        "title": "Hubwagen",
        "summary": "",
        "body": "",
        "extra_words": (),
        "attribute_words": (),
        "organisation_id": OrganisationId("carpentry"),
        "organisation_name": "Tischlerei",
        "district": "a",
        "point": Point(52.2381, 12.9714),
        "place": "Beelitz",
        "postcode": "14547",
        "precision": "place",
        "terms": Terms(mode="lend", amount_minor=None, currency="EUR", per=None),
        "quantity": 1,
        "unit": "Stück",
        "windows": (),
        "valid_until": datetime(2027, 8, 1, tzinfo=UTC),
        "attributes": {},
        "choices": (),
        "service_radius_km": None,
        "picture": None,
        "published_at": PUBLISHED,
        "updated_at": PUBLISHED,
        **changes,
    }
    values.setdefault(
        "free", tuple(FreeInterval(window, values["quantity"]) for window in values["windows"])
    )
    return SearchDocument(listing_id=ListingId(listing_id), **values)


def day(number: int, *, month: int = 10, hour: int = 0) -> datetime:
    """Give an instant in 2026."""
    return datetime(2026, month, number, hour, tzinfo=UTC)


def days(first: int, last: int, *, month: int = 10) -> Window:
    """Give the window from the start of one day to the start of a later one, in 2026."""
    return Window(day(first, month=month), day(last, month=month))
