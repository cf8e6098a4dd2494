"""Keep listings in mind, each person for themselves."""

from sqlalchemy import delete

from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import own_person
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.listings.models import Favourite
from marketplace.listings.queries import is_favourite, visible_listing


def add_favourite(work: UnitOfWork, listing_id: ListingId) -> None:
    """Keep a listing in mind that the person can see; twice is once."""
    check_may(work.actor, Action.USE_ACCOUNT)
    listing = visible_listing(work, listing_id)
    person = own_person(work)
    if not is_favourite(work, listing.id):
        work.session.add(
            Favourite(person_id=person.id, listing_id=listing.id, created_at=work.now())
        )


def remove_favourite(work: UnitOfWork, listing_id: ListingId) -> None:
    """Forget a listing."""
    check_may(work.actor, Action.USE_ACCOUNT)
    work.session.execute(
        delete(Favourite).where(
            Favourite.person_id == own_person(work).id, Favourite.listing_id == listing_id
        )
    )
