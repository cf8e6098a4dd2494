"""Wishes meet gifts: whoever is looking learns of what is given, and the other way round."""

from collections.abc import Iterator

from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.queries import people_of
from marketplace.accounts.rules.mail_choices import MailTopic
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import ListingId, OrganisationId
from marketplace.foundation.mail.operations import is_queued
from marketplace.geo.rules.points import chord_metres
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_gift, is_public, listing_by_id, parts_of
from marketplace.listings.rules.matching import fits
from marketplace.listings.rules.states import Direction
from marketplace.listings.search_documents import document_of
from marketplace.search.interfaces import SearchDocument
from marketplace.search.queries import documents_of_kind

# Of one new listing so many are told, the nearest: more is no news but advertising.
_MOST_TOLD = 50
_GIVEN = "give"


def tell_of_matches(work: UnitOfWork, listing_id: ListingId) -> None:
    """Tell of a new gift those who look for such a thing, of a new wish those who give it.

    Nobody is told twice, however often the listing is published. Nothing happens where it is gone.
    """
    try:
        listing = listing_by_id(work, listing_id)
    except NotFound:
        return
    if not is_public(listing, work) or not KINDS[listing.kind].is_claimed:
        return
    document = document_of(work, parts_of(work, listing))
    for other in _nearest(document, _others(work, listing, document)):
        _tell(work, new=document, other=other)


def _others(
    work: UnitOfWork, listing: Listing, document: SearchDocument
) -> Iterator[SearchDocument]:
    """Give the wishes for a gift, or the gifts for a wish."""
    if is_gift(listing):
        wishes = documents_of_kind(work, kind=listing.kind, direction=Direction.REQUEST)
        fitting = (each for each in wishes if fits(each, document))
    elif listing.direction == Direction.REQUEST:
        offers = documents_of_kind(work, kind=listing.kind, direction=Direction.OFFER)
        gifts = (each for each in offers if each.terms and each.terms.mode == _GIVEN)
        fitting = (each for each in gifts if fits(document, each))
    else:
        return
    yield from (each for each in fitting if _owner(work, each) != listing.organisation_id)


def _owner(work: UnitOfWork, document: SearchDocument) -> OrganisationId:
    """Give whose it is, also where the document does not say."""
    if document.organisation_id:
        return document.organisation_id
    return listing_by_id(work, document.listing_id).organisation_id


def _nearest(document: SearchDocument, others: Iterator[SearchDocument]) -> list[SearchDocument]:
    def distance(other: SearchDocument) -> float:
        if document.point is None or other.point is None:
            return float("inf")
        return chord_metres(document.point, other.point)

    return sorted(others, key=distance)[:_MOST_TOLD]


def _tell(work: UnitOfWork, *, new: SearchDocument, other: SearchDocument) -> None:
    """Tell those to whom the other one belongs of the new one."""
    is_wish = new.direction == Direction.REQUEST
    event_key = f"match-{new.listing_id}-{other.listing_id}"
    if is_queued(work, event_key):
        return
    for person in people_of(work, _owner(work, other)):
        mail_to(
            work,
            person,
            "wish_found" if is_wish else "gift_found",
            event_key=event_key,
            topic=MailTopic.MATCHES,
            organisation=new.organisation_name,
            place=new.place,
            title=new.title,
            own_title=other.title,
            path=f"/listings/{new.listing_id}",
        )
