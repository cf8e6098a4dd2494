"""Work that follows a change of listings, at once or when its day has come."""

from datetime import datetime

from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.queries import people_of
from marketplace.accounts.rules.mail_choices import MailTopic
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound, Sentence
from marketplace.foundation.identifiers import ListingId, PhotoId
from marketplace.foundation.jobs.worker import JobContext, job
from marketplace.foundation.mail.operations import is_queued
from marketplace.listings.models import Listing, Photo
from marketplace.listings.operations.life import expire_listing as expire
from marketplace.listings.operations.life import lapse_listing as lapse
from marketplace.listings.operations.life import rulings_about
from marketplace.listings.operations.listings import draft_of
from marketplace.listings.operations.photos import PHOTO_FOLDER, large_file, small_file
from marketplace.listings.operations.renewal_links import renewal_secret
from marketplace.listings.queries import listing_by_id
from marketplace.listings.rules.drafts import ZONE, last_day_before
from marketplace.listings.rules.states import Direction, ListingState


@job("delete_photo_files")
def delete_photo_files(context: JobContext, photo_id: str) -> None:
    """Delete the files of a picture whose row is gone; safe to run twice."""
    identity = PhotoId(photo_id)
    with context.unit_of_work(read_only=True) as work:
        if work.session.get(Photo, identity) is not None:
            return
        district_id = work.district_id
    for name in (large_file(identity), small_file(identity)):
        context.services.files.delete(district_id, PHOTO_FOLDER, name)


@job("expire_listing")
def expire_listing(context: JobContext, listing_id: str) -> None:
    """Note that a listing has run out, unless it was renewed meanwhile."""
    with context.unit_of_work() as work:
        expire(work, ListingId(listing_id))


@job("lapse_listing")
def lapse_listing(context: JobContext, listing_id: str) -> None:
    """Ask the gates again after a day that the answers name, such as an inspection's."""
    with context.unit_of_work() as work:
        lapse(work, ListingId(listing_id))


@job("remind_of_expiry")
def remind_of_expiry(context: JobContext, listing_id: str, valid_until: str) -> None:
    """Remind the organisation once, with a link that renews by one click.

    Nothing happens where the day was moved meanwhile: that day has a job of its own.
    """
    with context.unit_of_work() as work:
        listing = _still_public(work, listing_id)
        if listing is None or listing.valid_until != datetime.fromisoformat(valid_until):
            return
        event_key = f"listing-{listing.id}-expires-{valid_until}"
        if is_queued(work, event_key):
            return
        for person in people_of(work, listing.organisation_id):
            mail_to(
                work,
                person,
                "listing_expires",
                event_key=event_key,
                topic=MailTopic.REMINDERS,
                title=listing.title,
                day=last_day_before(listing.valid_until).isoformat(),
                is_request=int(listing.direction == Direction.REQUEST),
                path=f"/renew/{renewal_secret(work, listing)}",
            )


@job("remind_of_gate")
def remind_of_gate(context: JobContext, listing_id: str, gate: str, day: str) -> None:
    """Remind the organisation of a day that the law sets, if it still is that day."""
    with context.unit_of_work() as work:
        listing = _still_public(work, listing_id)
        if listing is None or work.now().astimezone(ZONE).date().isoformat() < day:
            return
        sentence = _reminder(work, listing, gate, day)
        event_key = f"listing-{listing_id}-{gate}-{day}"
        if sentence is None or is_queued(work, event_key):
            return
        for person in people_of(work, listing.organisation_id):
            mail_to(
                work,
                person,
                "gate_reminder",
                event_key=event_key,
                topic=MailTopic.REMINDERS,
                title=listing.title,
                sentence=sentence.text,
                day=str(sentence.values.get("day", "")),
                path=f"/listings/{listing.id}",
            )


def _still_public(work: UnitOfWork, listing_id: str) -> Listing | None:
    try:
        listing = listing_by_id(work, ListingId(listing_id))
    except NotFound:
        return None
    is_public = listing.state == ListingState.PUBLISHED and listing.valid_until > work.now()
    return listing if is_public else None


def _reminder(work: UnitOfWork, listing: Listing, gate: str, day: str) -> Sentence | None:
    sentences = [
        reminder.sentence
        for each in rulings_about(work, listing, draft_of(work, listing))
        if each.gate.key == gate
        for reminder in each.ruling.reminders
        if reminder.day.isoformat() == day
    ]
    if not sentences:
        return None
    first = sentences[0]
    return first if isinstance(first, Sentence) else Sentence(first)
