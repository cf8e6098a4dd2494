"""What the desk shows of an organisation's own listings."""

from flask_babel import gettext

from marketplace.accounts.desk import DeskAction, DeskLine, DeskSection
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.models import Listing
from marketplace.listings.queries import listings_of
from marketplace.listings.rules.states import ListingState
from marketplace.listings.web.labels import state_label, title_of
from marketplace.search.web.labels import kind_label


def own_listings_section(work: UnitOfWork) -> DeskSection:
    """Give the acting organisation's listings, what was changed last first."""
    organisation_id = work.actor.organisation_id
    listings = listings_of(work, organisation_id) if organisation_id else ()
    return DeskSection(
        key="listings",
        title=gettext("Unsere Angebote"),
        lines=tuple(_line(work, listing) for listing in listings),
        empty_text=gettext("Sie bieten noch nichts an. Was steht bei Ihnen gerade still?"),
        action=DeskAction(label=gettext("Etwas anbieten"), url="/listings/new"),
    )


def _line(work: UnitOfWork, listing: Listing) -> DeskLine:
    state = state_label(listing, work.now())
    path = f"/listings/{listing.id}"
    is_draft = listing.state == ListingState.DRAFT
    return DeskLine(
        title=title_of(listing),
        url=f"{path}/edit" if is_draft else path,
        action_label=gettext("Weiter bearbeiten") if is_draft else gettext("Ansehen"),
        detail=" · ".join(part for part in (kind_label(listing.kind), listing.place) if part),
        state_label=state.label,
        tone=state.tone,
        when=listing.updated_at,
    )
