"""How many are free all through a period, and when so many are free next."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from marketplace.search.rules.free_time import (
    FreeInterval,
    are_free,
    next_free_time,
    stretches_of,
)
from marketplace.search.rules.windows import FreeTime
from tests.factories.search import days

LAST_DAY = 14

# How many are free on each day of a fortnight.
fortnights = st.lists(st.integers(0, 4), min_size=LAST_DAY, max_size=LAST_DAY)


def intervals_of(free: list[int]) -> list[FreeInterval]:
    """Give one interval for each run of days with as many free, by days from 1."""
    borders = [day for day in range(1, LAST_DAY) if free[day] != free[day - 1]]
    return [
        FreeInterval(days(start + 1, end + 1), free[start])
        for start, end in pairwise([0, *borders, LAST_DAY])
    ]


@given(free=fortnights)
def test_so_many_are_free_exactly_where_each_day_of_the_period_has_as_many(
    free: list[int],
) -> None:
    stretches = stretches_of(intervals_of(free), 4)

    for start in range(LAST_DAY):
        for end in range(start + 1, LAST_DAY + 1):
            least = min(free[start:end])
            period = days(start + 1, end + 1)
            assert are_free(stretches, period, least) or not least
            assert not are_free(stretches, period, least + 1)


@given(free=fortnights)
def test_there_is_at_most_one_stretch_for_each_interval_and_none_holds_another(
    free: list[int],
) -> None:
    intervals = intervals_of(free)
    stretches = stretches_of(intervals, 4)

    assert len(stretches) <= len(intervals)
    for one in stretches:
        assert not any(
            other.level >= one.level and other.start <= one.start and one.end <= other.end
            for other in stretches
            if other is not one
        )


@given(free=fortnights, wanted=st.integers(1, 4), today=st.integers(0, LAST_DAY - 1))
def test_the_next_free_time_lasts_as_long_as_there_are_as_many(
    free: list[int], wanted: int, today: int
) -> None:
    enough = [day for day in range(today, LAST_DAY) if free[day] >= wanted]
    expected = None
    if enough:
        end = enough[0]
        while end < LAST_DAY and free[end] >= wanted:
            end += 1
        time = days(enough[0] + 1, end + 1)
        expected = FreeTime(time.start, time.end)

    at = days(today + 1, today + 2).start
    assert next_free_time(stretches_of(intervals_of(free), 4), at, wanted) == expected


def test_between_two_intervals_nothing_is_free() -> None:
    stretches = stretches_of([FreeInterval(days(8, 9), 2), FreeInterval(days(1, 5), 2)], 2)

    assert are_free(stretches, days(1, 5), 2)
    assert not are_free(stretches, days(4, 9), 1)


def test_without_any_interval_all_is_free_always_but_with_none_free_it_never_is() -> None:
    assert are_free(stretches_of((), 40), days(1, 30), 40)
    assert stretches_of([FreeInterval(days(1, 30), 0)], 40) == ()
