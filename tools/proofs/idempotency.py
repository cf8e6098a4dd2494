"""1,000 requests, each sent 8 times, with connections cut and the server killed 20 times."""

import tempfile
import time
from pathlib import Path

from tests.bookings.repeated_requests import repeat_requests
from tests.support.both_databases import both_databases
from tests.support.installation import installation_with_two_districts

_KEYS, _REPEATS, _KILLS, _SEED = 1_000, 8, 20, 20_265


def main() -> int:
    """Print the figures of each database; 0 when each request had one effect and one answer."""
    holds = True
    with tempfile.TemporaryDirectory() as folder:
        for name, urls, data_dir in both_databases(Path(folder)):
            began = time.monotonic()
            with installation_with_two_districts(urls, data_dir) as installation:
                report = repeat_requests(
                    installation, keys=_KEYS, repeats=_REPEATS, kills=_KILLS, seed=_SEED
                )
            print(f"{name}: {report}, {time.monotonic() - began:.0f} s", flush=True)
            holds = (
                holds
                and (report.effects, report.kills) == (_KEYS, _KILLS)
                and report.refused == report.differing == 0
            )
    return 0 if holds else 1
