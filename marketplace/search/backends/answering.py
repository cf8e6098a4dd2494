"""A search from question to answer: what all engines share."""

from collections.abc import Collection, Mapping, Sequence

from marketplace.districts.queries import own_synonyms
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.geo.rules.points import Point, geodesics_metres
from marketplace.search.interfaces import (
    Found,
    Hit,
    NearestOutside,
    Pin,
    Pins,
    SearchBackend,
    SearchDocument,
    SearchRequest,
    SearchResult,
    WordMatch,
)
from marketplace.search.queries import pins_by_id, words_about_as_long
from marketplace.search.rules.analysis import composed, words_of
from marketplace.search.rules.corrections import corrections_of, slips_forgiven
from marketplace.search.rules.free_time import next_free_time
from marketplace.search.rules.marks import Marks
from marketplace.search.rules.word_query import (
    OneWord,
    WordQuery,
    one_word,
    parsed,
    synonyms_by_word,
)


class Search:
    """Asks an engine, and says of each hit why it is one."""

    def __init__(self, backend: SearchBackend) -> None:
        """Take the engine that finds."""
        self.backend = backend

    def search(self, work: UnitOfWork, request: SearchRequest) -> SearchResult:
        """Answer one page."""
        query, meant = self._query(work, request)
        found = self.backend.find(work, request, query)
        wanted = [*found.listing_ids, *([found.outside.nearest] if found.outside else [])]
        documents = self.backend.documents(work, wanted)
        # One may have gone since it was found.
        page = [documents[each] for each in found.listing_ids if each in documents]
        distances = _distances([document.point for document in page], request)
        marks = Marks(query)
        at, quantity = request.period.start if request.period else request.now, request.quantity
        hits = [
            Hit(
                document=document,
                matches=matches,
                distance_metres=distance,
                free=next_free_time(document.stretches, at, quantity or 1),
                marks=marks,
            )
            for document, distance, matches in zip(
                page, distances, _matches(page, marks), strict=True
            )
        ]
        return SearchResult(
            hits=tuple(hits),
            total=found.total,
            facets=found.facets,
            choices=found.choices,
            nearest_outside=_nearest_outside(found, request, documents),
            without_place=found.without_place,
            next_cursor=request.continued_after(found.last_key) if found.last_key else None,
            did_you_mean=_reworded(request.words, meant, page) if meant else None,
        )

    def pins(self, work: UnitOfWork, request: SearchRequest) -> Pins:
        """Give the whole answer for the map: the same set that `search` gives page by page."""
        query, _ = self._query(work, request)
        placed = self.backend.placed(work, request, query)
        rows = pins_by_id(work, placed.listing_ids)
        return Pins(
            pins=tuple(
                Pin(listing_id=each, kind=rows[each].kind, title=rows[each].title, point=point)
                for each in placed.listing_ids
                if each in rows and (point := rows[each].point) is not None
            ),
            total=placed.total,
        )

    def _query(self, work: UnitOfWork, request: SearchRequest) -> tuple[WordQuery, dict[str, str]]:
        """Give what is looked for, and which words stand for words that nothing matches."""
        if not request.words:
            return WordQuery(), {}
        query = parsed(request.words, synonyms_by_word(own_synonyms(work)))
        words = [part for part in query.wanted if isinstance(part, OneWord)]
        known = self._known(work, words)
        corrections = {
            part.typed: self._correction_of(work, part.typed) for part in words if part not in known
        }
        meant = {typed: word for typed, word in corrections.items() if word is not None}
        return query.corrected(meant), meant

    def _correction_of(self, work: UnitOfWork, typed: str) -> str | None:
        most = slips_forgiven(typed)
        vocabulary = words_about_as_long(work, typed, most=most) if most else ()
        candidates = {word: one_word(word) for word in corrections_of(typed, vocabulary)}
        known = self._known(work, candidates.values())
        return next((word for word, part in candidates.items() if part in known), None)

    def _known(self, work: UnitOfWork, words: Collection[OneWord]) -> list[OneWord]:
        """Give those of the words that any document has."""
        lexemes = {lexeme for word in words for lexeme, _ in word.lexemes}
        known = self.backend.known(work, lexemes) if lexemes else set()
        return [word for word in words if any(lexeme in known for lexeme, _ in word.lexemes)]


def _matches(page: Sequence[SearchDocument], marks: Marks) -> list[tuple[WordMatch, ...]]:
    """Give of each document the words that were found, by field, each once."""
    if not marks.are_sought:
        return [()] * len(page)
    texts = [document.spelt for document in page]
    return [
        tuple(
            WordMatch(field, tuple(dict.fromkeys([spelt.words[place] for place in here])))
            for field, here in spelt.by_field(places)
        )
        for spelt, places in zip(texts, marks.places(texts), strict=True)
    ]


def _reworded(typed: str, meant: Mapping[str, str], page: Collection[SearchDocument]) -> str:
    """Write what was typed with the words that were meant, as offers write them."""
    text = composed(typed)
    for word in reversed(words_of(text)):
        if word.folded in meant:
            instead = _as_written(meant[word.folded], page)
            text = f"{text[: word.start]}{instead}{text[word.end :]}"
    return text


def _as_written(word: str, page: Collection[SearchDocument]) -> str:
    """Give a folded word as an offer writes it, in capitals like a noun where it is but a part."""
    for document in page:
        for text in document.texts().values():
            text = composed(text)
            for each in words_of(text):
                if each.folded == word:
                    return text[each.start : each.end]
    return word.capitalize()


def _nearest_outside(
    found: Found, request: SearchRequest, documents: Mapping[ListingId, SearchDocument]
) -> NearestOutside | None:
    document = documents.get(found.outside.nearest) if found.outside else None
    if found.outside is None or document is None:
        return None
    (distance,) = _distances([document.point], request)
    if distance is None:  # it has lost its place since it was found
        return None
    return NearestOutside(
        count=found.outside.count,
        listing_id=document.listing_id,
        place=document.place,
        distance_metres=distance,
    )


def _distances(points: list[Point | None], request: SearchRequest) -> list[float | None]:
    """Give the geodesic to each; None for all of them without an origin."""
    if request.origin is None:
        return [None] * len(points)
    metres = iter(
        geodesics_metres(request.origin, [point for point in points if point is not None])
    )
    return [None if point is None else next(metres) for point in points]
