"""Listings for tests; state only what matters."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from marketplace.accounts.models import Organisation
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId, new_id
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import AvailabilityWindow, Listing
from marketplace.listings.operations.listings import refresh_index
from marketplace.listings.rules.drafts import Insurance
from marketplace.listings.rules.states import Direction, ListingState
from marketplace.search.rules.windows import Window


def make_listing(
    work: UnitOfWork,
    organisation: Organisation,
    *,
    kind: str = "machine",
    title: str = "Hubwagen",
    published: bool = True,
    windows: Sequence[Window] = (),
    **changes: Any,  # noqa: ANN401 (any column of a listing)
) -> Listing:
    """Add an offer at the organisation's place that is lent for a year, found by searches."""
    values: dict[str, Any] = {
        "direction": Direction.OFFER,
        "category": None,
        "description": "",
        "attributes": {},
        "quantity": 1,
        "unit": KINDS[kind].units[0].key,
        "terms_mode": KINDS[kind].modes[0],
        "amount_minor": None,
        "currency": "EUR",
        "price_unit": None,
        "vat_info": None,
        "deposit_minor": None,
        "insurance": Insurance.TO_BE_AGREED,
        "insurance_note": "",
        "handover_protocol": True,
        "street": organisation.street,
        "postcode": organisation.postcode,
        "place": organisation.place,
        "lat": organisation.lat,
        "lon": organisation.lon,
        "public_lat": organisation.public_lat,
        "public_lon": organisation.public_lon,
        "precision": organisation.precision,
        "site_id": None,
        "service_radius_km": None,
        "staff_reason": "",
        "state": ListingState.PUBLISHED if published else ListingState.DRAFT,
        "valid_until": work.now() + timedelta(days=365),
        "import_key": None,
        "created_at": work.now(),
        "updated_at": work.now(),
        "published_at": work.now() if published else None,
        **changes,
    }
    listing = Listing(
        id=ListingId(new_id()), organisation_id=organisation.id, kind=kind, title=title, **values
    )
    work.session.add(listing)
    work.session.flush()
    set_committed_value(listing, "organisation", organisation)
    for window in windows:
        work.session.add(
            AvailabilityWindow(listing_id=listing.id, starts_at=window.start, ends_at=window.end)
        )
    work.session.flush()
    refresh_index(work, listing)
    return listing
