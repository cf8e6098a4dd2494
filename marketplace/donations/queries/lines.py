"""What lots consist of."""

from collections.abc import Sequence

from sqlalchemy import func, select

from marketplace.donations.models import GiftLine
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import GiftLineId, ListingId


def lines_of(work: UnitOfWork, listing_id: ListingId) -> Sequence[GiftLine]:
    """Give the lines of a lot in their order; none: it is of one sort."""
    return work.session.scalars(
        select(GiftLine)
        .where(GiftLine.listing_id == listing_id)
        .order_by(GiftLine.position, GiftLine.id)
    ).all()


def line_of(work: UnitOfWork, listing_id: ListingId, line_id: GiftLineId) -> GiftLine:
    """Give a line of this lot; raises NotFound."""
    line = work.session.get(GiftLine, line_id)
    if line is None or line.listing_id != listing_id:
        raise NotFound
    return line


def last_position(work: UnitOfWork, listing_id: ListingId) -> int:
    """Give the position of the last line; 0 where there is none."""
    return (
        work.session.scalar(
            select(func.max(GiftLine.position)).where(GiftLine.listing_id == listing_id)
        )
        or 0
    )
