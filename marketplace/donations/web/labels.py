"""Words for claims to gifts: their state and quantity, the giver's terms, the district's rule."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext

from marketplace.accounts.desk import Tone
from marketplace.bookings.rules.opening import BERLIN
from marketplace.bookings.web.labels import StateLabel, end_label
from marketplace.donations.models import Claim
from marketplace.donations.operations.steps import NOT_ANSWERED
from marketplace.donations.rules.allocation import Claimant, Criterion, Outcome
from marketplace.donations.rules.gifts import GiftTerms, Recipients
from marketplace.donations.rules.requests import IntendedUse
from marketplace.donations.rules.states import ClaimAction, ClaimState, Side, waits_for
from marketplace.foundation.errors import N_
from marketplace.foundation.web.localisation import format_day, format_distance
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.web.labels import quantity_label

_STATES: Mapping[ClaimState, tuple[str, Tone]] = {
    ClaimState.SUBMITTED: (N_("angemeldet"), Tone.INFO),
    ClaimState.WAITLISTED: (N_("auf der Warteliste"), Tone.INFO),
    ClaimState.OFFERED: (N_("angeboten"), Tone.INFO),
    ClaimState.ACCEPTED: (N_("zugesagt"), Tone.SUCCESS),
    ClaimState.DECLINED: (N_("abgesagt"), Tone.NEUTRAL),
    ClaimState.WITHDRAWN: (N_("zurückgezogen"), Tone.NEUTRAL),
    ClaimState.COLLECTED: (N_("übergeben"), Tone.SUCCESS),
    ClaimState.CONFIRMED: (N_("Übergabe bestätigt"), Tone.SUCCESS),
    ClaimState.NO_SHOW: (N_("nicht abgeholt"), Tone.WARNING),
}
_ACTIONS: Mapping[ClaimAction, str] = {
    ClaimAction.OFFER: N_("Verteilen"),
    ClaimAction.ACCEPT: N_("Annehmen"),
    ClaimAction.DECLINE: N_("Absagen"),
    ClaimAction.WITHDRAW: N_("Anmeldung zurückziehen"),
    ClaimAction.HAND_OVER: N_("Übergabe festhalten"),
    ClaimAction.CONFIRM: N_("Übergabe bestätigen"),
    ClaimAction.NO_SHOW: N_("Wurde nicht abgeholt"),
}
_USES: Mapping[IntendedUse, str] = {
    IntendedUse.OWN_PURPOSE: N_("für unsere eigenen Zwecke"),
    IntendedUse.PASSING_ON: N_("an Menschen weitergeben, die es brauchen"),
    IntendedUse.SELL: N_("verkaufen oder verlosen"),
    IntendedUse.UNSURE: N_("wissen wir noch nicht"),
}
_CRITERIA: Mapping[Criterion, str] = {
    Criterion.PUBLIC: N_("öffentliche Aufgaben"),
    Criterion.NEED_BY: N_("wer es früher braucht"),
    Criterion.DISTANCE: N_("die Nähe"),
}
_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ALL: N_("alles, was gewünscht ist"),
    Outcome.PART: N_("ein Teil, mehr ist nicht da"),
    Outcome.NOTHING_LEFT: N_("nichts, es ist alles vergeben"),
    Outcome.TOO_FEW_LEFT: N_("nichts, der Rest ist weniger als die kleinste Menge je Empfänger"),
    Outcome.NO_SPLIT: N_("nichts, es wird nur zusammen abgegeben"),
    Outcome.NO_STATUS: N_("nichts, solange der Nachweis fehlt"),
}


def state_words(state: ClaimState) -> str:
    """Give what a state is called."""
    return gettext(_STATES[state][0])


def state_label(claim: Claim, side: Side, now: datetime) -> StateLabel:
    """Say how far a claim is; what waits for the reader stands out."""
    if has_lapsed(claim, now):
        return StateLabel(label=gettext("abgelaufen"), tone=Tone.NEUTRAL)
    if waits_for(side, claim.standing):
        return StateLabel(label=gettext("wartet auf Sie"), tone=Tone.WARNING)
    label, tone = _STATES[claim.standing.state]
    return StateLabel(label=gettext(label), tone=tone)


def has_lapsed(claim: Claim, now: datetime) -> bool:
    """Tell whether an offer ran out that the worker has not taken back yet."""
    return claim.answer_until is not None and claim.answer_until <= now


def action_label(action: ClaimAction) -> str:
    """Give what the button of an action says."""
    return gettext(_ACTIONS[action])


def use_label(use: IntendedUse) -> str:
    """Say what an organisation wants to do with it."""
    return gettext(_USES[use])


def note_label(note: str) -> str:
    """Give what was written down with a step; the product's own sentence in the reader's words."""
    return gettext(note) if note == NOT_ANSWERED else note


def gift_quantity_label(listing: Listing, quantity: int) -> str:
    """Write so much of a gift, with its unit."""
    return quantity_label(KINDS[listing.kind], quantity, listing.unit)


def claim_quantity_label(claim: Claim, quantity: int) -> str:
    """Write so much of what is claimed, with the unit it was claimed in."""
    return quantity_label(KINDS[claim.listing.kind], quantity, claim.unit)


def rule_sentence(rule: Sequence[Criterion]) -> str:
    """Say in one sentence by what the district shares out."""
    first, *others = (gettext(_CRITERIA[each]) for each in rule)
    start = gettext("Zuerst %(what)s", what=first)
    return ", ".join([start, *(gettext("dann %(what)s", what=each) for each in others)]) + "."


def terms_rows(
    listing: Listing, terms: GiftTerms, left: int, now: datetime
) -> list[tuple[str, str]]:
    """Give the giver's terms, and how much nobody has been given yet."""
    rows = [
        (
            gettext("Noch da"),
            gettext(
                "%(left)s von %(all)s", left=left, all=gift_quantity_label(listing, terms.quantity)
            ),
        ),
        (gettext("Für wen"), _recipients_label(terms, now)),
    ]
    if terms.apply_until is not None:
        rows.append((gettext("Anmelden bis"), end_label(terms.apply_until, BERLIN)))
    if terms.collect_until is not None:
        rows.append((gettext("Abholen bis"), end_label(terms.collect_until, BERLIN)))
    if terms.quantity > 1:
        rows.append((gettext("Aufteilen"), _splitting_label(listing, terms)))
    return rows


