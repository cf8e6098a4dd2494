"""List and map are ordered by distance as anybody can compute it."""

from marketplace.search.backends.answering import Search
from marketplace.search.backends.columns import ColumnsBackend
from tests.search.distance_order import check_distance_order
from tests.support.installation import Installation


def test_the_order_equals_that_of_independently_computed_chords(
    installation: Installation,
) -> None:
    report = check_distance_order(
        installation, Search(ColumnsBackend()), listings=60, origins=8, seed=7
    )

    assert report.listings == 60
    assert report.differences == []
