"""What is installed is fixed to the byte, and nobody's registry is written down."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = ["requirements.lock", "requirements-dev.lock"]
REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)")


def requirements_in(lock: str) -> dict[str, str]:
    """Give each requirement's name with all its lines."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return {line.split("==")[0]: line for line in lines}


def npm_packages() -> dict[str, dict[str, Any]]:
    packages: dict[str, dict[str, Any]] = json.loads((ROOT / "package-lock.json").read_text())[
        "packages"
    ]
    return {name: package for name, package in packages.items() if name}


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_every_python_package_has_one_version_and_hashes(lock: str) -> None:
    requirements = requirements_in(lock)

    unlocked = [
        name
        for name, line in requirements.items()
        if not REQUIREMENT.match(line) or "--hash=sha256:" not in line
    ]

    assert requirements
    assert unlocked == []


def test_the_tests_run_with_the_versions_that_serve() -> None:
    serving, testing = (requirements_in(lock) for lock in PYTHON_LOCKS)

    assert {name: testing.get(name) for name in serving} == serving


def test_every_front_end_package_has_a_hash() -> None:
    packages = npm_packages()

    assert packages
    assert [name for name, package in packages.items() if "integrity" not in package] == []


@pytest.mark.parametrize("lock", [*PYTHON_LOCKS, "package-lock.json", ".npmrc"])
def test_no_address_is_written_down(lock: str) -> None:
    # npm notes where a package asks for money; that is no place to download from.
    text = re.sub(r'"funding": (\{[^}]*\}|\[[^\]]*\]|"[^"]*")', "", (ROOT / lock).read_text())

    assert re.findall(r"\w+://\S+|index-url|find-links|registry\s*=", text) == []
