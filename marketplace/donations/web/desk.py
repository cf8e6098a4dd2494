"""What the desks show of claims: an organisation's own on both sides, and the staff's."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext, ngettext

from marketplace.accounts.desk import DeskAction, DeskLine, DeskSection, Tone
from marketplace.accounts.web.labels import organisation_label
from marketplace.bookings.queries import left_of
from marketplace.bookings.web.labels import instant_label
from marketplace.donations.models import Claim
from marketplace.donations.queries.claims import (
    across_from,
    claims_received,
    claims_sent,
    gifts_of_the_district,
)
from marketplace.donations.rules.states import (
    WAITING,
    Side,
    leading_action,
    waits_for,
)
from marketplace.donations.web.labels import (
    action_label,
    claim_quantity_label,
    gift_quantity_label,
    has_lapsed,
    state_label,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.models import Listing
from marketplace.listings.web.labels import title_of

_GIFTS_ON_THE_QUEUE = 5


def claimed_of_us_section(work: UnitOfWork) -> DeskSection:
    """Give a line for each own gift that is to be shared out, then what was given, one by one."""
    claims = claims_received(work)
    waiting: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.state in WAITING:
            waiting.setdefault(claim.listing_id, []).append(claim)
    others = _those_that_wait_first(
        [each for each in claims if each.state not in WAITING], Side.GIVER
    )
    lines = [_gift_line(each) for each in waiting.values()]
    return DeskSection(
        key="claimed-of-us",
        title=gettext("Anmeldungen zu unseren Spenden"),
        lines=(*lines, *(_line(work, claim, Side.GIVER) for claim in others)),
        empty_text=gettext("Zurzeit hat niemand Bedarf an Ihren Spenden angemeldet."),
    )


def claimed_by_us_section(work: UnitOfWork) -> DeskSection:
    """Give what the acting organisation claims of others; what waits for it comes first."""
    claims = _those_that_wait_first(claims_sent(work), Side.CLAIMANT)
    return DeskSection(
        key="claimed-by-us",
        title=gettext("Unsere Anmeldungen zu Spenden"),
        lines=tuple(_line(work, claim, Side.CLAIMANT) for claim in claims),
        empty_text=gettext("Sie haben zu keiner Spende Bedarf angemeldet."),
        actions=(DeskAction(label=gettext("Spenden finden"), url="/search?kind=goods&terms=give"),),
    )


def gifts_section(work: UnitOfWork) -> DeskSection:
    """Give the staff the gifts that are to be shared out, those that waited longest first."""
    gifts = gifts_of_the_district(work)
    return DeskSection(
        key="gifts",
        title=gettext("Spenden verteilen"),
        lines=tuple(
            gift_line(work, listing, count) for listing, count in gifts[:_GIFTS_ON_THE_QUEUE]
        ),
        empty_text=gettext("Zurzeit ist zu keiner Spende Bedarf angemeldet."),
        actions=(DeskAction(label=gettext("Alle Spenden"), url=url_for("donations.gifts")),)
        if len(gifts) > _GIFTS_ON_THE_QUEUE
        else (),
    )


def gift_line(work: UnitOfWork, listing: Listing, count: int) -> DeskLine:
    """Give a gift with how many claim some of it, for the staff."""
    left = gift_quantity_label(listing, left_of(work, listing))
    parts = [
        listing.organisation.name,
        ngettext("%(num)s offene Anmeldung", "%(num)s offene Anmeldungen", count),
        gettext("noch da: %(left)s", left=left),
    ]
    return DeskLine(
        title=title_of(listing),
        url=url_for("donations.allocation", listing_id=listing.id),
        action_label=gettext("Verteilen"),
        detail=" · ".join(parts),
    )


def _gift_line(claims: Sequence[Claim]) -> DeskLine:
    listing = claims[0].listing
    waits = any(waits_for(Side.GIVER, each.standing) for each in claims)
    return DeskLine(
        title=title_of(listing),
        url=url_for("donations.allocation", listing_id=listing.id),
        action_label=gettext("Verteilen"),
        detail=ngettext("%(num)s Anmeldung", "%(num)s Anmeldungen", len(claims)),
        state_label=gettext("wartet auf Sie") if waits else gettext("auf der Warteliste"),
        tone=Tone.WARNING if waits else Tone.INFO,
    )


def _those_that_wait_first(claims: Sequence[Claim], side: Side) -> list[Claim]:
    return sorted(claims, key=lambda each: not waits_for(side, each.standing))


def _line(work: UnitOfWork, claim: Claim, side: Side) -> DeskLine:
    now = work.now()
    state = state_label(claim, side, now)
    parts = [
        organisation_label(across_from(claim, side).name),
        claim_quantity_label(claim, claim.granted or claim.wanted),
    ]
    if claim.answer_until is not None and not has_lapsed(claim, now):
        parts.append(gettext("Antwort bis %(until)s", until=instant_label(claim.answer_until)))
    return DeskLine(
        title=title_of(claim.listing),
        url=f"/messages/{claim.thread_id}",
        action_label=_next_label(claim, side),
        detail=" · ".join(parts),
        state_label=state.label,
        tone=state.tone,
    )


def _next_label(claim: Claim, side: Side) -> str:
    if waits_for(side, claim.standing):
        return gettext("Antworten")
    action = leading_action(side, claim.standing)
    return action_label(action) if action else gettext("Ansehen")
