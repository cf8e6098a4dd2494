"""Ask about a listing without asking for it."""

from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import own_organisation
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, NotAllowed, NotFound
from marketplace.foundation.identifiers import ListingId
from marketplace.listings.queries import is_own, is_public, listing_by_id
from marketplace.messaging.events import MessagePosted
from marketplace.messaging.models import Message
from marketplace.messaging.operations import open_thread, post_message
from marketplace.messaging.queries import first_message, own_thread_about

# What a conversation is about that nobody has asked for anything in yet.
QUESTION_SUBJECT = "question"


def ask_about_listing(
    work: UnitOfWork, listing_id: ListingId, message: str, *, form_id: str = ""
) -> Message:
    """Write to those who have put a listing in; goes on with the conversation about it, if any.

    Raises NotFound where it is not public, NotAllowed (an own listing; an organisation that is not
    verified) and InvalidInput (`message`).
    """
    check_may(work.actor, Action.ASK_FOR_LISTING)
    # Locked: two questions at once of one organisation are one conversation.
    listing = listing_by_id(work, listing_id, lock=True)
    if is_own(listing, work):
        raise NotAllowed(N_("Das ist Ihr eigener Eintrag."))
    if not is_public(listing, work):
        raise NotFound
    if own_organisation(work).state != VerificationState.VERIFIED:
        raise NotAllowed(
            N_(
                "Ihre Organisation wird noch geprüft. Wir schreiben Ihnen, sobald Sie fragen "
                "können."
            )
        )
    thread_id = own_thread_about(work, listing.id)
    if thread_id is not None:
        return post_message(work, thread_id, message, form_id=form_id)
    thread = open_thread(
        work,
        subject=QUESTION_SUBJECT,
        subject_id=listing.id,
        title=listing.title,
        with_organisation=listing.organisation_id,
        body=message,
        form_id=form_id,
    )
    question = first_message(work, thread.id)
    work.emit(
        MessagePosted(
            thread_id=thread.id,
            message_id=question.id,
            organisation_id=question.organisation_id,
        )
    )
    return question
