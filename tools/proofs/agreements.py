"""Two sides do anything in any order over HTTP; a naive model must agree after every step."""

import tempfile
from pathlib import Path

from tests.bookings.test_against_a_model import tell_stories
from tests.support.both_databases import both_databases
from tests.support.installation import installation_with_two_districts

_STORIES = 100
_STEPS = 30


def main() -> int:
    """Tell the stories on every database there is; 0 when the model agreed with all of them."""
    with tempfile.TemporaryDirectory() as folder:
        for name, urls, data_dir in both_databases(Path(folder)):
            with installation_with_two_districts(urls, data_dir) as installation:
                tell_stories(installation, stories=_STORIES, steps=_STEPS)
            print(f"{name}: {_STORIES} stories of up to {_STEPS} steps, no difference", flush=True)
    return 0
