"""The same key does the same thing once, however often and by how many it is sent."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, event, func, select
from werkzeug.test import TestResponse

from marketplace.foundation.database.session import db
from marketplace.listings.models import Listing
from tests.api.conftest import Program, make_firm
from tests.support.installation import Installation

CHAIRS = {"kind": "goods", "title": "Sechs Stühle", "terms": {"mode": "give"}}
KEY = {"Idempotency-Key": "bestellung-4711"}


def count_listings(installation: Installation) -> int:
    with installation.work() as work:
        return work.session.scalar(select(func.count()).select_from(Listing)) or 0


def test_a_repeat_does_nothing_and_answers_the_same(
    installation: Installation, program: Program
) -> None:
    first = program.call("POST", "/listings", CHAIRS, headers=KEY)
    second = program.call("POST", "/listings", CHAIRS, headers=KEY)

    assert count_listings(installation) == 1
    assert (second.status_code, second.get_json()) == (201, first.get_json())
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Location"] == first.headers["Location"]


def test_without_a_key_each_request_counts(installation: Installation, program: Program) -> None:
    program.call("POST", "/listings", CHAIRS)
    program.call("POST", "/listings", CHAIRS)

    assert count_listings(installation) == 2


def test_a_key_belongs_to_one_request(program: Program) -> None:
    program.call("POST", "/listings", CHAIRS, headers=KEY)

    other = program.call("POST", "/listings", {**CHAIRS, "title": "Zehn Stühle"}, headers=KEY)

    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_mismatch")


def test_the_same_key_of_another_person_is_another_key(
    installation: Installation, program: Program
) -> None:
    other = Program(installation, installation.a, make_firm(installation).token)

    program.call("POST", "/listings", CHAIRS, headers=KEY)
    answer = other.call("POST", "/listings", CHAIRS, headers=KEY)

    assert answer.status_code == 201
    assert count_listings(installation) == 2


def test_a_refusal_is_repeated_too(installation: Installation, program: Program) -> None:
    body = {"kind": "transport", "title": "Leerfahrt nach Brück"}
    path = f"/listings/{program.call('POST', '/listings', body).get_json()['id']}/publish"

    first = program.call("POST", path, headers=KEY)
    second = program.call("POST", path, headers=KEY)

    assert first.status_code == 422
    assert second.get_json() == first.get_json()
    assert second.content_type == "application/problem+json"


def test_a_request_that_is_refused_while_its_repeat_succeeds_answers_like_the_repeat(
    installation: Installation, program: Program
) -> None:
    listing = program.call("POST", "/listings", {"kind": "goods", "title": "Stühle"}).get_json()
    path = f"/listings/{listing['id']}/publish"
    in_the_gap: list[TestResponse] = []

    def after_the_refusal(connection: Connection) -> None:
        if connection.get_execution_options()["marketplace_writes"] and not in_the_gap:
            event.listen(db.engine, "checkout", complete_and_repeat, once=True)

    def complete_and_repeat(*_: object) -> None:
        # The key is free again and the refusal not stored yet.
        with installation.work() as work:
            work.session.get_one(Listing, listing["id"]).terms_mode = "give"
        in_the_gap.append(program.call("POST", path, headers=KEY))

    event.listen(db.engine, "rollback", after_the_refusal)

    first = program.call("POST", path, headers=KEY)
    third = program.call("POST", path, headers=KEY)

    assert in_the_gap[0].get_json()["state"] == "published"
    for answer in (first, third):
        assert answer.status_code == in_the_gap[0].status_code
        assert answer.get_json() == in_the_gap[0].get_json()


def test_a_key_of_strange_signs_is_refused(program: Program) -> None:
    for key in ("", "a" * 201, "mit Leerzeichen"):
        refused = program.call("POST", "/listings", CHAIRS, headers={"Idempotency-Key": key})
        assert refused.status_code == 422, key


def test_eight_at_once_make_one_listing(installation: Installation, program: Program) -> None:
    def send(_: int) -> tuple[int, str]:
        answer = program.call("POST", "/listings", CHAIRS, headers=KEY)
        return answer.status_code, answer.get_json().get("id", answer.get_json().get("code"))

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(8)))

    assert count_listings(installation) == 1
    made = {answer for answer in answers if answer[0] == 201}
    assert len(made) == 1
    assert {answer for answer in answers if answer[0] != 201} <= {(409, "in_progress")}
