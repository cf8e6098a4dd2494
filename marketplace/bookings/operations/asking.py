"""Ask for an offer: one transaction locks it, looks what is free, and keeps the request."""

from collections.abc import Mapping
from typing import Any

from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.bookings.models import Booking
from marketplace.bookings.operations.steps import deadline, lapse_overdue, take_step
from marketplace.bookings.queries import (
    asking_organisation,
    booked,
    booking_in_thread,
    count_open_bookings,
    plan_of,
)
from marketplace.bookings.rules.plans import Plan, Shortage, fits, looked_at, shortage_of
from marketplace.bookings.rules.requests import (
    BookingRequest,
    settled_request,
    shortage_sentence,
)
from marketplace.bookings.rules.states import BookingState, Side
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, NotAllowed, NotFound
from marketplace.foundation.identifiers import BookingId, ListingId, new_id
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_gift, is_own, is_public, listing_by_id
from marketplace.listings.rules.states import Direction
from marketplace.messaging.operations import open_thread
from marketplace.messaging.queries import repeated_thread
from marketplace.messaging.rules.messages import repeat_key, tidy_message
from marketplace.search.rules.windows import Window


class CapacityExhausted(Conflict):
    """It does not fit any more; `shortage` says how much is free and what would be possible."""

    def __init__(self, shortage: Shortage, plan: Plan) -> None:
        """Say it in a sentence, and in figures for programs."""
        sentence = shortage_sentence(shortage, plan.opening.zone)
        super().__init__(
            sentence.text,
            code="capacity_exhausted",
            details=_in_figures(shortage),
            **sentence.values,
        )
        self.shortage = shortage


def ask_for_listing(work: UnitOfWork, listing_id: ListingId, request: BookingRequest) -> Booking:
    """Ask for another organisation's offer; what is asked for is held until it is answered.

    Opens a conversation about it; a form that is sent again gives what it has asked for before.
    Raises NotFound where it is not on offer, NotAllowed (an own offer; an organisation that is not
    verified), InvalidInput (see settled_request), CapacityExhausted, and Conflict (quota_exceeded)
    where too many requests wait for an answer.
    """
    check_may(work.actor, Action.ASK_FOR_LISTING)
    if work.actor.person_id is None:
        raise NotAllowed(N_("Dafür müssen Sie für eine Organisation angemeldet sein."))
    organisation = asking_organisation(work)
    # From here on nobody else gives anything of this offer away before the commit.
    listing = listing_by_id(work, listing_id, lock=True)
    if is_own(listing, work):
        raise NotAllowed(
            N_("Das ist Ihr eigenes Angebot. Anfragen können Sie die Angebote anderer.")
        )
    if listing.direction != Direction.OFFER or not is_public(listing, work):
        raise NotFound
    if is_gift(listing):
        raise Conflict(
            N_("Was verschenkt wird, fragt man nicht an: Melden Sie Ihren Bedarf auf der Seite an.")
        )
    if organisation.state != VerificationState.VERIFIED:
        raise NotAllowed(
            N_(
                "Ihre Organisation wird noch geprüft. Wir schreiben Ihnen, sobald Sie anfragen "
                "können."
            )
        )
    form_id = _form_of(request)
    key = repeat_key(form_id, tidy_message(request.message))
    sent_before = repeated_thread(work, listing.id, organisation.id, key)
    if sent_before and (repeated := booking_in_thread(work, sent_before.id)):
        return repeated
    plan = plan_of(work, listing)
    period, quantity = settled_request(request, plan, now=work.now())
    _check_quota(work, count_open_bookings(work, organisation.id))
    lapse_overdue(work, listing)
    check_fits(work, listing, plan, period, quantity)
    thread = open_thread(
        work,
        subject="listing",
        subject_id=listing.id,
        title=listing.title,
        with_organisation=listing.organisation_id,
        body=request.message,
        form_id=form_id,
    )
    booking = Booking(
        id=BookingId(new_id()),
        listing_id=listing.id,
        organisation_id=organisation.id,
        person_id=work.actor.person_id,
        thread_id=thread.id,
        starts_at=period.start,
        ends_at=period.end,
        quantity=quantity,
        unit=listing.unit,
        state=BookingState.REQUESTED,
        proposed_by=Side.ASKER,
        hold_until=deadline(work, period.end),
        reason="",
        created_at=work.now(),
        updated_at=work.now(),
    )
    work.session.add(booking)
    work.session.flush()
    take_step(
        work,
        booking,
        listing,
        BookingState.REQUESTED,
        side=Side.ASKER,
        note=tidy_message(request.message),
    )
    return booking


def check_fits(
    work: UnitOfWork,
    listing: Listing,
    plan: Plan,
    period: Window,
    quantity: int,
    *,
    without: BookingId | None = None,
) -> None:
    """Raise CapacityExhausted unless so much is free all through the period.

    `without`: a booking that would be changed, whose own hold does not stand in the way. The
    listing is locked.
    """
    if fits(plan, booked(work, listing, plan, period, without=without), period, quantity):
        return
    around = looked_at(period, work.now())
    taken = booked(work, listing, plan, around, without=without)
    raise CapacityExhausted(shortage_of(plan, taken, period, quantity, now=work.now()), plan)


def _form_of(request: BookingRequest) -> str:
    """Tell a form that was sent twice from one in which somebody went back and chose other days."""
    if not request.form_id:
        return ""
    return f"{request.form_id} {request.start} {request.end} {request.quantity}"


def _check_quota(work: UnitOfWork, waiting: int) -> None:
    if waiting >= work.services.settings.limits.open_bookings_per_organisation:
        raise Conflict(
            N_(
                "%(count)s Ihrer Anfragen warten noch auf Antwort, mehr gehen nicht auf einmal. "
                "Sobald eine beantwortet ist, können Sie wieder anfragen."
            ),
            code="quota_exceeded",
            count=waiting,
        )


def _in_figures(shortage: Shortage) -> Mapping[str, Any]:
    return {
        "free": shortage.free,
        "availability": [
            {
                "start": each.start.isoformat(),
                "end": each.end.isoformat(),
                "capacity": each.capacity,
                "taken": each.taken,
                "free": each.free,
            }
            for each in shortage.pieces
        ],
        "alternatives": [
            {
                "start": each.start.isoformat(),
                "end": each.end.isoformat(),
                "quantity": each.quantity,
            }
            for each in shortage.alternatives
        ],
    }
