"""Programs claim gifts, offer them, answer, and note what was handed over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from werkzeug.test import TestResponse

from marketplace.accounts.operations.tokens import token_of
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.foundation.database.unit_of_work import Actor
from tests.api.conftest import BOTH, Program
from tests.factories.accounts import actor_of, make_organisation, make_person
from tests.factories.gifts import Given, make_given
from tests.factories.listings import make_listing
from tests.support.installation import Installation

WANTED = {
    "quantity": 6,
    "intended_use": "own_purpose",
    "justification": "Für den Mehrzweckraum.",
    "need_by": "2026-12-01",
}


@dataclass
class GiftDesk:
    """Ten chairs, who gives them, the district's office, and two who could use them."""

    given: Given
    giver: Program
    office: Program
    club: Program
    school: Program
    keys: Iterator[int] = field(default_factory=lambda: count(1))

    def claim(self, who: Program, **body: Any) -> TestResponse:  # noqa: ANN401 (JSON)
        self.given.installation.clock.advance(timedelta(seconds=1))
        path = f"/listings/{self.given.listing_id}/claims"
        return who.call("POST", path, {**WANTED, **body}, headers=self.key())

    def key(self) -> dict[str, str]:
        return {"Idempotency-Key": f"bedarf-{next(self.keys)}"}

    def claimed(self, who: Program, **body: Any) -> str:  # noqa: ANN401 (JSON)
        answer = self.claim(who, **body)
        assert answer.status_code == 201, answer.get_json()
        return f"/claims/{answer.get_json()['id']}"


def code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json().get("code")


def fields(answer: TestResponse) -> list[str]:
    assert code(answer) == (422, "validation_failed")
    return [each["field"] for each in answer.get_json()["errors"]]


def program_of(given: Given, actor: Actor) -> Program:
    assert actor.person_id is not None
    with given.installation.work(given.district) as work:
        _, secret = token_of(work, actor.person_id, name="Vereinsverwaltung", scopes=BOTH)
    return Program(given.installation, given.district, secret)


def make_desk(installation: Installation, attributes: dict[str, Any] | None = None) -> GiftDesk:
    given = make_given(installation, quantity=10, attributes=attributes)
    return GiftDesk(
        given,
        program_of(given, given.giver),
        program_of(given, given.desk),
        program_of(given, given.add("Sportverein")),
        program_of(given, given.add("Schulverein", has_proof=False)),
    )


@pytest.fixture
def desk(installation: Installation) -> GiftDesk:
    return make_desk(installation)


def test_a_claim_goes_from_wanting_to_confirmed(desk: GiftDesk) -> None:
    claimed = desk.claim(desk.club)
    path = f"/claims/{claimed.get_json()['id']}"
    first = claimed.get_json()

    assert claimed.status_code == 201
    assert claimed.headers["Location"].endswith(path)
    assert claimed.headers["ETag"]
    assert (first["state"], first["side"], first["granted"]) == ("submitted", "claimant", 0)
    assert (first["wanted"], first["need_by"], first["actions"]) == (6, "2026-12-01", ["withdraw"])
    assert desk.giver.call("GET", path).get_json()["actions"] == ["offer", "decline"]
    for who, step, body in (
        (desk.giver, "offer", {"quantity": 6}),
        (desk.club, "accept", None),
        (desk.giver, "hand-over", None),
        (desk.club, "confirm", {"message": "Vielen Dank."}),
    ):
        answer = who.call("POST", f"{path}/{step}", body)
        assert answer.status_code == 200, answer.get_json()

    done = desk.club.call("GET", path).get_json()
    assert (done["state"], done["granted"], done["actions"]) == ("confirmed", 6, [])
    assert [(each["state"], each["side"]) for each in done["steps"]] == [
        ("submitted", "claimant"),
        ("offered", "giver"),
        ("accepted", "claimant"),
        ("collected", "giver"),
        ("confirmed", "claimant"),
    ]
    assert done["steps"][1]["rule"] == {"place": 1, "quantity": 6, "outcome": "all"}
    assert done["steps"][-1]["note"] == "Vielen Dank."
    assert done["url"].endswith(f"/messages/{done['thread']}")


