"""Every sentence that people read can be translated."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_catalogue_holds_every_sentence() -> None:
    done = subprocess.run(
        [ROOT / "tools" / "extract_messages", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
