"""The page of one listing."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from marketplace.accounts.permissions import Action, may
from marketplace.accounts.queries import details_seen_at
from marketplace.districts.queries import own_district
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import InvalidInput
from marketplace.foundation.web.forms import Form
from marketplace.foundation.web.localisation import format_day, format_distance
from marketplace.geo.interfaces import Precision
from marketplace.geo.rules.points import geodesic_metres
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import GateDecision, Listing
from marketplace.listings.operations.life import rulings_about
from marketplace.listings.operations.listings import draft_of
from marketplace.listings.queries import (
    ListingParts,
    PublicSpot,
    gate_decisions,
    is_favourite,
    is_for_staff,
    is_own,
    is_public,
    is_unnamed,
    parts_of,
    public_spot,
    shown_organisation,
)
from marketplace.listings.resource_kind import Verdict
from marketplace.listings.rules.gating import GateRuling
from marketplace.listings.rules.states import EDITABLE, RENEWABLE, Direction, ListingState
from marketplace.listings.web.forms import insurance_label, vat_label
from marketplace.listings.web.labels import (
    attribute_rows,
    category_name,
    deposit_label,
    quantity_label,
    state_label,
    title_of,
)
from marketplace.listings.web.matches import matching_cards
from marketplace.listings.web.panels import detail_panels, own_links
from marketplace.listings.web.rulings import shown_rulings, statement_label
from marketplace.search.interfaces import Terms, Window
from marketplace.search.rules.windows import merged
from marketplace.search.web.cards import last_day_of
from marketplace.search.web.labels import kind_label, price_label, wanted_mode_label
from marketplace.search.web.question import read_origin

# Contract, section 6: the point of a street address is moved by up to 1 km.
_BLUR_METRES = 1_000


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A photo with its address and size in pixels."""

    url: str
    width: int
    height: int
    text: str


def render_listing(
    work: UnitOfWork, listing: Listing, *, status: int = 200, reason_form: Form | None = None
) -> ResponseReturnValue:
    """Give the page of a listing that the actor may see.

    `reason_form`: what the staff typed as the reason for sending it back, where that was refused.
    """
    kind = KINDS.get(listing.kind)
    if kind is None:
        abort(404)  # its kind was taken out of this installation
    parts, spot = parts_of(work, listing), public_spot(work, listing)
    own = is_own(listing, work)
    public = is_public(listing, work)
    is_request = listing.direction == Direction.REQUEST
    page = render_template(
        "listings/detail.html",
        listing=listing,
        title=title_of(listing),
        kind_label=kind_label(listing.kind),
        category=category_name(listing.category) if listing.category else "",
        pictures=_pictures(parts),
        distance=_distance(work, spot),
        price=_price(listing),
        times=_times(parts, work.now()),
        has_windows=bool(parts.windows),
        rows=attribute_rows(kind, listing, is_own=own),
        quantity=quantity_label(kind, listing.quantity, listing.unit),
        agreement=_agreement(listing),
        place=f"{listing.postcode} {listing.place}".strip(),
        point=f"{spot.point.lat},{spot.point.lon}" if spot.point else "",
        blur=_BLUR_METRES if spot.precision == Precision.ADDRESS else "",
        organisation=listing.organisation if shown_organisation(work, listing).id else None,
        is_unnamed=is_unnamed(listing),
        seen_at=details_seen_at(work, listing.organisation_id),
        office=own_district(work).office,
        panels=[] if own or not public else detail_panels(work, listing),
        is_own=own,
        own_links=own_links(listing) if own else [],
        is_request=is_request,
        matches=matching_cards(work, listing) if public else [],
        matches_url=_others_url(listing),
        serves=_serves(listing),
        favourite=is_favourite(work, listing.id) if work.actor.person_id and not own else None,
        rulings=shown_rulings(_rulings(work, listing)) if own else [],
        statements=_statements(work, listing),
        staff_reason=listing.staff_reason if own or is_for_staff(listing, work) else "",
        valid_until=last_day_of(listing.valid_until),
        review=_review(work, listing),
        reason_form=reason_form,
        is_public=public,
        report_url=(
            url_for("moderation.report", subject="listing", subject_id=listing.id)
            if public and not own
            else ""
        ),
        state=state_label(listing, work.now()),
        steps=_steps(listing) if own else {},
    )
    return page, status


