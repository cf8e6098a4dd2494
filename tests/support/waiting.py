"""Others who keep a database to themselves, and connections that wait as briefly as a test can."""

import sqlite3
from typing import Any

import psycopg
from sqlalchemy import event

from marketplace.foundation.database.session import db
from tests.support.installation import Installation

_MILLISECONDS = 100


def on_sqlite(installation: Installation) -> bool:
    """Tell which of the two databases a test runs on."""
    return installation.services.settings.database_url.startswith("sqlite")


def wait_briefly(installation: Installation) -> None:
    """Have each transaction from now on give up after a moment, not after the usual seconds."""
    statement = (
        f"PRAGMA busy_timeout={_MILLISECONDS}"
        if on_sqlite(installation)
        else f"SET lock_timeout = {_MILLISECONDS}"
    )

    def impatient(driver: Any, *_: object) -> None:  # noqa: ANN401 (of either database)
        driver.execute(statement)
        driver.commit()

    event.listen(db.engine, "checkout", impatient)  # the engine goes with the installation


class Intruder:
    """Somebody who keeps the jobs to themselves until they leave."""

    def __init__(self, installation: Installation) -> None:
        """Wait at the door."""
        self._on_sqlite = on_sqlite(installation)
        self._connection: Any = None  # of either driver

    def enter(self) -> None:
        """Let nobody else write jobs."""
        url = db.engine.url
        if self._on_sqlite:
            self._connection = sqlite3.connect(url.database or "")
            self._connection.execute("BEGIN IMMEDIATE")
        else:
            address = url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(address)
            self._connection.execute("LOCK TABLE outbox_job IN ACCESS EXCLUSIVE MODE")

    def leave(self) -> None:
        """Let the others go on."""
        self._connection.close()
