"""Those who ask see each day of a month, pick theirs by links, and know the terms beforehand."""

from datetime import date, time

import pytest

from marketplace.bookings.rules.opening import Hours
from marketplace.bookings.rules.schedules import ScheduleTerms
from tests.factories.bookings import whole_days
from tests.factories.offered import Offered, make_offered
from tests.support.browser import Page
from tests.support.installation import Installation

OCTOBER = "month=2026-10"


@pytest.fixture
def shelf(installation: Installation) -> Offered:
    return make_offered(
        installation, kind="space", title="Hochregal", quantity=12, unit="pallet_place"
    )


def shown(offered: Offered, query: str, who: str = "trader") -> Page:
    return offered.browser_of(who).get(f"{offered.page}?{query}")


def days(page: Page) -> dict[str, str | None]:
    """Give what is read aloud for each day, with the address that picks it."""
    found = {}
    for cell in page.all("td"):
        label = "".join(
            "".join(part.itertext())
            for part in cell.iter()
            if part.get("class") == "visually-hidden"
        )
        if label:
            links = [part.get("href") for part in cell.iter() if part.get("href")]
            found[label] = links[0] if links else None
    return found


def pick(offered: Offered, page: Page, label: str) -> Page:
    address = days(page)[label]
    assert address, label
    return offered.browser_of("trader").get(address.partition("#")[0])


def filled(offered: Offered, page: Page) -> tuple[str, ...]:
    values = page.form_values(f"{offered.page}/ask")
    return tuple(values[name] for name in ("start", "end", "start_time", "end_time", "quantity"))


def test_each_day_says_how_much_is_free(shelf: Offered) -> None:
    shelf.ask("trader", 12, date(2026, 10, 5), date(2026, 10, 6))
    shelf.ask("grocer", 4, date(2026, 10, 6).replace(day=7), date(2026, 10, 8))
    shelf.close(date(2026, 10, 9), date(2026, 10, 9), note="Inventur")

    october = days(shown(shelf, OCTOBER))

    assert len(october) == 31
    assert october["Mo, 5. Oktober: belegt"] is None
    assert october["Mi, 7. Oktober: 8 Palettenplätze frei"]
    assert october["Fr, 9. Oktober: geschlossen"] is None
    assert october["Sa, 10. Oktober: 12 Palettenplätze frei"]
    assert "Inventur" not in shown(shelf, OCTOBER).words


def test_one_link_picks_the_first_day_and_the_next_one_the_last(shelf: Offered) -> None:
    first = pick(shelf, shown(shelf, f"{OCTOBER}&quantity=3"), TUESDAY)
    both = pick(shelf, first, "Fr, 9. Oktober: 12 Palettenplätze frei")

    assert filled(shelf, first) == ("2026-10-06", "", "", "", "3")
    assert filled(shelf, both) == ("2026-10-06", "2026-10-09", "", "", "3")
    assert "Di, 6. Oktober 2026 bis Fr, 9. Oktober 2026: 12 Palettenplätze frei." in both.words


TUESDAY = "Di, 6. Oktober: 12 Palettenplätze frei"


def test_a_day_beyond_what_is_taken_begins_anew(shelf: Offered) -> None:
    shelf.ask("grocer", 12, date(2026, 10, 7), date(2026, 10, 7))
    first = pick(shelf, shown(shelf, OCTOBER), TUESDAY)
    beyond = pick(shelf, first, "Do, 8. Oktober: 12 Palettenplätze frei")

    assert filled(shelf, beyond)[:2] == ("2026-10-08", "")


def test_a_time_may_begin_in_one_month_and_end_in_another(shelf: Offered) -> None:
    last = "available_from=2026-10-30&month=2026-11"
    both = pick(shelf, shown(shelf, last), "Mo, 2. November: 12 Palettenplätze frei")

    assert filled(shelf, both)[:2] == ("2026-10-30", "2026-11-02")


def test_a_day_with_hours_fills_them_in_and_can_be_asked_for_at_once(shelf: Offered) -> None:
    shelf.set_schedule(ScheduleTerms(weekly=dict.fromkeys(range(5), (Hours(time(8), time(17)),))))
    page = shown(shelf, OCTOBER)
    picked = pick(shelf, page, "Di, 6. Oktober: 12 Palettenplätze frei, 8:00 bis 17:00 Uhr")
    searched = shown(shelf, "available_from=2026-10-06&available_to=2026-10-06")

    hours = ("2026-10-06", "2026-10-06", "08:00", "17:00", "1")
    assert (filled(shelf, picked), filled(shelf, searched)) == (hours, hours)
    assert "So, 4. Oktober: geschlossen" in days(page)
    sent = shelf.browser_of("trader").send(
        f"{shelf.page}/ask", {"message": "Für Äpfel."}, form_at=picked.path
    )
    assert "angefragt" in sent.words


