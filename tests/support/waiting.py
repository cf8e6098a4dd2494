"""Connections that wait for others as briefly as a test can."""

from typing import Any

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
