"""Requests that schemathesis makes from our own document, sent in-process."""

import warnings
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as with_seed
from hypothesis.strategies import integers

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        ignored_auth,
        response_schema_conformance,
        status_code_conformance,
    )

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@dataclass
class Outcome:
    """How many requests were sent, and what was wrong with which."""

    cases: int = 0
    by_operation: dict[str, int] = field(default_factory=dict)
    by_status: dict[int, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def run_generated(
    app: Flask,
    *,
    host: str,
    token: str,
    most_examples: int,
    listing_ids: Sequence[str] = (),
    seed: int = 1,
) -> Outcome:
    """Send so many requests for each operation; as anonymous without a token.

    Most requests that name a listing name one of `listing_ids`, so that they reach something.
    """

    def on_host(environ: dict[str, Any], start: Any) -> Any:  # noqa: ANN401 (WSGI)
        # Also the requests that schemathesis makes up by itself reach this district; each has a
        # context of its own, as on a server.
        environ["HTTP_HOST"] = host
        return Context().run(app.wsgi_app, environ, start)

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", on_host)
    outcome = Outcome()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    checks = [*CHECKS, ignored_auth] if token else CHECKS
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]  # an error raises here, as it should
        _run(operation, outcome, headers, checks, most_examples, listing_ids, seed)
    return outcome


def _run(
    operation: Any,  # noqa: ANN401 (schemathesis')
    outcome: Outcome,
    headers: dict[str, str],
    checks: list[Any],
    most_examples: int,
    listing_ids: Sequence[str],
    seed: int,
) -> None:
    name = f"{operation.method.upper()} {operation.path}"

    @with_seed(seed)
    @settings(
        max_examples=most_examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), choice=integers(0, 2 * len(listing_ids)))
    def send(case: Any, choice: int) -> None:  # noqa: ANN401 (schemathesis')
        if "listing_id" in (case.path_parameters or {}) and choice and listing_ids:
            case.path_parameters["listing_id"] = listing_ids[choice % len(listing_ids)]
        outcome.cases += 1
        outcome.by_operation[name] = outcome.by_operation.get(name, 0) + 1
        response = case.call(headers=headers)
        status = response.status_code
        outcome.by_status[status] = outcome.by_status.get(status, 0) + 1
        try:
            case.validate_response(response, checks=checks, headers=headers)
        except (Exception, BaseExceptionGroup) as failure:  # any failed check, with its words
            outcome.problems.append(f"{name}: {status}: {failure}"[:2_000])

    send()
