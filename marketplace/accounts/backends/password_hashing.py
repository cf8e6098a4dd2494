"""Argon2id, as slow as it should be and never more often at once than memory allows."""

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from marketplace.foundation.settings import Environment

# security.md 5.3: m = 64 MiB, t = 2, p = 1; above the floor of ASVS 5.0 (46 MiB, t = 1, p = 1).
_MEMORY_KIB = 64 * 1024
_PASSES = 2
# Memory, not time, is what a flood of sign-ins would use up: 2 x 64 MiB at most in one process.
_HASHES_AT_ONCE = BoundedSemaphore(2)

# Stands where nobody has set a password yet: no password fits it.
NO_PASSWORD = "!"  # noqa: S105 (the absence of one)


def hash_password(password: str, environment: Environment) -> str:
    """Give what is stored of a password; takes about 150 ms, so call it outside transactions."""
    with _HASHES_AT_ONCE:
        return _hasher(environment).hash(_written(password))


def fits(password: str, password_hash: str, environment: Environment) -> bool:
    """Say whether the hash was made of this password; as slow where there is no hash."""
    known = password_hash not in ("", NO_PASSWORD)
    with _HASHES_AT_ONCE:
        try:
            checked = password_hash if known else _hash_of_nothing(environment)
            return _hasher(environment).verify(checked, _written(password)) and known
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(password_hash: str, environment: Environment) -> bool:
    """Say whether the hash was made with other parameters than today's."""
    return _hasher(environment).check_needs_rehash(password_hash)


def _written(password: str) -> str:
    # Keyboards compose the same umlaut in different ways (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password)


@cache
def _hasher(environment: Environment) -> PasswordHasher:
    if environment is Environment.TEST:
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)


@cache
def _hash_of_nothing(environment: Environment) -> str:
    return _hasher(environment).hash("nobody has this password")
