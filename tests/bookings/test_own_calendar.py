"""The owner sees by days what is booked, held and closed, and sets when it can be had."""

from datetime import date

import pytest

from tests.bookings.test_picking_days import days
from tests.factories.offered import Offered, make_offered
from tests.support.browser import Page
from tests.support.installation import Installation

MONDAY, FRIDAY = date(2026, 10, 5), date(2026, 10, 9)


@pytest.fixture
def shelf(installation: Installation) -> Offered:
    return make_offered(
        installation, kind="space", title="Hochregal", quantity=12, unit="pallet_place"
    )


def calendar(shelf: Offered, query: str = "month=2026-10", who: str = "owner") -> Page:
    return shelf.browser_of(who).get(f"{shelf.page}/calendar?{query}")


def set_hours(shelf: Offered, **typed: str) -> Page:
    path = f"{shelf.page}/calendar"
    return shelf.browser_of("owner").send(path, typed, form_at=path)


def close(shelf: Offered, **typed: str) -> Page:
    return shelf.browser_of("owner").send(
        f"{shelf.page}/closures", typed, form_at=f"{shelf.page}/calendar"
    )


def rows(page: Page) -> dict[str, str]:
    """Give all that stands in each day, by its number."""
    cells = [" ".join("".join(cell.itertext()).split()) for cell in page.all("td")]
    return {cell.partition(". ")[0].split()[-1]: cell for cell in cells if cell}


def test_a_month_shows_what_is_free_who_has_it_and_what_is_only_held(shelf: Offered) -> None:
    asked = shelf.ask("trader", 8, MONDAY, date(2026, 10, 6))
    shelf.act("owner", asked, "accept")
    shelf.ask("grocer", 3, date(2026, 10, 6), date(2026, 10, 6))
    shelf.close(date(2026, 10, 7), date(2026, 10, 7), note="Inventur")

    page = calendar(shelf)

    october = rows(page)
    assert "1 Palettenplatz frei" in october["6"]
    assert "Betrieb trader8 Palettenplätze, vereinbart" in october["6"]
    assert "Betrieb grocer3 Palettenplätze, angefragt" in october["6"]
    assert "geschlossen" in october["7"]
    assert "Inventur" in october["7"]
    assert "Tag der Deutschen Einheit" in october["3"]
    assert "Betrieb" not in october["8"]
    assert asked.path in [link.get("href") for link in page.all("a")]
    assert [head.get("scope") for head in page.all("th")][:8] == ["col"] * 8


def test_a_month_names_three_and_a_week_all(shelf: Offered) -> None:
    for _ in range(5):
        shelf.ask("trader", 1, MONDAY, MONDAY)

    month, week = calendar(shelf), calendar(shelf, "week=2026-10-05")

    assert rows(month)["5"].count("Betrieb trader") == 3
    assert "und 2 weitere" in rows(month)["5"]
    assert rows(week)["5"].count("Betrieb trader") == 5
    assert len(rows(week)) == 7
    assert f"{shelf.page}/calendar?week=2026-10-05" in [link.get("href") for link in month.all("a")]


def test_hours_by_the_week_hold_from_then_on_and_stand_in_the_form_again(shelf: Offered) -> None:
    typed = {
        "day_0": "hours",
        "day_0_from": "07:00",
        "day_0_to": "12:00",
        "day_0_from_2": "13:30",
        "day_0_to_2": "17:00",
        "day_6": "closed",
        "closed_on_holidays": "y",
        "lead": "2",
        "lead_unit": "days",
        "shortest": "3",
        "shortest_unit": "hours",
        "smallest_quantity": "4",
    }
    saved = set_hours(shelf, **typed)

    assert saved.status == 200
    assert "Gespeichert." in saved.words
    kept = saved.form_values(f"{shelf.page}/calendar")
    assert {name: kept[name] for name in typed} == typed
    october = days(calendar(shelf))
    assert "Mo, 5. Oktober: 12 Palettenplätze frei, 7:00 bis 12:00 Uhr" in october
    assert "Di, 6. Oktober: 12 Palettenplätze frei" in october
    assert "So, 4. Oktober: geschlossen" in october
    assert "Sa, 3. Oktober: geschlossen, Tag der Deutschen Einheit" in october


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day_1": "hours"}, "von wann bis wann"),
        ({"day_1": "hours", "day_1_from": "17:00", "day_1_to": "8:00"}, "vor dem Anfang"),
        ({"day_1": "hours", "day_1_from": "halb acht", "day_1_to": "8:00"}, "keine Uhrzeit"),
        ({f"day_{weekday}": "closed" for weekday in range(7)}, "nie zu haben"),
        ({"lead": "31", "lead_unit": "days"}, "0 bis 720 Stunden"),
        ({"shortest": "2", "longest": "1"}, "kürzer als die kürzeste"),
        ({"smallest_quantity": "13"}, "1 bis 12"),
        ({"smallest_quantity": "viel"}, "ganze Zahl"),
    ],
)
def test_hours_that_cannot_be_are_refused_beside_the_field_and_kept(
    shelf: Offered, typed: dict[str, str], said: str
) -> None:
    page = set_hours(shelf, **typed)

    assert page.status == 422
    assert said in page.words
    kept = page.form_values(f"{shelf.page}/calendar")
    assert {name: kept[name] for name in typed} == typed


