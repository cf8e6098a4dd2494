"""Tokens of the API: what they may be used for, and for how long."""

from datetime import timedelta
from enum import StrEnum

from marketplace.foundation.errors import N_, InvalidInput, Sentence

LIFETIME = timedelta(days=365)
MOST_TOKENS = 20
LONGEST_NAME = 80
# Secrets begin so, so that a scanner of source code recognises one that got lost.
PREFIX = "mkt_"


class Scope(StrEnum):
    """What a token lets its bearer do; its maker's own rights are the bound of both."""

    READ = "read"
    WRITE = "write"


def checked_scopes(scopes: list[str]) -> list[Scope]:
    """Give the scopes in their order, each once; writing includes reading.

    Raises InvalidInput (`scopes`).
    """
    try:
        wanted = {Scope(scope) for scope in scopes}
    except ValueError:
        wanted = set()
    if not wanted:
        raise InvalidInput({"scopes": N_("Möglich sind: read, write.")})
    return [scope for scope in Scope if scope in wanted or Scope.WRITE in wanted]


def checked_name(name: str) -> str:
    """Give the name without blanks around it; raises InvalidInput (`name`)."""
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= LONGEST_NAME:
        raise InvalidInput(
            {
                "name": Sentence(
                    N_("Bitte einen Namen mit 1 bis %(most)s Zeichen."), most=LONGEST_NAME
                )
            }
        )
    return tidy
