"""What is known about listings."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import ListingId, OrganisationId, PhotoId
from marketplace.listings.models import AvailabilityWindow, Listing, Photo
from marketplace.listings.rules.states import ListingState


@dataclass(frozen=True, kw_only=True)
class ListingParts:
    """A listing with its organisation, windows (earliest first) and photos (in order)."""

    listing: Listing
    windows: tuple[AvailabilityWindow, ...]
    photos: tuple[Photo, ...]


def listing_by_id(work: UnitOfWork, listing_id: ListingId, *, lock: bool = False) -> Listing:
    """Give a listing with its organisation, whoever may see it; raises NotFound."""
    statement = (
        select(Listing).where(Listing.id == listing_id).options(joinedload(Listing.organisation))
    )
    if lock:
        statement = statement.with_for_update(of=Listing)
    listing = work.session.scalars(statement).first()
    if listing is None:
        raise NotFound
    return listing


def parts_of(work: UnitOfWork, listing: Listing) -> ListingParts:
    """Give what belongs to a listing."""
    return ListingParts(
        listing=listing,
        windows=tuple(
            work.session.scalars(
                select(AvailabilityWindow)
                .where(AvailabilityWindow.listing_id == listing.id)
                .order_by(AvailabilityWindow.starts_at, AvailabilityWindow.id)
            )
        ),
        photos=tuple(
            work.session.scalars(
                select(Photo).where(Photo.listing_id == listing.id).order_by(Photo.position)
            )
        ),
    )


def is_public(listing: Listing, work: UnitOfWork) -> bool:
    """Tell whether everybody may see it now."""
    return listing.state == ListingState.PUBLISHED and listing.valid_until > work.now()


def visible_listing(work: UnitOfWork, listing_id: ListingId) -> Listing:
    """Give a listing that the actor may see: a public one, or their own; raises NotFound."""
    listing = listing_by_id(work, listing_id)
    if is_public(listing, work) or is_own(listing, work):
        return listing
    raise NotFound


def own_listing(work: UnitOfWork, listing_id: ListingId, *, lock: bool = False) -> Listing:
    """Give a listing of the acting organisation; any other is NotFound."""
    listing = listing_by_id(work, listing_id, lock=lock)
    if not is_own(listing, work):
        raise NotFound
    return listing


def is_own(listing: Listing, work: UnitOfWork) -> bool:
    """Tell whether the acting organisation offers it."""
    return (
        work.actor.organisation_id is not None
        and listing.organisation_id == work.actor.organisation_id
    )


def listings_of(work: UnitOfWork, organisation_id: OrganisationId) -> Sequence[Listing]:
    """Give an organisation's listings that are not archived, newest change first."""
    return work.session.scalars(
        select(Listing)
        .where(Listing.organisation_id == organisation_id, Listing.state != ListingState.ARCHIVED)
        .order_by(Listing.updated_at.desc(), Listing.id)
    ).all()


def photo_by_id(work: UnitOfWork, photo_id: PhotoId) -> Photo:
    """Give a photo of a listing that the actor may see; raises NotFound."""
    photo = work.session.get(Photo, photo_id)
    if photo is None:
        raise NotFound
    visible_listing(work, photo.listing_id)
    return photo


def count_photos(work: UnitOfWork, listing_id: ListingId) -> int:
    """Count the photos of a listing."""
    return (
        work.session.scalar(
            select(func.count()).select_from(Photo).where(Photo.listing_id == listing_id)
        )
        or 0
    )


def listings_by_import_key(
    work: UnitOfWork, organisation_id: OrganisationId
) -> dict[str, ListingId]:
    """Give the listings that were imported for an organisation, by the name of their row."""
    rows = work.session.execute(
        select(Listing.import_key, Listing.id).where(
            Listing.organisation_id == organisation_id, Listing.import_key.is_not(None)
        )
    )
    return {key: listing_id for key, listing_id in rows if key is not None}


def published_listing_ids(work: UnitOfWork) -> Sequence[ListingId]:
    """Give the ids of all listings that are published, whether still valid or not."""
    return work.session.scalars(
        select(Listing.id).where(Listing.state == ListingState.PUBLISHED).order_by(Listing.id)
    ).all()
