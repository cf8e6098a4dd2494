"""Bring the database to the newest schema."""

import flask_migrate
from sqlalchemy import make_url, text

from marketplace.app import create_app
from marketplace.foundation.database.session import db
from marketplace.foundation.settings import Settings


def migrate_database(settings: Settings) -> None:
    """Run all migrations as the owning role, then let the application's role work on the tables."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app = create_app(settings, as_owner=True)
    with app.app_context():
        flask_migrate.upgrade()
        if not settings.uses_sqlite:
            _grant_tables(settings)
        db.engine.dispose()


def _grant_tables(settings: Settings) -> None:
    """Let the application's role read and write rows, and nothing else."""
    role = make_url(settings.database_url).username
    if not role or role == make_url(settings.owner_database_url).username:
        return
    with db.engine.begin() as connection:
        quoted = connection.dialect.identifier_preparer.quote(role)
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quoted}"))
        connection.execute(
            text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        )
