"""Many ask for the last place at the same moment; `tools/prove last-place` is the large size."""

from tests.bookings.last_place import make_crowd, race_for_the_last_place, random_wishes
from tests.support.installation import Installation

ROUNDS = 10


def test_exactly_one_gets_the_last_place(installation: Installation) -> None:
    race = race_for_the_last_place(make_crowd(installation, 8), rounds=ROUNDS)

    assert race.fair == ROUNDS, race.unfair


def test_without_the_lock_the_same_rounds_go_wrong(installation: Installation) -> None:
    race = race_for_the_last_place(make_crowd(installation, 8), rounds=ROUNDS, without_lock=True)

    assert race.fair <= ROUNDS // 10


def test_random_wishes_never_get_more_than_there_is(installation: Installation) -> None:
    report = random_wishes(make_crowd(installation, 8), wishes=100, seed=5)

    assert report.most_promised <= 100
    assert (report.refused_though_free, report.other_answers) == (0, {})
    assert 0 < report.granted < report.asked
