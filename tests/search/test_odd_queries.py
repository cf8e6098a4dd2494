import pytest

from tests.factories.accounts import make_organisation
from tests.factories.listings import make_listing
from tests.search.odd_queries import odd_queries
from tests.support.installation import Installation


@pytest.mark.parametrize("path", ["/search", "/api/v1/listings"])
def test_odd_questions_get_an_answer_or_a_reason(installation: Installation, path: str) -> None:
    with installation.work() as work:
        make_listing(work, make_organisation(work), title="Beheizte Halle")
    visitor = installation.visitor()

    for query in odd_queries():
        answer = visitor.get(f"{path}?{query}", audit=False)

        # A NUL is no text at all, and refused on every page before anybody looks at it.
        wanted = (400,) if "%00" in query else (200, 422)
        assert answer.status in wanted, (query[:80], answer.status)
        if answer.status == 422 and path.startswith("/api"):
            assert answer.json["errors"], query[:80]
