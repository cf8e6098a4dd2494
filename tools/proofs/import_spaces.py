"""The community centres of a whole country, imported into two districts; twice; and killed."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tools.proofs.geocode import DATA

_FILE = DATA / "import_real" / "osm_community_centres_de.csv"
_MAPPING = Path("docs/import/community_centres.toml")
_DISTRICTS = {
    "potsdam-mittelmark": "Landhandel Brück",
    "teltow-flaeming": "Metallbau Luckenwalde",
}
_ORIGIN = "52.1418,12.5927"


def main() -> int:
    """Print rows, placed, refused by reason and seconds of each run; 0 when all of it agrees."""
    with tempfile.TemporaryDirectory() as folder:
        whole = _prepared(Path(folder) / "whole")
        killed = _prepared(Path(folder) / "killed")
        holds = True
        for slug, organisation in _DISTRICTS.items():
            dry = _import(whole, slug, organisation, "--dry-run")
            first = _import(whole, slug, organisation)
            second = _import(whole, slug, organisation)
            holds &= dry["added"] == first["added"] > 0
            holds &= second["added"] == 0 and second["present"] == first["added"]
            holds &= first["rows"] == first["added"] + len(first["refused"])
            _kill_during_import(killed, slug, organisation)
            before = _imported(killed, slug)
            again = _import(killed, slug, organisation)
            print(f"  killed with {len(before)} stored, then {again['added']} added", flush=True)
            holds &= len(before) < first["added"] and _imported(killed, slug) == _imported(
                whole, slug
            )
        holds &= _found_by_distance(whole, first_slug=next(iter(_DISTRICTS)))
    print("holds" if holds else "DOES NOT HOLD")
    return 0 if holds else 1


def _prepared(data_dir: Path) -> dict[str, str]:
    environment = {
        **os.environ,
        "MARKETPLACE_ENV": "test",
        "MARKETPLACE_DATA_DIR": str(data_dir),
        "MARKETPLACE_DATABASE_URL": "",
    }
    data_dir.mkdir()
    _run(environment, "migrate")
    _run(environment, "seed", "--profile", "demo", "--json")
    return environment


def _words(slug: str, organisation: str) -> list[str]:
    return [
        *("import", "listings", str(_FILE), "--district", slug, "--organisation", organisation),
        *("--mapping", str(_MAPPING), "--publish", "--json"),
    ]


def _import(
    environment: dict[str, str], slug: str, organisation: str, *more: str
) -> dict[str, Any]:
    began = time.monotonic()
    report: dict[str, Any] = json.loads(_run(environment, *_words(slug, organisation), *more))
    print(
        f"{slug}: {report['rows']} rows, {report['added']} added, {report['present']} present, "
        f"{len(report['refused'])} refused, {time.monotonic() - began:.1f} s {' '.join(more)}",
        flush=True,
    )
    for reason, count in report["refused_by_reason"].items():
        print(f"  {count:5} {reason}")
    return report


def _kill_during_import(environment: dict[str, str], slug: str, organisation: str) -> None:
    """Send SIGKILL as soon as the first rows are stored."""
    process = subprocess.Popen(
        [sys.executable, "-m", "marketplace", *_words(slug, organisation)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not _imported(environment, slug):
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _imported(environment: dict[str, str], slug: str) -> set[tuple[str, str, str, float, float]]:
    """Give what was imported, without the ids that every run draws anew."""
    path = Path(environment["MARKETPLACE_DATA_DIR"]) / "marketplace.db"
    with sqlite3.connect(path, timeout=30) as connection:
        return set(
            connection.execute(
                "SELECT import_key, listing.title, listing.state, public_lat, public_lon "
                "FROM listing JOIN district ON district.id = listing.district_id "
                "WHERE district.slug = ? AND listing.title LIKE 'Gemeinschaftsraum%'",
                (slug,),
            )
        )


def _found_by_distance(environment: dict[str, str], *, first_slug: str) -> bool:
    search = ("search", "gemeinschaftsraum", "--district", first_slug, "--near", _ORIGIN, "--json")
    far = json.loads(_run(environment, *search, "--radius-km", "100", "--limit", "100"))
    near = json.loads(_run(environment, *search, "--radius-km", "25"))
    distances = [item["distance_m"] for item in far["items"]]
    outside = near["nearest_outside"]
    print(
        f"from {_ORIGIN}: {far['total']} within 100 km, nearest {distances[0]} m; "
        f"{near['total']} within 25 km, {outside['count']} outside, nearest in "
        f"{outside['place']}, {outside['distance_m']} m"
    )
    return (
        far["total"] == len(_imported(environment, first_slug))
        and distances == sorted(distances)
        and near["total"] + outside["count"] == far["total"]
        and outside["distance_m"] == next(metres for metres in distances if metres > 25_000)
    )


def _run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "marketplace", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return done.stdout