def test_claiming_needs_a_key_and_the_same_key_claims_once(desk: GiftDesk) -> None:
    path = f"/listings/{desk.given.listing_id}/claims"

    without = desk.club.call("POST", path, WANTED)
    answers = [
        desk.club.call("POST", path, WANTED, headers={"Idempotency-Key": "k1"}) for _ in range(2)
    ]
    changed = {**WANTED, "quantity": 7}
    other = desk.club.call("POST", path, changed, headers={"Idempotency-Key": "k1"})

    assert code(without) == (428, "precondition_required")
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].data == answers[1].data
    assert code(other) == (422, "idempotency_mismatch")
    assert len(desk.club.call("GET", "/claims").get_json()["items"]) == 1


def test_who_repeats_a_claim_gets_its_answer_though_the_gift_is_paused(desk: GiftDesk) -> None:
    path, key = f"/listings/{desk.given.listing_id}", desk.key()
    first = desk.club.call("POST", f"{path}/claims", WANTED, headers=key)
    assert desk.giver.call("POST", f"{path}/pause").status_code == 200

    again = desk.club.call("POST", f"{path}/claims", WANTED, headers=key)

    assert (again.status_code, again.data) == (201, first.data)
    assert code(desk.claim(desk.school)) == (404, "not_found")


def test_a_second_claim_to_the_same_gift_is_refused_with_the_first(desk: GiftDesk) -> None:
    path = desk.claimed(desk.club)

    again = desk.claim(desk.club, quantity=1)

    assert code(again) == (409, "already_claimed")
    assert path.endswith(again.get_json()["claim"])


def test_more_than_is_left_is_refused_with_what_is_left(desk: GiftDesk) -> None:
    club, school = desk.claimed(desk.club), desk.claimed(desk.school)
    desk.giver.call("POST", f"{club}/offer", {"quantity": 6})

    too_much = desk.giver.call("POST", f"{school}/offer", {"quantity": 5})
    fits = desk.giver.call("POST", f"{school}/offer", {"quantity": 4})

    assert code(too_much) == (409, "capacity_exhausted")
    assert too_much.get_json()["free"] == 4
    assert (fits.status_code, fits.get_json()["granted"]) == (200, 4)


def test_what_is_all_given_away_is_already_claimed(desk: GiftDesk) -> None:
    club, school = desk.claimed(desk.club, quantity=10), desk.claimed(desk.school)
    desk.giver.call("POST", f"{club}/offer", {"quantity": 10})

    offered = desk.giver.call("POST", f"{school}/offer", {"quantity": 1, "reason": "Die auch."})
    accepted = desk.school.call("POST", f"{school}/accept")

    assert code(offered) == (409, "already_claimed")
    assert code(accepted) == (409, "already_claimed")


def test_whoever_waits_for_the_proof_is_not_eligible(installation: Installation) -> None:
    desk = make_desk(installation, {"recipients": "recognised"})
    club, school = desk.claimed(desk.club), desk.claimed(desk.school)

    refused = desk.office.call("POST", f"{school}/offer", {"quantity": 1})

    assert code(refused) == (409, "not_eligible")
    assert desk.office.call("GET", school).get_json()["waits_for_proof"] is True
    assert desk.office.call("GET", club).get_json()["waits_for_proof"] is False
    desk.given.prove("Schulverein")
    assert desk.office.call("GET", school).get_json()["waits_for_proof"] is False


def test_a_fourth_open_claim_is_over_the_quota(desk: GiftDesk) -> None:
    with desk.given.installation.work() as work:
        giver = make_organisation(work)
        gifts = [make_listing(work, giver, kind="goods", terms_mode="give").id for _ in range(4)]

    answers = [
        desk.club.call(
            "POST", f"/listings/{each}/claims", {**WANTED, "quantity": 1}, headers=desk.key()
        )
        for each in gifts
    ]

    assert [each.status_code for each in answers] == [201, 201, 201, 409]
    assert answers[-1].get_json()["code"] == "quota_exceeded"


