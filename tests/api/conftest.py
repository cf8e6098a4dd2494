"""A firm with a token, and a client that speaks JSON."""

from collections.abc import Mapping
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from marketplace.accounts.operations.tokens import token_of
from marketplace.accounts.rules.tokens import Scope
from marketplace.foundation.identifiers import OrganisationId, PersonId
from tests.factories.accounts import make_organisation, make_person
from tests.support.installation import Installation, TestDistrict

BOTH = [Scope.READ, Scope.WRITE]


@dataclass
class Program:
    """A program that calls the API of one district, with or without a token."""

    installation: Installation
    district: TestDistrict
    token: str = ""

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,  # noqa: ANN401 (JSON)
        *,
        headers: Mapping[str, str] | None = None,
        **options: Any,  # noqa: ANN401 (Werkzeug's own)
    ) -> TestResponse:
        """Send a request; a body goes as JSON."""
        sent = dict(headers or {})
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            options["json"] = body
        client = self.installation.app.test_client()
        return Context().run(
            client.open,
            f"/api/v1{path}",
            method=method,
            base_url=f"http://{self.district.host}",
            headers=sent,
            **options,
        )


@dataclass(frozen=True)
class Firm:
    """A verified firm and the person who acts for it."""

    person_id: PersonId
    organisation_id: OrganisationId
    email: str
    token: str


def make_firm(
    installation: Installation, district: TestDistrict | None = None, *, email: str = ""
) -> Firm:
    """Make a verified firm with a token of both scopes."""
    with installation.work(district) as work:
        organisation = make_organisation(work)
        person = make_person(work, organisation=organisation, email=email)
        _, secret = token_of(work, person.id, name="Warenwirtschaft", scopes=BOTH)
        return Firm(person.id, organisation.id, person.email, secret)


@pytest.fixture
def firm(installation: Installation) -> Firm:
    """A firm of district A."""
    return make_firm(installation)


@pytest.fixture
def program(installation: Installation, firm: Firm) -> Program:
    """A program with that firm's token."""
    return Program(installation, installation.a, firm.token)


@pytest.fixture
def stranger(installation: Installation) -> Program:
    """A program without a token."""
    return Program(installation, installation.a)
