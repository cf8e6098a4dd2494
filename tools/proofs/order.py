"""2,000 generated listings seen from 200 random points, on both databases."""

import tempfile
import time
from pathlib import Path

from marketplace.search.backends.answering import Search
from marketplace.search.backends.columns import ColumnsBackend
from tests.search.distance_order import check_distance_order
from tests.support.both_databases import both_databases
from tests.support.installation import installation_with_two_districts

_LISTINGS, _ORIGINS, _SEED = 2_000, 200, 20_261


def main() -> int:
    """Print the figures of each database; 0 when no place in any list differs."""
    holds = True
    with tempfile.TemporaryDirectory() as folder:
        for name, urls, data_dir in both_databases(Path(folder)):
            began = time.monotonic()
            with installation_with_two_districts(urls, data_dir) as installation:
                report = check_distance_order(
                    installation,
                    Search(ColumnsBackend()),
                    listings=_LISTINGS,
                    origins=_ORIGINS,
                    seed=_SEED,
                )
            holds = holds and report.listings == _LISTINGS and not report.differences
            print(
                f"{name}: {report.listings} listings from {report.origins} points, "
                f"{len(report.differences)} differences, {time.monotonic() - began:.0f} s",
                flush=True,
            )
            for difference in report.differences[:10]:
                print(f"  {difference}")
    return 0 if holds else 1
