"""What fits a listing from the other side of the market, nearest first."""

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.geo.rules.points import Point
from marketplace.listings.models import Listing
from marketplace.listings.queries import parts_of
from marketplace.listings.rules.matching import fits
from marketplace.listings.rules.states import Direction
from marketplace.listings.search_documents import document_of
from marketplace.search.interfaces import SearchRequest
from marketplace.search.rules.requests import MOST_HITS
from marketplace.search.web.cards import Card, card_of_hit
from marketplace.search.web.engine import current_search

_SHOWN = 4


def matching_cards(work: UnitOfWork, listing: Listing) -> list[Card]:
    """Give the cards of what fits, nearest first; of the nearest of its kind, not of all."""
    is_request = listing.direction == Direction.REQUEST
    document = document_of(work, parts_of(work, listing))
    result = current_search().search(
        work,
        SearchRequest(
            now=work.now(),
            direction=Direction.OFFER if is_request else Direction.REQUEST,
            kinds=frozenset({listing.kind}),
            origin=document.point,
            limit=MOST_HITS,
        ),
    )
    hits = [
        hit
        for hit in result.hits
        if (fits(document, hit.document) if is_request else fits(hit.document, document))
    ]
    return [card_of_hit(hit, period=None) for hit in hits[:_SHOWN]]


def wanted_cards(work: UnitOfWork, near: Point | None, *, most: int) -> list[Card]:
    """Give what others look for, nearest first where we know from where, else the newest."""
    request = SearchRequest(now=work.now(), direction=Direction.REQUEST, origin=near, limit=most)
    result = current_search().search(work, request)
    return [card_of_hit(hit, period=None) for hit in result.hits]
