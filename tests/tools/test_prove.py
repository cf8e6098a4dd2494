"""The runner of proofs names what there is."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_proof_that_does_not_exist_is_named_with_those_that_do() -> None:
    done = subprocess.run(
        [ROOT / "tools" / "prove", "nothing"], capture_output=True, text=True, check=False
    )

    proofs = (ROOT / "tools" / "proofs").glob("[a-z]*.py")
    names = sorted(path.stem.replace("_", "-") for path in proofs)
    listed = sorted(line.strip() for line in done.stdout.splitlines() if line.startswith("  "))
    assert done.returncode == 2
    assert "There is no proof 'nothing'." in done.stdout
    assert listed == names
