"""Answer somebody's request: an organisation can help."""

from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.bookings.events import HelpOffered
from marketplace.bookings.queries import asking_organisation
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput, NotAllowed, NotFound
from marketplace.foundation.identifiers import ListingId
from marketplace.listings.queries import is_own, is_public, listing_by_id
from marketplace.listings.rules.states import Direction
from marketplace.messaging.models import Thread
from marketplace.messaging.operations import open_thread
from marketplace.messaging.queries import repeated_thread
from marketplace.messaging.rules.messages import repeat_key, tidy_message

# What a conversation is about: an offer (search for "listing") or somebody's request.
REQUEST_SUBJECT = "request"


def offer_help(
    work: UnitOfWork,
    listing_id: ListingId,
    *,
    message: str,
    offer_id: ListingId | None = None,
    form_id: str = "",
) -> Thread:
    """Tell those who look for something that one can help, which opens a conversation.

    `offer_id`: an own published offer that is meant; its page is named in the message. `form_id`:
    made for one form; what comes a second time with it is one message. Raises
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
    body = message + _named_offer(work, offer_id)
    key = repeat_key(form_id, tidy_message(body))
    if sent_before := repeated_thread(work, listing.id, organisation.id, key):
        return sent_before
    thread = open_thread(
        work,
        subject=REQUEST_SUBJECT,
        subject_id=listing.id,
        title=listing.title,
        with_organisation=listing.organisation_id,
        body=body,
        form_id=form_id,
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
