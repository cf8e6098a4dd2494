"""Scenario S2: a hall is shared by pallet places and never oversold; then again elsewhere."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.factories.bookings import whole_days
from tests.factories.offered import Offered, make_offered
from tests.support.browser import Page
from tests.support.installation import Installation

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ask:
    """So much from the first to the last day, both inclusive."""

    quantity: int
    first: date
    last: date


@dataclass(frozen=True)
class Story:
    """A hall, who wants some of it, and what is free then; `km` from the trader's place to it."""

    hall: str
    trader_from: str
    grocer_from: str
    km: float  # great circle on a sphere with a radius of 6,371.0088 km
    quantity: int
    smallest: int
    trader: Ask
    grocer: Ask
    free: dict[date, int]
    too_much: Ask
    around: tuple[str, ...]  # what the refusal says is free before, during and after
    until: date  # the last day of the alternative before
    since: date  # the first day of the alternative after
    last_ones: Ask  # all that is left then: only one can have it


S2 = Story(
    hall="Beelitz",
    trader_from="Werder (Havel)",
    grocer_from="Teltow",
    km=15.8,
    quantity=40,
    smallest=5,
    trader=Ask(25, date(2026, 11, 1), date(2027, 1, 31)),
    grocer=Ask(15, date(2026, 12, 1), date(2026, 12, 31)),
    free={
        date(2026, 11, 15): 15,
        date(2026, 12, 15): 0,
        date(2027, 1, 15): 15,
        date(2027, 2, 1): 40,
    },
    too_much=Ask(5, date(2026, 12, 15), date(2026, 12, 19)),
    around=(
        "15 Palettenplätze frei: So, 1. November 2026 bis Mo, 30. November 2026",
        "0 Palettenplätze frei: Di, 1. Dezember 2026 bis Do, 31. Dezember 2026",
        "15 Palettenplätze frei: Fr, 1. Januar 2027 bis So, 31. Januar 2027",
    ),
    until=date(2026, 11, 30),
    since=date(2027, 1, 1),
    last_ones=Ask(15, date(2027, 1, 1), date(2027, 1, 31)),
)
ELSEWHERE = Story(
    hall="Luckenwalde",
    trader_from="Jüterbog",
    grocer_from="Zossen",
    km=12.1,
    quantity=70,
    smallest=10,
    trader=Ask(46, date(2026, 10, 12), date(2027, 3, 14)),
    grocer=Ask(24, date(2027, 2, 1), date(2027, 2, 7)),
    free={
        date(2026, 10, 11): 70,
        date(2027, 1, 31): 24,
        date(2027, 2, 7): 0,
        date(2027, 2, 8): 24,
        date(2027, 3, 15): 70,
    },
    too_much=Ask(11, date(2027, 2, 6), date(2027, 2, 10)),
    around=(
        "24 Palettenplätze frei: Mo, 12. Oktober 2026 bis So, 31. Januar 2027",
        "0 Palettenplätze frei: Mo, 1. Februar 2027 bis So, 7. Februar 2027",
        "24 Palettenplätze frei: Mo, 8. Februar 2027 bis So, 14. März 2027",
    ),
    until=date(2027, 1, 31),
    since=date(2027, 2, 8),
    last_ones=Ask(24, date(2027, 2, 8), date(2027, 3, 14)),
)


@dataclass(frozen=True)
class Scene:
    """A story in its district, at the point where both have what they asked for."""

    story: Story
    hall: Offered
    agreed: dict[str, Page]

    def ask(self, who: str, asked: Ask) -> Page:
        return self.hall.ask(who, asked.quantity, asked.first, asked.last)

    def availability(self, first: date, last: date) -> list[dict[str, Any]]:
        period = whole_days(first, last)
        query = urlencode({"from": period.start.isoformat(), "to": period.end.isoformat()})
        visitor = self.hall.installation.visitor(self.hall.district)
        answer = visitor.get(f"/api/v1{self.hall.page}/availability?{query}", audit=False)
        pieces: list[dict[str, Any]] = answer.json
        return pieces

    def free_on(self, day: date) -> int:
        return min(int(piece["free"]) for piece in self.availability(day, day))


