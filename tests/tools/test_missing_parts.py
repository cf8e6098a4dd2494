"""A test that is skipped for want of a part passes at home and fails in CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SKIPPED_TEST = "import pytest\n\ndef test_it():\n    pytest.skip('no browser')\n"
SKIPPED_FILE = "import pytest\n\npytest.skip('no browser', allow_module_level=True)\n"
EXPECTED_FAILURE = "import pytest\n\n@pytest.mark.xfail\ndef test_it():\n    raise ValueError\n"


def run_pytest(folder: Path, source: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(source)
    plug_ins = ["-p", "no:cacheprovider", "-p", "tests.support.parts_must_be_there"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--rootdir", folder, *plug_ins, folder / "test_it.py"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "CI"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("source", [SKIPPED_TEST, SKIPPED_FILE], ids=["test", "file"])
def test_what_is_skipped_fails_in_ci(tmp_path: Path, source: str) -> None:
    done = run_pytest(tmp_path, source, CI="true")

    assert done.returncode != 0
    assert "In CI nothing may be missing" in done.stdout


def test_what_is_skipped_is_no_failure_elsewhere(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, SKIPPED_TEST)

    assert done.returncode == 0
    assert "1 skipped" in done.stdout


def test_an_expected_failure_is_no_missing_part(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, EXPECTED_FAILURE, CI="true")

    assert done.returncode == 0
    assert "1 xfailed" in done.stdout
