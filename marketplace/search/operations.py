"""Writing the index, in the transaction that changes what it tells of."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from sqlalchemy import delete, func, select

from marketplace.districts.queries import lock_district
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.geo.rules.points import earth_centred
from marketplace.search.models import SearchChange, SearchEntry, SearchWord
from marketplace.search.queries import known_words
from marketplace.search.rules.analysis import ANALYSER_VERSION, AnalysedText, analysed
from marketplace.search.rules.corrections import may_be_meant
from marketplace.search.rules.documents import SearchDocument
from marketplace.search.rules.ranking import freshness

# An engine that has missed more transactions than this builds its index anew.
_NUMBERS_KEPT = 10_000


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
    _write(work, entry, document)


def add_documents(work: UnitOfWork, documents: Iterable[SearchDocument]) -> None:
    """Index documents of listings that have no entry yet, many at once."""
    for document in documents:
        entry = SearchEntry(listing_id=document.listing_id)
        work.session.add(entry)
        _write(work, entry, document)


def remove_document(work: UnitOfWork, listing_id: ListingId) -> None:
    """Have searches find it no longer; nothing happens where they did not."""
    work.session.execute(delete(SearchEntry).where(SearchEntry.listing_id == listing_id))
    work.before_commit(log_changes, listing_id)


def rebuild_index(work: UnitOfWork, documents: Iterable[SearchDocument]) -> int:
    """Make the district's index hold these documents and no others; give their number.

    As for `index_document`, the caller locks the listings that the documents are made from.
    """
    work.session.execute(delete(SearchWord))
    entries = {entry.listing_id: entry for entry in work.session.scalars(select(SearchEntry))}
    count = 0
    for document in documents:
        entry = entries.pop(document.listing_id, None)
        if entry is None:
            entry = SearchEntry(listing_id=document.listing_id)
            work.session.add(entry)
        _write(work, entry, document)
        count += 1
    for entry in entries.values():
        work.session.delete(entry)
        work.before_commit(log_changes, entry.listing_id)
    return count


def refresh_outdated_entries(work: UnitOfWork) -> int:
    """Analyse anew what an earlier release analysed; gives how many entries there were."""
    outdated = work.session.scalars(
        select(SearchEntry).where(SearchEntry.analyser_version != ANALYSER_VERSION)
    ).all()
    for entry in outdated:
        _write(work, entry, SearchDocument.from_json(entry.document))
    return len(outdated)


def log_changes(work: UnitOfWork, listing_ids: AbstractSet[str]) -> None:
    """Number the changes of this transaction, as its last step.

    The lock on the district makes numbers visible in their order: who has read up to a number has
    missed nothing before it.
    """
    lock_district(work)
    last = work.session.scalar(select(func.max(SearchChange.number))) or 0
    for listing_id in sorted(listing_ids):
        work.session.add(SearchChange(number=last + 1, listing_id=ListingId(listing_id)))
    work.session.execute(delete(SearchChange).where(SearchChange.number <= last - _NUMBERS_KEPT))
    work.session.flush()


def add_words(work: UnitOfWork, words: AbstractSet[str]) -> None:
    """Learn words that documents of this transaction have."""
    lock_district(work)
    new = words - known_words(work, words)
    work.session.add_all(SearchWord(word=word) for word in sorted(new))
    work.session.flush()


def _write(work: UnitOfWork, entry: SearchEntry, document: SearchDocument) -> None:
    text = analysed(document.texts())
    _fill(entry, document, text)
    work.before_commit(log_changes, document.listing_id)
    for word in text.words:
        if may_be_meant(word):
            work.before_commit(add_words, word)


def _fill(entry: SearchEntry, document: SearchDocument, text: AnalysedText) -> None:
    place = earth_centred(document.point) if document.point else (None, None, None)
    entry.document = document.to_json()
    entry.direction = document.direction
    entry.kind = document.kind
    entry.category = document.category
    entry.terms_mode = document.terms.mode if document.terms else None
    entry.choices = list(document.choices)
    entry.organisation_id = document.organisation_id
    entry.lat = document.point.lat if document.point else None
    entry.lon = document.point.lon if document.point else None
    entry.x, entry.y, entry.z = place
    entry.quantity = document.quantity
    entry.stretches = [list(stretch) for stretch in document.stretches]
    entry.free_times = [[each.start, each.end] for each in document.stretches]
    entry.valid_until = document.valid_until
    entry.published_at = document.published_at
    entry.freshness = freshness(document.published_at)
    entry.analyser_version = ANALYSER_VERSION
    entry.lexemes = dict(text.lexemes)
    entry.sequence = text.sequence
