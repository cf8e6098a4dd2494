"""Every engine gives the answers of the reference: ids, order, totals, facets, the map."""

import random
from dataclasses import replace

import pytest

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.search.backends.columns import ColumnsBackend
from marketplace.search.backends.postgis import PostgisBackend
from marketplace.search.interfaces import Found, SearchBackend, SearchRequest
from marketplace.search.operations import index_document, remove_document
from marketplace.search.rules.word_query import parsed
from tests.search.generated_index import WORDS, IndexGenerator
from tests.search.naive import NaiveBackend
from tests.support.installation import Installation

REFERENCE = NaiveBackend()


@pytest.fixture
def engines(installation: Installation) -> list[SearchBackend]:
    """Every engine that can answer from this database."""
    with installation.work() as work:
        is_postgresql = work.session.get_bind().dialect.name == "postgresql"
    return [ColumnsBackend(), *([PostgisBackend()] if is_postgresql else [])]


def all_pages(
    work: UnitOfWork, engine: SearchBackend, request: SearchRequest, *, most: int = 4
) -> list[Found]:
    pages: list[Found] = []
    while len(pages) < most:
        pages.append(engine.find(work, request, parsed(request.words)))
        last_key = pages[-1].last_key
        if last_key is None:
            break
        request = replace(request, cursor=request.continued_after(last_key))
    return pages


def comparable(found: Found) -> object:
    return (
        found.listing_ids,
        found.last_key,
        found.total,
        {facet: dict(counts) for facet, counts in found.facets.items()},
        dict(found.choices),
        found.outside,
        found.without_place,
    )


def check_agreement(
    installation: Installation,
    engines: list[SearchBackend],
    generator: IndexGenerator,
    questions: int,
) -> int:
    hits = 0
    with installation.work() as work:
        for _ in range(questions):
            request = generator.request()
            expected = all_pages(work, REFERENCE, request)
            query = parsed(request.words)
            on_the_map = REFERENCE.placed(work, request, query)
            for engine in engines:
                got = all_pages(work, engine, request)
                assert [*map(comparable, got)] == [*map(comparable, expected)], (engine, request)
                assert engine.placed(work, request, query) == on_the_map
            hits += expected[0].total
    return hits


@pytest.mark.parametrize("seed", [1, 2])
def test_every_engine_answers_as_the_reference_does(
    installation: Installation, engines: list[SearchBackend], seed: int
) -> None:
    generator = IndexGenerator(seed)
    with installation.work() as work:
        for _ in range(120):
            index_document(work, generator.document())
    with installation.work(installation.b) as work:
        index_document(work, generator.document())

    assert check_agreement(installation, engines, generator, 150) > 0


def test_every_engine_goes_on_to_agree_while_documents_come_change_and_go(
    installation: Installation, engines: list[SearchBackend]
) -> None:
    generator, choose = IndexGenerator(3), random.Random(3)
    known: list[str] = []
    for _ in range(12):
        with installation.work() as work:
            for _ in range(8):
                document = generator.document()
                index_document(work, document)
                known.append(document.listing_id)
            for listing_id in choose.sample(known, 3):
                index_document(work, generator.document(listing_id))
            gone = known.pop(choose.randrange(len(known)))
            remove_document(work, generator.document(gone).listing_id)

        check_agreement(installation, engines, generator, 8)


def test_every_engine_knows_the_same_words(
    installation: Installation, engines: list[SearchBackend]
) -> None:
    generator = IndexGenerator(4)
    with installation.work() as work:
        for _ in range(30):
            index_document(work, generator.document())

    with installation.work() as work:
        for words in WORDS:
            for part in parsed(words).wanted:
                lexemes = [lexeme for lexeme, _ in getattr(part, "lexemes", ())]
                known = REFERENCE.known(work, lexemes)
                assert [engine.known(work, lexemes) for engine in engines] == [known] * len(engines)


def test_the_generated_questions_are_worth_asking() -> None:
    """Most find something, some page, some have an edge: else the comparison says little."""
    generator = IndexGenerator(1)
    requests = [generator.request() for _ in range(300)]

    assert sum(bool(request.words) for request in requests) > 100
    assert sum(request.radius_metres is not None for request in requests) > 50
    assert sum(request.area is not None for request in requests) > 20
    assert len({request.order for request in requests}) == 3
