"""What a program is told when its change cannot be committed."""

import psycopg
import pytest
from sqlalchemy import Connection, event, func, select

from marketplace.districts.queries import lock_district
from marketplace.foundation.database.session import db, sqlite_journal
from marketplace.foundation.database.tenancy import DistrictScope
from marketplace.foundation.database.unit_of_work import SYSTEM, open_unit_of_work
from marketplace.listings.models import Listing
from tests.api.conftest import Program
from tests.support.installation import Installation
from tests.support.waiting import on_sqlite, wait_briefly

CHAIRS = {
    "kind": "goods",
    "category": "furniture",
    "title": "Sechs Stühle",
    "terms": {"mode": "give"},
}
KEY = {"Idempotency-Key": "bestellung-4711"}


def test_who_waits_too_long_at_the_last_step_is_told_to_try_again(
    installation: Installation, program: Program
) -> None:
    path = f"/listings/{program.call('POST', '/listings', CHAIRS).get_json()['id']}/publish"
    wait_briefly(installation)
    # The search's changes are numbered under PostgreSQL's lock on the district; SQLite commits
    # when nobody reads, or in WAL mode, where readers keep nobody waiting, begins when nobody
    # writes.
    with open_unit_of_work(
        installation.services,
        DistrictScope(installation.a.id),
        SYSTEM,
        read_only=on_sqlite(installation) and sqlite_journal()[0] != "WAL",
    ) as other:
        lock_district(other)

        kept_out = program.call("POST", path, headers=KEY)

    assert (kept_out.status_code, kept_out.get_json()["code"]) == (409, "in_progress")
    assert kept_out.headers["Retry-After"] == "1"
    assert program.call("POST", path, headers=KEY).get_json()["state"] == "published"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # a file cannot be cut off
def test_nobody_is_told_that_nothing_was_saved_when_the_commit_is_not_answered(
    installation: Installation, program: Program
) -> None:
    def cut(connection: Connection) -> None:
        (process,) = connection.exec_driver_sql("SELECT pg_backend_pid()").one()
        address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (process,))

    event.listen(db.engine, "commit", cut, once=True)

    answer = program.call("POST", "/listings", CHAIRS)

    assert (answer.status_code, answer.get_json()["code"]) == (500, "unavailable")
    assert "Wir wissen nicht, ob gespeichert wurde" in answer.get_json()["detail"]
    assert "gespeichert wurde nichts" not in answer.text
    with installation.work() as work:
        assert work.session.scalar(select(func.count()).select_from(Listing)) == 0
