"""Programs ask about listings and talk with the other side."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.accounts.models import Organisation, Person
from marketplace.foundation.identifiers import ListingId, ThreadId
from marketplace.messaging.operations import expect_files, post_message
from marketplace.messaging.rules.attachments import check_file
from tests.api.conftest import Program, make_firm
from tests.factories.accounts import actor_of
from tests.factories.files import make_pdf
from tests.factories.listings import make_listing
from tests.support.installation import Installation


@dataclass
class Talk:
    """A hand truck, its owner, one who asks about it, and one who has no part in it."""

    installation: Installation
    listing_id: ListingId
    owner: Program
    asker: Program
    third: Program

    def ask(self, who: Program, words: str = "Ist er wasserdicht?", key: str = "1") -> TestResponse:
        return who.call(
            "POST",
            f"/listings/{self.listing_id}/threads",
            {"message": words},
            headers={"Idempotency-Key": key},
        )

    def write(self, who: Program, thread: str, words: str, key: str) -> TestResponse:
        return who.call(
            "POST",
            f"/threads/{thread}/messages",
            {"message": words},
            headers={"Idempotency-Key": key},
        )


@pytest.fixture
def talk(installation: Installation) -> Talk:
    names = ("owner", "asker", "third")
    firms = {name: make_firm(installation, email=f"{name}@a.example") for name in names}
    with installation.work() as work:
        organisation = work.session.get_one(Organisation, firms["owner"].organisation_id)
        listing_id = make_listing(work, organisation, title="Hubwagen").id
    owner, asker, third = (
        Program(installation, installation.a, firms[name].token) for name in names
    )
    return Talk(installation, listing_id, owner, asker, third)


def test_a_question_is_answered_and_read_in_the_same_order_by_both(talk: Talk) -> None:
    asked = talk.ask(talk.asker)
    thread = asked.get_json()["thread"]
    answered = talk.write(talk.owner, thread, "Ja.", "a")
    talk.ask(talk.asker, "Auch die Gabeln?", key="2")

    assert (asked.status_code, answered.status_code) == (201, 201)
    assert asked.headers["Location"].endswith(f"/api/v1/threads/{thread}/messages")
    for reader in (talk.owner, talk.asker):
        items = reader.call("GET", f"/threads/{thread}/messages").get_json()["items"]
        assert [(each["position"], each["text"]) for each in items] == [
            (1, "Ist er wasserdicht?"),
            (2, "Ja."),
            (3, "Auch die Gabeln?"),
        ]
    assert "@a.example" not in talk.asker.call("GET", f"/threads/{thread}/messages").text


def test_the_same_key_writes_once_and_a_missing_one_is_asked_for(talk: Talk) -> None:
    first, again = talk.ask(talk.asker), talk.ask(talk.asker)
    thread = first.get_json()["thread"]
    for _ in range(2):
        talk.write(talk.owner, thread, "Ja.", "same")
    without = talk.owner.call("POST", f"/threads/{thread}/messages", {"message": "Ja."})

    assert first.get_json() == again.get_json()
    assert len(talk.owner.call("GET", f"/threads/{thread}/messages").get_json()["items"]) == 2
    assert (without.status_code, without.get_json()["code"]) == (428, "precondition_required")


def test_messages_come_page_by_page_and_from_where_one_left_off(talk: Talk) -> None:
    thread = talk.ask(talk.asker).get_json()["thread"]
    for number in range(2, 6):
        talk.write(talk.owner, thread, f"Nachricht {number}", f"n{number}")

    first = talk.asker.call("GET", f"/threads/{thread}/messages?limit=3").get_json()
    rest = talk.asker.call(
        "GET", f"/threads/{thread}/messages?limit=3&cursor={first['next_cursor']}"
    ).get_json()
    wrong = talk.asker.call("GET", f"/threads/{thread}/messages?cursor=x")

    positions = [each["position"] for each in first["items"] + rest["items"]]
    assert (positions, rest["next_cursor"]) == ([1, 2, 3, 4, 5], None)
    assert wrong.status_code == 422


def test_who_takes_no_part_finds_nothing(talk: Talk) -> None:
    thread = talk.ask(talk.asker).get_json()["thread"]

    assert talk.third.call("GET", f"/threads/{thread}/messages").status_code == 404
    assert talk.write(talk.third, thread, "Ich auch.", "x").status_code == 404
    assert talk.ask(talk.owner).status_code == 403
    assert talk.write(talk.owner, thread, " ", "blank").status_code == 422


def test_files_of_a_message_are_listed_and_fetched_with_a_token(talk: Talk) -> None:
    thread = talk.ask(talk.asker).get_json()["thread"]
    with talk.installation.work() as work:
        answering = select(Person).where(Person.email == "owner@a.example")
        owner = actor_of(work, work.session.scalars(answering).one())
    with talk.installation.work(actor=owner) as work:
        files = [check_file("Plan.pdf", make_pdf(), largest_bytes=1_000)]
        post_message(work, ThreadId(thread), "Der Plan.", files=expect_files(work, files))

    first, second = talk.asker.call("GET", f"/threads/{thread}/messages").get_json()["items"]
    (plan,) = second["attachments"]
    path = plan["url"].partition("/api/v1")[2]
    answer = talk.asker.call("GET", path)

    assert first["attachments"] == []
    assert {key: plan[key] for key in ("name", "media_type", "size")} == {
        "name": "Plan.pdf",
        "media_type": "application/pdf",
        "size": len(make_pdf()),
    }
    assert (answer.status_code, answer.data) == (200, make_pdf())
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert talk.third.call("GET", path).status_code == 404
    neighbour = make_firm(talk.installation, email="b@b.example", district=talk.installation.b)
    program = Program(talk.installation, talk.installation.b, neighbour.token)
    assert program.call("GET", path).status_code == 404
    assert Program(talk.installation, talk.installation.a).call("GET", path).status_code == 401
