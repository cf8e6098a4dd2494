"""The product's server with the lock on an offer taken out: the twin of the last place's proof.

On PostgreSQL the offer is read without its lock. On SQLite, where the lock is the transaction that
writes, it is let go while the offer is looked at and taken again before the request is stored.
"""

from typing import Any

from sqlalchemy.orm import Session

import marketplace.bookings.operations.asking as asking
from marketplace.bookings.operations.asking import check_fits
from marketplace.cli.main import main
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.models import Listing
from marketplace.listings.queries import listing_by_id


def _read_without_lock(work: UnitOfWork, *words: Any, lock: bool = False) -> Listing:  # noqa: ANN401
    _on_sqlite(work, "COMMIT")
    return listing_by_id(work, *words)


def _check_then_lock(work: UnitOfWork, *words: Any) -> None:  # noqa: ANN401
    check_fits(work, *words)
    _on_sqlite(work, "BEGIN IMMEDIATE")


def _on_sqlite(work: UnitOfWork, command: str) -> None:
    connection = Session.connection(work.session)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(command)


if __name__ == "__main__":
    setattr(asking, "listing_by_id", _read_without_lock)  # noqa: B010 (not its own name there)
    setattr(asking, "check_fits", _check_then_lock)  # noqa: B010
    main()
