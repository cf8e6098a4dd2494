"""Writing the index, in the transaction that changes what it tells of."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.search.models import SearchEntry
from marketplace.search.rules.analysis import ANALYSER_VERSION, analysed
from marketplace.search.rules.documents import SearchDocument, windows_to_json


def index_document(work: UnitOfWork, document: SearchDocument) -> None:
    """Have searches find a document from the commit on; it replaces an earlier one of its listing.

    The caller changes or locks the listing's own row in this transaction, so that two writers of
    one document never meet here.
    """
    entry = work.session.scalars(
        select(SearchEntry).where(SearchEntry.listing_id == document.listing_id)
    ).one_or_none()
    if entry is None:
        entry = SearchEntry(listing_id=document.listing_id)
        work.session.add(entry)
    _fill(entry, document)


def remove_document(work: UnitOfWork, listing_id: ListingId) -> None:
    """Have searches find it no longer; nothing happens where they did not."""
    work.session.execute(delete(SearchEntry).where(SearchEntry.listing_id == listing_id))


def rebuild_index(work: UnitOfWork, documents: Iterable[SearchDocument]) -> int:
    """Make the district's index hold these documents and no others; give their number.

    As for `index_document`, the caller locks the listings that the documents are made from.
    """
    entries = {entry.listing_id: entry for entry in work.session.scalars(select(SearchEntry))}
    count = 0
    for document in documents:
        entry = entries.pop(document.listing_id, None)
        if entry is None:
            entry = SearchEntry(listing_id=document.listing_id)
            work.session.add(entry)
        _fill(entry, document)
        count += 1
    for entry in entries.values():
        work.session.delete(entry)
    return count


def _fill(entry: SearchEntry, document: SearchDocument) -> None:
    text = analysed(document.texts())
    entry.document = document.to_json()
    entry.direction = document.direction
    entry.kind = document.kind
    entry.category = document.category
    entry.terms_mode = document.terms.mode if document.terms else None
    entry.choices = list(document.choices)
    entry.organisation_id = document.organisation_id
    entry.lat = document.point.lat if document.point else None
    entry.lon = document.point.lon if document.point else None
    entry.quantity = document.quantity
    entry.windows = windows_to_json(document.windows)
    entry.valid_until = document.valid_until
    entry.published_at = document.published_at
    entry.analyser_version = ANALYSER_VERSION
    entry.word_terms = dict(text.terms)
    entry.word_spellings = dict(text.spellings)
