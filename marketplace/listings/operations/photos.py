"""Add and remove the pictures of a listing."""

from collections.abc import Sequence

from marketplace.accounts.permissions import Action, check_may
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput, NotFound, Sentence
from marketplace.foundation.identifiers import ListingId, PhotoId, new_id
from marketplace.foundation.photos import CleanPhoto
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Photo
from marketplace.listings.operations.listings import refresh_index
from marketplace.listings.queries import count_photos, own_listing, parts_of
from marketplace.listings.rules.photos import MOST_PHOTOS

PHOTO_FOLDER = "photos"


def add_photos(work: UnitOfWork, listing_id: ListingId, photos: Sequence[CleanPhoto]) -> None:
    """Add cleaned pictures behind the others; raises InvalidInput past the limit."""
    check_may(work.actor, Action.WRITE_LISTING)
    listing = own_listing(work, listing_id, lock=True)
    if photos and not KINDS[listing.kind].takes_photos:
        raise InvalidInput({"photos": N_("Hier gibt es keine Bilder: Es geht um Menschen.")})
    count = count_photos(work, listing.id)
    if count + len(photos) > MOST_PHOTOS:
        raise InvalidInput(
            {"photos": Sentence(N_("Ein Angebot hat höchstens %(most)s Bilder."), most=MOST_PHOTOS)}
        )
    position = max((photo.position for photo in parts_of(work, listing).photos), default=0)
    for offset, photo in enumerate(photos, start=1):
        photo_id = PhotoId(new_id())
        for name, content in (
            (large_file(photo_id), photo.content),
            (small_file(photo_id), photo.thumbnail),
        ):
            work.services.files.put(work.district_id, PHOTO_FOLDER, name, content)
        work.session.add(
            Photo(
                id=photo_id,
                listing_id=listing.id,
                position=position + offset,
                description="",
                width=photo.width,
                height=photo.height,
                sha256=photo.sha256,
                created_at=work.now(),
            )
        )
    work.session.flush()
    refresh_index(work, listing)


def copy_photos(work: UnitOfWork, source_id: ListingId, target_id: ListingId) -> None:
    """Give one's own draft the pictures of another own listing, each with a file of its own."""
    check_may(work.actor, Action.WRITE_LISTING)
    source, target = own_listing(work, source_id), own_listing(work, target_id, lock=True)
    files = work.services.files
    for photo in parts_of(work, source).photos:
        photo_id = PhotoId(new_id())
        for old, new in (
            (large_file(photo.id), large_file(photo_id)),
            (small_file(photo.id), small_file(photo_id)),
        ):
            content = files.read(work.district_id, PHOTO_FOLDER, old)
            files.put(work.district_id, PHOTO_FOLDER, new, content)
        work.session.add(
            Photo(
                id=photo_id,
                listing_id=target.id,
                position=photo.position,
                description=photo.description,
                width=photo.width,
                height=photo.height,
                sha256=photo.sha256,
                created_at=work.now(),
            )
        )
    work.session.flush()


def remove_photo(work: UnitOfWork, listing_id: ListingId, photo_id: PhotoId) -> None:
    """Remove a picture; its files are deleted by the worker after the commit."""
    check_may(work.actor, Action.WRITE_LISTING)
    listing = own_listing(work, listing_id, lock=True)
    photo = work.session.get(Photo, photo_id)
    if photo is None or photo.listing_id != listing.id:
        raise NotFound
    work.session.delete(photo)
    work.enqueue("delete_photo_files", photo_id=photo_id)
    work.session.flush()
    refresh_index(work, listing)


def large_file(photo_id: PhotoId) -> str:
    """Name the file of a picture."""
    return f"{photo_id}.webp"


def small_file(photo_id: PhotoId) -> str:
    """Name the file of a picture's thumbnail."""
    return f"{photo_id}-small.webp"