def test_a_gift_is_claimed_and_not_booked(desk: GiftDesk) -> None:
    period = {"start": "2026-10-01T08:00:00+02:00", "end": "2026-10-02T08:00:00+02:00"}
    body = {**period, "quantity": 1, "message": "Dürfen wir?"}
    with desk.given.installation.work() as work:
        lent = make_listing(work, make_organisation(work), kind="goods", terms_mode="lend").id

    booked = desk.club.call(
        "POST", f"/listings/{desk.given.listing_id}/bookings", body, headers=desk.key()
    )
    claimed = desk.club.call("POST", f"/listings/{lent}/claims", WANTED, headers=desk.key())

    assert code(booked) == (409, "illegal_transition")
    assert "Melden Sie Ihren Bedarf" in booked.get_json()["detail"]
    assert code(claimed) == (404, "not_found")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": 11}, "quantity"),
        ({"quantity": "viele"}, "quantity"),
        ({"intended_use": "party"}, "intended_use"),
        ({"justification": " "}, "justification"),
        ({"justification": "a" * 501}, "justification"),
        ({"need_by": "2026-08-31"}, "need_by"),
        ({"need_by": "2026-02-30"}, "need_by"),
        ({"need_by": "bald"}, "need_by"),
        ({"wert": 100}, "wert"),
    ],
)
def test_what_cannot_be_claimed_is_said_at_the_field(
    desk: GiftDesk, changes: dict[str, Any], field: str
) -> None:
    assert fields(desk.claim(desk.club, **changes)) == [field]


def test_reasons_are_owed_for_saying_no_and_for_leaving_the_rule(desk: GiftDesk) -> None:
    path = desk.claimed(desk.club)

    less = desk.giver.call("POST", f"{path}/offer", {"quantity": 3})
    declined = desk.giver.call("POST", f"{path}/decline")
    said = desk.giver.call(
        "POST", f"{path}/offer", {"quantity": 3, "reason": "Drei brauchen wir selbst noch."}
    )

    assert fields(less) == ["reason"]
    assert "Nach der Regel wären es 6" in less.get_json()["errors"][0]["message"]
    assert fields(declined) == ["reason"]
    assert said.get_json()["steps"][-1]["note"] == "Drei brauchen wir selbst noch."
    assert said.get_json()["steps"][-1]["rule"]["quantity"] == 6


def test_a_part_is_accepted_and_a_part_handed_over(desk: GiftDesk) -> None:
    path = desk.claimed(desk.club)
    desk.giver.call("POST", f"{path}/offer", {"quantity": 6})

    more = desk.club.call("POST", f"{path}/accept", {"quantity": 7})
    part = desk.club.call("POST", f"{path}/accept", {"quantity": 5})
    handed = desk.club.call("POST", f"{path}/hand-over", {"quantity": 4})
    own = desk.club.call("POST", f"{path}/confirm")

    assert fields(more) == ["quantity"]
    assert part.get_json()["granted"] == 5
    assert (handed.get_json()["state"], handed.get_json()["granted"]) == ("collected", 4)
    assert code(own) == (403, "forbidden")


def test_what_was_not_collected_goes_back_with_the_reason(desk: GiftDesk) -> None:
    path = desk.claimed(desk.club)
    desk.office.call("POST", f"{path}/offer", {"quantity": 6})
    desk.club.call("POST", f"{path}/accept")

    told = desk.office.call("POST", f"{path}/no-show", {"reason": "Zweimal erinnert."})
    late = desk.club.call("POST", f"{path}/hand-over")

    assert (told.get_json()["state"], told.get_json()["granted"]) == ("no_show", 0)
    assert desk.club.call("GET", path).get_json()["reason"] == "Zweimal erinnert."
    assert code(late) == (409, "illegal_transition")


