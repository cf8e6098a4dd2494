"""When an offer is open, as clocks are put forward and back; what may be asked; who does what."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketplace.bookings.rules.local_time import (
    AmbiguousTime,
    NonexistentTime,
    day_start,
    days_as_instants,
    local_instant,
)
from marketplace.bookings.rules.opening import WHOLE_DAY, Hours, Opening, open_windows
from marketplace.bookings.rules.plans import Plan
from marketplace.bookings.rules.public_holidays import public_holidays
from marketplace.bookings.rules.requests import (
    BookingRequest,
    settled_request,
    written_instant,
    written_time,
)
from marketplace.bookings.rules.schedules import ScheduleTerms, checked_terms
from marketplace.bookings.rules.states import (
    HOLDING,
    BookingAction,
    BookingState,
    Side,
    Standing,
    actions_for,
    unconfirmed_after,
)
from marketplace.foundation.errors import InvalidInput
from marketplace.search.rules.windows import Window
from tests.factories.bookings import make_request, whole_days

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
FORWARD, BACK = date(2027, 3, 28), date(2027, 10, 31)


def test_an_hour_that_does_not_exist_is_refused_with_the_next_one_that_does() -> None:
    with pytest.raises(NonexistentTime) as refusal:
        local_instant(FORWARD, time(2, 30), BERLIN)

    assert refusal.value.after == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(("at", "exists"), [((1, 59), True), ((2, 0), False), ((3, 0), True)])
def test_the_gap_begins_at_two_and_ends_before_three(at: tuple[int, int], exists: bool) -> None:
    if exists:
        assert local_instant(FORWARD, time(*at), BERLIN)
    else:
        with pytest.raises(NonexistentTime):
            local_instant(FORWARD, time(*at), BERLIN)


def test_an_hour_that_happens_twice_is_asked_about() -> None:
    with pytest.raises(AmbiguousTime) as question:
        local_instant(BACK, time(2, 30), BERLIN)

    first, second = question.value.first, question.value.second
    assert second - first == timedelta(hours=1)
    assert local_instant(BACK, time(2, 30), BERLIN, second=False) == first
    assert local_instant(BACK, time(2, 30), BERLIN, second=True) == second


@pytest.mark.parametrize(("day", "hours"), [(FORWARD, 23), (BACK, 25), (date(2027, 5, 1), 24)])
def test_a_whole_day_is_as_long_as_its_calendar_says(day: date, hours: int) -> None:
    start, end = days_as_instants(day, day, BERLIN)

    assert end - start == timedelta(hours=hours)


def test_hours_by_the_week_follow_the_clock_on_the_wall() -> None:
    opening = Opening(weekly={0: (Hours(time(7), time(12)), Hours(time(13), time(17)))})
    weeks = whole_days(date(2027, 3, 22), date(2027, 3, 29))

    starts = [window.start for window in open_windows(opening, weeks)]
    assert [each.astimezone(BERLIN).hour for each in starts] == [7, 13, 7, 13]
    assert starts[2] - starts[0] == timedelta(days=7) - timedelta(hours=1)


@pytest.mark.parametrize("gap", [time(2), time(2, 15), time(2, 30), time(3)])
def test_hours_that_begin_or_end_in_the_hour_that_is_left_out_touch_there(gap: time) -> None:
    opening = Opening(weekly={6: (Hours(time(1), gap), Hours(gap, time(6)))})
    night = Window(*days_as_instants(FORWARD, FORWARD, BERLIN))

    assert open_windows(opening, night) == (
        Window(datetime(2027, 3, 28, 0, tzinfo=UTC), datetime(2027, 3, 28, 4, tzinfo=UTC)),
    )


@pytest.mark.parametrize("day", [FORWARD, BACK])
def test_the_shortest_time_counts_hours_that_pass_and_days_of_the_calendar(day: date) -> None:
    plan = Plan(quantity=1, shortest=timedelta(hours=5))
    begin = day_start(day, BERLIN)

    def asked(length: timedelta) -> BookingRequest:
        return BookingRequest(start=begin, end=begin + length, quantity=1, message="Guten Tag.")

    now = begin - timedelta(days=2)
    assert settled_request(asked(timedelta(hours=5)), plan, now=now)
    with pytest.raises(InvalidInput):
        settled_request(asked(timedelta(hours=4, minutes=59)), plan, now=now)
    whole = Plan(quantity=1, shortest=timedelta(days=1), longest=timedelta(days=1))
    start, end = days_as_instants(day, day, BERLIN)
    assert settled_request(asked(end - start), whole, now=now)


def test_closures_and_holidays_are_cut_out_of_the_windows() -> None:
    opening = Opening(
        windows=(whole_days(date(2027, 5, 1), date(2027, 5, 10)),),
        closures=(whole_days(date(2027, 5, 4), date(2027, 5, 5)),),
        holidays=frozenset({date(2027, 5, 1), date(2027, 5, 6)}),
    )

    assert open_windows(opening, whole_days(date(2027, 4, 1), date(2027, 6, 1))) == (
        whole_days(date(2027, 5, 2), date(2027, 5, 3)),
        whole_days(date(2027, 5, 7), date(2027, 5, 10)),
    )


def test_days_that_are_open_around_the_clock_are_one_window() -> None:
    opening = Opening(weekly=dict.fromkeys(range(5), (WHOLE_DAY,)))

    assert open_windows(opening, whole_days(date(2026, 10, 5), date(2026, 10, 11))) == (
        whole_days(date(2026, 10, 5), date(2026, 10, 9)),
    )


@pytest.mark.parametrize(
    ("ags", "day", "is_holiday"),
    [
        ("12069", date(2026, 10, 31), True),  # Reformation, Brandenburg
        ("09162", date(2026, 10, 31), False),  # not in Bavaria
        ("09162", date(2026, 11, 1), True),
        ("12069", date(2027, 3, 28), True),  # Easter Sunday counts in Brandenburg
        ("14713", date(2026, 11, 18), True),  # day of repentance, Saxony
        ("12069", date(2026, 12, 24), False),
        ("", date(2026, 12, 25), False),
    ],
)
def test_holidays_are_those_of_the_federal_state(ags: str, day: date, is_holiday: bool) -> None:
    assert (day in public_holidays(ags, date(2026, 1, 1), date(2027, 12, 31))) is is_holiday


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"first": date(2026, 8, 31), "last": date(2026, 9, 2)}, {"start"}),
        ({"first": date(2026, 10, 9), "last": date(2028, 9, 2)}, {"end"}),
        ({"first": date(2028, 9, 2), "last": date(2028, 9, 3)}, {"start", "end"}),
        ({"start": None, "end": None}, {"start", "end"}),
        ({"quantity": 0}, {"quantity"}),
        ({"quantity": None}, {"quantity"}),
        ({"message": " \n"}, {"message"}),
        ({"message": "x" * 4001}, {"message"}),
    ],
)
def test_what_cannot_be_asked_is_said_field_by_field(
    changes: dict[str, object], fields: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        settled_request(make_request(**changes), Plan(quantity=40), now=NOW)  # type: ignore[arg-type]

    assert set(refusal.value.errors) == fields


@pytest.mark.parametrize(
    ("terms", "days", "field"),
    [
        (Plan(quantity=40, lead=timedelta(hours=720)), (5, 9), None),
        (Plan(quantity=40, lead=timedelta(days=40)), (5, 9), "start"),
        (Plan(quantity=40, shortest=timedelta(days=5)), (5, 9), None),
        (Plan(quantity=40, shortest=timedelta(days=6)), (5, 9), "end"),
        (Plan(quantity=40, longest=timedelta(days=5)), (5, 9), None),
        (Plan(quantity=40, longest=timedelta(days=4)), (5, 9), "end"),
        (Plan(quantity=40, smallest=2), (5, 9), "quantity"),
        # A day with 25 hours is one day.
        (Plan(quantity=40, longest=timedelta(days=1)), (25, 25), None),
    ],
)
def test_the_owners_terms_bind_who_asks(
    terms: Plan, days: tuple[int, int], field: str | None
) -> None:
    request = make_request(date(2026, 10, days[0]), date(2026, 10, days[1]))
    if field is None:
        assert settled_request(request, terms, now=NOW)
        return
    with pytest.raises(InvalidInput) as refusal:
        settled_request(request, terms, now=NOW)
    assert set(refusal.value.errors) == {field}


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (whole_days(date(2026, 10, 5), date(2026, 10, 9)), "5.10.2026 – 9.10.2026"),
        (whole_days(BACK, BACK), "31.10.2027"),
        (
            Window(datetime(2026, 10, 5, 6, tzinfo=UTC), datetime(2026, 10, 5, 8, tzinfo=UTC)),
            "5.10.2026, 08:00 – 10:00",
        ),
    ],
)
def test_times_are_written_by_their_days_or_hours(period: Window, words: str) -> None:
    assert written_time(period, BERLIN) == words


def test_midnight_belongs_to_the_day_that_ends() -> None:
    assert written_instant(datetime(2026, 10, 5, 22, tzinfo=UTC), BERLIN) == "5.10.2026, 24:00"


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (ScheduleTerms(weekly={0: (Hours(time(9), time(8)),)}), "weekly.0"),
        (
            ScheduleTerms(weekly={1: (Hours(time(8), time(12)), Hours(time(11), time(13)))}),
            "weekly.1",
        ),
        (ScheduleTerms(weekly={2: (Hours(time(8), None), Hours(time(20), None))}), "weekly.2"),
        (ScheduleTerms(lead_hours=721), "lead_hours"),
        (ScheduleTerms(shortest_hours=0), "shortest_hours"),
        (ScheduleTerms(shortest_hours=8, longest_hours=7), "longest_hours"),
        (ScheduleTerms(smallest_quantity=41), "smallest_quantity"),
        (ScheduleTerms(zone="Europe/Nirgendwo"), "zone"),
    ],
)
def test_terms_of_time_that_cannot_hold_are_refused(terms: ScheduleTerms, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked_terms(terms, quantity=40)

    assert set(refusal.value.errors) == {field}


A, B = Side.OWNER, Side.ASKER
BEFORE, DURING, AFTER = (NOW + timedelta(days=days) for days in (-1, 1, 4))
Do = BookingAction


@pytest.mark.parametrize(
    ("state", "side", "now", "actions"),
    [
        ("requested", A, BEFORE, {Do.ACCEPT, Do.DECLINE, Do.COUNTER}),
        ("requested", B, BEFORE, {Do.WITHDRAW}),
        ("accepted", A, BEFORE, {Do.CANCEL, Do.HAND_OVER}),
        # Somebody may have it though nobody noted it: it is not called done before its end.
        ("accepted", B, DURING, {Do.CANCEL, Do.HAND_OVER, Do.NO_SHOW}),
        ("accepted", B, AFTER, {Do.CANCEL, Do.HAND_OVER, Do.COMPLETE, Do.NO_SHOW}),
        ("handed_over", A, DURING, {Do.RETURN}),
        ("handed_over", B, DURING, set()),
        ("returned", B, BEFORE, {Do.COMPLETE}),
        ("returned", A, DURING, {Do.COMPLETE}),
        *(
            (state, side, DURING, set())
            for state in ("declined", "withdrawn", "lapsed", "cancelled", "completed", "no_show")
            for side in (A, B)
        ),
    ],
)
def test_each_side_has_its_steps(
    state: str, side: Side, now: datetime, actions: set[BookingAction]
) -> None:
    standing = Standing(
        state=BookingState(state),
        proposed_by=Side.ASKER,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=3),
        hold_until=NOW + timedelta(days=2) if state == "requested" else None,
        is_returned=True,
    )

    assert set(actions_for(side, standing, now)) == actions


@pytest.mark.parametrize(
    ("before", "who", "waits_for"),
    [
        # The owner has said by the return how it ended; the asker has not.
        ("returned", B, None),
        ("returned", A, B),
        # A handover says nothing about the end.
        ("handed_over", A, B),
        ("handed_over", B, A),
        ("accepted", A, B),
        ("accepted", B, A),
    ],
)
def test_the_side_that_has_not_said_how_it_ended_confirms_it(
    before: str, who: Side, waits_for: Side | None
) -> None:
    standing = Standing(
        state=BookingState(before),
        proposed_by=Side.ASKER,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=3),
        hold_until=None,
        is_returned=before == "returned",
    )

    assert unconfirmed_after(Do.COMPLETE, who, standing) is waits_for


def test_only_the_side_that_is_waited_for_completes_it_once_more() -> None:
    completed = Standing(
        state=BookingState.COMPLETED,
        proposed_by=Side.ASKER,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=3),
        hold_until=None,
        is_returned=True,
        unconfirmed_by=B,
    )

    assert actions_for(B, completed, AFTER) == (Do.COMPLETE,)
    assert actions_for(A, completed, AFTER) == ()
    assert unconfirmed_after(Do.COMPLETE, B, completed) is None


def test_what_is_not_given_back_is_closed_after_it_was_handed_over() -> None:
    standing = Standing(
        state=BookingState.HANDED_OVER,
        proposed_by=Side.ASKER,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=3),
        hold_until=None,
        is_returned=False,
    )

    assert set(actions_for(Side.ASKER, standing, BEFORE)) == {Do.COMPLETE}
    assert set(actions_for(Side.ASKER, standing, DURING)) == {Do.COMPLETE}


def test_the_contract_says_what_holds_capacity() -> None:
    assert {"requested", "countered", "accepted", "handed_over"} == HOLDING
