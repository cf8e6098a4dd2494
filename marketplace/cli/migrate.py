"""Bring the database to the newest schema."""

import click
import flask_migrate
from sqlalchemy import make_url

from config import load_settings
from marketplace.app import create_app
from marketplace.cli.context import COMMAND_LINE, print_json
from marketplace.districts.queries import all_districts
from marketplace.foundation.database.inspection import grant_rows
from marketplace.foundation.database.session import db
from marketplace.foundation.database.tenancy import DistrictScope, PlatformScope
from marketplace.foundation.database.unit_of_work import open_unit_of_work
from marketplace.foundation.settings import Settings
from marketplace.geo.operations import load_gazetteer
from marketplace.search.operations import refresh_outdated_entries


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def migrate(*, as_json: bool) -> None:
    """Bring the database to the newest schema and load the shipped places."""
    migrate_database(load_settings())
    if as_json:
        print_json({"ok": True})


def migrate_database(settings: Settings) -> None:
    """Run all migrations as the owning role, load the places, let the application's role work.

    What an earlier release put into the search index is analysed anew.

    Running it again changes nothing.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app = create_app(settings, as_owner=True)
    with app.app_context():
        flask_migrate.upgrade()
        services = app.extensions["marketplace_services"]
        with open_unit_of_work(services, PlatformScope("migrate"), COMMAND_LINE) as work:
            load_gazetteer(work)
            districts = [district.id for district in all_districts(work)]
        for district_id in districts:
            with open_unit_of_work(services, DistrictScope(district_id), COMMAND_LINE) as work:
                refresh_outdated_entries(work)
        role = make_url(settings.database_url).username
        if role and role != make_url(settings.owner_database_url).username:
            grant_rows(db.engine, role)
        db.engine.dispose()
