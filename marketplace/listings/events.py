"""What happened to listings."""

from dataclasses import dataclass

from marketplace.foundation.events import Event
from marketplace.foundation.identifiers import ListingId


@dataclass(frozen=True, kw_only=True)
class ListingPublished(Event):
    """Others can see it from now on."""

    listing_id: ListingId


@dataclass(frozen=True, kw_only=True)
class ListingSubmitted(Event):
    """It waits for the district's staff."""

    listing_id: ListingId


@dataclass(frozen=True, kw_only=True)
class ListingApproved(Event):
    """The staff looked at it and let it be published."""

    listing_id: ListingId


@dataclass(frozen=True, kw_only=True)
class ListingLapsed(Event):
    """A day is over on which it depended, so nobody sees it any longer; `reason` is marked."""

    listing_id: ListingId
    reason: str


@dataclass(frozen=True, kw_only=True)
class ListingSentBack(Event):
    """The staff declined or hid it; the reason stands in the listing."""

    listing_id: ListingId
