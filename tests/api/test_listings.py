"""Write a listing by program, and lead it through its life."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from marketplace.accounts.models import Organisation, Person
from marketplace.accounts.operations.tokens import token_of
from marketplace.listings.operations.life import archive_listing
from tests.api.conftest import BOTH, Firm, Program, make_firm
from tests.factories.accounts import actor_of, make_moderator
from tests.factories.listings import make_listing
from tests.support.installation import Installation

SAW: dict[str, Any] = {
    "kind": "machine",
    "category": "woodworking.saw",
    "title": "Formatkreissäge mit Vorritzer",
    "description": "Nutzung nach Feierabend.",
    "attributes": {"manufacturer": "Altendorf", "power": 5.5, "drive": "electric_mains"},
    "terms": {"mode": "rent", "amount": 15.5, "per": "hour"},
    "availability": [
        {"start": "2026-10-05T00:00:00+02:00", "end": "2026-10-10T00:00:00+02:00"},
        {"start": "2026-11-02T00:00:00+01:00", "end": "2026-11-03T00:00:00+01:00"},
    ],
}


def png() -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "PNG")
    file.seek(0)
    return file


def test_a_listing_is_kept_as_a_draft_and_read_back(program: Program) -> None:
    answer = program.call("POST", "/listings", SAW)

    assert answer.status_code == 201, answer.text
    listing = answer.get_json()
    assert listing["state"] == "draft"
    assert listing["attributes"] == SAW["attributes"]
    assert listing["terms"]["amount"] == "15.50"
    assert [window["start"] for window in listing["availability"]] == [
        "2026-10-04T22:00:00+00:00",
        "2026-11-01T23:00:00+00:00",
    ]
    assert answer.headers["Location"].endswith(f"/api/v1/listings/{listing['id']}")
    assert program.call("GET", f"/listings/{listing['id']}").get_json() == listing


def test_a_published_listing_is_found_by_everybody(program: Program, stranger: Program) -> None:
    listing_id = program.call("POST", "/listings", SAW).get_json()["id"]

    published = program.call("POST", f"/listings/{listing_id}/publish")

    assert published.get_json()["state"] == "published"
    found = stranger.call("GET", "/listings?q=Kreissäge").get_json()
    assert [hit["id"] for hit in found["items"]] == [listing_id]
    assert stranger.call("GET", f"/listings/{listing_id}").status_code == 200


def test_the_life_of_a_listing(program: Program, stranger: Program) -> None:
    listing_id = program.call("POST", "/listings", SAW).get_json()["id"]
    states = [
        program.call("POST", f"/listings/{listing_id}/{step}").get_json().get("state")
        for step in ("publish", "pause", "publish", "renew", "archive")
    ]

    assert states == ["published", "paused", "published", "published", "archived"]
    assert stranger.call("GET", f"/listings/{listing_id}").status_code == 404
    refused = program.call("POST", f"/listings/{listing_id}/publish")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "illegal_transition")


def test_deleting_puts_it_away(program: Program) -> None:
    listing_id = program.call("POST", "/listings", SAW).get_json()["id"]

    assert program.call("DELETE", f"/listings/{listing_id}").status_code == 204
    assert program.call("GET", f"/listings/{listing_id}").get_json()["state"] == "archived"


def test_a_change_names_the_version_that_was_seen(program: Program) -> None:
    made = program.call("POST", "/listings", SAW)
    path, seen = f"/listings/{made.get_json()['id']}", made.headers["ETag"]

    assert program.call("PATCH", path, {"title": "Kreissäge"}).status_code == 428
    changed = program.call("PATCH", path, {"title": "Kreissäge"}, headers={"If-Match": seen})
    late = program.call("PATCH", path, {"title": "Säge alt"}, headers={"If-Match": seen})

    assert (changed.status_code, changed.get_json()["title"]) == (200, "Kreissäge")
    assert changed.get_json()["attributes"] == SAW["attributes"]
    assert (late.status_code, late.get_json()["code"]) == (412, "stale_version")
    fresh = program.call("GET", path, headers={"If-None-Match": changed.headers["ETag"]})
    assert fresh.status_code == 304


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "boat"}, "kind"),
        ({"title": 5}, "title"),
        ({"colour": "red"}, "colour"),
        ({"attributes": {"power": 5001}}, "attributes.power"),
        ({"attributes": {"power": "viel"}}, "attributes.power"),
        ({"attributes": {"wings": 2}}, "attributes.wings"),
        ({"terms": {"mode": "steal"}}, "terms.mode"),
        ({"terms": {"mode": "rent", "amount": 1.005, "per": "hour"}}, "terms.amount"),
        ({"quantity": 0}, "quantity"),
        ({"place": "Nirgendwoheim"}, "place"),
        ({"place": "14467 Potsdam"}, "place"),
        ({"lat": 52.1}, "lat"),
        ({"lat": 48.1, "lon": 11.5}, "place"),
        ({"availability": [{"start": "2026-10-05", "end": "2026-10-06"}]}, "availability.0"),
        (
            {
                "availability": [
                    {"start": "2026-10-05T08:00:00+02:00", "end": "2026-10-05T12:00:00+02:00"}
                ]
            },
            "availability.0",
        ),
        ({"valid_until": "2026-01-01T00:00:00+01:00"}, "valid_until"),
        ({"category": "furniture.chair"}, "category"),
    ],
)
def test_each_wrong_field_is_named(program: Program, change: dict[str, Any], field: str) -> None:
    refused = program.call("POST", "/listings", {**SAW, **change})

    assert refused.status_code == 422, refused.text
    assert refused.content_type == "application/problem+json"
    problem = refused.get_json()
    assert problem["code"] == "validation_failed"
    assert any(each["field"].startswith(field) for each in problem["errors"]), problem["errors"]


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"title": "\\u0000"}', "application/json", 400),
        (b'{"title": "\\ud800"}', "application/json", 400),
        (b'{"quantity": NaN}', "application/json", 400),
        (b'{"quantity": 1e999}', "application/json", 400),
        (b'{"quantity": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"kind=machine", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
    ],
)
def test_what_is_no_json_object_is_refused(
    program: Program, content: bytes, content_type: str, status: int
) -> None:
    refused = program.call("POST", "/listings", data=content, content_type=content_type)

    assert refused.status_code == status, refused.text
    assert refused.get_json()["status"] == status


def test_publishing_names_what_is_missing(program: Program) -> None:
    listing_id = program.call(
        "POST", "/listings", {"kind": "transport", "title": "Leerfahrt nach Brück"}
    ).get_json()["id"]

    refused = program.call("POST", f"/listings/{listing_id}/publish")

    fields = {each["field"] for each in refused.get_json()["errors"]}
    assert refused.status_code == 422
    assert {"mode", "goods_owner", "gross_mass"} <= fields
    assert "cross_border" not in fields  # asked once the goods are other people's


def test_private_values_are_for_the_owner(program: Program, stranger: Program) -> None:
    attributes = {**SAW["attributes"], "serial_no": "12345"}
    listing_id = program.call("POST", "/listings", {**SAW, "attributes": attributes}).get_json()[
        "id"
    ]
    program.call("POST", f"/listings/{listing_id}/publish")

    own = program.call("GET", f"/listings/{listing_id}").get_json()
    public = stranger.call("GET", f"/listings/{listing_id}").get_json()

    assert own["attributes"]["serial_no"] == "12345"
    assert "serial_no" not in public["attributes"]
    assert "rulings" not in public


def test_a_point_is_published_moved_and_named_after_a_place(program: Program) -> None:
    made = program.call("POST", "/listings", {**SAW, "lat": 52.2381, "lon": 12.9714})

    location = made.get_json()["location"]
    assert made.status_code == 201, made.text
    assert location["precision"] == "address"
    assert (location["lat"], location["lon"]) != (52.2381, 12.9714)
    assert location["place"]


def test_photos_are_added_and_served(program: Program) -> None:
    listing_id = program.call("POST", "/listings", SAW).get_json()["id"]

    added = program.call(
        "POST",
        f"/listings/{listing_id}/photos",
        data={"photos": [(png(), "saw.png"), (png(), "saw2.png")]},
        content_type="multipart/form-data",
    )

    assert added.status_code == 201, added.text
    assert [photo["width"] for photo in added.get_json()["items"]] == [40, 40]
    assert len(program.call("GET", f"/listings/{listing_id}").get_json()["photos"]) == 2


def test_people_are_not_pictured(program: Program) -> None:
    listing_id = program.call(
        "POST", "/listings", {"kind": "staff", "title": "Zwei Tage Montage"}
    ).get_json()["id"]

    refused = program.call(
        "POST",
        f"/listings/{listing_id}/photos",
        data={"photo": (png(), "face.png")},
        content_type="multipart/form-data",
    )

    assert refused.status_code == 422


def test_the_staff_decides_on_what_a_gate_hands_them(
    installation: Installation, program: Program
) -> None:
    with installation.work() as work:
        moderator = make_moderator(work)
        _, secret = token_of(work, moderator.id, name="Prüfstelle", scopes=BOTH)
    staff = Program(installation, installation.a, secret)
    body = {**SAW, "attributes": {**SAW["attributes"], "ce_marking": False}}
    path = f"/listings/{program.call('POST', '/listings', body).get_json()['id']}"

    assert program.call("POST", f"{path}/publish").get_json()["state"] == "in_review"
    assert program.call("POST", f"{path}/approve").status_code == 403
    declined = staff.call("POST", f"{path}/decline", {"reason": "Bitte Baujahr nachtragen."})
    assert declined.get_json()["state"] == "draft"
    assert program.call("POST", f"{path}/publish").get_json()["state"] == "in_review"
    assert staff.call("POST", f"{path}/approve").get_json()["state"] == "published"
    assert staff.call("POST", f"{path}/hide", {"reason": "no"}).status_code == 422
    hidden = staff.call("POST", f"{path}/hide", {"reason": "Das Bild zeigt eine Person."})
    assert hidden.get_json()["state"] == "draft"
    assert program.call("GET", path).get_json()["staff_reason"] == "Das Bild zeigt eine Person."


def test_a_neighbours_listing_does_not_exist(installation: Installation, program: Program) -> None:
    neighbour = make_firm(installation, installation.b)
    over_there = Program(installation, installation.b, neighbour.token)
    made = over_there.call("POST", "/listings", {"kind": "goods", "title": "Sechs Stühle"})
    assert made.status_code == 201, made.text
    path = f"/listings/{made.get_json()['id']}"

    statuses = {
        program.call("GET", path).status_code,
        program.call("PATCH", path, {"title": "Meins"}, headers={"If-Match": "1"}).status_code,
        program.call("DELETE", path).status_code,
        program.call("POST", f"{path}/publish").status_code,
    }

    assert statuses == {404}


def test_anothers_draft_does_not_exist(installation: Installation, program: Program) -> None:
    other = Program(installation, installation.a, make_firm(installation).token)
    path = f"/listings/{other.call('POST', '/listings', SAW).get_json()['id']}"

    assert program.call("GET", path).status_code == 404
    assert program.call("POST", f"{path}/publish").status_code == 404


def test_pages_neither_repeat_nor_skip_while_listings_come_and_go(
    installation: Installation, firm: Firm, stranger: Program
) -> None:

    with installation.work() as work:
        organisation = work.session.get_one(Organisation, firm.organisation_id)
        old = [make_listing(work, organisation, title=f"Hubwagen {n}").id for n in range(12)]
    first = stranger.call("GET", "/listings?limit=5").get_json()
    seen = [hit["id"] for hit in first["items"]]
    gone = next(each for each in old if each not in seen)
    installation.clock.advance(timedelta(minutes=5))
    with installation.work() as work:
        actor = actor_of(work, work.session.get_one(Person, firm.person_id))
    with installation.work(actor=actor) as work:
        archive_listing(work, gone)
        make_listing(work, work.session.get_one(Organisation, firm.organisation_id))

    cursor = first["next_cursor"]
    while cursor:
        page = stranger.call("GET", f"/listings?limit=5&cursor={cursor}").get_json()
        seen += [hit["id"] for hit in page["items"]]
        cursor = page["next_cursor"]

    assert len(seen) == len(set(seen))
    assert set(old) - {gone} <= set(seen)
