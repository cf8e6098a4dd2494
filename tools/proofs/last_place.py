"""64 who ask for the last place at once, 200 times, and 5,000 random wishes; on both databases."""

import tempfile
import time
from pathlib import Path

from tests.bookings.last_place import make_crowd, race_for_the_last_place, random_wishes
from tests.support.both_databases import both_databases
from tests.support.installation import installation_with_two_districts

_CALLERS, _ROUNDS = 64, 200
_TWIN_ROUNDS, _FAIR_TWIN_ROUNDS = 20, 2
_WISHES, _SEED, _CAPACITY = 5_000, 11, 100


def main() -> int:
    """Print the figures of each database; 0 when nothing was promised twice."""
    holds = True
    with tempfile.TemporaryDirectory() as folder:
        for name, urls, data_dir in both_databases(Path(folder)):
            with installation_with_two_districts(urls, data_dir) as installation:
                crowd = make_crowd(installation, _CALLERS)
                began = time.monotonic()
                race = race_for_the_last_place(crowd, rounds=_ROUNDS)
                print(
                    f"{name}: {race.fair} of {_ROUNDS} rounds with one of {_CALLERS} served and "
                    f"all others told so, {time.monotonic() - began:.0f} s {race.unfair or ''}",
                    flush=True,
                )
                twin = race_for_the_last_place(crowd, rounds=_TWIN_ROUNDS, without_lock=True).fair
                print(
                    f"{name}, lock taken out: {_TWIN_ROUNDS - twin} of {_TWIN_ROUNDS} rounds fail",
                    flush=True,
                )
                report = random_wishes(
                    make_crowd(installation, _CALLERS), wishes=_WISHES, seed=_SEED
                )
                print(f"{name}: {report}", flush=True)
                holds = (
                    holds
                    and race.fair == _ROUNDS
                    and twin <= _FAIR_TWIN_ROUNDS
                    and report.most_promised <= _CAPACITY
                    and not report.refused_though_free
                    and not report.other_answers
                )
    return 0 if holds else 1