def _pictures(parts: ListingParts) -> list[Picture]:
    return [
        Picture(
            url=f"/media/{photo.id}",
            width=photo.width,
            height=photo.height,
            text=photo.description
            or gettext("Bild %(number)s: %(title)s", number=number, title=title_of(parts.listing)),
        )
        for number, photo in enumerate(parts.photos, start=1)
    ]


def _distance(work: UnitOfWork, spot: PublicSpot) -> str:
    """Say how far it is from the place that the visitor searched from, if there was one."""
    if spot.point is None:
        return ""
    try:
        origin = read_origin(work, MultiDict(request.args))
    except InvalidInput:
        return ""  # an old or mistyped address of this page still shows the listing
    if origin is None:
        return ""
    metres = geodesic_metres(origin.point, spot.point)
    distance = format_distance(metres)
    return (
        gettext("%(distance)s von %(place)s", distance=distance, place=origin.label)
        if origin.label
        else gettext("%(distance)s entfernt", distance=distance)
    )


def _price(listing: Listing) -> str:
    if listing.terms_mode is None:
        return ""
    if listing.direction == Direction.REQUEST:
        return wanted_mode_label(listing.terms_mode)
    terms = Terms(
        mode=listing.terms_mode,
        amount_minor=listing.amount_minor,
        currency=listing.currency,
        per=listing.price_unit,
    )
    label = price_label(terms, listing.kind)
    return f"{label}, {vat_label(listing.vat_info)}" if listing.vat_info else label


def _times(parts: ListingParts, now: datetime) -> list[str]:
    """Give the free times that are not over yet, in words."""
    windows = merged(Window(window.starts_at, window.ends_at) for window in parts.windows)
    words = []
    for window in windows:
        if window.end <= now:
            continue
        first, last = format_day(window.start), format_day(last_day_of(window.end))
        words.append(
            first if first == last else gettext("%(first)s bis %(last)s", first=first, last=last)
        )
    return words


def _agreement(listing: Listing) -> list[tuple[str, str]]:
    rows = [(gettext("Versicherung"), insurance_label(listing.insurance))]
    if listing.insurance_note:
        rows.append((gettext("Hinweis"), listing.insurance_note))
    if deposit := deposit_label(listing):
        rows.append((gettext("Kaution"), deposit))
    protocol = gettext("mit Protokoll") if listing.handover_protocol else gettext("ohne Protokoll")
    rows.append((gettext("Übergabe"), protocol))
    return rows


def _steps(listing: Listing) -> dict[str, bool]:
    state = ListingState(listing.state)
    return {
        "edit": state in EDITABLE,
        "publish": state is ListingState.PAUSED,
        "pause": state is ListingState.PUBLISHED,
        "renew": state in RENEWABLE,
        "take_back": state is ListingState.IN_REVIEW,
        "archive": state is not ListingState.ARCHIVED,
    }


def _review(work: UnitOfWork, listing: Listing) -> dict[str, bool]:
    """Say what the staff may do with it here."""
    if not may(work.actor, Action.REVIEW_LISTING):
        return {}
    state = ListingState(listing.state)
    return {
        "decide": state is ListingState.IN_REVIEW,
        "hide": state is ListingState.PUBLISHED,
    }


def _serves(listing: Listing) -> str:
    if listing.service_radius_km is None:
        return ""
    return gettext("Kommt auch zu Ihnen, bis %(km)s km.", km=listing.service_radius_km)


def _rulings(work: UnitOfWork, listing: Listing) -> tuple[GateRuling, ...]:
    """Give what the gates say; what is public the staff need not look at any more."""
    found = rulings_about(work, listing, draft_of(work, listing))
    if listing.state != ListingState.PUBLISHED:
        return found
    return tuple(each for each in found if each.ruling.verdict is not Verdict.REVIEW)


def _statements(work: UnitOfWork, listing: Listing) -> list[str]:
    """Say what the organisation stated to a gate and nobody checked."""
    latest: dict[str, GateDecision] = {}
    for decision in gate_decisions(work, listing.id):
        latest.setdefault(decision.gate, decision)
    return [
        gettext("Angabe der anbietenden Organisation, nicht geprüft: %(what)s", what=label)
        for decision in latest.values()
        if (label := statement_label(decision.code))
    ]


def _others_url(listing: Listing) -> str:
    """Give the address of the search for the other side, around the same place."""
    is_request = listing.direction == Direction.REQUEST
    return url_for(
        "search.search",
        direction=None if is_request else Direction.REQUEST,
        kind=listing.kind,
        category=listing.category,
        place=f"{listing.postcode} {listing.place}".strip() or None,
    )
