"""What is free when: against a naive model that looks at every single hour."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from marketplace.bookings.rules.capacity import Piece, Stock, Taken, TakenTimes, timeline_of
from marketplace.bookings.rules.opening import Opening
from marketplace.bookings.rules.plans import (
    Booked,
    Plan,
    availability,
    broken_promises,
    fits,
    looked_at,
    possible_in,
    shortage_of,
)
from marketplace.listings.resource_kind import BudgetUnit
from marketplace.search.rules.windows import Window
from tests.factories.bookings import whole_days

START = datetime(2026, 10, 1, tzinfo=UTC)
HOURS = 48


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


windows = st.tuples(st.integers(0, HOURS - 1), st.integers(1, HOURS)).map(
    lambda each: Window(hour(each[0]), hour(max(each[0] + 1, each[1])))
)
taken = st.builds(
    lambda window, quantity, is_open: Taken(
        window.start, None if is_open else window.end, quantity
    ),
    windows,
    st.integers(1, 5),
    st.booleans(),
)
stocks = st.builds(
    lambda quantity, open_window, bookings: (
        Stock(quantity=quantity, open=(open_window,), taken=TakenTimes.of(bookings)),
        bookings,
    ),
    st.integers(1, 10),
    windows,
    st.lists(taken, max_size=6),
)


def at(stock: Stock, taken: list[Taken], instant: datetime) -> tuple[int, int]:
    """Give capacity and what is taken at one instant, the plain way."""
    capacity = stock.quantity if any(w.start <= instant < w.end for w in stock.open) else 0
    used = sum(
        each.quantity
        for each in taken
        if each.start <= instant and (each.end is None or instant < each.end)
    )
    return capacity, used


@given(stocks, windows)
def test_the_pieces_say_of_every_hour_what_a_look_at_that_hour_says(
    stocked: tuple[Stock, list[Taken]], period: Window
) -> None:
    stock, taken = stocked
    pieces = timeline_of(stock, period).pieces()

    assert pieces[0].start == period.start
    assert pieces[-1].end == period.end
    assert all(one.end == two.start for one, two in pairwise(pieces))
    assert all(one[2:] != two[2:] for one, two in pairwise(pieces))
    for piece in pieces:
        instant = piece.start
        while instant < piece.end:
            assert (piece.capacity, piece.taken) == at(stock, taken, instant)
            instant += timedelta(hours=1)


@given(
    st.lists(st.tuples(windows, st.integers(1, 6)), max_size=12),
    st.integers(1, 8),
)
def test_what_fits_is_accepted_and_what_does_not_is_refused(
    requests: list[tuple[Window, int]], quantity: int
) -> None:
    plan = Plan(quantity=quantity)
    used = [0] * HOURS
    held: list[Taken] = []
    for period, wanted in requests:
        hours = range(
            int((period.start - START) / timedelta(hours=1)),
            int((period.end - START) / timedelta(hours=1)),
        )
        would_fit = all(used[each] + wanted <= quantity for each in hours)
        assert fits(plan, Booked(held=TakenTimes.of(held)), period, wanted) is would_fit
        if would_fit:
            held.append(Taken(period.start, period.end, wanted))
            for each in hours:
                used[each] += wanted
    assert max(used) <= quantity


def test_the_most_at_any_instant_counts_and_not_the_sum_of_what_overlaps() -> None:
    held = (Taken(hour(10), hour(12), 1), Taken(hour(12), hour(14), 1))

    assert fits(Plan(quantity=2), Booked(held=TakenTimes.of(held)), Window(hour(11), hour(13)), 1)
    assert not fits(
        Plan(quantity=2), Booked(held=TakenTimes.of(held)), Window(hour(11), hour(13)), 2
    )


@given(
    st.lists(st.tuples(windows, st.integers(1, 6)), max_size=6),
    windows,
    st.integers(1, 8),
    st.integers(1, 8),
)
def test_every_alternative_that_is_named_would_be_accepted(
    bookings: list[tuple[Window, int]], wanted: Window, asked: int, quantity: int
) -> None:
    plan = Plan(quantity=quantity)
    booked = Booked(held=TakenTimes.of(Taken(w.start, w.end, n) for w, n in bookings))
    if fits(plan, booked, wanted, asked):
        return
    now = START - timedelta(days=3)

    shortage = shortage_of(plan, booked, wanted, asked, now=now)

    assert shortage.free == possible_in(plan, booked, wanted) < asked
    for each in shortage.alternatives:
        period = Window(each.start, each.end)
        assert each.start >= now
        assert each.end - each.start == wanted.end - wanted.start
        assert 1 <= each.quantity <= asked
        assert fits(plan, booked, period, each.quantity)
    if asked <= quantity:  # the time after the last booking is always free
        assert any(each.quantity == asked for each in shortage.alternatives)


def person_days(*held: tuple[date, date, int], at_once: int | None = 2) -> tuple[Plan, Booked]:
    window = whole_days(date(2026, 10, 12), date(2026, 10, 23))
    plan = Plan(
        quantity=10,
        opening=Opening(windows=(window,)),
        budget=BudgetUnit.DAY,
        at_once=at_once,
    )
    taken = tuple(Taken(*_ends(first, last), quantity) for first, last, quantity in held)
    return plan, Booked(held=TakenTimes.of(taken), spent=sum(each.quantity for each in taken))


def _ends(first: date, last: date) -> tuple[datetime, datetime]:
    window = whole_days(first, last)
    return window.start, window.end


def test_person_days_are_used_up_whenever_they_are_given() -> None:
    plan, booked = person_days((date(2026, 10, 12), date(2026, 10, 14), 6))
    week_after = whole_days(date(2026, 10, 19), date(2026, 10, 23))

    assert possible_in(plan, booked, week_after) == 4
    assert fits(plan, booked, week_after, 4)
    assert not fits(plan, booked, week_after, 5)


def test_two_people_give_at_most_two_days_a_day() -> None:
    plan, booked = person_days()
    monday = whole_days(date(2026, 10, 12), date(2026, 10, 12))

    assert fits(plan, booked, monday, 2)
    assert not fits(plan, booked, monday, 3)


def test_people_who_are_away_are_not_there_twice() -> None:
    plan, booked = person_days((date(2026, 10, 12), date(2026, 10, 14), 6))
    tuesday = whole_days(date(2026, 10, 13), date(2026, 10, 13))

    assert possible_in(plan, booked, tuesday) == 0


def test_what_is_short_of_a_budget_is_offered_in_part() -> None:
    plan, booked = person_days((date(2026, 10, 12), date(2026, 10, 14), 6))
    wanted = whole_days(date(2026, 10, 19), date(2026, 10, 21))

    shortage = shortage_of(plan, booked, wanted, 6, now=datetime(2026, 9, 1, tzinfo=UTC))

    assert shortage.free == 4
    assert shortage.alternatives[0] == (wanted.start, wanted.end, 4)
    assert {piece.free for piece in shortage.pieces} == {0, 4}


def test_the_availability_of_a_budget_counts_in_its_own_unit() -> None:
    plan, booked = person_days((date(2026, 10, 12), date(2026, 10, 14), 6))
    period = whole_days(date(2026, 10, 11), date(2026, 10, 24))

    pieces = availability(plan, booked, period)

    ends = [each.end for each in pieces]
    assert [(each.capacity, each.taken) for each in pieces] == [
        (0, 0),
        (10, 10),
        (10, 6),
        (0, 0),
    ]
    assert ends[1] == whole_days(date(2026, 10, 14), date(2026, 10, 14)).end


def test_machine_hours_count_begun_hours() -> None:
    plan = Plan(quantity=16, budget=BudgetUnit.HOUR, at_once=1)

    assert plan.units_in(Window(hour(0), hour(2) + timedelta(minutes=1))) == 3
    assert fits(plan, Booked(), Window(hour(0), hour(16)), 16)
    assert not fits(plan, Booked(spent=1), Window(hour(0), hour(16)), 16)


def test_a_smaller_offer_breaks_the_promises_that_no_longer_fit() -> None:
    held = (Taken(hour(0), hour(4), 25), Taken(hour(2), hour(6), 15))
    booked, period = Booked(held=TakenTimes.of(held)), Window(hour(0), hour(10))

    assert broken_promises(Plan(quantity=40), booked, period) == ()
    assert broken_promises(Plan(quantity=39), booked, period) == (Window(hour(2), hour(4)),)


def test_the_hall_says_what_is_free_around_a_full_december() -> None:
    plan = Plan(quantity=40, smallest=5)
    held = (
        Taken(*_ends(date(2026, 11, 1), date(2027, 1, 31)), 25),
        Taken(*_ends(date(2026, 12, 1), date(2026, 12, 31)), 15),
    )
    wanted = whole_days(date(2026, 12, 15), date(2026, 12, 19))
    shortage = shortage_of(
        plan, Booked(held=TakenTimes.of(held)), wanted, 5, now=datetime(2026, 9, 1, tzinfo=UTC)
    )

    december = whole_days(date(2026, 12, 1), date(2026, 12, 31))
    assert shortage.tightest == Piece(december.start, december.end, 40, 40)
    assert [tuple(each) for each in shortage.alternatives] == [
        (*_ends(date(2026, 11, 26), date(2026, 11, 30)), 5),
        (*_ends(date(2027, 1, 1), date(2027, 1, 5)), 5),
    ]


def test_alternatives_keep_the_time_that_the_owner_needs_ahead() -> None:
    now = datetime(2026, 9, 1, 8, tzinfo=UTC)
    wanted = whole_days(date(2026, 9, 3), date(2026, 9, 4))
    held = (Taken(wanted.start, wanted.end, 1),)
    plan = Plan(quantity=1, lead=timedelta(days=2))

    without_lead = shortage_of(
        replace(plan, lead=timedelta(0)), Booked(held=TakenTimes.of(held)), wanted, 1, now=now
    )
    shortage = shortage_of(plan, Booked(held=TakenTimes.of(held)), wanted, 1, now=now)

    assert looked_at(wanted, now).start <= now
    assert len(shortage.alternatives) <= len(without_lead.alternatives)
    assert all(each.start >= now + plan.lead for each in shortage.alternatives)
