"""Generated requests over the whole API, as anonymous and as member, 3,000 cases each.

Holds when no answer is a 5xx, none differs from our own OpenAPI document, none lets a stranger do
what needs a token, and another district's listings are 404 for all of them.
"""

import tempfile
from pathlib import Path

from tests.api.conftest import Program, make_firm
from tests.api.generated_requests import Outcome, run_generated
from tests.support.both_databases import both_databases
from tests.support.installation import Installation, installation_with_two_districts

CASES = 3_000
EXAMPLES = 220


def main() -> int:
    """Run on every database there is; print the figures."""
    holds = True
    with tempfile.TemporaryDirectory() as folder:
        for name, urls, data_dir in both_databases(Path(folder)):
            with installation_with_two_districts(urls, data_dir) as installation:
                holds &= _prove(name, installation)
    return 0 if holds else 1


def _prove(name: str, installation: Installation) -> bool:
    firm = make_firm(installation)
    neighbour = make_firm(installation, installation.b)
    program = Program(installation, installation.a, firm.token)
    drafts = [
        program.call("POST", "/listings", {"kind": kind, "title": "Zum Ausprobieren"})
        for kind in ("machine", "space", "transport", "staff", "goods")
    ]
    own = [draft.get_json()["id"] for draft in drafts]
    there = Program(installation, installation.b, neighbour.token)
    foreign = there.call("POST", "/listings", {"kind": "goods", "title": "Drüben"}).get_json()["id"]
    holds = True
    for who, token in (("anonymous", ""), ("member", firm.token)):
        outcome = run_generated(
            installation.app,
            host=installation.a.host,
            token=token,
            most_examples=EXAMPLES,
            listing_ids=[*own, foreign],
        )
        holds &= _report(name, who, outcome)
    untouched = there.call("GET", f"/listings/{foreign}").get_json()["title"] == "Drüben"
    print(f"{name}: the neighbour's listing is as it was: {untouched}")
    return holds and untouched


def _report(name: str, who: str, outcome: Outcome) -> bool:
    statuses = ", ".join(f"{status}: {n}" for status, n in sorted(outcome.by_status.items()))
    print(f"{name}, {who}: {outcome.cases} cases; {statuses}; {len(outcome.problems)} problems")
    for problem in outcome.problems[:10]:
        print(f"  {problem}")
    return not outcome.problems and outcome.cases >= CASES
