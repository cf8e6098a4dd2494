"""Everything else that is stored: mails, answers, files, the index, and the walls of a district."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import ForeignKeyConstraint, and_, select
from sqlalchemy.orm import Mapper, aliased

from marketplace.accounts.models import Person
from marketplace.api.models import IdempotencyRecord
from marketplace.bookings.models import Booking
from marketplace.cli.verification.invariant import Invariant
from marketplace.donations.models import ExemptionNotice, Receipt
from marketplace.donations.operations.notices import NOTICE_FOLDER, stored_copy
from marketplace.donations.queries.receipts import PAPER_FOLDER, receipt_file
from marketplace.foundation.database.model import Base, DistrictOwned
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.jobs.outbox import OutboxJob
from marketplace.foundation.mail.models import MailState, OutgoingMail
from marketplace.listings.models import Listing, Photo
from marketplace.listings.operations.photos import PHOTO_FOLDER, large_file
from marketplace.listings.queries import published_listing_ids
from marketplace.messaging.models import Attachment
from marketplace.messaging.operations import ATTACHMENT_FOLDER, stored_file
from marketplace.search.models import SearchEntry

_BOOKINGS = "/api/v1/bookings/"


def _forgotten_mails(work: UnitOfWork) -> Iterator[str]:
    jobs = work.session.scalars(
        select(OutboxJob.payload).where(
            OutboxJob.district_id == work.district_id,
            OutboxJob.name == "deliver_mail",
            OutboxJob.parked_at.is_(None),
        )
    )
    coming = {payload.get("mail_id") for payload in jobs}
    queued = work.session.scalars(
        select(OutgoingMail.id)
        .where(OutgoingMail.state == MailState.QUEUED)
        .order_by(OutgoingMail.id)
    )
    yield from (f"nobody will send mail {each}" for each in queued if each not in coming)
    yield from _untold_mails(work)


def _untold_mails(work: UnitOfWork) -> Iterator[str]:
    """Look for mails that were collected for somebody whom no morning's mail will tell."""
    jobs = work.session.scalars(
        select(OutboxJob.payload).where(
            OutboxJob.district_id == work.district_id, OutboxJob.name == "tell_collected"
        )
    )
    told = {payload.get("person_id") for payload in jobs}
    collected = work.session.execute(
        select(OutgoingMail.id, Person.id)
        .outerjoin(Person, Person.email == OutgoingMail.recipient)
        .where(OutgoingMail.state == MailState.COLLECTED)
        .order_by(OutgoingMail.id)
    )
    yield from (f"nobody will tell of mail {each}" for each, who in collected if who not in told)


def _unfinished_answers(work: UnitOfWork) -> Iterator[str]:
    unfinished = work.session.scalars(
        select(IdempotencyRecord.key).where(IdempotencyRecord.status == 0)
    )
    yield from (f"the request with key {key} has an effect but no answer" for key in unfinished)
    bookings = set(work.session.scalars(select(Booking.id)))
    keys: dict[str, str] = {}
    for key, headers in work.session.execute(
        select(IdempotencyRecord.key, IdempotencyRecord.headers).order_by(IdempotencyRecord.id)
    ):
        _, is_booking, booking_id = headers.get("Location", "").partition(_BOOKINGS)
        if not is_booking:
            continue
        if booking_id not in bookings:
            yield f"key {key} was answered with booking {booking_id}, which is not there"
        if keys.setdefault(booking_id, key) != key:
            yield f"keys {keys[booking_id]} and {key} were answered with one booking, {booking_id}"


def _missing_files(work: UnitOfWork) -> Iterator[str]:
    photos = work.session.execute(select(Photo.id, Photo.sha256).order_by(Photo.id))
    for photo_id, digest in photos:
        try:
            content = work.services.files.read(work.district_id, PHOTO_FOLDER, large_file(photo_id))
        except NotFound:
            yield f"photo {photo_id} has no file"
            continue
        if sha256(content).hexdigest() != digest:
            yield f"the file of photo {photo_id} is another one"
    yield from _missing_attachments(work)
    yield from _missing_copies(work)
    yield from _missing_papers(work)


