"""What organisations do with offers of others: they ask for them."""

from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.bookings.events import HelpOffered, ListingAsked
from marketplace.bookings.models import Booking
from marketplace.bookings.queries import asking_organisation, count_open_requests
from marketplace.bookings.rules.requests import BookingRequest, Offer, settled_period
from marketplace.bookings.rules.states import BookingState
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput, NotAllowed, NotFound
from marketplace.foundation.identifiers import BookingId, ListingId, new_id
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_own, is_public, listing_by_id, parts_of
from marketplace.listings.rules.states import Direction
from marketplace.messaging.models import Thread
from marketplace.messaging.operations import open_thread
from marketplace.search.rules.windows import Window

# What a conversation is about: an offer (search for "listing") or somebody's request.
REQUEST_SUBJECT = "request"


def ask_for_listing(work: UnitOfWork, listing_id: ListingId, request: BookingRequest) -> Booking:
    """Ask for another organisation's offer, which opens a conversation about it.

    Raises NotFound where it is not on offer, NotAllowed (an own offer; an organisation that is not
    verified) and InvalidInput (see settled_period).
    """
    check_may(work.actor, Action.ASK_FOR_LISTING)
    if work.actor.person_id is None:
        raise NotAllowed(N_("Dafür müssen Sie für eine Organisation angemeldet sein."))
    organisation = asking_organisation(work)
    # Locked, so that the offer is still the one that was checked when the request is stored.
    listing = listing_by_id(work, listing_id, lock=True)
    if is_own(listing, work):
        raise NotAllowed(
            N_("Das ist Ihr eigenes Angebot. Anfragen können Sie die Angebote anderer.")
        )
    if listing.direction != Direction.OFFER or not is_public(listing, work):
        raise NotFound
    if organisation.state != VerificationState.VERIFIED:
        raise NotAllowed(
            N_(
                "Ihre Organisation wird noch geprüft. Wir schreiben Ihnen, sobald Sie anfragen "
                "können."
            )
        )
    period = settled_period(
        request,
        _offer_of(work, listing),
        now=work.now(),
        open_requests=count_open_requests(work, organisation.id),
        most_open=work.services.settings.limits.open_requests_per_organisation,
    )
    thread = open_thread(
        work,
        subject="listing",
        subject_id=listing.id,
        title=listing.title,
        with_organisation=listing.organisation_id,
        body=request.message,
    )
    booking = Booking(
        id=BookingId(new_id()),
        listing_id=listing.id,
        organisation_id=organisation.id,
        person_id=work.actor.person_id,
        thread_id=thread.id,
        starts_at=period.start,
        ends_at=period.end,
        quantity=request.quantity,
        state=BookingState.REQUESTED,
        created_at=work.now(),
        answered_at=None,
    )
    work.session.add(booking)
    work.session.flush()
    work.record("ask_for_listing", "booking", booking.id, {"listing": listing.id})
    work.emit(ListingAsked(booking_id=booking.id))
    return booking


def offer_help(
    work: UnitOfWork, listing_id: ListingId, *, message: str, offer_id: ListingId | None = None
) -> Thread:
    """Tell those who look for something that one can help, which opens a conversation.

    `offer_id`: an own published offer that is meant; its page is named in the message. Raises
    NotFound, NotAllowed (an own request; an organisation that is not verified) and InvalidInput
    (`message`, `offer`).
    """
    check_may(work.actor, Action.ASK_FOR_LISTING)
    organisation = asking_organisation(work)
    listing = listing_by_id(work, listing_id, lock=True)
    if is_own(listing, work):
        raise NotAllowed(N_("Das ist Ihr eigenes Gesuch."))
    if listing.direction != Direction.REQUEST or not is_public(listing, work):
        raise NotFound
    if organisation.state != VerificationState.VERIFIED:
        raise NotAllowed(
            N_(
                "Ihre Organisation wird noch geprüft. Wir schreiben Ihnen, sobald Sie Hilfe "
                "anbieten können."
            )
        )
    thread = open_thread(
        work,
        subject=REQUEST_SUBJECT,
        subject_id=listing.id,
        title=listing.title,
        with_organisation=listing.organisation_id,
        body=message + _named_offer(work, offer_id),
    )
    work.record("offer_help", "listing", listing.id, {"thread": thread.id})
    work.emit(
        HelpOffered(listing_id=listing.id, thread_id=thread.id, organisation_id=organisation.id)
    )
    return thread


def _named_offer(work: UnitOfWork, offer_id: ListingId | None) -> str:
    if offer_id is None:
        return ""
    offer = listing_by_id(work, offer_id)
    if not is_own(offer, work) or not is_public(offer, work):
        raise InvalidInput({"offer": N_("Bitte wählen Sie eines Ihrer Angebote.")})
    return f"\n\n{offer.title}: {work.origin}/listings/{offer.id}"


def note_answer(work: UnitOfWork, booking: Booking) -> None:
    """Note when the owner of the offer first wrote back; later answers change nothing."""
    if booking.answered_at is None:
        booking.answered_at = work.now()
        work.record("answer_booking", "booking", booking.id)


def _offer_of(work: UnitOfWork, listing: Listing) -> Offer:
    windows = parts_of(work, listing).windows
    return Offer(
        quantity=listing.quantity,
        windows=tuple(Window(window.starts_at, window.ends_at) for window in windows),
    )
