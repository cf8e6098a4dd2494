"""The default engine: each worker keeps its districts' documents in memory, fresh by the log.

Before every answer it asks for the number of the newest change. Where its own is older it reads
what changed since, or everything where the log has forgotten; only then it answers.
"""

import contextlib
import ctypes
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock, RLock

from marketplace.foundation.database.unit_of_work import UnitOfWork, open_unit_of_work
from marketplace.foundation.identifiers import DistrictId, ListingId
from marketplace.search.backends import column_answers
from marketplace.search.backends.column_index import ColumnIndex
from marketplace.search.interfaces import Found, Placed, SearchDocument, SearchRequest
from marketplace.search.queries import (
    documents_by_id,
    index_entries,
    listings_changed_since,
    newest_change,
    oldest_change,
)
from marketplace.search.rules.word_query import WordQuery

# Rows after the base cost every query a little; this many, or a part of the base, are put in order.
_LONGEST_TAIL, _TAIL_PART_OF_BASE = 1_000, 20
_READ_AT_A_TIME = 10_000
# Documents lately shown are kept, of all districts together: as many as a worker has room for
# beside the indexes, in bytes; with its words and its JSON one takes about so much.
_ROOM, _BYTES_PER_DOCUMENT = 96_000_000, 5_500
_FEWEST_KEPT, _MOST_KEPT = 1_000, 10_000
_NOTHING_READ = -1


@dataclass
class _District:
    """What a worker holds of one district; whoever reads or writes it holds the lock."""

    lock: RLock = field(default_factory=RLock)
    index: ColumnIndex = field(default_factory=ColumnIndex)
    number: int = _NOTHING_READ  # the newest change that the index has
    documents: dict[ListingId, SearchDocument] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What this process holds of a district."""

    documents: int
    number: int
    bytes: int


class ColumnsBackend:
    """Scans numpy columns and postings."""

    def __init__(self) -> None:
        """Hold nothing: a district is read when it is first asked for."""
        self._districts: dict[DistrictId, _District] = {}
        self._lock = Lock()

    def find(self, work: UnitOfWork, request: SearchRequest, query: WordQuery) -> Found:
        """Answer one page."""
        district = self._fresh(work)
        with district.lock:
            return column_answers.find(district.index, request, query)

    def placed(self, work: UnitOfWork, request: SearchRequest, query: WordQuery) -> Placed:
        """Give the whole answer for the map."""
        district = self._fresh(work)
        with district.lock:
            return column_answers.placed(district.index, request, query)

    def known(self, work: UnitOfWork, lexemes: Collection[str]) -> set[str]:
        """Give those of the lexemes that any document has."""
        district = self._fresh(work)
        with district.lock:
            return {lexeme for lexeme in lexemes if district.index.is_posted(lexeme)}

    def documents(
        self, work: UnitOfWork, listing_ids: Collection[ListingId]
    ) -> Mapping[ListingId, SearchDocument]:
        """Give those of the documents that are there, those lately shown from memory."""
        district = self._districts.get(work.district_id) or self._fresh(work)
        kept = district.documents
        with district.lock:
            found = {each: document for each in listing_ids if (document := kept.get(each))}
            number = district.number
        if len(found) == len(listing_ids):
            return found
        read = documents_by_id(work, [each for each in listing_ids if each not in found])
        with district.lock:
            if district.number == number:  # else one of them may have changed meanwhile
                kept.update(read)
            # Those that came first, not those shown longest ago: to note each showing would cost
            # every search more than it costs one of them to read a document again.
            while len(kept) > self._documents_kept() // len(self._districts):
                del kept[next(iter(kept))]
        return found | read

    def _documents_kept(self) -> int:
        taken = sum(district.index.nbytes for district in [*self._districts.values()])
        return min(max((_ROOM - taken) // _BYTES_PER_DOCUMENT, _FEWEST_KEPT), _MOST_KEPT)

    def load(self, work: UnitOfWork) -> Holding:
        """Read the district now, instead of at the first search; tell what is held then."""
        district = self._fresh(work)
        with district.lock:
            index = district.index
            return Holding(documents=index.documents, number=district.number, bytes=index.nbytes)

    def _fresh(self, work: UnitOfWork) -> _District:
        district = self._districts.get(work.district_id)
        if district is None:
            with self._lock:
                district = self._districts.setdefault(work.district_id, _District())
        if district.number < newest_change(work):
            # Apart from the caller's transaction, which may hold changes of its own that nobody
            # else may see yet.
            with (
                district.lock,
                open_unit_of_work(work.services, work.scope, read_only=True) as reader,
            ):
                _catch_up(reader, district)
        return district


def _catch_up(work: UnitOfWork, district: _District) -> None:
    # The number first: what is committed while we read is read again next time.
    number = newest_change(work)
    if district.number >= number:
        return  # another thread was faster
    if district.number == _NOTHING_READ or oldest_change(work) > district.number + 1:
        district.index = _read(work)
        district.documents.clear()
    else:
        changed = listings_changed_since(work, district.number)
        for listing_id in changed:
            district.index.remove(listing_id)
            district.documents.pop(listing_id, None)
        district.index.add_all(index_entries(work, changed))
        if district.index.tail > max(_LONGEST_TAIL, district.index.base // _TAIL_PART_OF_BASE):
            district.index = district.index.compacted()
    district.number = number


def _read(work: UnitOfWork) -> ColumnIndex:
    index = ColumnIndex()
    entries = index_entries(work)
    # Part by part: what has just arrived takes far more memory than what is in order.
    while True:
        before = index.documents
        index.add_all(islice(entries, _READ_AT_A_TIME))
        if index.documents == before:
            _give_memory_back()
            return index
        index = index.compacted()


def _give_memory_back() -> None:
    # glibc would keep what reading took besides, about as much as the index itself; other systems'
    # libraries do not know this call.
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
