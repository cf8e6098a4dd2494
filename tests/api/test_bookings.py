"""Programs ask for offers, answer and follow what was agreed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import count
from typing import Any

import pytest
from werkzeug.test import TestResponse

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import actor_for
from marketplace.bookings.operations.schedules import set_schedule
from marketplace.bookings.rules.opening import Hours
from marketplace.bookings.rules.schedules import ScheduleTerms
from marketplace.foundation.identifiers import ListingId, PersonId
from tests.api.conftest import Program, make_firm
from tests.factories.listings import make_listing
from tests.support.installation import Installation

HALL = {"start": "2027-02-01T00:00:00+01:00", "end": "2027-03-01T00:00:00+01:00"}


@dataclass
class Desk:
    """A hall with 40 pallet places, its owner, and two who want some of it."""

    installation: Installation
    listing_id: ListingId
    owner_id: PersonId
    owner: Program
    trader: Program
    grocer: Program
    keys: Iterator[int]

    def ask(self, who: Program, **body: Any) -> TestResponse:  # noqa: ANN401 (JSON)
        sent = {**HALL, "quantity": 25, "message": "Guten Tag, passt das?", **body}
        return who.call("POST", f"/listings/{self.listing_id}/bookings", sent, headers=self.key())

    def key(self) -> dict[str, str]:
        return {"Idempotency-Key": f"auftrag-{next(self.keys)}"}

    def booking(self, who: Program, **body: Any) -> str:  # noqa: ANN401 (JSON)
        answer = self.ask(who, **body)
        assert answer.status_code == 201, answer.get_json()
        return str(answer.get_json()["id"])


def code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json().get("code")


@pytest.fixture
def desk(installation: Installation) -> Desk:
    names = ("owner", "trader", "grocer")
    firms = {name: make_firm(installation, email=f"{name}@a.example") for name in names}
    with installation.work() as work:
        organisation = work.session.get_one(Organisation, firms["owner"].organisation_id)
        listing = make_listing(
            work,
            organisation,
            kind="space",
            title="Halle mit Regalen",
            quantity=40,
            unit="pallet_place",
            street="Gewerbestraße 7",
        )
    owner, trader, grocer = (
        Program(installation, installation.a, firms[name].token) for name in names
    )
    return Desk(installation, listing.id, firms["owner"].person_id, owner, trader, grocer, count(1))


def test_a_request_goes_from_asking_to_done(desk: Desk) -> None:
    asked = desk.ask(desk.trader)
    path = f"/bookings/{asked.get_json()['id']}"

    assert asked.status_code == 201
    assert asked.headers["Location"].endswith(path)
    assert (asked.get_json()["state"], asked.get_json()["side"]) == ("requested", "asker")
    assert asked.get_json()["actions"] == ["withdraw"]
    for who, step in ((desk.owner, "accept"), (desk.trader, "hand-over"), (desk.owner, "return")):
        answer = who.call("POST", f"{path}/{step}")
        assert answer.status_code == 200, answer.get_json()
    desk.installation.clock.advance(timedelta(days=200))
    done = desk.trader.call("POST", f"{path}/complete", {"message": "Vielen Dank."}).get_json()

    assert done["state"] == "completed"
    assert [each["state"] for each in done["steps"]] == [
        "requested",
        "accepted",
        "handed_over",
        "returned",
        "completed",
    ]
    assert done["steps"][-1]["note"] == "Vielen Dank."


def test_what_one_side_has_completed_the_other_one_confirms(desk: Desk) -> None:
    path = f"/bookings/{desk.booking(desk.trader)}"
    for who, step in ((desk.owner, "accept"), (desk.trader, "hand-over"), (desk.owner, "return")):
        assert who.call("POST", f"{path}/{step}").status_code == 200

    first = desk.owner.call("POST", f"{path}/complete").get_json()
    again = desk.owner.call("POST", f"{path}/complete")
    seen = desk.trader.call("GET", path).get_json()
    second = desk.trader.call("POST", f"{path}/complete").get_json()

    assert (first["state"], first["unconfirmed_by"], first["actions"]) == ("completed", "asker", [])
    assert code(again) == (409, "illegal_transition")
    assert seen["actions"] == ["complete"]
    assert (second["state"], second["unconfirmed_by"]) == ("completed", None)
    assert second["actions"] == []
    assert [each["side"] for each in second["steps"][-2:]] == ["owner", "asker"]


def test_what_does_not_fit_is_refused_with_what_is_free_and_what_would_fit(desk: Desk) -> None:
    desk.booking(desk.trader, quantity=25)

    refused = desk.ask(desk.grocer, quantity=20)
    problem = refused.get_json()

    assert code(refused) == (409, "capacity_exhausted")
    assert problem["free"] == 15
    assert [each["quantity"] for each in problem["alternatives"]] == [15, 20, 20]
    assert desk.ask(desk.grocer, quantity=15).status_code == 201


def test_who_repeats_a_request_gets_its_answer_though_the_offer_is_paused(desk: Desk) -> None:
    key = desk.key()
    sent = {**HALL, "quantity": 25, "message": "Guten Tag, passt das?"}
    path = f"/listings/{desk.listing_id}"
    first = desk.trader.call("POST", f"{path}/bookings", sent, headers=key)
    asked = {"message": "Ist eine Rampe da?"}
    question_key = desk.key()
    question = desk.trader.call("POST", f"{path}/threads", asked, headers=question_key)
    assert desk.owner.call("POST", f"{path}/pause").status_code == 200

    again = desk.trader.call("POST", f"{path}/bookings", sent, headers=key)
    question_again = desk.trader.call("POST", f"{path}/threads", asked, headers=question_key)

    assert (again.status_code, again.data) == (201, first.data)
    assert (question_again.status_code, question_again.data) == (201, question.data)
    assert code(desk.ask(desk.grocer)) == (404, "not_found")


def test_the_tag_of_a_booking_changes_when_its_deadline_passes(desk: Desk) -> None:
    path = f"/bookings/{desk.booking(desk.trader)}"
    seen = desk.trader.call("GET", path).headers["ETag"]
    same = desk.trader.call("GET", path, headers={"If-None-Match": seen})
    desk.installation.clock.advance(timedelta(hours=48))
    later = desk.trader.call("GET", path, headers={"If-None-Match": seen})

    assert same.status_code == 304
    assert (later.status_code, later.get_json()["actions"]) == (200, [])


def test_a_time_over_a_closed_night_is_refused_like_any_that_is_not_to_be_had(desk: Desk) -> None:
    with desk.installation.work() as work:
        owner = actor_for(work, desk.owner_id)
    by_day = dict.fromkeys(range(7), (Hours(time(8), time(17)),))
    with desk.installation.work(actor=owner) as work:
        set_schedule(work, desk.listing_id, ScheduleTerms(weekly=by_day))

    refused = desk.ask(desk.trader, quantity=1)
    nights = {"start": "2027-02-01T08:00:00+01:00", "end": "2027-02-02T17:00:00+01:00"}
    day = {"start": "2027-02-01T08:00:00+01:00", "end": "2027-02-01T17:00:00+01:00"}

    assert code(refused) == (409, "capacity_exhausted")
    assert refused.get_json()["free"] == 0
    assert "Nachts ist immer zu" in refused.get_json()["detail"]
    assert code(desk.ask(desk.trader, quantity=1, **nights)) == (409, "capacity_exhausted")
    assert desk.ask(desk.trader, quantity=1, **day).status_code == 201


def test_everybody_sees_what_is_free(desk: Desk, stranger: Program) -> None:
    desk.booking(desk.trader, quantity=25)

    free = stranger.call(
        "GET",
        f"/listings/{desk.listing_id}/availability"
        "?from=2027-01-15T00:00:00%2B01:00&to=2027-03-15T00:00:00%2B01:00",
    )

    assert [
        (each["start"], each["end"], each["capacity"], each["taken"], each["free"])
        for each in free.get_json()
    ] == [
        ("2027-01-14T23:00:00+00:00", "2027-01-31T23:00:00+00:00", 40, 0, 40),
        ("2027-01-31T23:00:00+00:00", "2027-02-28T23:00:00+00:00", 40, 25, 15),
        ("2027-02-28T23:00:00+00:00", "2027-03-14T23:00:00+00:00", 40, 0, 40),
    ]


@pytest.mark.parametrize(
    "query", ["?from=morgen", "?to=1999-01-01T00:00:00Z", "?from=2199-01-01T00:00:00Z"]
)
def test_free_times_of_a_strange_period_are_refused(
    desk: Desk, stranger: Program, query: str
) -> None:
    answer = stranger.call("GET", f"/listings/{desk.listing_id}/availability{query}")

    assert code(answer) == (422, "validation_failed")


def test_the_other_side_proposes_something_else_and_what_is_not_said_stays(desk: Desk) -> None:
    booking = desk.booking(desk.trader, quantity=25)

    countered = desk.owner.call("POST", f"/bookings/{booking}/counter", {"quantity": 10})
    again = desk.owner.call("POST", f"/bookings/{booking}/accept")
    agreed = desk.trader.call("POST", f"/bookings/{booking}/accept")

    assert (countered.get_json()["quantity"], countered.get_json()["state"]) == (10, "countered")
    assert countered.get_json()["start"] == "2027-01-31T23:00:00+00:00"
    assert code(again) == (403, "forbidden")
    assert (agreed.get_json()["quantity"], agreed.get_json()["state"]) == (10, "accepted")


def test_addresses_are_shown_only_once_both_have_agreed(desk: Desk) -> None:
    booking = desk.booking(desk.trader)
    before = desk.trader.call("GET", f"/bookings/{booking}").get_json()
    desk.owner.call("POST", f"/bookings/{booking}/accept")
    after = desk.trader.call("GET", f"/bookings/{booking}").get_json()

    assert before["contact"] is None
    assert "owner@a.example" not in str(before)
    assert "Gewerbestraße" not in str(before)
    assert after["contact"]["people"][0]["email"] == "owner@a.example"
    assert after["contact"]["location"]["street"] == "Gewerbestraße 7"


def test_a_time_without_offset_is_read_by_the_clock_on_the_wall(desk: Desk) -> None:
    plain = desk.ask(desk.trader, start="2027-07-01T08:00", end="2027-07-01T16:00", quantity=1)
    missing = desk.ask(desk.trader, start="2027-03-28T02:30", end="2027-03-28T16:00", quantity=1)
    twice = desk.ask(desk.trader, start="2027-10-31T02:30", end="2027-10-31T16:00", quantity=1)

    assert plain.get_json()["start"] == "2027-07-01T06:00:00+00:00"
    assert code(missing) == (422, "nonexistent_local_time")
    assert missing.get_json()["instants"] == ["2027-03-28T03:00:00+02:00"]
    assert code(twice) == (422, "ambiguous_local_time")
    assert twice.get_json()["instants"] == [
        "2027-10-31T02:30:00+02:00",
        "2027-10-31T02:30:00+01:00",
    ]
    assert twice.get_json()["errors"][0]["field"] == "start"


def test_asking_needs_a_key_and_the_same_key_asks_once(desk: Desk) -> None:
    path = f"/listings/{desk.listing_id}/bookings"
    body = {**HALL, "quantity": 30, "message": "Für unsere Paletten."}

    without = desk.trader.call("POST", path, body)
    answers = [
        desk.trader.call("POST", path, body, headers={"Idempotency-Key": "k1"}) for _ in range(2)
    ]

    assert code(without) == (428, "precondition_required")
    assert [each.status_code for each in answers] == [201, 201]
    assert len(desk.trader.call("GET", "/bookings").get_json()["items"]) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start": "Montag"}, "start"),
        ({"end": "2027-01-01T00:00:00+01:00"}, "end"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": "viel"}, "quantity"),
        ({"message": " "}, "message"),
        ({"start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z"}, "start"),
        ({"preis": 1}, "preis"),
    ],
)
def test_what_cannot_be_asked_is_said_at_the_field(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    refused = desk.ask(desk.trader, **changes)

    assert code(refused) == (422, "validation_failed")
    assert [each["field"] for each in refused.get_json()["errors"]] == [field]


def test_a_reason_is_owed_for_saying_no(desk: Desk) -> None:
    booking = desk.booking(desk.trader)

    without = desk.owner.call("POST", f"/bookings/{booking}/decline")
    declined = desk.owner.call(
        "POST", f"/bookings/{booking}/decline", {"reason": "Die Halle wird gestrichen."}
    )
    too_late = desk.trader.call("POST", f"/bookings/{booking}/withdraw")

    assert without.get_json()["errors"][0]["field"] == "reason"
    assert declined.get_json()["reason"] == "Die Halle wird gestrichen."
    assert code(too_late) == (409, "illegal_transition")


def test_bookings_are_only_for_the_two_who_take_part(desk: Desk, stranger: Program) -> None:
    booking = desk.booking(desk.trader)

    for method, path in (
        ("GET", f"/bookings/{booking}"),
        ("POST", f"/bookings/{booking}/accept"),
        ("POST", f"/bookings/{booking}/counter"),
    ):
        assert desk.grocer.call(method, path).status_code == 404
        assert stranger.call(method, path).status_code == 401
    assert desk.grocer.call("GET", "/bookings").get_json() == {"items": [], "next_cursor": None}


def test_all_bookings_are_read_page_by_page_while_new_ones_come(desk: Desk) -> None:
    asked = []
    for _ in range(5):
        desk.installation.clock.advance(timedelta(minutes=1))
        asked.append(desk.booking(desk.trader, quantity=1))

    seen, cursor = [], ""
    while True:
        page = desk.owner.call("GET", f"/bookings?limit=2{cursor}").get_json()
        seen += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
        desk.installation.clock.advance(timedelta(minutes=1))
        desk.booking(desk.grocer, quantity=1)

    assert seen == asked[::-1]
    assert code(desk.owner.call("GET", "/bookings?cursor=x")) == (422, "validation_failed")
    assert code(desk.owner.call("GET", "/bookings?limit=0")) == (422, "validation_failed")


def test_a_booking_that_was_read_is_not_sent_again(desk: Desk) -> None:
    path = f"/bookings/{desk.booking(desk.trader)}"

    tag = desk.owner.call("GET", path).headers["ETag"]
    unchanged = desk.owner.call("GET", path, headers={"If-None-Match": tag})
    desk.owner.call("POST", f"{path}/accept")

    assert unchanged.status_code == 304
    assert desk.owner.call("GET", path, headers={"If-None-Match": tag}).status_code == 200