def _missing_papers(work: UnitOfWork) -> Iterator[str]:
    receipts = work.session.execute(select(Receipt.id, Receipt.sha256).order_by(Receipt.id))
    for receipt_id, digest in receipts:
        try:
            content = work.services.files.read(
                work.district_id, PAPER_FOLDER, receipt_file(receipt_id)
            )
        except NotFound:
            yield f"receipt {receipt_id} has no file"
            continue
        if sha256(content).hexdigest() != digest:
            yield f"the file of receipt {receipt_id} is another one"


def _missing_attachments(work: UnitOfWork) -> Iterator[str]:
    for each in work.session.scalars(select(Attachment).order_by(Attachment.id)):
        try:
            content = work.services.files.read(
                work.district_id, ATTACHMENT_FOLDER, stored_file(each)
            )
        except NotFound:
            yield f"attachment {each.id} has no file"
            continue
        if sha256(content).hexdigest() != each.sha256:
            yield f"the file of attachment {each.id} is another one"


def _missing_copies(work: UnitOfWork) -> Iterator[str]:
    stated = select(ExemptionNotice).where(ExemptionNotice.document_name != "")
    for each in work.session.scalars(stated.order_by(ExemptionNotice.id)):
        try:
            content = work.services.files.read(work.district_id, NOTICE_FOLDER, stored_copy(each))
        except NotFound:
            yield f"the copy of notice {each.id} has no file"
            continue
        if sha256(content).hexdigest() != each.document_sha256:
            yield f"the file of the copy of notice {each.id} is another one"


def _wrong_index(work: UnitOfWork) -> Iterator[str]:
    published = set(published_listing_ids(work))
    found = dict(work.session.execute(select(SearchEntry.listing_id, SearchEntry.quantity)).all())
    quantities = dict(work.session.execute(select(Listing.id, Listing.quantity)).all())
    # What has become too old is published until the worker notes it, and found by no search.
    yield from (f"listing {each} is not found" for each in sorted(published - found.keys()))
    yield from (f"listing {each} is found by mistake" for each in sorted(found.keys() - published))
    for each in sorted(published & found.keys()):
        if found[each] != quantities[each]:
            yield f"listing {each} is found with an earlier quantity"


def _open_walls(work: UnitOfWork) -> Iterator[str]:
    """Look for rows that point at something that is not in their own district."""
    mappers = [each for each in Base.registry.mappers if issubclass(each.class_, DistrictOwned)]
    by_table = {each.local_table: each for each in mappers}
    for mapper in sorted(mappers, key=lambda each: each.class_.__name__):
        keys: set[ForeignKeyConstraint] = getattr(
            mapper.local_table, "foreign_key_constraints", set()
        )
        for key in keys:
            target = by_table.get(key.referred_table)
            if target is not None:
                yield from _pointing_out(work, mapper, target, key)


def _pointing_out(
    work: UnitOfWork, mapper: Mapper[Any], target: Mapper[Any], key: ForeignKeyConstraint
) -> Iterator[str]:
    other = aliased(target.class_)
    pairs = [
        (
            getattr(mapper.class_, mapper.get_property_by_column(element.parent).key),
            getattr(other, target.get_property_by_column(element.column).key),
        )
        for element in key.elements
    ]
    (column,) = (here for here, _ in pairs if here.key != "district_id")
    there = select(other.id).where(and_(*(here == there for here, there in pairs))).exists()
    for value in work.session.scalars(select(column).where(column.is_not(None), ~there)):
        yield f"{mapper.local_table}.{column.key} {value} is not in this district"


STORED_INVARIANTS = (
    Invariant(id="I9", sentence="Every mail that waits will be sent", check=_forgotten_mails),
    Invariant(
        id="I10",
        sentence="Every request with a key has one effect and its answer",
        check=_unfinished_answers,
    ),
    Invariant(
        id="I11", sentence="Searches find what is published, and nothing else", check=_wrong_index
    ),
    Invariant(
        id="I13",
        sentence="Every photo, attachment and copy of a notice has its file, unchanged",
        check=_missing_files,
    ),
    Invariant(id="I15", sentence="Nothing points out of its own district", check=_open_walls),
)
