"""The OpenAPI document says what the routes do, and generated requests keep to it."""

import re

import pytest
from jsonschema import Draft202012Validator

from marketplace.api.rules.operations import OPERATIONS, document
from marketplace.listings.kinds import KINDS
from tests.api.conftest import Firm, Program
from tests.api.generated_requests import run_generated
from tests.support.installation import Installation

EXAMPLES = 5


def test_every_route_stands_in_the_document_and_the_other_way_round(
    installation: Installation,
) -> None:
    routes = {
        (method, re.sub(r"<([^>]+)>", r"{\1}", rule.rule.removeprefix("/api/v1")))
        for rule in installation.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
    }

    assert {(each.method, each.path) for each in OPERATIONS} == routes


def test_all_schemas_of_the_document_are_schemas() -> None:
    described = document(server="https://a.example")

    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for operation in OPERATIONS:
        if operation.body is not None:
            Draft202012Validator.check_schema(operation.body)
    names = [each["operationId"] for path in described["paths"].values() for each in path.values()]
    assert len(names) == len(set(names))


def test_the_document_is_served(stranger: Program) -> None:
    answer = stranger.call("GET", "/openapi.json").get_json()

    assert answer["openapi"].startswith("3.1")
    assert answer["servers"][0]["url"].endswith("/api/v1")


def test_every_kind_is_described_with_its_bounds(stranger: Program) -> None:
    described = {each["key"]: each for each in stranger.call("GET", "/kinds").get_json()["items"]}

    assert list(described) == list(KINDS)
    power = next(each for each in described["machine"]["attributes"] if each["key"] == "power")
    assert (power["unit"], power["low"], power["high"]) == ("kW", 0, 5000)
    assert power["schema"]["maximum"] == 5000
    assert {each["kind"] for each in stranger.call("GET", "/categories").get_json()["items"]} == (
        set(KINDS)
    )


@pytest.mark.parametrize("who", ["anonymous", "member"])
def test_generated_requests_are_answered_as_the_document_says(
    installation: Installation, firm: Firm, who: str
) -> None:
    token = firm.token if who == "member" else ""

    outcome = run_generated(
        installation.app, host=installation.a.host, token=token, most_examples=EXAMPLES
    )

    assert outcome.problems == []
    assert outcome.cases >= EXAMPLES * len(OPERATIONS) // 2
