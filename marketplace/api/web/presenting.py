"""Listings, bookings, claims and messages as JSON, contract section 6."""

from typing import Any

import orjson

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import people_of
from marketplace.bookings.models import Booking, BookingStep
from marketplace.bookings.queries import steps_of
from marketplace.bookings.rules.capacity import Timeline, instants_of
from marketplace.bookings.rules.states import CONTACT_SHOWN, Side, actions_for
from marketplace.donations.models import Claim, ClaimStep
from marketplace.donations.queries.claims import giver_seen_by, waits_for_proof
from marketplace.donations.queries.claims import steps_of as steps_of_claim
from marketplace.donations.rules.states import CONTACT_SHOWN as CLAIM_CONTACT_SHOWN
from marketplace.donations.rules.states import Side as ClaimSide
from marketplace.donations.rules.states import actions_for as actions_for_claim
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.web.localisation import say_message
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing, Photo
from marketplace.listings.operations.life import rulings_about
from marketplace.listings.operations.listings import draft_of
from marketplace.listings.queries import (
    is_for_staff,
    is_own,
    is_unnamed,
    parts_of,
    public_spot,
    shown_organisation,
)
from marketplace.listings.rules.naming import ShownOrganisation
from marketplace.listings.search_documents import public_attributes
from marketplace.messaging.models import Attachment
from marketplace.messaging.queries import ThreadMessage


def listing_as_json(work: UnitOfWork, listing: Listing, *, site: str) -> dict[str, Any]:
    """Give a listing; what is private only to its organisation and, for their work, the staff."""
    parts, spot = parts_of(work, listing), public_spot(work, listing)
    insider = is_own(listing, work) or is_for_staff(listing, work)
    attributes = (
        dict(listing.attributes)
        if insider
        else public_attributes(KINDS[listing.kind], listing.attributes)
    )
    return {
        "id": listing.id,
        "direction": listing.direction,
        "kind": listing.kind,
        "category": listing.category,
        "title": listing.title,
        "description": listing.description,
        "state": listing.state,
        "attributes": attributes,
        "quantity": listing.quantity,
        "unit": listing.unit,
        "terms": _terms(listing),
        "location": {
            "place": listing.place,
            "postcode": listing.postcode,
            "lat": spot.point.lat if spot.point else None,
            "lon": spot.point.lon if spot.point else None,
            "precision": spot.precision,
        },
        "service_radius_km": listing.service_radius_km,
        "organisation": _shown(shown_organisation(work, listing)),
        "availability": [
            {"start": window.starts_at.isoformat(), "end": window.ends_at.isoformat()}
            for window in parts.windows
        ],
        "valid_until": listing.valid_until.isoformat(),
        "photos": [photo_as_json(photo, site=site) for photo in parts.photos],
        "url": f"{site}/listings/{listing.id}",
        "created_at": listing.created_at.isoformat(),
        "updated_at": listing.updated_at.isoformat(),
        "published_at": listing.published_at.isoformat() if listing.published_at else None,
        **(_inside(work, listing) if insider else {}),
    }


def photo_as_json(photo: Photo, *, site: str) -> dict[str, Any]:
    """Give a picture with its addresses."""
    url = f"{site}/media/{photo.id}"
    return {
        "id": photo.id,
        "url": url,
        "thumbnail_url": f"{url}?size=small",
        "width": photo.width,
        "height": photo.height,
    }


def timeline_as_json(timeline: Timeline) -> bytes:
    """Give the stretches of time with what can be had all through each, as text: it may be long."""
    columns = zip(
        instants_of(timeline.starts),
        instants_of(timeline.ends),
        timeline.capacity.tolist(),
        timeline.taken.tolist(),
        timeline.free.tolist(),
        strict=True,
    )
    pieces = [
        {"start": start, "end": end, "capacity": capacity, "taken": taken, "free": free}
        for start, end, capacity, taken, free in columns
    ]
    return orjson.dumps(pieces, option=orjson.OPT_NAIVE_UTC)


def booking_as_json(work: UnitOfWork, booking: Booking, *, site: str) -> dict[str, Any]:
    """Give a booking as the acting organisation sees it, which is on one of its two sides."""
    side = booking.side_of(work.actor.organisation_id)
    if side is None:
        raise ValueError("only those who take part see a booking")
    standing = booking.standing
    across = booking.organisation if side is Side.OWNER else booking.listing.organisation
    has_agreed = booking.state in CONTACT_SHOWN
    return {
        "id": booking.id,
        "state": booking.state,
        "side": side,
        "listing": {
            "id": booking.listing_id,
            "title": booking.listing.title,
            "url": f"{site}/listings/{booking.listing_id}",
        },
        "owner": _named(booking.listing.organisation),
        "organisation": _named(booking.organisation),
        "start": booking.starts_at.isoformat(),
        "end": booking.ends_at.isoformat(),
        "quantity": booking.quantity,
        "unit": booking.unit,
        "proposed_by": booking.proposed_by,
        "hold_until": standing.hold_until.isoformat() if standing.hold_until else None,
        "unconfirmed_by": standing.unconfirmed_by,
        "reason": say_message(booking.reason, {}),
        "actions": list(actions_for(side, standing, work.now())),
        "contact": _contact(work, booking.listing, across) if has_agreed else None,
        "steps": [_step(step) for step in steps_of(work, booking.id)],
        "thread": booking.thread_id,
        "url": f"{site}/messages/{booking.thread_id}",
        "created_at": booking.created_at.isoformat(),
        "updated_at": booking.updated_at.isoformat(),
    }