def test_what_is_promised_stands_in_the_way_by_name_and_what_was_typed_stays(
    shelf: Offered,
) -> None:
    asked = shelf.ask("trader", 8, MONDAY, FRIDAY)
    shelf.act("owner", asked, "accept")

    for page, kept in (
        (close(shelf, start="2026-10-06", note="Inventur"), "Inventur"),
        (set_hours(shelf, day_1="closed", lead="3"), 'value="3"'),
    ):
        assert page.status == 409
        assert "Das ist schon zugesagt oder angefragt" in page.words
        assert [each.get("data-enhance") for each in page.all("div")].count("focus-first") == 1
        assert "8 Palettenplätze, Mo, 5. Oktober 2026 bis Fr, 9. Oktober 2026" in page.words
        assert asked.path in [link.get("href") for link in page.all("a")]
        assert kept in page.text
        assert "/remove" not in page.text
        assert not [cell for cell in rows(page).values() if "geschlossen" in cell]
    assert "geschlossen" not in rows(calendar(shelf))["6"]


def test_a_time_is_closed_and_opened_again(shelf: Offered) -> None:
    closed = close(shelf, start="2026-10-06", start_time="9:00", end_time="12:00", note="Wartung")

    assert "Di, 6. Oktober 2026, 9:00 bis 12:00 Uhr" in closed.words
    assert "12:00 bis 24:00 Uhr" in rows(calendar(shelf))["6"]
    (path,) = [
        form.get("action")
        for form in closed.all("form")
        if str(form.get("action")).endswith("/remove")
    ]
    opened = shelf.browser_of("owner").send(path, form_at=f"{shelf.page}/calendar")
    assert "Wartung" not in opened.words
    assert opened.path.endswith("/calendar?month=2026-10")
    assert "Uhr" not in rows(calendar(shelf))["6"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"start": ""}, "den ersten Tag"),
        ({"start": "2026-08-31"}, "Diese Zeit ist vorbei."),
        ({"start": "2026-10-06", "start_time": "12:00", "end_time": "9:00"}, "vor dem Anfang"),
        ({"start": "2026-10-06", "note": "x" * 201}, "200 Zeichen"),
    ],
)
def test_a_closure_that_cannot_be_is_refused(
    shelf: Offered, typed: dict[str, str], said: str
) -> None:
    page = close(shelf, **typed)

    assert page.status == 422
    assert said in page.words
    assert page.form_values(f"{shelf.page}/closures")["start"] == typed["start"]


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"start": "2027-02-01", "end": "2027-02-03"}, 200),
        ({"start": "2027-02-03", "end": "2027-02-01"}, 422),
    ],
)
def test_the_calendar_shows_the_month_of_what_was_closed_or_refused(
    shelf: Offered, typed: dict[str, str], status: int
) -> None:
    page = close(shelf, **typed)

    assert page.status == status
    assert [" ".join(each.itertext()) for each in page.all("caption")] == ["Februar 2027"]


def test_of_a_single_thing_nobody_asks_the_owner_for_a_smallest_quantity(
    installation: Installation,
) -> None:
    crane = make_offered(installation, kind="machine", title="Kran", quantity=1, unit="piece")

    saved = set_hours(crane, lead="2")

    assert saved.status == 200
    assert "Kleinste Menge" not in saved.words


def test_in_english_holidays_and_a_single_thing_have_english_names(
    installation: Installation,
) -> None:
    crane = make_offered(installation, kind="machine", title="Kran", quantity=1, unit="piece")
    owner = crane.browser_of("owner")
    owner.send("/language", {"language": "en"}, form_at="/desk")

    page = owner.get(f"{crane.page}/calendar?month=2026-12")

    assert "Christmas Day" in page.words
    assert "Weihnacht" not in page.words
    assert "1 piece " in page.words


def test_only_the_owner_has_the_calendar_and_finds_it(shelf: Offered) -> None:
    path = f"{shelf.page}/calendar"

    assert calendar(shelf, who="trader").status == 404
    for page in ("/desk", shelf.page):
        assert path in [link.get("href") for link in shelf.browser_of("owner").get(page).all("a")]
        assert path not in shelf.browser_of("trader").get(page).text