def test_what_closes_every_night_says_that_each_day_is_asked_for_by_itself(
    shelf: Offered,
) -> None:
    by_itself = "Fragen Sie jeden Tag einzeln an."
    around_the_clock = shown(shelf, OCTOBER).words

    shelf.set_schedule(ScheduleTerms(weekly=dict.fromkeys(range(5), (Hours(time(8), time(17)),))))
    by_day = shown(shelf, OCTOBER).words
    shelf.set_schedule(ScheduleTerms(weekly=dict.fromkeys(range(5), (Hours(time.min, None),))))
    whole_week = shown(shelf, OCTOBER).words

    assert by_itself in by_day
    assert by_itself not in around_the_clock
    assert by_itself not in whole_week


@pytest.mark.parametrize(
    ("last", "clock"), [("2026-10-06", ("08:00", "17:00")), ("2026-10-05", ("", ""))]
)
def test_who_asks_across_a_closed_night_learns_to_ask_for_each_day_and_loses_nothing(
    shelf: Offered, last: str, clock: tuple[str, str]
) -> None:
    shelf.set_schedule(ScheduleTerms(weekly=dict.fromkeys(range(5), (Hours(time(8), time(17)),))))
    typed = {
        "start": "2026-10-05",
        "end": last,
        "start_time": clock[0],
        "end_time": clock[1],
        "quantity": "2",
        "message": "Zwei Plätze für unsere Kisten.",
    }

    refused = shelf.browser_of("trader").send(f"{shelf.page}/ask", typed, form_at=shelf.page)

    assert "Dann ist es nicht zu haben" in refused.words
    assert "Fragen Sie jeden Tag einzeln und mit Uhrzeit an." in refused.words
    values = refused.form_values(f"{shelf.page}/ask")
    assert {name: values[name] for name in typed} == typed


def test_who_asks_for_hours_on_a_closed_day_is_not_told_about_the_night(shelf: Offered) -> None:
    shelf.set_schedule(ScheduleTerms(weekly=dict.fromkeys(range(5), (Hours(time(8), time(17)),))))
    sunday = {
        "start": "2026-10-04",
        "end": "2026-10-04",
        "start_time": "09:00",
        "end_time": "12:00",
        "quantity": "2",
        "message": "Zwei Plätze für unsere Kisten.",
    }

    refused = shelf.browser_of("trader").send(f"{shelf.page}/ask", sunday, form_at=shelf.page)

    assert "Dann ist es nicht zu haben" in refused.words
    assert "mit Uhrzeit an" not in refused.words


def test_the_terms_are_said_beforehand_and_the_smallest_quantity_is_filled_in(
    shelf: Offered,
) -> None:
    shelf.set_schedule(
        ScheduleTerms(lead_hours=48, shortest_hours=48, longest_hours=240, smallest_quantity=5)
    )
    shelf.ask("grocer", 9, date(2026, 10, 6), date(2026, 10, 7))
    page = shown(shelf, OCTOBER)

    assert "Mindestens 2 Tage vorher anfragen." in page.words
    assert "Mindestens 2 Tage am Stück. Höchstens 10 Tage am Stück." in page.words
    assert "Ab 5 Palettenplätze." in page.words
    assert filled(shelf, page)[4] == "5"
    assert days(page)["Di, 6. Oktober: 3 Palettenplätze frei"] is None
    assert days(shown(shelf, ""))["Mi, 2. September: zu kurzfristig"] is None


def test_visitors_see_the_days_and_pick_none(shelf: Offered) -> None:
    page = shelf.installation.visitor().get(f"{shelf.page}?{OCTOBER}")

    assert days(page)[TUESDAY] is None


def test_months_follow_one_another_up_to_the_furthest_that_can_be_asked_for(
    shelf: Offered,
) -> None:
    def ways(query: str) -> list[str]:
        page = shown(shelf, query)
        return [
            str(link.get("href")).partition("#")[0].partition("?")[2]
            for link in page.all("a")
            if "calendar__way" in (link.get("class") or "")
        ]

    assert ways("") == [OCTOBER]
    assert ways(f"{OCTOBER}&place=Brück&available_from=2026-10-06") == [
        "place=Br%C3%BCck&available_from=2026-10-06&month=2026-09",
        "place=Br%C3%BCck&available_from=2026-10-06&month=2026-11",
    ]
    assert ways("month=2028-09") == ["month=2028-08"]
    assert ways("month=2030-01") == ["month=2028-08"]
    assert ways("month=gestern") == [OCTOBER]


def test_one_thing_is_free_or_not_without_a_number(installation: Installation) -> None:
    window = whole_days(date(2026, 10, 1), date(2026, 10, 20))
    saw = make_offered(installation, title="Säge", windows=[window])

    october = days(shown(saw, ""))

    assert october["Di, 6. Oktober: frei"]
    assert "Mi, 21. Oktober: geschlossen" in october
