"""Many want the one fridge at the same moment; `tools/prove one-fridge` is the large size."""

from tests.donations.one_fridge import race_for_one_fridge
from tests.support.installation import Installation

CLAIMANTS, ROUNDS = 8, 3


def test_one_gets_the_fridge_and_all_others_hear_that_it_is_taken(
    installation: Installation,
) -> None:
    rounds = race_for_one_fridge(installation, claimants=CLAIMANTS, rounds=ROUNDS)

    assert [each for each in rounds if not each.is_fair(CLAIMANTS)] == []


def test_without_the_lock_it_is_promised_to_several(installation: Installation) -> None:
    rounds = race_for_one_fridge(
        installation, claimants=CLAIMANTS, rounds=ROUNDS, without_lock=True
    )

    assert max(each.counting_when_offered for each in rounds) > 1
