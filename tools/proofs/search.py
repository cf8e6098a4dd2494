"""A hundred kills of writers and workers under load, on both databases."""

import tempfile
import time
from pathlib import Path

from tests.search.killed_processes import kill_and_compare
from tests.support.both_databases import both_databases
from tests.support.installation import installation_with_two_districts

_KILLS, _SEED = 100, 20_261


def main() -> int:
    """Print the figures of each database; 0 when every worker answers as the reference."""
    holds = True
    with tempfile.TemporaryDirectory() as folder:
        for name, urls, data_dir in both_databases(Path(folder)):
            began = time.monotonic()
            with installation_with_two_districts(urls, data_dir) as installation:
                settings, district = installation.services.settings, installation.a.id
                report = kill_and_compare(settings, district, kills=_KILLS, seed=_SEED)
            holds = holds and report.changes > _KILLS and report.differences == 0
            print(
                f"{name}: {report.kills} kills, {report.changes} changes, {report.workers} workers "
                f"at the end, {report.differences} of them with another answer than the "
                f"reference, {time.monotonic() - began:.0f} s",
                flush=True,
            )
    return 0 if holds else 1
