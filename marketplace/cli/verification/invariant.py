"""What must be true of the stored data at every moment."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from marketplace.foundation.database.unit_of_work import UnitOfWork

# Gives one line for each violation in the district of the unit of work.
Check: TypeAlias = Callable[[UnitOfWork], Iterable[str]]


@dataclass(frozen=True, kw_only=True)
class Invariant:
    """One of them; `id` is what operators and scripts call it."""

    id: str
    sentence: str
    check: Check
