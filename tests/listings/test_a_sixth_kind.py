"""A kind is one file: the one of the how-to is put in place, and everything holds for it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = ROOT / "docs" / "how-to" / "add-a-kind.md"


def test_the_kind_of_the_how_to_needs_no_other_edit(tmp_path: Path) -> None:
    code = re.search(r"```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    for name in ("marketplace", "tests", "templates", "static", "migrations"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config.py", "wsgi.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "marketplace/listings/kinds/boat.py").write_text(code[1], encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "CI": ""}
    # A run of its own: no worker of this one, whose databases it would take for its own.
    for name in [each for each in environment if each.startswith("PYTEST_XDIST")]:
        del environment[name]
    environment.pop("TEST_POSTGRES_OWNER_URL", None)

    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"),
            *("-k", "boat", "tests/listings/test_every_kind.py"),
        ],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) >= 12