@pytest.fixture(params=[S2, ELSEWHERE], ids=["Beelitz", "Luckenwalde"])
def scene(request: pytest.FixtureRequest, installation: Installation) -> Scene:
    story: Story = request.param
    hall = make_offered(
        installation,
        district=installation.a if story is S2 else installation.b,
        places={
            "owner": story.hall,
            "trader": story.trader_from,
            "grocer": story.grocer_from,
            "other": story.hall,
        },
        kind="space",
        title="Halle mit Regalen",
        quantity=story.quantity,
        unit="pallet_place",
    )
    terms = {"smallest_quantity": str(story.smallest)}
    calendar = f"{hall.page}/calendar"
    assert hall.browser_of("owner").send(calendar, terms, form_at=calendar).status == 200
    agreed = {}
    for who, asked in (("trader", story.trader), ("grocer", story.grocer)):
        agreed[who] = hall.ask(who, asked.quantity, asked.first, asked.last)
        assert "vereinbart" in hall.act("owner", agreed[who], "accept").words
    return Scene(story, hall, agreed)


def test_what_is_free_follows_from_what_is_agreed_day_by_day(scene: Scene) -> None:
    story = scene.story
    search = f"/api/v1/listings?{urlencode({'place': story.trader_from})}"
    (item,) = (
        scene.hall.installation.visitor(scene.hall.district).get(search, audit=False).json["items"]
    )

    assert item["distance_m"] / 1000 == pytest.approx(story.km, abs=0.05 + 0.004 * story.km)
    assert {day: scene.free_on(day) for day in story.free} == story.free


def test_too_much_is_refused_with_what_is_free_around_it_and_what_would_do(scene: Scene) -> None:
    story = scene.story
    refused = scene.ask("other", story.too_much)
    offered = [
        {
            name: values[0]
            for name, values in parse_qs(urlsplit(button.get("formaction")).query).items()
        }
        for button in refused.all("button")
        if button.get("formaction")
    ]

    assert refused.status == 409
    assert all(line in refused.words for line in story.around)
    length = story.too_much.last - story.too_much.first
    assert [(each["start"], each["end"]) for each in offered] == [
        ((story.until - length).isoformat(), story.until.isoformat()),
        (story.since.isoformat(), (story.since + length).isoformat()),
    ]
    assert {each["quantity"] for each in offered} == {str(story.too_much.quantity)}
    kept = refused.form_values(f"{scene.hall.page}/ask")
    assert kept["start"] == story.too_much.first.isoformat()


def test_less_than_the_smallest_quantity_is_refused_before_anybody_looks(scene: Scene) -> None:
    few = Ask(scene.story.smallest - 1, scene.story.since, scene.story.since)

    refused = scene.ask("other", few)

    assert refused.status == 422
    assert f"ab einer Menge von {scene.story.smallest}" in refused.words


def test_of_many_who_want_the_last_ones_at_once_one_gets_them(scene: Scene) -> None:
    story, hall = scene.story, scene.hall
    # Two firms, each with several windows that have the form open already.
    windows = [hall.browser_of(who) for who in ("grocer", "other") for _ in range(5)]
    typed = {
        "start": story.last_ones.first.isoformat(),
        "end": story.last_ones.last.isoformat(),
        "quantity": str(story.last_ones.quantity),
        "message": "Wir nehmen, was noch da ist.",
    }
    path = f"{hall.page}/ask"
    forms = [{**window.get(hall.page).form_values(path), **typed} for window in windows]

    with ThreadPoolExecutor(len(windows)) as pool:
        sent = list(pool.map(lambda window, form: window.post(path, form), windows, forms))

    assert sorted(page.status for page in sent) == [200] + [409] * (len(windows) - 1)
    pieces = scene.availability(story.trader.first, story.last_ones.last)
    assert max(piece["taken"] for piece in pieces) == story.quantity


def test_what_nobody_answers_in_two_days_is_free_again_and_both_hear_of_it_once(
    scene: Scene,
) -> None:
    story, installation = scene.story, scene.hall.installation
    scene.ask("other", story.last_ones)
    assert scene.free_on(story.last_ones.first) == 0
    before = len(installation.mails())

    installation.clock.advance(timedelta(hours=48))
    mails = installation.mails()[before:]

    assert scene.free_on(story.last_ones.first) == story.last_ones.quantity
    assert sorted(mail["To"] for mail in mails) == ["other@a.example", "owner@a.example"]
    for mail in mails:
        text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert "antwortet" in text or "Antwort" in text


def test_who_cancels_says_why_frees_the_places_and_takes_the_dates_out_of_calendars(
    scene: Scene,
) -> None:
    story, installation = scene.story, scene.hall.installation
    before = len(installation.mails())

    page = scene.hall.act("grocer", scene.agreed["grocer"], "cancel", reason="Die Ernte fiel aus.")
    mails = installation.mails()[before:]

    assert "abgesagt" in page.words
    assert scene.free_on(story.too_much.first) == story.quantity - story.trader.quantity
    assert sorted(mail["To"] for mail in mails) == ["grocer@a.example", "owner@a.example"]
    for mail in mails:
        (calendar,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        assert "METHOD:CANCEL" in calendar.get_content()
