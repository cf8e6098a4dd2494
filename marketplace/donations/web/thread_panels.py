"""The claim that a conversation is about, over it, with the next step of the reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import g, url_for
from flask_babel import gettext

from marketplace.accounts.permissions import Action, may
from marketplace.accounts.web.labels import organisation_label
from marketplace.bookings.rules.opening import BERLIN
from marketplace.bookings.web.contacts import contact_rows
from marketplace.bookings.web.labels import instant_label, time_label
from marketplace.donations.models import Claim, ClaimStep
from marketplace.donations.queries.claims import (
    across_from,
    claim_in_thread,
    giver_seen_by,
    steps_of,
    terms_of,
)
from marketplace.donations.queries.notices import has_proven_status
from marketplace.donations.rules.requests import IntendedUse
from marketplace.donations.rules.states import (
    CONTACT_SHOWN,
    WAITING,
    ClaimAction,
    ClaimState,
    Side,
    actions_for,
    leading_action,
    owes_reason,
)
from marketplace.donations.web.forms import (
    AcceptForm,
    ChangedOfferForm,
    FreeReasonForm,
    HandOverForm,
    OwedReasonForm,
)
from marketplace.donations.web.labels import (
    action_label,
    claim_quantity_label,
    has_lapsed,
    note_label,
    rule_words,
    state_label,
    state_words,
    use_label,
)
from marketplace.donations.web.listing_panels import STATUS_URL
from marketplace.donations.web.next_steps import Reader, next_step
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ClaimId
from marketplace.foundation.web.localisation import format_day
from marketplace.listings.queries import is_public, is_unnamed
from marketplace.listings.web.labels import title_of
from marketplace.messaging.models import Thread
from marketplace.messaging.web.panels import ThreadPanel

ActionForm = AcceptForm | HandOverForm | OwedReasonForm | FreeReasonForm | ChangedOfferForm
# What the reader is left with who wanted something: to look elsewhere.
_LEFT_WITHOUT = frozenset({ClaimState.DECLINED, ClaimState.NO_SHOW})


def keep_typed_action(claim_id: ClaimId, action: ClaimAction, form: ActionForm) -> None:
    """Let the next page about this claim show this form, opened."""
    g.claim_typed = (claim_id, action, form)


def typed_action(claim_id: ClaimId, action: ClaimAction) -> ActionForm | None:
    """Give the form that was refused, if it was this one."""
    typed: tuple[ClaimId, ClaimAction, ActionForm] | None = g.get("claim_typed")
    return typed[2] if typed and typed[:2] == (claim_id, action) else None


def form_of(action: ClaimAction, side: Side, *, id_prefix: str = "") -> ActionForm | None:
    """Give the form that was sent for an action; None: it asks for nothing."""
    if action is ClaimAction.ACCEPT:
        return AcceptForm()
    if action is ClaimAction.HAND_OVER:
        return HandOverForm()
    if action is ClaimAction.OFFER:
        return ChangedOfferForm(id_prefix=id_prefix)
    if owes_reason(action, side):
        return OwedReasonForm(id_prefix=id_prefix or action)
    return FreeReasonForm() if action is ClaimAction.DECLINE else None


@dataclass(frozen=True, kw_only=True)
class ActionView:
    """Something one can do with a claim.

    `form`: it asks for more than a click; with `is_first`, what it asks stands open.
    """

    key: str
    label: str
    url: str
    form: ActionForm | None = None
    hint: str = ""
    is_open: bool = False
    is_first: bool = False


def claim_thread_panel(work: UnitOfWork, thread: Thread) -> ThreadPanel | None:
    """Give the claim over the conversation about it."""
    claim = claim_in_thread(work, thread.id)
    side = claim.side_of(work.actor.organisation_id) if claim else None
    if claim is None or side is None:
        return None
    listing, now = claim.listing, work.now()
    across = claim.organisation if side is Side.GIVER else listing.organisation
    seen = across_from(claim, side)
    other = organisation_label(seen.name)
    steps = steps_of(work, claim.id)
    latest = steps[-1]
    reader = Reader(
        side=side,
        other=other,
        now=now,
        terms=terms_of(listing),
        actor=Side(latest.side) if latest.side else None,
    )
    state = state_label(claim, side, now)
    return ThreadPanel(
        template="donations/thread_panel.html",
        context={
            "rows": [
                (gettext("Angebot"), title_of(listing)),
                (gettext("Mit"), f"{other}, {seen.place}"),
                *_claim_rows(claim, latest),
            ],
            "state": state.label,
            "tone": state.tone,
            "next": next_step(claim, reader),
            "proof_url": _proof_url(work, claim, side),
            "actions": _actions(claim, side) if not has_lapsed(claim, now) else [],
            "allocation_url": (
                url_for("donations.allocation", listing_id=listing.id)
                if side is Side.GIVER and ClaimAction.OFFER in actions_for(side, claim.standing)
                else ""
            ),
            "links": _links(claim, side),
            "is_to_allocate": leading_action(side, claim.standing) is ClaimAction.OFFER,
            "contact": contact_rows(work, listing, across, is_collecting=side is Side.CLAIMANT)
            if claim.state in CONTACT_SHOWN
            else [],
            "is_unnamed": side is Side.CLAIMANT and is_unnamed(listing),
            "steps": _step_lines(claim, steps, side),
            "search_url": _search_instead(claim, reader),
            "listing_url": (
                url_for("listings.show", listing_id=listing.id)
                if side is Side.GIVER or is_public(listing, work)
                else ""
            ),
        },
    )


def _claim_rows(claim: Claim, latest: ClaimStep) -> list[tuple[str, str]]:
    """Give what is wanted and offered, and why it stands as it does."""
    rows = [(gettext("Gewünscht"), claim_quantity_label(claim, claim.wanted))]
    if claim.granted:
        rows.append((_granted_name(claim), claim_quantity_label(claim, claim.granted)))
    rows.append((gettext("Verwendung"), use_label(IntendedUse(claim.intended_use))))
    if claim.need_by:
        rows.append((gettext("Gebraucht bis"), format_day(claim.need_by)))
    if claim.answer_until:
        rows.append((gettext("Antwort bis"), instant_label(claim.answer_until)))
    if latest.note:
        rows.append((gettext("Grund"), note_label(latest.note)))
    if claim.pickup_starts_at and claim.pickup_ends_at and claim.state in CONTACT_SHOWN:
        time = time_label(claim.pickup_starts_at, claim.pickup_ends_at, BERLIN)
        rows.append((gettext("Abholung"), time))
    return rows


def _links(claim: Claim, side: Side) -> list[tuple[str, str]]:
    """Give the pages for what takes more than a click, until it was handed over."""
    if claim.state != ClaimState.ACCEPTED or side is Side.DESK:
        return []
    return [
        (
            url_for("collecting.pickup", claim_id=claim.id),
            gettext("Anderer Termin") if claim.pickup_starts_at else gettext("Termin zum Abholen"),
        ),
        (
            url_for("collecting.handover", claim_id=claim.id),
            gettext("Übergabe mit Zustand und Bild"),
        ),
    ]


def _granted_name(claim: Claim) -> str:
    match claim.standing.state:
        case ClaimState.OFFERED:
            return gettext("Angeboten")
        case ClaimState.ACCEPTED:
            return gettext("Zugesagt")
        case _:
            return gettext("Übergeben")


def _proof_url(work: UnitOfWork, claim: Claim, side: Side) -> str | None:
    """Give where the missing proof is handed in; empty: somebody else does it; None: none is."""
    if side is not Side.CLAIMANT or claim.state not in WAITING:
        return None
    if not terms_of(claim.listing).needs_status(work.now()):
        return None
    if has_proven_status(work, claim.organisation):
        return None
    return STATUS_URL if may(work.actor, Action.STATE_STATUS) else ""


def _search_instead(claim: Claim, reader: Reader) -> str:
    """Give the search for what the claimant is left without; empty: nobody is left so."""
    if reader.is_giver or reader.actor is reader.side or claim.state not in _LEFT_WITHOUT:
        return ""
    wanted = {"kind": claim.listing.kind, "place": claim.organisation.postcode}
    return f"/search?{urlencode(wanted)}"


def _actions(claim: Claim, side: Side) -> list[ActionView]:
    """Give the buttons, the one that is waited for first; sharing out has a page of its own."""
    possible = actions_for(side, claim.standing)
    leading = leading_action(side, claim.standing)
    views = []
    for action in possible:
        if action is ClaimAction.OFFER:
            continue
        if action is ClaimAction.WITHDRAW and ClaimAction.DECLINE in possible:
            continue  # two ways to say no would be one too many
        typed = typed_action(claim.id, action)
        views.append(
            ActionView(
                key=action,
                label=action_label(action),
                url=url_for("donations.act", claim_id=claim.id, action=action),
                form=typed or _fresh_form(claim, action, side),
                hint=_hint(claim, action),
                is_open=typed is not None,
                is_first=action is leading,
            )
        )
    return sorted(views, key=lambda view: not view.is_first)


def _fresh_form(claim: Claim, action: ClaimAction, side: Side) -> ActionForm | None:
    if action is ClaimAction.ACCEPT:
        return AcceptForm(formdata=None, quantity=claim.granted)
    if action is ClaimAction.HAND_OVER:
        return HandOverForm(formdata=None, quantity=claim.granted)
    if owes_reason(action, side):
        return OwedReasonForm(formdata=None, id_prefix=action)
    return FreeReasonForm(formdata=None) if action is ClaimAction.DECLINE else None


def _hint(claim: Claim, action: ClaimAction) -> str:
    if action not in (ClaimAction.ACCEPT, ClaimAction.HAND_OVER):
        return ""
    return gettext("Höchstens %(most)s.", most=claim_quantity_label(claim, claim.granted))


def _step_lines(
    claim: Claim, steps: Sequence[ClaimStep], side: Side
) -> list[tuple[str, list[str]]]:
    """Give the history, the first step first: a line, and the reasons it was taken for."""
    names = {
        Side.GIVER: organisation_label(giver_seen_by(claim, side).name),
        Side.CLAIMANT: claim.organisation.name,
        Side.DESK: gettext("Ansprechstelle des Landkreises"),
        side: gettext("Sie"),
    }
    lines = []
    for step in steps:
        line = gettext(
            "%(when)s: %(state)s (%(who)s). %(what)s",
            when=instant_label(step.at),
            state=state_words(ClaimState(step.state)),
            who=names[Side(step.side)] if step.side else _nobody(step),
            what=claim_quantity_label(claim, step.quantity),
        )
        reasons = [note_label(step.note)] if step.note else []
        if step.rule is not None:
            reasons.append(gettext("Nach der Regel: %(what)s.", what=rule_words(claim, step.rule)))
        lines.append((line, reasons))
    return lines


def _nobody(step: ClaimStep) -> str:
    return gettext("nach der Regel") if step.rule is not None else gettext("Frist abgelaufen")
