"""Migrations lead back and forth and keep every row."""

from pathlib import Path

import flask_migrate
from sqlalchemy import text

from marketplace.app import create_app
from marketplace.foundation.database.session import db
from marketplace.listings.models import AvailabilityWindow, Listing, Photo
from marketplace.search.models import SearchEntry
from tests.factories.accounts import make_organisation, make_person
from tests.factories.listings import make_listing
from tests.support import databases
from tests.support.databases import DatabaseUrls
from tests.support.installation import installation_with_two_districts
from tests.support.rows import make_row

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
