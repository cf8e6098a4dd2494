"""What happened to listings."""

from dataclasses import dataclass

from marketplace.foundation.events import Event
from marketplace.foundation.identifiers import ListingId


@dataclass(frozen=True, kw_only=True)
class ListingPublished(Event):
    """Others can see it from now on."""

    listing_id: ListingId
