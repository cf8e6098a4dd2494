"""How a listing is reported and taken out of sight because of it."""

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, NotAllowed, NotFound
from marketplace.foundation.identifiers import ListingId
from marketplace.listings.operations.life import hide_listing
from marketplace.listings.queries import is_own, is_public, listing_by_id
from marketplace.listings.rules.states import ListingState
from marketplace.moderation.subjects import (
    Evidence,
    Passage,
    Reportable,
    Subject,
    register_subject,
)


def _find(work: UnitOfWork, listing_id: str) -> Reportable:
    listing = listing_by_id(work, ListingId(listing_id))
    if is_own(listing, work):
        raise NotAllowed(N_("Das ist Ihr eigener Eintrag. Ändern oder pausieren Sie ihn selbst."))
    if not is_public(listing, work):
        raise NotFound
    return Reportable(title=listing.title, question_path=f"/listings/{listing.id}#question")


def _show(work: UnitOfWork, listing_id: str) -> Evidence:
    listing = listing_by_id(work, ListingId(listing_id))
    is_visible = listing.state == ListingState.PUBLISHED
    return Evidence(
        author=listing.organisation.name,
        passages=(
            Passage(
                author=listing.organisation.name,
                text=f"{listing.title}\n\n{listing.description}".strip(),
                written_at=listing.updated_at,
                is_reported=True,
            ),
        ),
        path=f"/listings/{listing.id}" if is_public(listing, work) else "",
        can_be_hidden=is_visible,
    )


def _hide(work: UnitOfWork, listing_id: str, reason: str) -> None:
    hide_listing(work, ListingId(listing_id), reason)


register_subject(Subject(key="listing", find=_find, show=_show, hide=_hide))