def _recipients_label(terms: GiftTerms, now: datetime) -> str:
    if terms.recipients is Recipients.RECOGNISED:
        return gettext("öffentliche Stellen und Organisationen mit Nachweis des Finanzamts")
    if terms.recognised_first_until is not None and terms.needs_status(now):
        return gettext(
            "bis %(day)s öffentliche Stellen und Organisationen mit Nachweis des Finanzamts, "
            "danach alle Organisationen",
            day=end_label(terms.recognised_first_until, BERLIN),
        )
    return gettext("alle Organisationen")


def _splitting_label(listing: Listing, terms: GiftTerms) -> str:
    if not terms.may_split:
        return gettext("nein, nur alles zusammen")
    if terms.smallest_lot > 1:
        return gettext("ja, ab %(least)s", least=gift_quantity_label(listing, terms.smallest_lot))
    return gettext("ja")


def outcome_words(outcome: Outcome) -> str:
    """Say what the rule gives, and why."""
    return gettext(_OUTCOMES[outcome])


def standing_words(claimant: Claimant, rule: Sequence[Criterion]) -> str:
    """Say what a claim's place depends on, in the order of the rule."""
    words = {
        Criterion.PUBLIC: gettext("öffentliche Aufgabe")
        if claimant.is_public
        else gettext("keine öffentliche Aufgabe"),
        Criterion.NEED_BY: gettext("gebraucht bis %(day)s", day=format_day(claimant.need_by))
        if claimant.need_by
        else gettext("kein Tag genannt"),
        Criterion.DISTANCE: gettext("Entfernung unbekannt")
        if claimant.distance_metres is None
        else gettext("%(distance)s entfernt", distance=format_distance(claimant.distance_metres)),
    }
    return ", ".join(words[each] for each in rule)


def rule_words(claim: Claim, rule: Mapping[str, Any]) -> str:
    """Say what the district's rule gave at a step."""
    outcome = outcome_words(Outcome(rule["outcome"]))
    if rule["place"] is None:
        return outcome
    return gettext(
        "Platz %(place)s, %(quantity)s: %(outcome)s",
        place=rule["place"],
        quantity=claim_quantity_label(claim, rule["quantity"]),
        outcome=outcome,
    )