def claim_as_json(work: UnitOfWork, claim: Claim, side: ClaimSide, *, site: str) -> dict[str, Any]:
    """Give a claim as this side sees it; the desk, which collects nothing, gets no contact."""
    listing = claim.listing
    across = claim.organisation if side is ClaimSide.GIVER else listing.organisation
    has_contact = claim.state in CLAIM_CONTACT_SHOWN and side is not ClaimSide.DESK
    return {
        "id": claim.id,
        "state": claim.state,
        "side": side,
        "listing": {
            "id": claim.listing_id,
            "title": listing.title,
            "url": f"{site}/listings/{claim.listing_id}",
        },
        "giver": _shown(giver_seen_by(claim, side)),
        "giver_stays_unnamed": is_unnamed(listing),
        "organisation": _named(claim.organisation),
        "wanted": claim.wanted,
        "granted": claim.granted,
        "unit": claim.unit,
        "intended_use": claim.intended_use,
        "justification": claim.justification,
        "need_by": claim.need_by.isoformat() if claim.need_by else None,
        "answer_until": claim.answer_until.isoformat() if claim.answer_until else None,
        "reason": say_message(claim.reason, {}),
        "waits_for_proof": waits_for_proof(work, claim),
        "actions": list(actions_for_claim(side, claim.standing)),
        "contact": _contact(work, listing, across) if has_contact else None,
        "steps": [_claim_step(step) for step in steps_of_claim(work, claim.id)],
        "thread": claim.thread_id,
        "url": f"{site}/messages/{claim.thread_id}",
        "created_at": claim.created_at.isoformat(),
        "updated_at": claim.updated_at.isoformat(),
    }


def message_as_json(message: ThreadMessage, *, site: str) -> dict[str, Any]:
    """Give a message; of who wrote it no more than the page of the conversation shows."""
    return {
        "id": message.id,
        "position": message.position,
        "organisation": message.organisation_name or None,
        "is_own": message.is_own,
        "text": message.text,
        "sent_at": message.sent_at.isoformat(),
        "attachments": [_attachment(each, site=site) for each in message.attachments],
    }


def _attachment(attachment: Attachment, *, site: str) -> dict[str, Any]:
    return {
        "id": attachment.id,
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "url": f"{site}/api/v1/attachments/{attachment.id}",
    }


def _named(organisation: Organisation) -> dict[str, str]:
    return {"id": organisation.id, "name": organisation.name}


def _shown(organisation: ShownOrganisation) -> dict[str, str | None]:
    """Give an organisation as the reader may see it: null in both where it stays unnamed."""
    return {"id": organisation.id or None, "name": organisation.name or None}


def _contact(work: UnitOfWork, listing: Listing, across: Organisation) -> dict[str, Any]:
    """Give how the other side is reached, once both have agreed, and where the thing is."""
    return {
        "street": across.street,
        "postcode": across.postcode,
        "place": across.place,
        "people": [
            {"name": person.name, "email": person.email} for person in people_of(work, across.id)
        ],
        "location": {
            "street": listing.street,
            "postcode": listing.postcode,
            "place": listing.place,
        },
    }


def _step(step: BookingStep) -> dict[str, Any]:
    return {
        "state": step.state,
        "side": step.side,
        "start": step.starts_at.isoformat(),
        "end": step.ends_at.isoformat(),
        "quantity": step.quantity,
        "note": say_message(step.note, {}),
        "at": step.at.isoformat(),
    }


def _claim_step(step: ClaimStep) -> dict[str, Any]:
    return {
        "state": step.state,
        "side": step.side,
        "quantity": step.quantity,
        "note": say_message(step.note, {}),
        "rule": step.rule,
        "at": step.at.isoformat(),
    }


def _inside(work: UnitOfWork, listing: Listing) -> dict[str, Any]:
    """Give what only its organisation and the staff read."""
    return {
        "staff_reason": listing.staff_reason,
        "rulings": [
            {
                "gate": each.gate.key,
                "code": each.ruling.code,
                "verdict": each.ruling.verdict,
                "text": say_message(each.ruling.text, {}),
                "text_version": each.gate.version,
                "missing": {
                    field: say_message(sentence, {})
                    for field, sentence in each.ruling.missing.items()
                },
            }
            for each in rulings_about(work, listing, draft_of(work, listing))
        ],
    }


def _terms(listing: Listing) -> dict[str, Any] | None:
    if listing.terms_mode is None:
        return None
    amount = None if listing.amount_minor is None else f"{listing.amount_minor / 100:.2f}"
    return {
        "mode": listing.terms_mode,
        "amount": amount,
        "currency": listing.currency,
        "per": listing.price_unit,
        "vat_info": listing.vat_info,
    }
