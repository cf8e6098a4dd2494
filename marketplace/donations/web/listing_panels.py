"""What donations add to the page of a gift: the giver's terms and the form to claim some of it."""

from flask import g, url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Action, may
from marketplace.accounts.queries import own_organisation
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.bookings.queries import left_of
from marketplace.donations.queries.claims import (
    own_claim_to,
    rule_of_district,
    terms_of,
)
from marketplace.donations.queries.notices import has_proven_status
from marketplace.donations.rules.gifts import GiftTerms
from marketplace.donations.rules.states import OVER, Side
from marketplace.donations.web.forms import ClaimForm
from marketplace.donations.web.labels import (
    gift_quantity_label,
    rule_sentence,
    state_label,
    terms_rows,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_gift, is_own
from marketplace.listings.web.panels import DetailPanel, OwnLink

STATUS_URL = "/account/status"


def keep_typed(form: ClaimForm) -> None:
    """Let the page of the gift show this form."""
    g.claim_form = form


def claim_panel(work: UnitOfWork, listing: Listing) -> DetailPanel | None:
    """Give the terms of a gift and the way to claim it; nothing for its giver."""
    if is_own(listing, work) or not is_gift(listing):
        return None
    terms, left = terms_of(listing), left_of(work, listing)
    reader = _for_reader(work, listing, terms, left)
    return DetailPanel(
        template="donations/claim_panel.html",
        context={
            "rows": terms_rows(listing, terms, left, work.now()),
            "rule": rule_sentence(rule_of_district(work)),
            **reader,
        },
        bar_label=gettext("Bedarf anmelden") if reader.keys() & {"form", "login_url"} else "",
        bar_url="#claim",
    )


def allocation_link(listing: Listing) -> OwnLink | None:
    """Give the giver the way to those who claim the gift."""
    if not is_gift(listing):
        return None
    return OwnLink(gettext("Anmeldungen"), url_for("donations.allocation", listing_id=listing.id))


def _for_reader(
    work: UnitOfWork, listing: Listing, terms: GiftTerms, left: int
) -> dict[str, object]:
    if may(work.actor, Action.ALLOCATE_GIFT):
        return {"allocation_url": url_for("donations.allocation", listing_id=listing.id)}
    if not terms.is_open(work.now()):
        return {"is_over": True, **_own_claim(work, listing)}
    if work.actor.person_id is None:
        url = url_for("donations.claim_page", listing_id=listing.id)
        return {"login_url": url_for("accounts.login", next=url)}
    if own_organisation(work).state != VerificationState.VERIFIED:
        return {"is_waiting": True}
    claim = _own_claim(work, listing)
    return claim if claim.get("is_under_way") else {**claim, **_form(work, listing, terms, left)}


def _own_claim(work: UnitOfWork, listing: Listing) -> dict[str, object]:
    """Give the own claim, under way or over; empty where there is none."""
    if work.actor.organisation_id is None:
        return {}
    claim = own_claim_to(work, listing.id)
    if claim is None:
        return {}
    return {
        "state": state_label(claim, Side.CLAIMANT, work.now()),
        "thread_url": url_for("messaging.show", thread_id=claim.thread_id),
        "is_under_way": claim.state not in OVER,
    }


def _form(work: UnitOfWork, listing: Listing, terms: GiftTerms, left: int) -> dict[str, object]:
    most = gift_quantity_label(listing, terms.quantity)
    waits_for_proof = terms.needs_status(work.now()) and not has_proven_status(
        work, own_organisation(work)
    )
    return {
        "form": g.get("claim_form") or ClaimForm(formdata=None, quantity=terms.smallest_lot),
        "url": url_for("donations.claim", listing_id=listing.id),
        "quantity_hint": (
            gettext("Nur alles zusammen: %(most)s.", most=most)
            if not terms.may_split
            else gettext("Von %(least)s bis %(most)s.", least=terms.smallest_lot, most=most)
        ),
        "is_all_gone": left == 0,
        "waits_for_proof": waits_for_proof,
        "status_url": STATUS_URL if may(work.actor, Action.STATE_STATUS) else "",
    }
