"""Every page in every look: both brands, wide and narrow, light and dark."""

import os

import pytest

_PAGES = "tests/browser/test_every_page.py"


def main() -> int:
    """Run the tests of the pages with every combination; 0 when nothing is wrong."""
    os.environ["EVERY_LOOK"] = "1"
    return int(pytest.main([_PAGES, "-v"]))
