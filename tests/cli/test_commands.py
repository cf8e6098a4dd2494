"""What operators type, run as they run it: in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Console:
    """A shell on an installation of its own."""

    def __init__(self, data_dir: Path, sqlite_template: Path) -> None:
        """Begin with a migrated database without districts."""
        shutil.copyfile(sqlite_template, data_dir / "marketplace.db")
        self._environment = {
            **os.environ,
            "MARKETPLACE_ENV": "test",
            "MARKETPLACE_DATA_DIR": str(data_dir),
            "MARKETPLACE_DATABASE_URL": "",
            "MARKETPLACE_OWNER_DATABASE_URL": "",
        }

    def run(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run `marketplace ...`."""
        return subprocess.run(
            [sys.executable, "-m", "marketplace", *words],
            cwd=ROOT,
            env={**self._environment, **environment},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    def json(self, *words: str) -> object:
        """Run `marketplace ... --json` and read what it prints."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Console:
    return Console(tmp_path_factory.mktemp("installation"), sqlite_template)


@pytest.fixture(scope="module")
def seeded(console: Console) -> dict[str, dict[str, object]]:
    answer = console.json("seed", "--profile", "acceptance")
    assert isinstance(answer, dict)
    return answer


def test_the_acceptance_data_name_what_the_contract_names(
    seeded: dict[str, dict[str, object]],
) -> None:
    actors = {
        *("firm_owner", "firm_member", "other_firm", "nonprofit", "nonprofit_unverified"),
        *("moderator", "district_admin"),
    }
    wanted = {
        *actors,
        *(f"{name}_b" for name in actors),
        *(f"booker_{number:02d}" for number in range(1, 65)),
        *(f"nonprofit_{number:02d}" for number in range(1, 65)),
    }

    assert wanted <= set(seeded["actors"])
    assert {"draft_offer", "last_place", "pallets_40", "offer_b", "machine", "space"} <= set(
        seeded["listings"]
    )
    assert set(seeded["districts"]) == {"A", "B"}


@pytest.mark.usefixtures("seeded")
def test_a_database_with_data_is_not_seeded_again(console: Console) -> None:
    done = console.run("seed", "--profile", "demo")

    assert done.returncode != 0
    assert "holds data already" in done.stderr


def test_production_takes_no_made_up_data(tmp_path: Path, sqlite_template: Path) -> None:
    console = Console(tmp_path, sqlite_template)

    done = console.run(
        "seed", "--profile", "demo", MARKETPLACE_ENV="production", MARKETPLACE_SECRET_KEY="x" * 40
    )

    assert done.returncode != 0
    assert "Production takes no made-up data" in done.stderr


@pytest.mark.usefixtures("seeded")
def test_the_terminal_searches_as_the_page_does(console: Console) -> None:
    words = ("search", "palettenplätze", "--district", "potsdam-mittelmark", "--near", "Teltow")

    answer = console.json(*words)
    table = console.run(*words)

    assert isinstance(answer, dict)
    assert [item["title"] for item in answer["items"]] == ["40 Palettenplätze, trocken, mit Rampe"]
    assert "40 Palettenplätze" in table.stdout


@pytest.mark.usefixtures("seeded")
def test_the_first_staff_get_a_link_for_their_password(console: Console) -> None:
    words = ("user", "create", "--district", "teltow-flaeming", "--role", "moderator", "--email")

    made = console.json(*words, "neu@amt.example")
    again = console.run(*words, "neu@amt.example")

    assert isinstance(made, dict)
    assert "://teltow-flaeming.localhost/reset-password/" in made["link"]
    assert again.returncode != 0
    assert "schon ein Konto" in again.stderr


@pytest.mark.usefixtures("seeded")
def test_the_check_names_what_is_missing_before_going_live(console: Console) -> None:
    done = console.run("district", "check", "teltow-flaeming")

    assert done.returncode == 1
    assert "cannot be reached from outside" in done.stdout


@pytest.mark.usefixtures("seeded")
def test_the_index_is_built_anew_with_the_same_hits(console: Console) -> None:
    before = ids_near_teltow(console)

    assert console.run("reindex").returncode == 0

    assert before
    assert ids_near_teltow(console) == before


def ids_near_teltow(console: Console) -> list[str]:
    words = ("search", "", "--district", "potsdam-mittelmark", "--near", "Teltow")
    answer = console.json(*words)
    assert isinstance(answer, dict)
    return [item["id"] for item in answer["items"]]


@pytest.mark.usefixtures("seeded")
def test_the_doctor_finds_nothing_wrong(console: Console) -> None:
    answer = console.json("doctor")

    assert isinstance(answer, dict)
    assert answer["ok"] is True


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"MARKETPLACE_ENV": "production", "MARKETPLACE_SECRET_KEY": "short"}, "at least 32"),
        (
            {
                "MARKETPLACE_ENV": "production",
                "MARKETPLACE_SECRET_KEY": "x" * 40,
                "MARKETPLACE_NOW": "2026-01-01T00:00:00Z",
            },
            "Not in production: unset MARKETPLACE_NOW.",
        ),
        ({"MARKETPLACE_ENV": "live"}, "must be production, development or test"),
        ({"MARKETPLACE_NOW": "tomorrow"}, "MARKETPLACE_NOW"),
    ],
)
def test_a_wrong_setting_ends_the_start_with_what_to_change(
    console: Console, environment: dict[str, str], sentence: str
) -> None:
    done = console.run("district", "list", **environment)

    assert done.returncode == 2
    assert sentence in done.stderr


def test_the_data_of_the_seed_keep_every_invariant(
    console: Console, seeded: dict[str, object]
) -> None:
    assert seeded
    answer = console.json("verify")

    assert isinstance(answer, dict)
    assert answer["ok"]
    assert {each["id"] for each in answer["invariants"]} >= {"I1", "I7", "I8", "I9", "I10", "I15"}
    assert all(each["violations"] == [] for each in answer["invariants"])
