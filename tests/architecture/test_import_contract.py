"""The import contract in pyproject.toml finds every sort of forbidden import."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Contract, importing module, imported module. Files that are missing are made for the test.
VIOLATIONS = [
    ("ladder", "foundation/planted.py", "marketplace.geo"),
    ("ladder", "geo/rules/planted.py", "marketplace.districts"),
    ("ladder", "messaging/operations.py", "marketplace.bookings.operations"),
    ("ladder", "search/rules/planted.py", "marketplace.moderation"),
    ("ladder", "accounts/web/planted.py", "marketplace.listings.web"),
    ("ladder", "listings/models.py", "marketplace.app"),
    ("words", "listings/models.py", "marketplace.listings.queries"),
    ("words", "listings/queries.py", "marketplace.listings.operations"),
    ("words", "listings/operations.py", "marketplace.listings.web"),
    ("words", "listings/operations.py", "marketplace.listings.jobs"),
    ("words", "listings/permissions.py", "marketplace.listings.models"),
    ("declarations", "bookings/models.py", "marketplace.listings.queries"),
    ("declarations", "bookings/rules/planted.py", "marketplace.accounts.operations"),
    ("readers", "bookings/queries.py", "marketplace.listings.operations"),
    ("pure", "listings/rules/planted.py", "sqlalchemy"),
    ("pure", "listings/rules/planted.py", "marketplace.foundation.audit"),
    ("pure", "listings/kinds/planted.py", "marketplace.listings.models"),
    ("flask", "listings/operations.py", "flask"),
    ("flask", "accounts/queries.py", "flask_login"),
    ("flask", "listings/rules/planted.py", "flask_babel"),
    ("flask", "foundation/jobs/planted.py", "flask"),
    ("web", "bookings/operations.py", "marketplace.listings.web"),
    ("kinds", "listings/kinds/planted.py", "marketplace.listings.kinds.planted_too"),
]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package to spoil, with every module that a violation names."""
    copy = tmp_path / "marketplace"
    shutil.copytree(ROOT / "marketplace", copy, ignore=shutil.ignore_patterns("data", "*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for _, importer, imported in VIOLATIONS:
        make_module(tmp_path, copy / importer)
        if imported.startswith("marketplace."):
            make_module(tmp_path, tmp_path / f"{imported.replace('.', '/')}.py")
    return copy


def make_module(root: Path, path: Path) -> None:
    if path.with_suffix("").is_dir() or path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in path.relative_to(root).parents[:-1]:
        (root / folder / "__init__.py").touch()
    path.touch()


def lint_imports(package: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [argument for contract in contracts for argument in ("--contract", contract)]
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache", *chosen],
        cwd=package.parent,
        env=os.environ | {"PYTHONPATH": str(package.parent), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_package_keeps_the_contract(package: Path) -> None:
    done = lint_imports(package)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("contract", "importer", "imported"), VIOLATIONS)
def test_a_forbidden_import_breaks_its_contract(
    package: Path, contract: str, importer: str, imported: str
) -> None:
    path = package / importer
    if path.with_suffix("").is_dir():
        path = path.with_suffix("") / "__init__.py"
    with path.open("a") as module:
        module.write(f"\nimport {imported}\n")

    done = lint_imports(package, contract)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 broken" in done.stdout


def test_a_new_package_needs_a_rung(package: Path) -> None:
    make_module(package.parent, package / "gossip" / "models.py")

    done = lint_imports(package, "ladder")

    assert "gossip" in done.stdout
    assert done.returncode == 1
