"""The life of a listing: published, looked at by the staff, paused, renewed, expired, archived."""

from datetime import timedelta

from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotAllowed
from marketplace.foundation.identifiers import ListingId
from marketplace.listings.events import (
    ListingApproved,
    ListingLapsed,
    ListingPublished,
    ListingSentBack,
    ListingSubmitted,
)
from marketplace.listings.models import GateDecision, Listing
from marketplace.listings.operations.listings import draft_of, longest_validity, refresh_index
from marketplace.listings.queries import (
    earlier_uses,
    gate_decisions,
    listing_by_id,
    own_listing,
)
from marketplace.listings.resource_kind import Verdict
from marketplace.listings.rules.drafts import ZONE, ListingDraft, midnight, missing_for_publishing
from marketplace.listings.rules.gating import (
    GateRuling,
    kept_back_by,
    last_days_named,
    rulings_on,
)
from marketplace.listings.rules.states import RENEWABLE, ListingState, check_step

# One reminder, early enough to renew before anybody misses it.
REMINDER_BEFORE_EXPIRY = timedelta(days=14)
SHORTEST_REASON, LONGEST_REASON = 5, 1_000


def publish_listing(work: UnitOfWork, listing_id: ListingId) -> Listing:
    """Let everybody see it: the organisation is verified, nothing is missing, all gates are open.

    Where a gate asks for it, or the staff sent it back before, the staff looks at it first.
    Raises NotAllowed, InvalidInput (a sentence for each field that is missing) or Conflict.
    """
    check_may(work.actor, Action.WRITE_LISTING)
    listing = own_listing(work, listing_id, lock=True)
    publish(work, listing)
    return listing


def publish(work: UnitOfWork, listing: Listing) -> None:
    """Publish a listing whose organisation the caller has made sure of."""
    check_step(listing.state, ListingState.PUBLISHED)
    if listing.state == ListingState.IN_REVIEW:
        raise Conflict(N_("Der Eintrag wartet schon auf die Ansprechstelle im Landkreis."))
    if listing.organisation.state != VerificationState.VERIFIED:
        raise NotAllowed(
            N_(
                "Ihre Organisation wird noch geprüft. Der Entwurf bleibt gespeichert; "
                "wir schreiben Ihnen, sobald Sie veröffentlichen können."
            )
        )
    draft = draft_of(work, listing)
    rulings = rulings_about(work, listing, draft)
    if problems := {**kept_back_by(rulings), **missing_for_publishing(draft)}:
        raise InvalidInput(problems)
    if listing.valid_until <= work.now():
        raise InvalidInput({"valid_until": N_("Dieser Tag liegt in der Vergangenheit.")})
    _keep_decisions(work, listing, rulings)
    if listing.staff_reason or _must_be_looked_at(work, listing, rulings):
        _submit(work, listing)
    else:
        _go_public(work, listing, rulings)


def check_changed(work: UnitOfWork, listing: Listing) -> None:
    """Ask the gates again about a public listing that was changed in this transaction.

    Raises InvalidInput where one is closed now; where one asks for the staff, it goes to them.
    """
    rulings = rulings_about(work, listing, draft_of(work, listing))
    if problems := kept_back_by(rulings):
        raise InvalidInput(problems)
    _keep_decisions(work, listing, rulings)
    plan_dates(work, listing, rulings)
    if _must_be_looked_at(work, listing, rulings):
        _submit(work, listing)


def rulings_about(
    work: UnitOfWork, listing: Listing, draft: ListingDraft
) -> tuple[GateRuling, ...]:
    """Give what the gates say about a listing as the draft has it."""
    return rulings_on(
        draft,
        organisation_kind=listing.organisation.kind,
        today=work.now().astimezone(ZONE).date(),
        earlier_uses=earlier_uses(work, listing),
    )


def pause_listing(work: UnitOfWork, listing_id: ListingId) -> Listing:
    """Take it out of sight for a while."""
    return _step(work, listing_id, ListingState.PAUSED)


def archive_listing(work: UnitOfWork, listing_id: ListingId) -> Listing:
    """Put it away for good; it stays readable for its organisation."""
    return _step(work, listing_id, ListingState.ARCHIVED)


