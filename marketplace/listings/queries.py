"""What is known about listings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.permissions import Action, may
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import ListingId, OrganisationId, PhotoId
from marketplace.geo.interfaces import Precision
from marketplace.geo.queries import nearest_place
from marketplace.geo.rules.points import Point
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import (
    AvailabilityWindow,
    Favourite,
    GateDecision,
    KeptForm,
    Listing,
    Photo,
)
from marketplace.listings.rules.naming import ShownOrganisation, shown_to_all, stays_unnamed
from marketplace.listings.rules.states import Direction, ListingState


@dataclass(frozen=True, kw_only=True)
class PublicSpot:
    """Where everybody may see a listing; both are None where its place is unknown."""

    point: Point | None
    precision: str | None  # geo.interfaces.Precision


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
        windows=windows_of(work, listing.id),
        photos=tuple(
            work.session.scalars(
                select(Photo).where(Photo.listing_id == listing.id).order_by(Photo.position)
            )
        ),
    )


def windows_of(work: UnitOfWork, listing_id: ListingId) -> tuple[AvailabilityWindow, ...]:
    """Give when a listing is offered, the earliest first; none at all: at any time."""
    return tuple(
        work.session.scalars(
            select(AvailabilityWindow)
            .where(AvailabilityWindow.listing_id == listing_id)
            .order_by(AvailabilityWindow.starts_at, AvailabilityWindow.id)
        )
    )


def is_public(listing: Listing, work: UnitOfWork) -> bool:
    """Tell whether everybody may see it now."""
    return listing.state == ListingState.PUBLISHED and listing.valid_until > work.now()


def visible_listing(work: UnitOfWork, listing_id: ListingId) -> Listing:
    """Give a listing that the actor may see; raises NotFound.

    That is a public one, their own, and for the staff what waits for them or was sent back.
    """
    listing = listing_by_id(work, listing_id)
    if is_public(listing, work) or is_own(listing, work) or is_for_staff(listing, work):
        return listing
    raise NotFound


def is_for_staff(listing: Listing, work: UnitOfWork) -> bool:
    """Tell whether the actor is of the staff and the listing is or was a matter of theirs."""
    return may(work.actor, Action.REVIEW_LISTING) and (
        listing.state == ListingState.IN_REVIEW or bool(listing.staff_reason)
    )


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


def is_gift(listing: Listing) -> bool:
    """Tell whether it is a gift that organisations claim instead of booking it."""
    is_request = listing.direction == Direction.REQUEST
    return KINDS[listing.kind].is_gift(is_request=is_request, mode=listing.terms_mode)


def is_unnamed(listing: Listing) -> bool:
    """Tell whether it is a gift whose giver chose to stay unnamed."""
    return stays_unnamed(
        KINDS[listing.kind],
        is_request=listing.direction == Direction.REQUEST,
        mode=listing.terms_mode,
        attributes=listing.attributes,
    )


def named_organisation(listing: Listing) -> ShownOrganisation:
    """Give a listing's organisation to those who take part or are of the staff."""
    organisation = listing.organisation
    return ShownOrganisation(id=organisation.id, name=organisation.name, place=organisation.place)


def public_organisation(listing: Listing) -> ShownOrganisation:
    """Give what everybody may know of a listing's organisation; needs the organisation."""
    return shown_to_all(
        named_organisation(listing), is_unnamed=is_unnamed(listing), place=listing.place
    )


def shown_organisation(work: UnitOfWork, listing: Listing) -> ShownOrganisation:
    """Give a listing's organisation as the actor may see it on the listing's own page.

    Its own people and the district's staff see who it is.
    """
    if is_own(listing, work) or may(work.actor, Action.REVIEW_LISTING):
        return named_organisation(listing)
    return public_organisation(listing)


def public_spot(work: UnitOfWork, listing: Listing) -> PublicSpot:
    """Give where everybody may see it.

    The moved point of an address is one for all listings of an organisation there, named ones
    too: of a giver who stays unnamed only the place's own point is shown.
    """
    if listing.public_lat is None or listing.public_lon is None:
        return PublicSpot(point=None, precision=None)
    point = Point(listing.public_lat, listing.public_lon)
    if not is_unnamed(listing) or listing.precision != Precision.ADDRESS:
        return PublicSpot(point=point, precision=listing.precision)
    place = nearest_place(work.session, point, name=listing.place)
    if place is None:
        return PublicSpot(point=None, precision=None)
    return PublicSpot(point=place.point, precision=Precision.PLACE)


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


def archived_listings_of(work: UnitOfWork, organisation_id: OrganisationId) -> Sequence[Listing]:
    """Give what an organisation put away, the latest first."""
    return work.session.scalars(
        select(Listing)
        .where(Listing.organisation_id == organisation_id, Listing.state == ListingState.ARCHIVED)
        .order_by(Listing.updated_at.desc(), Listing.id)
    ).all()


def listings_in_review(work: UnitOfWork) -> Sequence[Listing]:
    """Give what waits for the staff with its organisation, the longest waiting first."""
    return work.session.scalars(
        select(Listing)
        .where(Listing.state == ListingState.IN_REVIEW)
        .options(joinedload(Listing.organisation))
        .order_by(Listing.updated_at, Listing.id)
    ).all()


def gate_decisions(work: UnitOfWork, listing_id: ListingId) -> Sequence[GateDecision]:
    """Give what the gates decided about a listing, the latest first."""
    return work.session.scalars(
        select(GateDecision)
        .where(GateDecision.listing_id == listing_id)
        .order_by(GateDecision.decided_at.desc(), GateDecision.id)
    ).all()


def earlier_uses(work: UnitOfWork, listing: Listing) -> dict[str, int]:
    """Count the organisation's other listings of the last twelve months by what gates decided."""
    rows = work.session.execute(
        select(GateDecision.code, func.count(GateDecision.listing_id.distinct()))
        .join(Listing, Listing.id == GateDecision.listing_id)
        .where(
            Listing.organisation_id == listing.organisation_id,
            Listing.id != listing.id,
            GateDecision.decided_at > work.now() - timedelta(days=365),
        )
        .group_by(GateDecision.code)
    )
    return dict(rows.all())


def kept_form(work: UnitOfWork, listing_id: ListingId) -> KeptForm | None:
    """Give what was typed into a listing's form and not saved; None where nothing was."""
    return work.session.scalars(
        select(KeptForm).where(KeptForm.listing_id == listing_id)
    ).one_or_none()


def is_favourite(work: UnitOfWork, listing_id: ListingId) -> bool:
    """Tell whether the acting person keeps this listing in mind."""
    return (
        work.session.scalars(
            select(Favourite.id).where(
                Favourite.person_id == work.actor.person_id, Favourite.listing_id == listing_id
            )
        ).first()
        is not None
    )


def favourites(work: UnitOfWork) -> Sequence[Listing]:
    """Give what the acting person keeps in mind and may still see, the latest first."""
    listings = work.session.scalars(
        select(Listing)
        .join(Favourite, Favourite.listing_id == Listing.id)
        .where(Favourite.person_id == work.actor.person_id)
        .options(joinedload(Listing.organisation))
        .order_by(Favourite.created_at.desc(), Favourite.id)
    ).all()
    return [each for each in listings if is_public(each, work) or is_own(each, work)]
