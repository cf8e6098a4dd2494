"""100 kills under 16 writers, the syncs of each write, and 2,000 mails with 100 killed workers."""

import os
import tempfile
import time
from pathlib import Path

from tests.bookings.writers_under_kills import syncs_per_write, write_under_kills
from tests.foundation.mails_under_kills import deliver_under_kills
from tests.support.both_databases import both_databases
from tests.support.installation import installation_with_two_districts

_WRITERS, _KILLS, _WRITES, _MAILS, _SEED = 16, 100, 200, 2_000, 20_266


def main() -> int:
    """Print the figures of each database; 0 when nothing is lost, half done or unsynced."""
    holds = True
    with tempfile.TemporaryDirectory() as folder:
        for name, urls, data_dir in both_databases(Path(folder)):
            with installation_with_two_districts(urls, data_dir) as installation:
                began = time.monotonic()
                report = write_under_kills(installation, writers=_WRITERS, kills=_KILLS, seed=_SEED)
                print(f"{name}: {report}, {time.monotonic() - began:.0f} s", flush=True)
                syncs = syncs_per_write(
                    installation,
                    writes=_WRITES,
                    watched=None if name == "SQLite" else _postgresql_process(),
                )
                print(f"{name}: {syncs:.2f} syncs for each of {_WRITES} writes", flush=True)
                began = time.monotonic()
                mails = deliver_under_kills(installation, mails=_MAILS, kills=_KILLS, seed=_SEED)
                print(f"{name}: {mails}, {time.monotonic() - began:.0f} s", flush=True)
            holds = (
                holds
                and report.holds
                and syncs >= 1
                and not (mails.missing or mails.under_another_id)
                and mails.again <= mails.kills
            )
    return 0 if holds else 1


def _postgresql_process() -> int:
    data = Path(os.environ["TEST_POSTGRES_DIRECTORY"]) / "data"
    return int((data / "postmaster.pid").read_text().split()[0])
