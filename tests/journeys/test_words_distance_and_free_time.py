"""Scenario S1: a search ranks words, distance and free time together; then again elsewhere."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from marketplace.districts.models import District
from marketplace.geo.geocoders.gazetteer import GazetteerGeocoder
from marketplace.geo.interfaces import Found
from marketplace.search.rules.windows import Window
from tests.factories.accounts import make_organisation
from tests.factories.listings import make_listing
from tests.support.browser import Page
from tests.support.installation import Installation, TestDistrict

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Offered:
    """A machine, where it stands, and the first and last day that it is free."""

    place: str
    title: str
    first: date
    last: date
    km: float  # great circle on a sphere with a radius of 6,371.0088 km


@dataclass(frozen=True)
class Story:
    """Who searches for what, and which offers there are."""

    ags: str
    place: str
    words: str
    near: tuple[Offered, ...]  # in the radius and free, nearest first
    far: Offered  # free, outside the radius
    other_thing: Offered  # nearer, but only its general part is what was looked for
    other_time: Offered  # free later
    other_words: tuple[str, ...]  # that find the same first
    unknown: str


def week(month: int = 10) -> tuple[date, date]:
    return date(2026, month, 5), date(2026, month, 9)


S1 = Story(
    ags="12069",
    place="Treuenbrietzen",
    words="Fräsmaschinen",
    near=(
        Offered("Brück", "CNC-Fräsmaschine, 5 Achsen", *week(), 13.2),
        Offered("Bad Belzig", "Tischfräse", date(2026, 10, 1), date(2026, 10, 31), 19.7),
    ),
    far=Offered("Teltow", "CNC-Fräsmaschine", *week(), 43.0),
    other_thing=Offered("Niemegk", "Drehmaschine", *week(), 12.8),
    other_time=Offered("Brück", "Fräsmaschine", date(2026, 11, 1), date(2026, 11, 30), 13.2),
    other_words=("Fraesmaschine", "Fräsmachine", "fräsen"),
    unknown="Plasmaschneider",
)
ELSEWHERE = Story(
    ags="12072",
    place="Jüterbog",
    words="Bohrmaschinen",
    near=(
        Offered("Niedergörsdorf", "Ständerbohrmaschine, 400 V", *week(), 6.7),
        Offered("Luckenwalde", "Magnetbohrmaschine", date(2026, 10, 2), date(2026, 10, 20), 12.1),
    ),
    far=Offered("Zossen", "Bohrmaschine mit Koffer", *week(), 35.1),
    other_thing=Offered("Jüterbog", "Nähmaschine", *week(), 0.0),
    other_time=Offered("Luckenwalde", "Bohrmaschine", date(2026, 11, 1), date(2026, 11, 9), 12.1),
    other_words=("BOHRMASCHINE", "Bohrmaschiene", "bohren"),
    unknown="Strandkorb",
)


@dataclass(frozen=True)
class Scene:
    """A district in which a story is told."""

    installation: Installation
    story: Story
    district: TestDistrict

    def page(self, **query: str) -> Page:
        return self.installation.visitor(self.district).get(f"/search?{urlencode(query)}")

    def titles(self, **query: str) -> list[str]:
        return [item["title"] for item in self.answer(**query)["items"]]

    def answer(self, **query: str) -> dict[str, Any]:
        path = f"/api/v1/listings?{urlencode(query)}"
        answer = self.installation.visitor(self.district).get(path, audit=False)
        assert answer.status == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def asked(self, **changes: str) -> dict[str, str]:
        days = {"available_from": "2026-10-05", "available_to": "2026-10-09"}
        return {
            "q": self.story.words,
            "place": self.story.place,
            "radius_km": "25",
            **days,
            **changes,
        }


@pytest.fixture(params=[S1, ELSEWHERE], ids=["Treuenbrietzen", "Jüterbog"])
def scene(request: pytest.FixtureRequest, installation: Installation) -> Scene:
    story: Story = request.param
    district = installation.a if story is S1 else installation.b
    with installation.platform_work() as work:
        row = work.session.scalars(select(District).where(District.id == district.id)).one()
        row.ags = story.ags
    with installation.work(district) as work:
        offers = (*story.near, story.far, story.other_thing, story.other_time)
        for each in offers:
            found = GazetteerGeocoder(work.session).locate(each.place)
            assert isinstance(found, Found), each.place
            organisation = make_organisation(work, point=found.point, place=each.place)
            start = datetime.combine(each.first, time.min, BERLIN).astimezone(UTC)
            end = datetime.combine(each.last + timedelta(days=1), time.min, BERLIN).astimezone(UTC)
            make_listing(work, organisation, title=each.title, windows=[Window(start, end)])
    return Scene(installation, story, district)


def cards(page: Page) -> list[str]:
    """Give the titles on the cards, in order."""
    return [
        "".join(heading.itertext()).strip()
        for heading in page.all("h2")
        if heading.get("class") == "listing-card__title"
    ]


def link(page: Page, label: str) -> str:
    """Give where the link with these words leads."""
    (target,) = {
        each.get("href")
        for each in page.all("a")
        if label in " ".join("".join(each.itertext()).split())
    }
    return str(target)


def about(km: float) -> object:
    """Allow for the rounding of the figure, and for the ellipsoid: ways are up to 0.4 % longer."""
    return pytest.approx(km, abs=0.05 + 0.004 * km)


def titles_of(*offers: Offered) -> list[str]:
    return [each.title for each in offers]


def test_list_and_map_show_what_fits_in_words_place_and_time_nearest_first(scene: Scene) -> None:
    story = scene.story
    page = scene.page(**scene.asked())

    assert cards(page) == titles_of(*story.near)
    assert scene.titles(**scene.asked()) == titles_of(*story.near)
    items = scene.answer(**scene.asked())["items"]
    for each, item in zip(story.near, items, strict=True):
        assert item["distance_m"] / 1000 == about(each.km)
        assert f"{item['distance_m'] / 1000:.1f} km".replace(".", ",") in page.words
    drawn = scene.installation.visitor(scene.district).get(
        f"/api/v1/listings?{urlencode(scene.asked())}",
        audit=False,
        Accept="application/geo+json",
    )
    pins = {feature["properties"]["title"] for feature in drawn.json["features"]}
    assert pins == set(titles_of(*story.near))


def test_the_nearest_outside_is_named_and_one_click_widens_to_it(scene: Scene) -> None:
    story = scene.story
    page = scene.page(**scene.asked())

    outside = scene.answer(**scene.asked())["nearest_outside"]
    assert (outside["count"], outside["place"]) == (1, story.far.place)
    assert outside["distance_m"] / 1000 == about(story.far.km)
    assert f"am nächsten in {story.far.place}, " in page.words
    wider = link(page, "Auf 50 km erweitern")
    assert "1 weiteres Angebot" in page.words
    widened = scene.installation.visitor(scene.district).get(wider)
    assert cards(widened) == titles_of(*story.near, story.far)


def test_the_general_part_of_a_word_is_not_enough(scene: Scene) -> None:
    everywhere = scene.titles(q=scene.story.words)

    assert scene.story.other_thing.title not in everywhere
    assert scene.story.other_thing.title in scene.titles(q="Maschine")


def test_what_is_free_later_is_found_without_the_days_and_says_when(scene: Scene) -> None:
    story = scene.story
    without_days = scene.asked(available_from="", available_to="")

    assert story.other_time.title not in scene.titles(**scene.asked())
    assert story.other_time.title in scene.titles(**without_days)
    assert "frei 1. Nov. bis" in scene.page(**without_days).words


def test_other_spellings_an_error_and_the_verb_find_the_same_first(scene: Scene) -> None:
    for words in scene.story.other_words:
        assert scene.titles(**scene.asked(q=words))[:1] == titles_of(scene.story.near[0]), words


def test_an_error_is_put_right_under_a_notice(scene: Scene) -> None:
    wrong = scene.story.other_words[1]
    page = scene.page(**scene.asked(q=wrong))

    assert f"Zu „{wrong}“ gibt es hier nichts" in page.words
    assert scene.answer(**scene.asked(q=wrong))["did_you_mean"] == scene.story.words.removesuffix(
        "n"
    )


def test_what_nobody_offers_leads_to_a_request_of_ones_own(scene: Scene) -> None:
    page = scene.page(**scene.asked(q=scene.story.unknown))

    assert scene.titles(**scene.asked(q=scene.story.unknown)) == []
    assert "Dazu gibt es hier noch nichts" in page.words
    assert link(page, "Gesuch einstellen") == (
        f"/listings/new?direction=request&title={scene.story.unknown}"
    )


def test_what_has_no_place_is_in_no_radius_but_is_listed_by_itself(scene: Scene) -> None:
    with scene.installation.work(scene.district) as work:
        organisation = make_organisation(work)
        nowhere = make_listing(
            work,
            organisation,
            title=f"{scene.story.near[0].title} unterwegs",
            public_lat=None,
            public_lon=None,
            precision=None,
        )
    page = scene.page(**scene.asked())

    assert nowhere.title not in scene.titles(**scene.asked())
    assert scene.answer(**scene.asked())["without_place"] == 1
    assert "Ein weiteres Angebot nennt keinen Ort." in page.words
    alone = scene.installation.visitor(scene.district).get(link(page, "Zeigen"))
    assert cards(alone) == [nowhere.title]
