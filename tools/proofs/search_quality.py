"""The quality set: which words find which, on the part to work with and on the part held out."""

import tempfile
from pathlib import Path

from marketplace.search.backends.answering import Search
from marketplace.search.backends.columns import ColumnsBackend
from tests.search.quality.measuring import MUST_NOT_MATCH, Part, index_texts, measure
from tests.support.both_databases import both_databases
from tests.support.installation import installation_with_two_districts

# Least share of pairs that must come out right on the held-out part, in percent.
_LEAST = {
    "inflection": 90,
    "gender": 95,
    "spelling": 100,
    "compound": 80,
    "typing error": 85,
    MUST_NOT_MATCH: 95,
}


def main() -> int:
    """Print shares and misses of both parts; give 0 when the held-out part meets every bound."""
    holds = True
    with tempfile.TemporaryDirectory() as folder:
        _, urls, data_dir = next(both_databases(Path(folder)))
        with installation_with_two_districts(urls, data_dir) as installation:
            for part, district in (
                (Part.WORKING, installation.a),
                (Part.HELD_OUT, installation.b),
            ):
                with installation.work(district) as work:
                    index_texts(work, part)
                with installation.work(district) as work:
                    scores = measure(work, Search(ColumnsBackend()), part)
                print(part)
                for name, score in scores.items():
                    print(f"  {name}: {score.percent_right:.0f} % of {score.pairs}")
                    for pair in score.misses:
                        print(f"    {pair.query} ~ {pair.text}")
                    holds = holds and (part is Part.WORKING or score.percent_right >= _LEAST[name])
    return 0 if holds else 1
