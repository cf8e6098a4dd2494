"""The page on which a gift is shared out: every claim, what the rule proposes, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for
from flask_babel import gettext
from wtforms import Field

from marketplace.accounts.desk import Tone
from marketplace.accounts.permissions import Action, may
from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.bookings.queries import left_of
from marketplace.bookings.web.labels import StateLabel, instant_label
from marketplace.donations.models import Claim
from marketplace.donations.queries.claims import (
    claims_to,
    proposal_for,
    rule_of_district,
    terms_of,
)
from marketplace.donations.queries.notices import notices_by_organisation, today_of
from marketplace.donations.rules.allocation import Claimant, Line
from marketplace.donations.rules.recipients import Notice, is_public, is_recognised
from marketplace.donations.rules.requests import IntendedUse
from marketplace.donations.rules.states import (
    ClaimAction,
    ClaimState,
    Side,
    actions_for,
)
from marketplace.donations.web.forms import (
    AllocationForm,
    ChangedOfferForm,
    OwedReasonForm,
    allocation_form,
)
from marketplace.donations.web.labels import (
    action_label,
    claim_quantity_label,
    gift_quantity_label,
    note_label,
    outcome_words,
    rule_sentence,
    standing_words,
    state_label,
    state_words,
    terms_rows,
    use_label,
)
from marketplace.donations.web.thread_panels import ActionView, typed_action
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ClaimId
from marketplace.foundation.web.localisation import format_day, format_distance
from marketplace.listings.models import Listing
from marketplace.listings.web.labels import title_of

# What the summary counts, in the order in which a claim goes through it.
_COUNTED = (
    ClaimState.OFFERED,
    ClaimState.ACCEPTED,
    ClaimState.COLLECTED,
    ClaimState.CONFIRMED,
)
# What others than the claimant may do with a claim on this page, each with a reason.
_WITH_REASON = (ClaimAction.OFFER, ClaimAction.DECLINE, ClaimAction.NO_SHOW)


@dataclass(frozen=True, kw_only=True)
class WaitingRow:
    """A claim that waits, what the rule proposes for it, and the fields for what it gets."""

    key: str
    name: str
    place: str
    status: StateLabel
    facts: list[tuple[str, str]]
    justification: str
    proposal: str
    reason: str
    quantity_field: Field
    reason_field: Field


@dataclass(frozen=True, kw_only=True)
class ClaimRow:
    """A claim as it stands, and what can be done with it here."""

    name: str
    detail: str
    note: str
    state: StateLabel
    thread_url: str
    actions: list[ActionView]


def allocation_page(
    work: UnitOfWork, listing: Listing, side: Side, *, form: AllocationForm | None = None
) -> str:
    """Show who wants how much of a gift to those who share it out; `form`: what was typed."""
    lines, claims = proposal_for(work, listing), claims_to(work, listing.id)
    terms, now, left = terms_of(listing), work.now(), left_of(work, listing)
    form = form or allocation_form(lines, is_sent=False)
    return render_template(
        "donations/allocation.html",
        title=title_of(listing),
        back_url=url_for("donations.gifts" if side is Side.DESK else "accounts.desk"),
        is_desk=side is Side.DESK,
        listing_url=url_for("listings.show", listing_id=listing.id),
        url=url_for("donations.allocate_gift", listing_id=listing.id),
        terms=terms_rows(listing, terms, left, now),
        rule=rule_sentence(rule_of_district(work)),
        rule_url=url_for("gift_rule.show") if may(work.actor, Action.MANAGE_DONATIONS) else "",
        is_still_open=terms.apply_until is not None and terms.is_open(now),
        left=gift_quantity_label(listing, left),
        form=form,
        waiting=_waiting_rows(work, claims, lines, form),
        is_to_share_out=left > 0 or any(each.state == ClaimState.SUBMITTED for each in claims),
        claims=[_claim_row(work, claim, side, left) for claim in claims],
        summary=_summary(listing, claims, left),
    )


def _waiting_rows(
    work: UnitOfWork, claims: Sequence[Claim], lines: Sequence[Line], form: AllocationForm
) -> list[WaitingRow]:
    claim_of = {each.id: each for each in claims}
    notices = notices_by_organisation(work, {each.organisation_id for each in claims})
    rule, today = rule_of_district(work), today_of(work)
    rows = []
    for line in lines:
        claim = claim_of[line.claimant.claim_id]
        needs_status = terms_of(claim.listing).needs_status(work.now())
        rows.append(
            WaitingRow(
                key=claim.id,
                name=claim.organisation.name,
                place=claim.organisation.place,
                status=_status(claim, notices[claim.organisation_id], today, needs=needs_status),
                facts=_facts(claim, line.claimant),
                justification=claim.justification,
                proposal=_proposal(claim, line),
                reason=f"{standing_words(line.claimant, rule)}: {outcome_words(line.outcome)}",
                quantity_field=form.quantity_of(claim.id),
                reason_field=form.reason_of(claim.id),
            )
        )
    return rows


def _status(claim: Claim, notices: Sequence[Notice], today: date, *, needs: bool) -> StateLabel:
    kind = OrganisationKind(claim.organisation.kind)
    if is_public(kind):
        return StateLabel(label=gettext("öffentliche Stelle"), tone=Tone.SUCCESS)
    if is_recognised(kind, notices, today):
        return StateLabel(label=gettext("Nachweis liegt vor"), tone=Tone.SUCCESS)
    if needs:
        return StateLabel(label=gettext("wartet auf Nachweis"), tone=Tone.WARNING)
    return StateLabel(label=gettext("ohne Nachweis"), tone=Tone.NEUTRAL)


def _facts(claim: Claim, claimant: Claimant) -> list[tuple[str, str]]:
    return [
        (gettext("Gewünscht"), claim_quantity_label(claim, claim.wanted)),
        (gettext("Verwendung"), use_label(IntendedUse(claim.intended_use))),
        (
            gettext("Gebraucht bis"),
            format_day(claim.need_by) if claim.need_by else gettext("kein Tag genannt"),
        ),
        (
            gettext("Entfernung"),
            gettext("unbekannt")
            if claimant.distance_metres is None
            else format_distance(claimant.distance_metres),
        ),
    ]


def _proposal(claim: Claim, line: Line) -> str:
    quantity = claim_quantity_label(claim, line.quantity)
    if line.place is None:
        return gettext("Ohne Platz, Vorschlag: %(quantity)s", quantity=quantity)
    return gettext("Platz %(place)s, Vorschlag: %(quantity)s", place=line.place, quantity=quantity)


def _claim_row(work: UnitOfWork, claim: Claim, side: Side, left: int) -> ClaimRow:
    wanted = claim_quantity_label(claim, claim.wanted)
    parts = [gettext("gewünscht %(quantity)s", quantity=wanted)]
    if claim.granted:
        granted = claim_quantity_label(claim, claim.granted)
        parts.append(f"{state_words(claim.standing.state)} {granted}")
    if claim.answer_until:
        parts.append(gettext("Antwort bis %(until)s", until=instant_label(claim.answer_until)))
    return ClaimRow(
        name=claim.organisation.name,
        detail=" · ".join(parts),
        note=note_label(claim.reason),
        state=state_label(claim, side, work.now()),
        # The staff take no part in conversations.
        thread_url=""
        if side is Side.DESK
        else url_for("messaging.show", thread_id=claim.thread_id),
        actions=_actions(claim, side, left),
    )


def _actions(claim: Claim, side: Side, left: int) -> list[ActionView]:
    views = []
    for action in actions_for(side, claim.standing):
        is_first_offer = action is ClaimAction.OFFER and claim.state != ClaimState.OFFERED
        if action not in _WITH_REASON or is_first_offer:  # what waits is shared out above
            continue
        typed = typed_action(claim.id, action)
        views.append(
            ActionView(
                key=action,
                label=_label(action),
                url=url_for("donations.act", claim_id=claim.id, action=action),
                form=typed or _fresh_form(claim, action),
                hint=_hint(claim, action, left),
                is_open=typed is not None,
            )
        )
    return views


def _label(action: ClaimAction) -> str:
    if action is ClaimAction.OFFER:
        return gettext("Andere Menge anbieten")
    return action_label(action)


def _fresh_form(claim: Claim, action: ClaimAction) -> ChangedOfferForm | OwedReasonForm:
    prefix = reason_prefix(action, claim.id)
    if action is ClaimAction.OFFER:
        return ChangedOfferForm(formdata=None, id_prefix=prefix, quantity=claim.granted)
    return OwedReasonForm(formdata=None, id_prefix=prefix)


def _hint(claim: Claim, action: ClaimAction, left: int) -> str:
    if action is not ClaimAction.OFFER:
        return ""
    most = min(claim.wanted, claim.granted + left)
    return gettext("Höchstens %(most)s.", most=claim_quantity_label(claim, most))


def reason_prefix(action: ClaimAction, claim_id: ClaimId) -> str:
    """Give what keeps the fields of this form apart from the others' on the page."""
    return f"{action}-{claim_id}"


def _summary(listing: Listing, claims: Sequence[Claim], left: int) -> list[tuple[str, str]]:
    """Give how much of the gift is where: with those who have some of it, and still there."""
    sums = {
        state: sum(claim.granted for claim in claims if claim.state == state) for state in _COUNTED
    }
    rows = [
        (state_words(state), gift_quantity_label(listing, quantity))
        for state, quantity in sums.items()
        if quantity
    ]
    return [*rows, (gettext("noch da"), gift_quantity_label(listing, left))]
