"""Who may call: tokens of this district within their scopes, and sessions with their key."""

from contextvars import Context
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from marketplace.accounts.models import Person
from marketplace.accounts.operations.tokens import token_of
from marketplace.accounts.rules.tokens import LIFETIME, Scope
from tests.api.conftest import Firm, Program, make_firm
from tests.factories.accounts import PASSWORD
from tests.support.installation import Installation

CHAIRS = {"kind": "goods", "title": "Sechs Stühle", "terms": {"mode": "give"}}


def test_a_token_acts_with_its_makers_rights(program: Program, firm: Firm) -> None:
    session = program.call("GET", "/session").get_json()

    assert session["person"]["id"] == firm.person_id
    assert session["organisation"] == firm.organisation_id
    assert session["csrf_token"] is None


@pytest.mark.parametrize("path", ["/listings", "/kinds", "/session", "/tokens"])
def test_a_wrong_token_is_refused_even_where_everybody_may_read(
    stranger: Program, path: str
) -> None:
    stranger.token = "mkt_wrong"

    refused = stranger.call("GET", path)

    assert (refused.status_code, refused.get_json()["code"]) == (401, "unauthenticated")
    assert "Bearer" in refused.headers["WWW-Authenticate"]


def test_another_districts_token_is_a_stranger(installation: Installation) -> None:
    neighbour = make_firm(installation, installation.b)
    here = Program(installation, installation.a, neighbour.token)

    assert here.call("GET", "/listings").status_code == 401
    assert here.call("POST", "/listings", CHAIRS).status_code == 401
    there = Program(installation, installation.b, neighbour.token)
    assert there.call("POST", "/listings", CHAIRS).status_code == 201


def test_a_token_runs_out(installation: Installation, program: Program) -> None:
    installation.clock.advance(LIFETIME - timedelta(seconds=1))
    assert program.call("GET", "/tokens").status_code == 200

    installation.clock.advance(timedelta(seconds=1))

    assert program.call("GET", "/tokens").status_code == 401


def test_a_shut_account_has_no_token(
    installation: Installation, program: Program, firm: Firm
) -> None:
    with installation.work() as work:
        work.session.get_one(Person, firm.person_id).disabled_at = work.now()

    assert program.call("GET", "/tokens").status_code == 401


def test_a_token_that_only_reads_does_not_write(installation: Installation, firm: Firm) -> None:
    with installation.work() as work:
        _, secret = token_of(work, firm.person_id, name="Anzeige", scopes=[Scope.READ])
    reader = Program(installation, installation.a, secret)

    assert reader.call("GET", "/tokens").status_code == 200
    refused = reader.call("POST", "/listings", CHAIRS)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "forbidden")


def test_a_token_makes_no_further_token(program: Program) -> None:
    refused = program.call("POST", "/tokens", {"name": "Zweiter", "scopes": ["write"]})

    assert refused.status_code == 403


def test_writing_without_signing_in_is_refused(stranger: Program) -> None:
    for method, path in (("POST", "/listings"), ("GET", "/tokens"), ("DELETE", "/session")):
        assert stranger.call(method, path).status_code == 401


def test_a_session_makes_a_token_that_works_until_it_is_deleted(
    installation: Installation, firm: Firm
) -> None:
    client = installation.app.test_client()

    def post(path: str, body: object, **headers: str) -> TestResponse:
        base_url = f"http://{installation.a.host}"
        return Context().run(client.post, path, json=body, headers=headers, base_url=base_url)

    begun = post("/api/v1/session", {"email": firm.email, "password": PASSWORD})
    key = begun.get_json()["csrf_token"]
    asked = {"name": "Warenwirtschaft", "scopes": ["write"]}
    without_key = post("/api/v1/tokens", asked)
    made = post("/api/v1/tokens", asked, **{"X-CSRF-Token": key})

    assert begun.status_code == 201
    assert (without_key.status_code, without_key.get_json()["code"]) == (403, "csrf_failed")
    assert (made.status_code, made.get_json()["scopes"]) == (201, ["read", "write"])
    bearer = Program(installation, installation.a, made.get_json()["token"])
    listed = bearer.call("GET", "/tokens").get_json()["items"]
    assert all("token" not in each for each in listed)
    assert bearer.call("DELETE", f"/tokens/{made.get_json()['id']}").status_code == 204
    assert bearer.call("GET", "/tokens").status_code == 401


def test_a_wrong_password_begins_no_session(installation: Installation, firm: Firm) -> None:
    stranger = Program(installation, installation.a)

    for body in (
        {"email": firm.email, "password": "falsch"},
        {"email": "niemand@betrieb.example", "password": PASSWORD},
        {"email": "kein Briefkasten", "password": PASSWORD},
    ):
        refused = stranger.call("POST", "/session", body)
        assert (refused.status_code, refused.get_json()["code"]) == (401, "unauthenticated")


def test_anothers_token_cannot_be_deleted(installation: Installation, program: Program) -> None:
    other = make_firm(installation)
    theirs = Program(installation, installation.a, other.token)
    token_id = theirs.call("GET", "/tokens").get_json()["items"][0]["id"]

    assert program.call("DELETE", f"/tokens/{token_id}").status_code == 404
    assert theirs.call("GET", "/tokens").status_code == 200


def test_a_refused_format_names_what_there_is(stranger: Program) -> None:
    refused = stranger.call("GET", "/listings", headers={"Accept": "text/csv"})

    assert (refused.status_code, refused.get_json()["code"]) == (406, "not_acceptable")
