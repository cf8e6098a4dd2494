"""Visitors find what is offered by words, place, radius, kind and days."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from marketplace.geo.rules.points import Point
from marketplace.search.operations import index_document
from marketplace.search.rules.windows import Window
from tests.factories.accounts import make_organisation
from tests.factories.listings import make_listing
from tests.factories.search import make_document
from tests.support.browser import Page
from tests.support.installation import Installation

BEELITZ, BRUECK, TELTOW = Point(52.238, 12.971), Point(52.198, 12.77), Point(52.403, 13.26)


def october(first: int, last: int) -> Window:
    return Window(datetime(2026, 10, first, tzinfo=UTC), datetime(2026, 10, last, tzinfo=UTC))


def offer(
    installation: Installation,
    title: str,
    *,
    at: Point = BEELITZ,
    place: str = "Beelitz",
    kind: str = "machine",
    windows: Sequence[Window] = (),
    **changes: Any,  # noqa: ANN401 (any column of a listing)
) -> str:
    with installation.work() as work:
        organisation = make_organisation(work, point=at, place=place)
        return make_listing(
            work, organisation, title=title, kind=kind, windows=windows, **changes
        ).id


def search(installation: Installation, query: str = "") -> Page:
    return installation.visitor().get(f"/search?{query}")


def found(installation: Installation, query: str = "") -> list[str]:
    answer = installation.visitor().get(f"/api/v1/listings?{query}", audit=False)
    assert answer.status == 200, answer.text
    return [item["title"] for item in answer.json["items"]]


@pytest.mark.parametrize(
    "words", ["Hallen", "halle", "HALLE", "beheizten Halle", '"beheizte Halle"', "Hall*"]
)
def test_other_forms_of_a_word_are_found(installation: Installation, words: str) -> None:
    offer(installation, "Beheizte Halle am Bahnhof", kind="space")
    offer(installation, "Bagger")

    assert found(installation, f"q={words}") == ["Beheizte Halle am Bahnhof"]


def test_all_words_must_be_there(installation: Installation) -> None:
    offer(installation, "Bagger mit Anhänger")
    offer(installation, "Bagger")

    assert found(installation, "q=bagger anhänger") == ["Bagger mit Anhänger"]


def test_the_matched_words_are_marked_on_the_card(installation: Installation) -> None:
    offer(installation, "Bagger mit Anhänger")

    marks = ["".join(mark.itertext()) for mark in search(installation, "q=anhänger").all("mark")]

    assert marks == ["Anhänger"]


def test_the_nearest_comes_first_and_says_how_far_it_is(installation: Installation) -> None:
    offer(installation, "In Beelitz")
    offer(installation, "In Brück", at=BRUECK, place="Brück")
    offer(installation, "In Teltow", at=TELTOW, place="Teltow")

    page = search(installation, "place=Brück")

    assert found(installation, "place=Brück") == ["In Brück", "In Beelitz", "In Teltow"]
    assert re.search(r"14,\d km Beelitz", page.words)
    assert "3 Angebote, von Brück aus" in page.words


def test_outside_the_radius_the_nearest_is_named_with_a_way_to_it(
    installation: Installation,
) -> None:
    offer(installation, "In Beelitz")
    offer(installation, "In Teltow", at=TELTOW, place="Teltow")

    page = search(installation, "place=Brück&radius_km=10")
    wider = next(
        link.get("href") for link in page.all("a") if "erweitern" in "".join(link.itertext())
    )

    assert re.search(
        r"2 weitere Angebote außerhalb, am nächsten in Beelitz, 14,\d km\.", page.words
    )
    assert "In Beelitz" in installation.visitor().get(wider).words


def test_a_period_must_be_free_as_a_whole(installation: Installation) -> None:
    offer(installation, "Ganz frei", windows=[october(1, 10), october(10, 20)])
    offer(installation, "Halb frei", windows=[october(1, 8)])
    offer(installation, "Nach Absprache")

    assert sorted(found(installation, "available_from=2026-10-06&available_to=2026-10-12")) == [
        "Ganz frei",
        "Nach Absprache",
    ]


def test_one_day_alone_means_that_day(installation: Installation) -> None:
    offer(installation, "Ganz frei", windows=[october(1, 10)])

    assert found(installation, "available_from=2026-10-05") == ["Ganz frei"]
    assert found(installation, "available_to=2026-10-15") == []


def test_kinds_are_counted_whatever_kind_is_chosen(installation: Installation) -> None:
    offer(installation, "Bagger")
    offer(installation, "Halle", kind="space")

    page = search(installation, "kind=space")

    assert found(installation, "kind=space") == ["Halle"]
    assert "Maschinen 1" in page.words
    assert "Alle 2" in page.words


def test_the_whole_question_stands_in_the_address_and_in_the_form(
    installation: Installation,
) -> None:
    page = search(installation, "q=halle&place=Beelitz&radius_km=25&available_from=2026-10-05")

    values = {field.get("name"): field.get("value") for field in page.all("input")}
    assert values["q"] == "halle"
    assert values["place"] == "Beelitz"
    assert values["available_from"] == "2026-10-05"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("place=Nirgendwo-am-See", "Diesen Ort kennen wir nicht"),
        ("place=Neustadt", "Diesen Namen gibt es mehrfach"),
        ("place=Beelitz&radius_km=500", "100"),
        ("place=Beelitz&radius_km=weit", "Bitte geben Sie den Umkreis als Zahl an."),
        ("available_from=irgendwann", "Das ist kein Tag"),
        ("available_from=2026-10-09&available_to=2026-10-05", "Das Ende muss nach dem Anfang"),
        ("q=" + "x" * 201, "200 Zeichen"),
        ("available_to=9999-12-31", "Das ist kein Tag"),
        ("available_from=9999-12-31T23:00:00-12:00", "Das ist kein Tag"),
        ("near=hier", "Bitte schreiben Sie Breite und Länge"),
        ("cursor=erfunden", ""),
    ],
)
def test_what_cannot_be_asked_is_explained_on_page_and_in_json(
    installation: Installation, query: str, sentence: str
) -> None:
    page = search(installation, query)
    answer = installation.visitor().get(f"/api/v1/listings?{query}", audit=False)

    assert (page.status, answer.status) == (422, 422)
    assert sentence in page.words
    assert answer.response.mimetype == "application/problem+json"
    assert answer.json["code"] == "validation_failed"


def test_several_places_of_one_name_are_offered_as_links(installation: Installation) -> None:
    offer(installation, "Bagger")
    page = search(installation, "q=bagger&place=Neustadt")
    link = next(
        link.get("href") for link in page.all("a") if "place=Neustadt" in (link.get("href") or "")
    )

    assert installation.visitor().get(link).status == 200
    assert "q=bagger" in link


def test_pages_neither_repeat_nor_skip(installation: Installation) -> None:
    for number in range(7):
        offer(installation, f"Bagger {number}")
    seen: list[str] = []
    query = "limit=3&near=52.2,12.9"

    while query:
        answer = installation.visitor().get(f"/api/v1/listings?{query}", audit=False).json
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["next_cursor"]
        query = f"limit=3&near=52.2,12.9&cursor={cursor}" if cursor else ""

    assert len(seen) == len(set(seen)) == 7


def test_the_map_shows_the_same_hits_as_the_list(installation: Installation) -> None:
    for number in range(4):
        offer(installation, f"Bagger {number}")
    offer(installation, "Halle", kind="space")

    answer = installation.visitor().get(
        "/api/v1/listings?kind=machine", audit=False, Accept="application/geo+json"
    )

    assert answer.response.mimetype == "application/geo+json"
    titles = [feature["properties"]["title"] for feature in answer.json["features"]]
    assert sorted(titles) == sorted(found(installation, "kind=machine"))
    assert answer.json["features"][0]["geometry"]["coordinates"] == [BEELITZ.lon, BEELITZ.lat]


def test_the_json_answer_has_what_the_contract_names(installation: Installation) -> None:
    offer(
        installation,
        "Minibagger",
        terms_mode="rent",
        amount_minor=12000,
        price_unit="day",
        windows=[october(5, 9)],
    )

    answer = installation.visitor().get("/api/v1/listings?place=Brück", audit=False).json

    (item,) = answer["items"]
    assert answer["origin"]["label"] == "Brück"
    assert answer["facets"]["kind"] == {"machine": 1}
    assert item["terms"] == {"mode": "rent", "amount": "120.00", "currency": "EUR", "per": "day"}
    assert item["location"]["precision"] == "place"
    assert item["next_free"] == "2026-10-05T00:00:00+00:00"
    assert 14_000 < item["distance_m"] < 15_000
    assert item["url"].endswith(f"/listings/{item['id']}")
    assert item["district"] == "a"


def test_places_of_the_own_district_are_suggested_first(installation: Installation) -> None:
    answer = installation.visitor().get("/api/v1/places?q=wer", audit=False).json

    assert answer["items"][0]["label"].startswith("Werder")
    assert answer["items"][0]["district_ags"] == "12069"


def test_another_format_is_refused(installation: Installation) -> None:
    answer = installation.visitor().get("/api/v1/listings", audit=False, Accept="image/png")

    assert answer.status == 406
    assert answer.json["code"] == "not_acceptable"


def test_a_neighbours_offers_are_not_found(installation: Installation) -> None:
    offer(installation, "Bagger")

    page = installation.visitor(installation.b).get("/search?q=bagger")

    assert "0 Angebote" in page.words


def test_a_slip_is_put_right_only_while_the_word_that_was_meant_finds_something(
    installation: Installation,
) -> None:
    with installation.work() as work:
        for name, title in (("first", "Betonrüttler"), ("second", "Hubwagen")):
            index_document(work, make_document(name, title=title))

    assert corrected(installation, "Betonrütler") == "Betonrüttler"

    with installation.work() as work:
        index_document(work, make_document("first", title="Hubwagen"))

    assert corrected(installation, "Betonrütler") is None
    assert corrected(installation, "Hubwagn") == "Hubwagen"


def corrected(installation: Installation, words: str) -> str | None:
    """Give what was searched for instead."""
    answer = installation.visitor().get("/api/v1/listings?" + urlencode({"q": words}))
    meant: str | None = answer.json["did_you_mean"]
    return meant


def test_all_that_is_wrong_with_a_question_is_said_at_once(installation: Installation) -> None:
    wrong = {"q": "x" * 201, "place": "Nirgendwo", "radius_km": "-1", "available_from": "gestern"}

    refused = installation.visitor().get("/search?" + urlencode(wrong))
    answer = installation.visitor().get("/api/v1/listings?" + urlencode(wrong))

    assert refused.status == 422
    assert {each["field"] for each in answer.json["errors"]} == set(wrong)
    for each in answer.json["errors"]:
        assert each["message"] in refused.text
