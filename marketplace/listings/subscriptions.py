"""Mails that follow what happened to a listing."""

from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.queries import people_of, staff
from marketplace.accounts.rules.mail_choices import MailTopic
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.events import subscribe
from marketplace.foundation.identifiers import new_id
from marketplace.listings.events import (
    ListingApproved,
    ListingLapsed,
    ListingSentBack,
    ListingSubmitted,
)
from marketplace.listings.models import Listing
from marketplace.listings.queries import listing_by_id


@subscribe(ListingSubmitted)
def tell_staff(work: UnitOfWork, event: ListingSubmitted) -> None:
    """Tell each of the staff that a listing waits for them."""
    listing = listing_by_id(work, event.listing_id)
    event_key = f"listing-submitted-{new_id()}"
    for person in staff(work):
        mail_to(
            work,
            person,
            "listing_waiting",
            event_key=event_key,
            title=listing.title,
            organisation=listing.organisation.name,
            path=f"/listings/{listing.id}",
        )


@subscribe(ListingApproved)
def tell_approved(work: UnitOfWork, event: ListingApproved) -> None:
    """Tell the organisation's people that others see it now."""
    listing = listing_by_id(work, event.listing_id)
    _tell_owners(work, listing, "listing_approved", topic=MailTopic.LISTINGS)


@subscribe(ListingLapsed)
def tell_lapsed(work: UnitOfWork, event: ListingLapsed) -> None:
    """Tell the organisation's people why nobody sees it any longer, and what to do."""
    listing = listing_by_id(work, event.listing_id)
    _tell_owners(work, listing, "listing_lapsed", reason=event.reason)


@subscribe(ListingSentBack)
def tell_sent_back(work: UnitOfWork, event: ListingSentBack) -> None:
    """Tell the organisation's people why, and that they can change it."""
    listing = listing_by_id(work, event.listing_id)
    _tell_owners(work, listing, "listing_sent_back", reason=listing.staff_reason)


def _tell_owners(
    work: UnitOfWork,
    listing: Listing,
    template: str,
    *,
    topic: MailTopic | None = None,
    reason: str = "",
) -> None:
    # Without a topic nobody can switch it off: whose listing is hidden has to learn why (Regulation
    # (EU) 2022/2065, article 17).
    event_key = f"{template}-{new_id()}"
    for person in people_of(work, listing.organisation_id):
        mail_to(
            work,
            person,
            template,
            event_key=event_key,
            topic=topic,
            title=listing.title,
            path=f"/listings/{listing.id}",
            reason=reason,
        )