def take_back_listing(work: UnitOfWork, listing_id: ListingId) -> Listing:
    """Make a draft again of what waits for the staff."""
    listing = own_listing(work, listing_id, lock=True)
    if listing.state != ListingState.IN_REVIEW:
        check_step(ListingState.ARCHIVED, ListingState.DRAFT)
    return _step(work, listing_id, ListingState.DRAFT)


def renew_listing(work: UnitOfWork, listing_id: ListingId) -> Listing:
    """Let it be valid as long as possible from now on; an expired one is published again.

    Raises what publish_listing raises.
    """
    check_may(work.actor, Action.WRITE_LISTING)
    listing = own_listing(work, listing_id, lock=True)
    if listing.state not in RENEWABLE:
        raise Conflict(N_("Verlängern lässt sich nur, was veröffentlicht war."))
    listing.valid_until = longest_validity(work.now())
    listing.updated_at = work.now()
    work.session.flush()
    if listing.state == ListingState.EXPIRED:
        publish(work, listing)
    else:
        check_changed(work, listing)
        refresh_index(work, listing)
    work.record("renew_listing", "listing", listing.id)
    return listing


def expire_listing(work: UnitOfWork, listing_id: ListingId) -> None:
    """Note that a listing has run out; one that was renewed meanwhile stays as it is."""
    listing = listing_by_id(work, listing_id, lock=True)
    if listing.valid_until > work.now() or listing.state not in (
        ListingState.PUBLISHED,
        ListingState.PAUSED,
    ):
        return
    listing.state = ListingState.EXPIRED
    work.session.flush()
    refresh_index(work, listing)
    work.record("expire_listing", "listing", listing.id)


def lapse_listing(work: UnitOfWork, listing_id: ListingId) -> None:
    """Take a published listing out of sight if a gate that was open is closed by today."""
    listing = listing_by_id(work, listing_id, lock=True)
    if listing.state != ListingState.PUBLISHED:
        return
    rulings = rulings_about(work, listing, draft_of(work, listing))
    closed = [each for each in rulings if each.ruling.verdict is Verdict.CLOSED]
    if not closed:
        return
    _keep_decisions(work, listing, rulings)
    listing.state = ListingState.PAUSED
    listing.updated_at = work.now()
    work.session.flush()
    refresh_index(work, listing)
    work.record("lapse_listing", "listing", listing.id)
    work.emit(ListingLapsed(listing_id=listing.id, reason=closed[0].ruling.text))


def approve_listing(work: UnitOfWork, listing_id: ListingId) -> Listing:
    """Publish what waited for the staff; what they saw counts until an answer changes."""
    listing = _for_the_staff(work, listing_id)
    if listing.state != ListingState.IN_REVIEW:
        check_step(ListingState.ARCHIVED, ListingState.PUBLISHED)
    rulings = rulings_about(work, listing, draft_of(work, listing))
    if problems := kept_back_by(rulings):
        raise InvalidInput(problems)
    for each in rulings:
        if each.ruling.verdict is Verdict.REVIEW:
            _keep_decision(work, listing, each, Verdict.OPEN)
    listing.staff_reason = ""
    _go_public(work, listing, rulings)
    work.record("approve_listing", "listing", listing.id)
    work.emit(ListingApproved(listing_id=listing.id))
    return listing


def decline_listing(work: UnitOfWork, listing_id: ListingId, reason: str) -> Listing:
    """Send back what waited for the staff; raises InvalidInput (`reason`)."""
    listing = _for_the_staff(work, listing_id)
    if listing.state != ListingState.IN_REVIEW:
        check_step(ListingState.ARCHIVED, ListingState.DRAFT)
    return _send_back(work, listing, reason, "decline_listing")


def hide_listing(work: UnitOfWork, listing_id: ListingId, reason: str) -> Listing:
    """Take what is public out of sight; its organisation may change and submit it again."""
    listing = _for_the_staff(work, listing_id)
    if listing.state != ListingState.PUBLISHED:
        check_step(ListingState.ARCHIVED, ListingState.DRAFT)
    return _send_back(work, listing, reason, "hide_listing")