def test_addresses_are_shown_to_the_two_who_have_agreed(desk: GiftDesk) -> None:
    path = desk.claimed(desk.club)
    desk.giver.call("POST", f"{path}/offer", {"quantity": 6})
    before = desk.club.call("GET", path).get_json()
    desk.club.call("POST", f"{path}/accept")

    assert before["contact"] is None
    for who in (desk.club, desk.giver):
        contact = who.call("GET", path).get_json()["contact"]
        assert contact["people"][0]["email"]
        assert contact["location"]["street"] == "Hauptstraße 1"
    assert desk.office.call("GET", path).get_json()["contact"] is None


def test_the_office_sees_and_offers_every_claim_of_its_district(
    desk: GiftDesk, installation: Installation
) -> None:
    path = desk.claimed(desk.club)
    there = make_given(installation, quantity=10, district=installation.b)
    foreign_office = program_of(there, there.desk)

    assert [each["side"] for each in desk.office.call("GET", "/claims").get_json()["items"]] == [
        "desk"
    ]
    assert desk.office.call("GET", path).get_json()["actions"] == ["offer", "decline"]
    assert desk.office.call("POST", f"{path}/offer", {"quantity": 6}).status_code == 200
    assert code(desk.office.call("POST", f"{path}/accept")) == (403, "forbidden")
    assert foreign_office.call("GET", path).status_code == 404
    assert foreign_office.call("GET", "/claims").get_json()["items"] == []


def test_claims_are_only_for_those_who_take_part(desk: GiftDesk, stranger: Program) -> None:
    path = desk.claimed(desk.club)

    for method, where, body in (
        ("GET", path, None),
        ("POST", f"{path}/offer", {"quantity": 1}),
        ("POST", f"{path}/accept", None),
        ("POST", f"{path}/decline", {"reason": "Nein danke."}),
    ):
        assert desk.school.call(method, where, body).status_code == 404
        assert stranger.call(method, where, body).status_code == 401
    assert desk.school.call("GET", "/claims").get_json() == {"items": [], "next_cursor": None}
    assert code(desk.club.call("POST", f"{path}/offer", {"quantity": 1})) == (403, "forbidden")
    assert desk.claim(stranger).status_code == 401


def test_an_own_gift_and_an_organisation_not_verified_are_refused(desk: GiftDesk) -> None:
    with desk.given.installation.work() as work:
        new = make_organisation(work, state=VerificationState.SUBMITTED)
        person = actor_of(work, make_person(work, organisation=new))
    newcomer = program_of(desk.given, person)

    assert code(desk.claim(desk.giver)) == (403, "forbidden")
    assert code(desk.claim(newcomer)) == (403, "forbidden")


def test_all_claims_are_read_page_by_page_while_new_ones_come(desk: GiftDesk) -> None:
    claimed = []
    for number in range(5):
        desk.given.installation.clock.advance(timedelta(minutes=1))
        who = program_of(desk.given, desk.given.add(f"Verein {number}"))
        claimed.append(desk.claimed(who, quantity=1).rpartition("/")[2])

    seen, cursor = [], ""
    while True:
        page = desk.giver.call("GET", f"/claims?limit=2{cursor}").get_json()
        seen += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
        desk.given.installation.clock.advance(timedelta(minutes=1))
        desk.claim(desk.club, quantity=1)

    assert seen == claimed[::-1]
    assert code(desk.giver.call("GET", "/claims?cursor=x")) == (422, "validation_failed")
    assert code(desk.giver.call("GET", "/claims?limit=0")) == (422, "validation_failed")


def test_a_claim_that_was_read_is_not_sent_again(desk: GiftDesk) -> None:
    path = desk.claimed(desk.club)
    tag = desk.giver.call("GET", path).headers["ETag"]

    unchanged = desk.giver.call("GET", path, headers={"If-None-Match": tag})
    desk.giver.call("POST", f"{path}/offer", {"quantity": 6})

    assert unchanged.status_code == 304
    assert desk.giver.call("GET", path, headers={"If-None-Match": tag}).status_code == 200
