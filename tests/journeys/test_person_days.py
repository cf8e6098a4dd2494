"""Scenario S8, its person-days: they are used up, and never more people than there are."""

from dataclasses import dataclass
from datetime import date

import pytest

from tests.factories.bookings import whole_days
from tests.factories.offered import Offered, make_offered
from tests.support.browser import Page
from tests.support.installation import Installation


@dataclass(frozen=True)
class Story:
    """So many people for so many person-days; `given` and `asked` in days that follow."""

    people: int
    person_days: int
    places: dict[str, str]
    first: date
    last: date
    given: tuple[int, date, date]
    asked: tuple[int, date, date]
    offered: int


S8 = Story(
    people=2,
    person_days=10,
    places={"owner": "Treuenbrietzen", "near": "Niemegk", "next": "Brück"},
    first=date(2026, 10, 12),
    last=date(2026, 10, 23),
    given=(6, date(2026, 10, 12), date(2026, 10, 14)),
    asked=(6, date(2026, 10, 19), date(2026, 10, 21)),
    offered=4,
)
ELSEWHERE = Story(
    people=3,
    person_days=17,
    places={"owner": "Beelitz", "near": "Michendorf", "next": "Werder (Havel)"},
    first=date(2026, 11, 2),
    last=date(2026, 11, 13),
    given=(12, date(2026, 11, 3), date(2026, 11, 6)),
    asked=(6, date(2026, 11, 9), date(2026, 11, 10)),
    offered=5,
)


@pytest.fixture(params=[S8, ELSEWHERE], ids=["Treuenbrietzen", "Beelitz"])
def story(request: pytest.FixtureRequest) -> Story:
    found: Story = request.param
    return found


@pytest.fixture
def team(story: Story, installation: Installation) -> Offered:
    return make_offered(
        installation,
        places=story.places,
        kind="staff",
        title="Schweißen, mit eigenem Gerät",
        quantity=story.person_days,
        unit="person_day",
        attributes={"headcount": story.people},
        windows=[whole_days(story.first, story.last)],
    )


def give(team: Offered, story: Story) -> Page:
    return team.act("owner", team.ask("near", *story.given), "accept")


def test_what_was_given_is_used_up_and_the_rest_is_offered(team: Offered, story: Story) -> None:
    assert "vereinbart" in give(team, story).words

    asker = team.browser_of("next")
    refused = team.ask("next", *story.asked, browser=asker)

    assert refused.status == 409
    assert f"{story.offered} Personentage frei" in refused.words
    _, first, last = story.asked
    (rest,) = [
        str(button.get("formaction"))
        for button in refused.all("button")
        if f"quantity={story.offered}" in str(button.get("formaction"))
        and f"start={first}&end={last}" in str(button.get("formaction"))
    ]
    sent = asker.post(rest, refused.form_values(f"{team.page}/ask"))
    assert "angefragt" in sent.words
    assert f"{story.offered} Personentage" in sent.words


def test_no_more_people_work_at_the_same_time_than_there_are(team: Offered, story: Story) -> None:
    give(team, story)
    _, first, _ = story.given

    refused = team.ask("next", 1, first, first)

    assert refused.status == 409
    assert "0 Personentage frei" in refused.words


def test_one_day_gives_each_of_them_one_person_day(team: Offered, story: Story) -> None:
    refused = team.ask("near", story.people + 1, story.first, story.first)
    sent = team.ask("near", story.people, story.first, story.first)

    assert refused.status == 409
    assert "angefragt" in sent.words
