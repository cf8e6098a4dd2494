"""Streets are asked of a host that may know them, answer wrongly, late, or not at all."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from marketplace.foundation.settings import Settings, SettingsError, settings_from
from marketplace.geo.geocoders import streets
from marketplace.geo.rules.points import Point
from tests.accounts.test_registration import first_step, second_step, stored
from tests.support import databases
from tests.support import installation as installations
from tests.support.databases import DatabaseUrls
from tests.support.installation import Installation, installation_with_two_districts

ADDRESS = "Am Markt 1, 14822 Brück"
PLACE = Point(52.194, 12.769)
STREET = {
    "lat": "52.2001",
    "lon": "12.7702",
    "display_name": "1, Am Markt, Brück",
    "place_rank": 30,
}
PARIS = {**STREET, "lat": "48.8566", "lon": "2.3522"}
TOWN = {**STREET, "place_rank": 16}


@dataclass
class Host:
    """What the server answers, and what it was asked."""

    url: str = ""
    status: int = 200
    body: str = "[]"
    seconds: float = 0
    paths: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    host = Host()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.paths.append(self.path)
            host.agents.append(self.headers["User-Agent"])
            time.sleep(host.seconds)
            body = host.body.encode()
            self.send_response(host.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *parts: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        host.url = f"http://127.0.0.1:{server.server_port}"
        yield host
        server.shutdown()
        thread.join()


def asked(host: Host) -> Point | None:
    return streets.point_of_street(host.url, ADDRESS, near=PLACE, metres=25_000)


def test_a_street_is_found(host: Host) -> None:
    host.body = json.dumps([STREET])

    assert asked(host) == Point(52.2001, 12.7702)

    parts = urlsplit(host.paths[0])
    question = parse_qs(parts.query)
    assert parts.path == "/search"
    assert question["q"] == [ADDRESS]
    assert question["countrycodes"] == ["de"]
    assert host.agents == ["marketplace-for-idle-resources"]


def test_a_host_may_answer_below_a_path(host: Host) -> None:
    host.body = json.dumps([STREET])

    streets.point_of_street(f"{host.url}/nominatim/", ADDRESS, near=PLACE, metres=25_000)

    assert host.paths[0].startswith("/nominatim/search?")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "[]"),
        (500, "[]"),
        (429, "{}"),
        (200, json.dumps([PARIS])),
        (200, json.dumps([TOWN])),
        (200, "<html>"),
        (200, json.dumps([{**STREET, "lat": "northern"}])),
        (200, json.dumps([{**STREET, "lat": "nan"}])),
        (200, json.dumps([{"lat": "52.2"}])),
        (200, json.dumps(["Brück"])),
        (200, json.dumps({"error": ADDRESS})),
        (200, "7"),
    ],
)
def test_whatever_else_a_host_answers_is_no_street(
    host: Host, caplog: pytest.LogCaptureFixture, status: int, body: str
) -> None:
    caplog.set_level(logging.INFO, logger=streets.__name__)
    host.status, host.body = status, body

    assert asked(host) is None

    own = [record for record in caplog.records if record.name == streets.__name__]
    assert len(own) == 1
    assert "Markt" not in own[0].getMessage()


def test_a_slow_host_is_not_waited_for(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streets, "_SECONDS", 0.2)
    host.body, host.seconds = json.dumps([STREET]), 1.0
    began = time.monotonic()

    assert asked(host) is None
    assert time.monotonic() - began < 0.9


def test_a_host_that_is_not_there_is_no_street() -> None:
    nowhere = Host(url="http://127.0.0.1:9")

    assert asked(nowhere) is None


@pytest.mark.parametrize("url", ["nominatim.example", "ftp://nominatim.example", "https://", "//x"])
def test_only_web_addresses_are_taken_as_host(url: str) -> None:
    with pytest.raises(SettingsError, match="MARKETPLACE_GEOCODER_URL"):
        settings_from({"MARKETPLACE_ENV": "test", "MARKETPLACE_GEOCODER_URL": url})


def test_a_host_is_read_from_the_environment() -> None:
    url = "https://nominatim.example/api"

    settings = settings_from({"MARKETPLACE_ENV": "test", "MARKETPLACE_GEOCODER_URL": url})

    assert settings.geocoder_url == url
    assert settings_from({"MARKETPLACE_ENV": "test"}).geocoder_url == ""


@pytest.fixture
def installation(
    database: DatabaseUrls, tmp_path: Path, host: Host, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    """An installation that asks the host."""

    def settings(data_dir: Path, urls: DatabaseUrls) -> Settings:
        return replace(databases.test_settings(data_dir, urls), geocoder_url=host.url)

    monkeypatch.setattr(installations, "test_settings", settings)
    with installation_with_two_districts(database, tmp_path) as made:
        yield made


def test_who_registers_finds_the_pin_at_the_street(installation: Installation, host: Host) -> None:
    host.body = json.dumps([STREET])
    visitor = installation.visitor()

    shown = first_step(visitor)
    second_step(visitor, shown)

    pin = shown.form_values("/register")
    assert (pin["lat"], pin["lon"]) == ("52.20010", "12.77020")
    assert len(host.paths) == 1
    organisation = stored(installation)
    assert (organisation.lat, organisation.lon) == (52.2001, 12.7702)


def test_without_an_answer_the_pin_starts_in_the_middle_of_the_place(
    installation: Installation, host: Host
) -> None:
    host.status = 500

    shown = first_step(installation.visitor())

    assert shown.status == 200
    assert shown.form_values("/register")["lat"].startswith("52.1")
