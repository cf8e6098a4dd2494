"""The test cases of the product's background data, against the shipped gazetteer."""

import csv
import os
import tempfile
from pathlib import Path

from marketplace.geo.geocoders.gazetteer import GazetteerGeocoder
from marketplace.geo.interfaces import Answer, Found
from marketplace.geo.rules.points import Point, geodesic_metres
from tests.support.both_databases import both_databases
from tests.support.installation import installation_with_two_districts

# Where the background data lie; they are not part of this repository.
DATA = Path(os.environ.get("MARKETPLACE_PROOF_DATA", "../shared/data"))


def main() -> int:
    """Print each German case with its distance; 0 when all hold and the unknown one is unknown."""
    path = DATA / "postcodes" / "geocode_testcases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        cases = [case for case in csv.DictReader(file) if case["cc"] == "DE"]
    holds = bool(cases)
    with tempfile.TemporaryDirectory() as folder:
        for name, urls, data_dir in both_databases(Path(folder)):
            with (
                installation_with_two_districts(urls, data_dir) as installation,
                installation.work() as work,
            ):
                geocoder = GazetteerGeocoder(work.session)
                for case in cases:
                    good, words = _judged(case, geocoder.locate(case["query"]))
                    holds = holds and good
                    print(f"{name:10} {'ok' if good else 'WRONG':5} {case['query']:24} {words}")
    return 0 if holds else 1


def _judged(case: dict[str, str], answer: Answer) -> tuple[bool, str]:
    if not case["lat"]:
        return not isinstance(answer, Found), f"{type(answer).__name__.lower()}, as expected"
    if not isinstance(answer, Found):
        return False, type(answer).__name__.lower()
    metres = geodesic_metres(answer.point, Point(float(case["lat"]), float(case["lon"])))
    return metres <= float(case["tolerance_km"]) * 1000, f"{answer.label}, {metres:.0f} m away"
