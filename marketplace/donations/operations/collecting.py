"""From "yes" to the yard: choose when to come, write down what was handed over, confirm it."""

from marketplace.bookings.rules.requests import written_time
from marketplace.donations.events import PickupChosen
from marketplace.donations.models import Claim, Handover
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.operations.steps import StepNote, move_up, take_step
from marketplace.donations.operations.telling import tell
from marketplace.donations.queries.claims import claim_by_id, lock_gift_of, steps_of, visible_claim
from marketplace.donations.queries.pickups import due_of, handover_of, pickup_times
from marketplace.donations.rules.news import still_there
from marketplace.donations.rules.pickups import Missed, is_free, missed_after
from marketplace.donations.rules.states import ClaimAction, ClaimState, Side
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotAllowed, Sentence
from marketplace.foundation.identifiers import ClaimId, new_id
from marketplace.foundation.mail.operations import is_queued
from marketplace.foundation.photos import CleanPhoto
from marketplace.messaging.rules.messages import tidy_message
from marketplace.search.rules.windows import Window

HANDOVER_FOLDER = "handovers"
LONGEST_CONDITION = 1_000
NOT_COLLECTED = N_("Nicht abgeholt, auch nach zwei Erinnerungen.")


def choose_pickup(work: UnitOfWork, claim_id: ClaimId, wanted: Window) -> Claim:
    """Say when it is collected; the other side learns it.

    Raises NotFound for those who take no part, Conflict where nothing is to be collected or
    somebody else comes then, and InvalidInput (`start`) where the giver is not there.
    """
    lock_gift_of(work, claim_id)
    claim, side = visible_claim(work, claim_id)
    if side is Side.DESK:
        raise NotAllowed(N_("Den Termin vereinbaren die beiden Seiten."))
    if claim.state != ClaimState.ACCEPTED:
        raise Conflict(N_("Einen Termin gibt es erst, wenn beide zugesagt haben."))
    if wanted.start <= work.now():
        raise InvalidInput({"start": N_("Diese Zeit ist vorbei.")})
    times = pickup_times(work, claim)
    if not is_free(times.open, (), wanted):
        raise InvalidInput({"start": N_("Dann ist niemand da. Bitte wählen Sie eine andere Zeit.")})
    if not is_free(times.open, times.taken, wanted):
        raise Conflict(
            N_("Dann kommt schon jemand anderes. Bitte wählen Sie eine andere Zeit."),
            code="capacity_exhausted",
        )
    claim.pickup_starts_at, claim.pickup_ends_at = wanted.start, wanted.end
    claim.updated_at = work.now()
    work.session.flush()
    work.record("choose_pickup", "claim", claim.id, {"when": written_time(wanted, times.zone)})
    work.emit(PickupChosen(claim_id=claim.id, side=side))
    return claim


def note_handover(
    work: UnitOfWork,
    claim_id: ClaimId,
    *,
    quantity: int | None = None,
    condition: str = "",
    photo: CleanPhoto | None = None,
) -> Handover:
    """Write down what was handed over: how many, in which condition, with a picture.

    Raises as `act_on_claim` does, and InvalidInput (`condition`).
    """
    text = tidy_message(condition)
    if len(text) > LONGEST_CONDITION:
        raise InvalidInput(
            {"condition": Sentence(N_("Höchstens %(most)s Zeichen."), most=LONGEST_CONDITION)}
        )
    claim = act_on_claim(work, claim_id, ClaimAction.HAND_OVER, quantity=quantity, note=text)
    if work.actor.person_id is None or claim.handed_over_by is None:
        raise NotAllowed(N_("Dafür müssen Sie für eine Organisation angemeldet sein."))
    handover = Handover(
        id=new_id(),
        claim_id=claim.id,
        quantity=claim.granted,
        condition=text,
        photo_sha256=photo.sha256 if photo else "",
        noted_side=claim.handed_over_by,
        noted_by=work.actor.person_id,
        noted_at=work.now(),
    )
    if photo is not None:
        work.services.files.put(
            work.district_id, HANDOVER_FOLDER, photo_file(handover.id), photo.content
        )
    work.session.add(handover)
    work.session.flush()
    return handover


def confirm_handover(work: UnitOfWork, claim_id: ClaimId, *, note: str = "") -> Claim:
    """Confirm what the other side has written down; raises as `act_on_claim` does."""
    claim = act_on_claim(work, claim_id, ClaimAction.CONFIRM, note=note)
    handover = handover_of(work, claim.id)
    if handover is not None:
        handover.confirmed_by, handover.confirmed_at = work.actor.person_id, work.now()
    return claim


def watch_collection(work: UnitOfWork, claim: Claim) -> None:
    """Have the worker see to it that an accepted part is collected; needs the listing."""
    due = due_of(work, claim)
    for each in missed_after(due):
        work.enqueue(
            "notice_not_collected",
            due_at=each.at,
            claim_id=claim.id,
            missed=each.missed,
            planned=due.isoformat(),
        )


def notice_not_collected(
    work: UnitOfWork, claim_id: ClaimId, missed: Missed, *, planned: str
) -> None:
    """Remind both sides, and in the end let others have it; safe to run twice.

    Nothing happens where it was collected, given back or put off meanwhile.
    """
    lock_gift_of(work, claim_id)
    claim = claim_by_id(work, claim_id)
    if claim.state != ClaimState.ACCEPTED or due_of(work, claim).isoformat() != planned:
        return
    if missed is Missed.GIVEN_BACK:
        _give_back(work, claim)
        return
    about = f"-{missed}-{planned}"
    step = steps_of(work, claim.id)[-1]
    if is_queued(work, f"claim-{claim.id}-{step.position}{about}"):
        return
    for side in (Side.GIVER, Side.CLAIMANT):
        tell(work, claim, step, still_there(side), reader=side, about=about)


def _give_back(work: UnitOfWork, claim: Claim) -> None:
    claim.reason = NOT_COLLECTED
    take_step(
        work,
        claim,
        ClaimState.NO_SHOW,
        side=None,
        granted=0,
        note=StepNote(text=NOT_COLLECTED),
    )
    move_up(work, claim.listing)


def photo_file(handover_id: str) -> str:
    """Give the name of the file with the picture."""
    return f"{handover_id}.webp"