def plan_dates(work: UnitOfWork, listing: Listing, rulings: tuple[GateRuling, ...]) -> None:
    """Have the worker remind and expire in time; a job whose day was moved does nothing."""
    valid_until = listing.valid_until.isoformat()
    remind_at = max(listing.valid_until - REMINDER_BEFORE_EXPIRY, work.now())
    work.enqueue(
        "remind_of_expiry", due_at=remind_at, listing_id=listing.id, valid_until=valid_until
    )
    work.enqueue("expire_listing", due_at=listing.valid_until, listing_id=listing.id)
    for last in last_days_named(draft_of(work, listing)):
        day_after = midnight(last + timedelta(days=1))
        if work.now() < day_after < listing.valid_until:
            work.enqueue("lapse_listing", due_at=day_after, listing_id=listing.id)
    for each in rulings:
        for reminder in each.ruling.reminders:
            work.enqueue(
                "remind_of_gate",
                due_at=max(midnight(reminder.day), work.now()),
                listing_id=listing.id,
                gate=each.gate.key,
                day=reminder.day.isoformat(),
            )


def _step(work: UnitOfWork, listing_id: ListingId, target: ListingState) -> Listing:
    check_may(work.actor, Action.WRITE_LISTING)
    listing = own_listing(work, listing_id, lock=True)
    check_step(listing.state, target)
    listing.state = target
    listing.updated_at = work.now()
    work.session.flush()
    refresh_index(work, listing)
    work.record(f"{target.value}_listing", "listing", listing.id)
    return listing


def _submit(work: UnitOfWork, listing: Listing) -> None:
    listing.state = ListingState.IN_REVIEW
    listing.updated_at = work.now()
    work.session.flush()
    refresh_index(work, listing)
    work.record("submit_listing", "listing", listing.id)
    work.emit(ListingSubmitted(listing_id=listing.id))


def _go_public(work: UnitOfWork, listing: Listing, rulings: tuple[GateRuling, ...]) -> None:
    listing.state = ListingState.PUBLISHED
    listing.published_at = listing.published_at or work.now()
    listing.updated_at = work.now()
    work.session.flush()
    refresh_index(work, listing)
    plan_dates(work, listing, rulings)
    work.record("publish_listing", "listing", listing.id)
    work.emit(ListingPublished(listing_id=listing.id))


def _for_the_staff(work: UnitOfWork, listing_id: ListingId) -> Listing:
    check_may(work.actor, Action.REVIEW_LISTING)
    return listing_by_id(work, listing_id, lock=True)


def _send_back(work: UnitOfWork, listing: Listing, reason: str, action: str) -> Listing:
    text = reason.strip()
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        raise InvalidInput(
            {"reason": N_("Bitte begründen Sie in einem Satz, höchstens 1.000 Zeichen.")}
        )
    listing.state = ListingState.DRAFT
    listing.staff_reason = text
    listing.updated_at = work.now()
    work.session.flush()
    refresh_index(work, listing)
    work.record(action, "listing", listing.id, {"reason": text})
    work.emit(ListingSentBack(listing_id=listing.id))
    return listing


def _must_be_looked_at(work: UnitOfWork, listing: Listing, rulings: tuple[GateRuling, ...]) -> bool:
    """Tell whether a gate asks for the staff, who have not seen these very answers yet."""
    approved = [
        (decision.gate, decision.code, decision.answers)
        for decision in gate_decisions(work, listing.id)
        if decision.verdict == Verdict.OPEN
    ]
    answers = draft_of(work, listing).answers
    return any(
        each.ruling.verdict is Verdict.REVIEW
        and (each.gate.key, each.ruling.code, answers) not in approved
        for each in rulings
    )


def _keep_decisions(work: UnitOfWork, listing: Listing, rulings: tuple[GateRuling, ...]) -> None:
    for each in rulings:
        _keep_decision(work, listing, each, each.ruling.verdict)


def _keep_decision(work: UnitOfWork, listing: Listing, found: GateRuling, verdict: Verdict) -> None:
    """Store what was shown and answered, unless that is the last thing stored of this gate."""
    decision = GateDecision(
        listing_id=listing.id,
        gate=found.gate.key,
        code=found.ruling.code,
        verdict=verdict,
        text_version=found.gate.version,
        text=str(found.ruling.text),
        answers=draft_of(work, listing).answers,
        decided_at=work.now(),
        decided_for=work.actor.person_id,
    )
    last = next(
        (each for each in gate_decisions(work, listing.id) if each.gate == decision.gate), None
    )
    same = last is not None and (
        (last.code, last.verdict, last.text_version, last.answers)
        == (decision.code, decision.verdict, decision.text_version, decision.answers)
    )
    if not same:
        work.session.add(decision)
        work.session.flush()
