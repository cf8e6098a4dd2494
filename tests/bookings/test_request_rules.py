"""What may be asked of an offer, and what a refusal says would work instead."""

from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.bookings.rules.requests import (
    BookingRequest,
    Offer,
    settled_period,
    written_days,
)
from marketplace.foundation.errors import InvalidInput
from marketplace.search.rules.windows import Window
from tests.factories.bookings import make_request, whole_days

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
MOST_OPEN = 20


def period_of(
    request: BookingRequest, offer: Offer | None = None, *, now: datetime = NOW, waiting: int = 0
) -> Window:
    return settled_period(
        request, offer or Offer(quantity=1), now=now, open_requests=waiting, most_open=MOST_OPEN
    )


def refused(
    request: BookingRequest, offer: Offer | None = None, *, now: datetime = NOW, waiting: int = 0
) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refusal:
        period_of(request, offer, now=now, waiting=waiting)
    return refusal.value.errors


def test_a_request_lasts_from_the_first_midnight_to_the_one_after_the_last_day() -> None:
    period = period_of(make_request(first=date(2026, 10, 5), last=date(2026, 10, 9)))

    assert period.start == datetime(2026, 10, 4, 22, tzinfo=UTC)
    assert period.end == datetime(2026, 10, 9, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2026, 10, 26), 24)],
)
def test_a_day_is_as_long_as_the_clocks_of_berlin_make_it(day: date, hours: int) -> None:
    period = period_of(make_request(first=day, last=day))

    assert period.end - period.start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 9, 1), date(2026, 9, 1)),  # today
        (date(2028, 9, 1), date(2028, 9, 1)),  # the last day of the 24 months
    ],
)
def test_the_ends_of_what_may_be_asked_belong_to_it(first: date, last: date) -> None:
    assert period_of(make_request(first=first, last=last)) == whole_days(first, last)


@pytest.mark.parametrize(
    ("first", "last", "fields"),
    [
        (date(2026, 8, 31), date(2026, 9, 2), {"start"}),
        (date(2026, 10, 9), date(2026, 10, 5), {"end"}),
        (date(2026, 10, 9), date(2028, 9, 2), {"end"}),
        (date(2028, 9, 2), date(2028, 9, 3), {"start", "end"}),
        (date(1, 1, 1), date(9999, 12, 31), {"start", "end"}),
        (date(2026, 10, 5), None, {"end"}),
        (None, date(2026, 10, 5), {"start"}),
        (None, None, {"start", "end"}),
    ],
)
def test_days_that_nobody_can_lend_are_refused(
    first: date | None, last: date | None, fields: set[str]
) -> None:
    assert set(refused(make_request(first=first, last=last))) == fields


def test_the_day_begins_in_berlin_and_not_at_greenwich() -> None:
    before_midnight_in_utc = datetime(2026, 9, 1, 22, 30, tzinfo=UTC)
    yesterday_in_berlin = date(2026, 9, 1)

    errors = refused(
        make_request(first=yesterday_in_berlin, last=yesterday_in_berlin),
        now=before_midnight_in_utc,
    )

    assert set(errors) == {"start"}


def test_from_a_leap_day_24_months_reach_to_the_last_of_february() -> None:
    leap_day = datetime(2028, 2, 29, 12, tzinfo=UTC)
    errors = refused(make_request(first=date(2030, 3, 1), last=date(2030, 3, 1)), now=leap_day)

    assert "28.2.2030" in errors["start"]


def test_windows_that_touch_are_one_free_time() -> None:
    offer = Offer(
        quantity=1,
        windows=(
            whole_days(date(2026, 10, 8), date(2026, 10, 12)),
            whole_days(date(2026, 10, 1), date(2026, 10, 7)),
        ),
    )

    assert period_of(make_request(), offer) == whole_days(date(2026, 10, 5), date(2026, 10, 9))


def test_a_gap_of_one_day_is_not_lent() -> None:
    offer = Offer(
        quantity=1,
        windows=(
            whole_days(date(2026, 10, 1), date(2026, 10, 6)),
            whole_days(date(2026, 10, 8), date(2026, 10, 12)),
        ),
    )

    assert refused(make_request(), offer)["end"] == (
        "Frei ist es nur so lange: 1.10.2026 – 6.10.2026."
    )


def test_a_refused_time_says_what_is_free_instead() -> None:
    offer = Offer(
        quantity=1,
        windows=(
            whole_days(date(2026, 8, 1), date(2026, 8, 9)),  # over
            whole_days(date(2026, 8, 20), date(2026, 9, 3)),  # has begun
            whole_days(date(2026, 11, 2), date(2026, 11, 2)),
        ),
    )

    assert refused(make_request(), offer) == {
        "start": "Dann ist es nicht frei. Frei ist es: 1.9.2026 – 3.9.2026, 2.11.2026."
    }


def test_an_offer_whose_free_times_are_over_says_so() -> None:
    offer = Offer(quantity=1, windows=(whole_days(date(2026, 8, 1), date(2026, 8, 9)),))

    assert "kein freier Zeitraum" in refused(make_request(), offer)["start"]


@pytest.mark.parametrize("quantity", [1, 40])
def test_any_part_of_the_quantity_may_be_asked_for(quantity: int) -> None:
    assert period_of(make_request(quantity=quantity), Offer(quantity=40))


@pytest.mark.parametrize("quantity", [None, 0, -1])
def test_less_than_one_is_refused(quantity: int | None) -> None:
    assert set(refused(make_request(quantity=quantity))) == {"quantity"}


def test_more_than_there_is_is_refused_with_what_there_is() -> None:
    assert "höchstens 40" in refused(make_request(quantity=41), Offer(quantity=40))["quantity"]


@pytest.mark.parametrize("message", ["", " \r\n ", "x" * 4001])
def test_a_message_says_something_and_stays_readable(message: str) -> None:
    assert set(refused(make_request(message=message))) == {"message"}


def test_all_that_is_wrong_is_said_at_once() -> None:
    errors = refused(make_request(first=None, quantity=0, message="", last=None), waiting=MOST_OPEN)

    assert set(errors) == {"start", "end", "quantity", "message", ""}


def test_the_last_request_that_may_wait_is_allowed_and_one_more_is_not() -> None:
    assert period_of(make_request(), waiting=MOST_OPEN - 1)
    assert "20 Ihrer Anfragen" in refused(make_request(), waiting=MOST_OPEN)[""]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 10, 5), date(2026, 10, 9), "5.10.2026 – 9.10.2026"),
        (date(2026, 10, 25), date(2026, 10, 25), "25.10.2026"),
        (date(2026, 12, 31), date(2027, 1, 1), "31.12.2026 – 1.1.2027"),
    ],
)
def test_times_are_written_by_their_days(first: date, last: date, words: str) -> None:
    assert written_days(whole_days(first, last)) == words
