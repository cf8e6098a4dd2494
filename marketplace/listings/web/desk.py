"""What desks show of listings: one's own, and for the staff those that wait for them."""

from flask_babel import gettext

from marketplace.accounts.desk import DeskAction, DeskLine, DeskSection, Tone
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.web.localisation import format_day
from marketplace.listings.models import Listing
from marketplace.listings.operations.life import REMINDER_BEFORE_EXPIRY
from marketplace.listings.queries import listings_in_review, listings_of
from marketplace.listings.rules.states import Direction, ListingState
from marketplace.listings.web.labels import state_label, title_of
from marketplace.listings.web.panels import own_links
from marketplace.search.web.cards import last_day_of
from marketplace.search.web.labels import kind_label


def own_offers_section(work: UnitOfWork) -> DeskSection:
    """Give what the acting organisation offers, what was changed last first."""
    return DeskSection(
        key="listings",
        title=gettext("Unsere Angebote"),
        lines=_lines(work, Direction.OFFER),
        empty_text=gettext("Sie bieten noch nichts an. Was steht bei Ihnen gerade still?"),
        actions=(
            DeskAction(label=gettext("Etwas anbieten"), url="/listings/new"),
            DeskAction(label=gettext("Abgelegte ansehen"), url="/listings/archived"),
        ),
    )


def own_requests_section(work: UnitOfWork) -> DeskSection:
    """Give what the acting organisation looks for, what was changed last first."""
    return DeskSection(
        key="requests",
        title=gettext("Unsere Gesuche"),
        lines=_lines(work, Direction.REQUEST),
        empty_text=gettext("Sie suchen zurzeit nichts. Sagen Sie, was Ihnen fehlt."),
        actions=(
            DeskAction(label=gettext("Gesuch aufgeben"), url="/listings/new?direction=request"),
        ),
    )


def in_review_section(work: UnitOfWork) -> DeskSection:
    """Give the listings that the staff looks at before others see them."""
    return DeskSection(
        key="in-review",
        title=gettext("Angebote und Gesuche"),
        lines=tuple(
            DeskLine(
                title=title_of(listing),
                url=f"/listings/{listing.id}",
                action_label=gettext("Prüfen"),
                detail=f"{listing.organisation.name} · {kind_label(listing.kind)}",
                when=listing.updated_at,
            )
            for listing in listings_in_review(work)
        ),
        empty_text=gettext("Zurzeit wartet keines."),
    )


def _lines(work: UnitOfWork, direction: Direction) -> tuple[DeskLine, ...]:
    organisation_id = work.actor.organisation_id
    listings = listings_of(work, organisation_id) if organisation_id else ()
    return tuple(_line(work, each) for each in listings if each.direction == direction)


def _line(work: UnitOfWork, listing: Listing) -> DeskLine:
    state = state_label(listing, work.now())
    path = f"/listings/{listing.id}"
    is_draft = listing.state == ListingState.DRAFT
    parts = (kind_label(listing.kind), listing.place, _ends_soon(work, listing))
    return DeskLine(
        title=title_of(listing),
        url=f"{path}/edit" if is_draft else path,
        action_label=gettext("Weiter bearbeiten") if is_draft else gettext("Ansehen"),
        detail=" · ".join(part for part in parts if part),
        state_label=gettext("zurückgegeben") if listing.staff_reason else state.label,
        tone=Tone.WARNING if listing.staff_reason else state.tone,
        when=listing.updated_at,
        more=tuple(DeskAction(label=each.label, url=each.url) for each in own_links(listing)),
    )


def _ends_soon(work: UnitOfWork, listing: Listing) -> str:
    ends = listing.valid_until
    if listing.state != ListingState.PUBLISHED or ends - work.now() > REMINDER_BEFORE_EXPIRY:
        return ""
    return gettext("gilt bis %(day)s", day=format_day(last_day_of(ends)))
