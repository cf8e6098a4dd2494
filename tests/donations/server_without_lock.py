"""The product's server with the lock on a gift taken out: the twin of the one fridge's proof.

On PostgreSQL the gift is not locked before its claims are read. On SQLite, where the lock is the
transaction that writes, it is let go while one looks what is left and taken again before the offer
is stored.
"""

from typing import Any

from sqlalchemy.orm import Session

import marketplace.donations.operations.allocating as allocating
from marketplace.cli.main import main
from marketplace.donations.operations.steps import take_step
from marketplace.foundation.database.unit_of_work import UnitOfWork


def _do_not_lock(work: UnitOfWork, *words: Any) -> None:  # noqa: ANN401
    _on_sqlite(work, "COMMIT")


def _look_then_lock(work: UnitOfWork, *words: Any, **more: Any) -> None:  # noqa: ANN401
    _on_sqlite(work, "BEGIN IMMEDIATE")
    take_step(work, *words, **more)


def _on_sqlite(work: UnitOfWork, command: str) -> None:
    connection = Session.connection(work.session)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(command)


if __name__ == "__main__":
    setattr(allocating, "lock_gift_of", _do_not_lock)  # noqa: B010 (not its own name there)
    setattr(allocating, "take_step", _look_then_lock)  # noqa: B010
    main()
