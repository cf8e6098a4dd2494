"""Why a request does not fit, and what would, as the page says it."""

from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext

from marketplace.bookings.rules.capacity import Piece
from marketplace.bookings.rules.local_time import first_and_last_day, is_whole_days
from marketplace.bookings.rules.plans import Alternative, Shortage, around_the_tightest
from marketplace.bookings.web.labels import end_label, start_label, time_label
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.resource_kind import ResourceKind
from marketplace.listings.web.labels import quantity_label


@dataclass(frozen=True, kw_only=True)
class AlternativeView:
    """A time and quantity that would be possible, and where the form asks for that instead."""

    label: str
    action: str


@dataclass(frozen=True, kw_only=True)
class ShortageView:
    """Why it does not fit, and what would."""

    is_closed: bool  # then it cannot be had at all
    over_night: bool
    free: list[str]
    alternatives: list[AlternativeView]


def shortage_view(
    shortage: Shortage | None, listing: Listing, zone: ZoneInfo
) -> ShortageView | None:
    """Put a shortage into words."""
    if shortage is None:
        return None
    kind = KINDS[listing.kind]
    return ShortageView(
        is_closed=shortage.tightest.is_closed,
        over_night=shortage.over_night,
        free=[
            _free_label(kind, piece, listing, _time_of(shortage, piece, zone))
            for piece in around_the_tightest(shortage)
        ],
        alternatives=[
            AlternativeView(
                label=gettext(
                    "%(quantity)s: %(time)s",
                    quantity=quantity_label(kind, each.quantity, listing.unit),
                    time=time_label(each.start, each.end, zone),
                ),
                action=f"{url_for('bookings.ask', listing_id=listing.id)}"
                f"?{urlencode(_typed(each, zone))}",
            )
            for each in shortage.alternatives
        ],
    )


def _time_of(shortage: Shortage, piece: Piece, zone: ZoneInfo) -> str:
    """Write how long so much is free, as far as that matters to who asks."""
    start, end = shortage.edges_of(piece)
    if piece == shortage.tightest:
        return time_label(start or shortage.wanted.start, end or shortage.wanted.end, zone)
    if start is None and end is not None:
        return gettext("bis %(end)s", end=end_label(end, zone))
    if start is not None and end is None:
        return gettext("ab %(start)s", start=start_label(start, zone))
    return time_label(piece.start, piece.end, zone)


def _free_label(kind: ResourceKind, piece: Piece, listing: Listing, time: str) -> str:
    if piece.is_closed:
        return gettext("nicht zu haben: %(time)s", time=time)
    quantity = quantity_label(kind, piece.free, listing.unit)
    return gettext("%(quantity)s frei: %(time)s", quantity=quantity, time=time)


def _typed(alternative: Alternative, zone: ZoneInfo) -> dict[str, str]:
    first, last = first_and_last_day(alternative.start, alternative.end, zone)
    whole = is_whole_days(alternative.start, alternative.end, zone)
    start, end = (each.astimezone(zone) for each in (alternative.start, alternative.end))
    return {
        "start": first.isoformat(),
        "end": last.isoformat(),
        "start_time": "" if whole else f"{start:%H:%M}",
        "end_time": "" if whole else f"{end:%H:%M}",
        "quantity": str(alternative.quantity),
    }
