"""Write the search index of a district anew."""

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.queries import is_public, listing_by_id, parts_of, published_listing_ids
from marketplace.listings.search_documents import document_of
from marketplace.search.operations import rebuild_index


def reindex_listings(work: UnitOfWork) -> int:
    """Write the index of a district anew; gives how many documents it holds."""
    listings = [listing_by_id(work, listing_id) for listing_id in published_listing_ids(work)]
    return rebuild_index(
        work,
        (
            document_of(work, parts_of(work, listing))
            for listing in listings
            if is_public(listing, work)
        ),
    )
