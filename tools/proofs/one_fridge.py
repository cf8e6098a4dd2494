"""64 claim one fridge, are offered it and accept it at once, 200 times; on both databases."""

import os
import tempfile
import time
from pathlib import Path

from tests.donations.one_fridge import race_for_one_fridge
from tests.support.both_databases import both_databases
from tests.support.installation import Installation, installation_with_two_districts

_CLAIMANTS = 64
_ROUNDS = int(os.environ.get("MARKETPLACE_PROOF_ROUNDS", "200"))
_TWIN_ROUNDS = 10


def main() -> int:
    """Print the figures of each database; 0 when nothing was promised twice."""
    holds = True
    with tempfile.TemporaryDirectory() as folder:
        for name, urls, data_dir in both_databases(Path(folder)):
            with installation_with_two_districts(urls, data_dir) as installation:
                holds &= _prove(name, installation)
    return 0 if holds else 1


def _prove(name: str, installation: Installation) -> bool:
    began = time.monotonic()
    rounds = race_for_one_fridge(installation, claimants=_CLAIMANTS, rounds=_ROUNDS)
    unfair = [each for each in rounds if not each.is_fair(_CLAIMANTS)]
    most = max(max(each.counting_when_offered, each.counting_when_accepted) for each in rounds)
    print(
        f"{name}: {_ROUNDS - len(unfair)} of {_ROUNDS} rounds with one of {_CLAIMANTS} served and "
        f"all others told so, at most {most} counted, {time.monotonic() - began:.0f} s",
        flush=True,
    )
    for each in unfair[:5]:
        print(f"  {each}", flush=True)
    twin = race_for_one_fridge(
        installation, claimants=_CLAIMANTS, rounds=_TWIN_ROUNDS, without_lock=True
    )
    promised = [each.counting_when_offered for each in twin]
    failed = sum(count > 1 for count in promised)
    print(
        f"{name}, lock taken out: {failed} of {_TWIN_ROUNDS} rounds fail, promised to {promised}",
        flush=True,
    )
    return not unfair and most == 1 and failed > _TWIN_ROUNDS // 2
