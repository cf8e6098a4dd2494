"""Write down what a lot consists of."""

from dataclasses import asdict

from marketplace.accounts.permissions import Action, check_may
from marketplace.donations.models import GiftLine
from marketplace.donations.queries.lines import last_position, line_of, lines_of
from marketplace.donations.rules.lines import MOST_LINES, ItemLine
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, NotFound
from marketplace.foundation.identifiers import GiftLineId, ListingId, new_id
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_gift, own_listing


def own_gift(work: UnitOfWork, listing_id: ListingId, *, lock: bool = False) -> Listing:
    """Give a gift of the acting organisation; raises NotFound."""
    check_may(work.actor, Action.WRITE_LISTING)
    listing = own_listing(work, listing_id, lock=lock)
    if not is_gift(listing):
        raise NotFound
    return listing


def add_line(work: UnitOfWork, listing_id: ListingId, line: ItemLine) -> GiftLine:
    """Put a line behind the others; raises NotFound, and Conflict where there are too many."""
    own_gift(work, listing_id, lock=True)
    if len(lines_of(work, listing_id)) >= MOST_LINES:
        raise Conflict(N_("Mehr Posten passen nicht auf ein Papier. Bitte fassen Sie zusammen."))
    stored = GiftLine(
        id=GiftLineId(new_id()),
        listing_id=listing_id,
        position=last_position(work, listing_id) + 1,
        **asdict(line),
    )
    work.session.add(stored)
    work.record("add_gift_line", "listing", listing_id)
    return stored


def change_line(
    work: UnitOfWork, listing_id: ListingId, line_id: GiftLineId, line: ItemLine
) -> None:
    """Write a line anew; raises NotFound."""
    own_gift(work, listing_id, lock=True)
    stored = line_of(work, listing_id, line_id)
    for name, value in asdict(line).items():
        setattr(stored, name, value)
    work.record("change_gift_line", "listing", listing_id)


def remove_line(work: UnitOfWork, listing_id: ListingId, line_id: GiftLineId) -> None:
    """Take a line away; raises NotFound."""
    own_gift(work, listing_id, lock=True)
    work.session.delete(line_of(work, listing_id, line_id))
    work.record("remove_gift_line", "listing", listing_id)
