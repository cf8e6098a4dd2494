"""A giver changes a gift: what was offered or given of it stays, more of it goes on."""

from marketplace.donations.events import GiftChanged
from marketplace.donations.operations.steps import lapse_overdue
from marketplace.donations.queries.claims import claims_to, granted_of
from marketplace.donations.rules.states import OVER
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict
from marketplace.listings.models import Listing
from marketplace.listings.operations.listings import register_change_check
from marketplace.listings.queries import is_gift


def keep_what_was_given(work: UnitOfWork, listing: Listing) -> None:
    """Refuse what leaves less than is given, or turns claims into something else.

    What stands is news: the waiting list may move up by it. Raises Conflict (capacity_in_use). The
    listing is locked.
    """
    lapse_overdue(work, listing)
    under_way = [each for each in claims_to(work, listing.id) if each.state not in OVER]
    stays_so = is_gift(listing) and all(each.unit == listing.unit for each in under_way)
    if under_way and not stays_so:
        raise Conflict(
            N_(
                "Hier haben sich Organisationen angemeldet. Ob es verschenkt wird und die Einheit "
                "können Sie erst ändern, wenn über alle entschieden ist."
            ),
            code="capacity_in_use",
        )
    given = granted_of(work, listing) if is_gift(listing) else 0
    if listing.quantity < given:
        raise Conflict(
            N_("Davon sind schon %(given)s angeboten oder vergeben, weniger geht nicht."),
            code="capacity_in_use",
            given=given,
        )
    if is_gift(listing):
        work.emit(GiftChanged(listing_id=listing.id))


register_change_check(keep_what_was_given)
