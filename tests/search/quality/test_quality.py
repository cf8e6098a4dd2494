"""The part of the quality set that one may work with; `tools/prove search_quality` has both."""

from marketplace.search.backends.answering import Search
from marketplace.search.backends.columns import ColumnsBackend
from tests.search.quality.measuring import Part, index_texts, measure
from tests.support.installation import Installation


def test_inflections_genders_compounds_and_slips_find_their_words(
    installation: Installation,
) -> None:
    with installation.work() as work:
        index_texts(work, Part.WORKING)
    with installation.work() as work:
        scores = measure(work, Search(ColumnsBackend()), Part.WORKING)

    assert len(scores) == 6
    assert {name: score.misses for name, score in scores.items() if score.misses} == {}
