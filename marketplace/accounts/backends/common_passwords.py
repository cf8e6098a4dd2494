"""The passwords that everybody tries first, shipped with the product."""

import lzma
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parents[1] / "data" / "common_passwords.txt.xz"


@cache
def common_passwords() -> frozenset[str]:
    """Give some 45,000 passwords in lower case; read once, when the first password is set."""
    lines = lzma.decompress(_FILE.read_bytes()).decode().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
