"""Searches find an offer when it can really be had: asked for, given back, closed, by the hour."""

from datetime import date, time, timedelta

import pytest

from marketplace.bookings.rules.opening import Hours
from marketplace.bookings.rules.schedules import ScheduleTerms
from tests.factories.bookings import whole_days
from tests.factories.offered import Offered, make_offered
from tests.support.browser import Page
from tests.support.installation import Installation

FIRST, LAST = date(2026, 10, 5), date(2026, 10, 9)
WEEK = "available_from=2026-10-05&available_to=2026-10-09"


@pytest.fixture
def shelf(installation: Installation) -> Offered:
    return make_offered(
        installation, kind="space", title="Hochregal", quantity=12, unit="pallet_place"
    )


def searched(shelf: Offered, query: str = "") -> Page:
    return shelf.installation.visitor().get(f"/search?{query}")


def is_found(shelf: Offered, query: str) -> bool:
    page = searched(shelf, query)
    answer = shelf.installation.visitor().get(f"/api/v1/listings?{query}", audit=False).json
    assert (answer["total"] == 1) == ("Hochregal" in page.words)
    return bool(answer["total"])


def next_free(shelf: Offered) -> str | None:
    (item,) = shelf.installation.visitor().get("/api/v1/listings", audit=False).json["items"]
    found: str | None = item["next_free"]
    return found


def test_what_is_asked_for_is_not_found_until_it_is_declined(shelf: Offered) -> None:
    asked = shelf.ask("trader", 8, FIRST, LAST)

    assert is_found(shelf, f"{WEEK}&quantity=4")
    assert not is_found(shelf, f"{WEEK}&quantity=5")
    shelf.act("owner", asked, "decline", reason="Da ist schon alles voll.")
    assert is_found(shelf, f"{WEEK}&quantity=12")


def test_a_request_that_nobody_answers_gives_its_time_back_to_searches(shelf: Offered) -> None:
    shelf.ask("trader", 12, FIRST, LAST)
    assert not is_found(shelf, WEEK)

    shelf.installation.clock.advance(timedelta(hours=48))
    shelf.installation.run_jobs()

    assert is_found(shelf, WEEK)


def test_the_card_says_from_when_on_it_is_free(shelf: Offered) -> None:
    assert "Zeit nach Absprache" in searched(shelf).words

    shelf.ask("trader", 12, date(2026, 9, 1), LAST)

    assert "frei ab 10. Okt." in searched(shelf).words
    assert next_free(shelf) == "2026-10-09T22:00:00+00:00"


def test_the_card_says_when_nothing_is_free_any_more(installation: Installation) -> None:
    week = make_offered(
        installation, title="Hochregal", windows=[whole_days(FIRST, LAST)], quantity=1
    )
    assert "frei 5. Okt. bis 9. Okt." in searched(week).words

    week.ask("trader", 1, FIRST, date(2026, 10, 8))
    assert "frei am 9. Okt." in searched(week).words
    week.ask("grocer", 1, LAST, LAST)

    assert "zurzeit nicht frei" in searched(week).words
    assert next_free(week) is None


def test_what_has_hours_is_found_for_the_days_on_which_it_is_open(shelf: Offered) -> None:
    hours = (Hours(time(8), time(17)),)
    shelf.set_schedule(ScheduleTerms(weekly=dict.fromkeys(range(5), hours)))

    assert is_found(shelf, WEEK)
    assert not is_found(shelf, "available_from=2026-10-10")
    shelf.close(FIRST, FIRST)
    assert not is_found(shelf, WEEK)
    assert is_found(shelf, "available_from=2026-10-06&available_to=2026-10-09")
