"""Migrations lead back and forth and keep every row."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
from sqlalchemy import select, text

from marketplace.app import create_app
from marketplace.bookings.models import Booking
from marketplace.foundation.database.session import db
from marketplace.impact.models import Effect
from marketplace.listings.models import AvailabilityWindow, Listing, Photo
from marketplace.search.models import SearchEntry
from tests.factories.accounts import make_organisation, make_person
from tests.factories.listings import make_listing
from tests.factories.offered import make_offered
from tests.support import databases
from tests.support.databases import DatabaseUrls
from tests.support.installation import installation_with_two_districts
from tests.support.rows import make_row

DAY = date(2026, 9, 2)
_TABLES = ("organisation", "person", "listing", "photo", "availability_window", "search_entry")


def counts(settings_dir: Path, database: DatabaseUrls, *steps: str) -> list[dict[str, int]]:
    """Count the rows as the owning role, after each step back."""
    app = create_app(databases.test_settings(settings_dir, database), as_owner=True)
    found = []
    with app.app_context():
        for step in steps:
            if step:
                flask_migrate.downgrade(revision=step)
            with db.engine.connect() as connection:
                found.append(
                    {
                        table: connection.execute(
                            text(f"SELECT count(*) FROM {table}")
                        ).scalar_one()
                        for table in _TABLES
                    }
                )
        db.engine.dispose()
    return found


def rows_of(settings_dir: Path, database: DatabaseUrls, statement: str) -> list[tuple[Any, ...]]:
    """Give what the owning role reads."""
    app = create_app(databases.test_settings(settings_dir, database), as_owner=True)
    with app.app_context():
        with db.engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(statement))]
        db.engine.dispose()
    return found


def test_what_one_side_alone_had_completed_waits_for_the_other_and_counts_no_longer(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    with installation_with_two_districts(database, tmp_path) as installation:
        lift = make_offered(installation, kind="machine", unit="machine_hour", quantity=20)
        threads = [
            lift.ask("trader", 6, DAY, DAY),
            lift.ask("grocer", 6, DAY + timedelta(days=1), DAY + timedelta(days=1)),
        ]
        for thread in threads:
            lift.act("owner", thread, "accept")
        installation.clock.advance(timedelta(days=3))
        for thread in threads:
            lift.act("owner", thread, "complete")
        lift.act("trader", threads[0], "complete")
        with installation.work() as work:
            by_both = work.session.scalars(
                select(Booking).where(Booking.unconfirmed_by.is_(None))
            ).one()
            by_one = work.session.scalars(
                select(Booking).where(Booking.unconfirmed_by.is_not(None))
            ).one()
            counted = work.session.scalars(select(Effect)).one()
            values = {
                column.key: getattr(counted, column.key)
                for column in Effect.__mapper__.column_attrs
                if column.key not in ("id", "booking_id", "receiver_id")
            }
            work.session.add(
                Effect(**values, booking_id=by_one.id, receiver_id=by_one.organisation_id)
            )
            both_id, one_id = by_both.id, by_one.id

    counts(tmp_path, database, "0015")
    databases.migrate(tmp_path, database)

    waiting = rows_of(tmp_path, database, "SELECT id, unconfirmed_by FROM booking")
    assert dict(waiting) == {both_id: None, one_id: "asker"}
    assert rows_of(tmp_path, database, "SELECT booking_id FROM effect") == [(both_id,)]


def test_going_back_and_forth_keeps_every_row(database: DatabaseUrls, tmp_path: Path) -> None:
    with (
        installation_with_two_districts(database, tmp_path) as installation,
        installation.work() as work,
    ):
        organisation = make_organisation(work)
        make_person(work, organisation=organisation)
        listing = make_listing(work, organisation)
        for model in (Photo, AvailabilityWindow):
            make_row(work.session, model, installation.a.id).listing_id = listing.id
        assert work.session.get(Listing, listing.id) is not None
        assert work.session.query(SearchEntry).count() >= 1

    before, back = counts(tmp_path, database, "", "0001")
    databases.migrate(tmp_path, database)  # also lets the application's role at the new tables
    (again,) = counts(tmp_path, database, "")

    assert all(before.values())
    assert back == before
    assert again == before
