"""The product's server with the lock on an offer taken out: the twin of the last place's proof.

On PostgreSQL the offer is read without its lock. On SQLite, where the lock is the transaction that
begins by writing, transactions begin by reading.
"""

from typing import Any

from sqlalchemy import Connection

import marketplace.bookings.operations.asking as asking
from marketplace.cli.main import main
from marketplace.foundation.database import session
from marketplace.listings.queries import listing_by_id


def _unlocked(*words: Any, lock: bool = False, **names: Any) -> Any:  # noqa: ANN401
    return listing_by_id(*words, **names)


def _begin_by_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


if __name__ == "__main__":
    setattr(asking, "listing_by_id", _unlocked)  # noqa: B010 (not its own name there)
    session._begin_sqlite_transaction = _begin_by_reading
    main()
