"""A real server, a real worker and a real browser, as somebody in the district meets them."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)

from marketplace.app import create_app
from marketplace.districts.queries import district_id_of_host
from marketplace.foundation.clock import FixedClock, clock_from
from marketplace.foundation.database.session import db
from marketplace.foundation.database.tenancy import PlatformScope
from marketplace.foundation.database.unit_of_work import SYSTEM, open_unit_of_work
from marketplace.foundation.services import Services
from marketplace.foundation.settings import settings_from
from tests.support.databases import alone
from tests.support.installation import Installation, TestDistrict

SLUG = "potsdam-mittelmark"
ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# What Chromium reports of an answer that a test asked for: a refused form is no script error.
_EXPECTED_MESSAGE = re.compile(r"the server responded with a status of 4\d\d")


@dataclass(frozen=True)
class Site:
    """The demo districts, served by processes of their own."""

    port: int
    data_dir: Path
    demo: dict[str, object] = field(repr=False)
    environment: dict[str, str] = field(repr=False)

    def url(self, slug: str, path: str = "/") -> str:
        """Give the address of a page of a district."""
        return f"http://{slug}.localhost:{self.port}{path}"

    def command(self, *words: str, typed: str = "") -> str:
        """Run `marketplace ...` against the same database and give its stdout."""
        done = subprocess.run(
            [sys.executable, "-m", "marketplace", *words],
            cwd=ROOT,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, shared_folder: Path, sqlite_template: Path
) -> Iterator[Site]:
    """Serve freshly seeded demo districts on a free port, with a worker beside."""
    data_dir = tmp_path_factory.mktemp("site") / "data"
    environment = {
        **os.environ,
        "MARKETPLACE_ENV": "test",
        "MARKETPLACE_DATA_DIR": str(data_dir),
        "MARKETPLACE_INSECURE_HTTP": "1",
        "MARKETPLACE_RATE_LIMIT_SCALE": "1000",
        # The days that the tests type lie after this one, whenever they run.
        "MARKETPLACE_NOW": "2026-11-24T09:00:00+01:00",
    }
    for name in ("MARKETPLACE_DATABASE_URL", "MARKETPLACE_OWNER_DATABASE_URL"):
        environment.pop(name, None)
    demo = _seeded_demo(shared_folder / "seeded", environment, sqlite_template)
    shutil.copytree(shared_folder / "seeded", data_dir)
    server = _start(environment, "serve", "--port", "0")
    worker = _start(environment, "worker")
    try:
        port = int(_ready(server)["url"].rsplit(":", 1)[1])
        _ready(worker)
        yield Site(port, data_dir, demo, environment)
    finally:
        for process in (server, worker):
            process.terminate()
        for process in (server, worker):
            process.wait(timeout=30)
            if process.stdout is not None:
                process.stdout.close()


def _seeded_demo(
    folder: Path, environment: dict[str, str], sqlite_template: Path
) -> dict[str, object]:
    """Make the demo's data once for all test processes of a run."""
    said = folder.parent / "seeded.json"
    with alone(folder.parent):
        if not said.exists():
            folder.mkdir()
            shutil.copyfile(sqlite_template, folder / "marketplace.db")
            there = Site(0, folder, {}, {**environment, "MARKETPLACE_DATA_DIR": str(folder)})
            said.write_text(there.command("seed", "--profile", "demo", "--json"), "utf-8")
    demo: dict[str, object] = json.loads(said.read_text("utf-8"))
    return demo


def _start(environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "marketplace", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ready(process: "subprocess.Popen[str]") -> dict[str, str]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("READY "), line
    document: dict[str, str] = json.loads(line.removeprefix("READY "))
    return document


@pytest.fixture
def on_site(site: Site) -> Iterator[Installation]:
    """Work in the served district from this process."""
    settings = settings_from(site.environment)
    clock = FixedClock(clock_from(settings.now).now())
    app = create_app(settings, clock=clock)
    host = f"{SLUG}.localhost"
    with app.app_context():
        services: Services = app.extensions["marketplace_services"]
        with open_unit_of_work(services, PlatformScope("test"), SYSTEM) as work:
            district_id = district_id_of_host(work, host)
        assert district_id is not None
        district = TestDistrict(district_id, SLUG, host)
        yield Installation(app, services, clock, district, district)
        db.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium once."""
    if not CHROMIUM:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing; ./test installs it")
        pytest.skip("Chromium is missing; ./test installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


class Windows:
    """Opens browser windows and watches each for errors and requests to other hosts."""

    def __init__(self, browser: Browser, port: int) -> None:
        """Open nothing yet."""
        self._browser = browser
        self._port = port
        self._contexts: list[BrowserContext] = []
        self.problems: list[str] = []

    def open(
        self,
        *,
        width: int = 1280,
        dark: bool = False,
        javascript: bool = True,
        for_axe: bool = False,
    ) -> Page:
        """Open a window with cookies of its own.

        axe-core measures with inline styles, which our pages forbid: `for_axe` lets it.
        """
        context = self._browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            bypass_csp=for_axe,
            locale="de-DE",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", self._note_request)
        return page

    def close(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            context.close()

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _EXPECTED_MESSAGE.search(message.text):
            self.problems.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        own = re.match(rf"http://[a-z-]+\.localhost:{self._port}/", request.url)
        if not own and not request.url.startswith(("data:", "blob:")):
            self.problems.append(f"request to another host: {request.url}")


@pytest.fixture
def windows(chromium: Browser, site: Site) -> Iterator[Windows]:
    """Open windows; the test fails in the end if a page had an error or asked another host."""
    opened = Windows(chromium, site.port)
    yield opened
    opened.close()
    assert opened.problems == []


def wait_for_mail(site: Site, to: str, subject: str, seconds: float = 15) -> str:
    """Wait until the worker has delivered a mail, and give its text."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for path in (site.data_dir / "mail").glob("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if mail["To"] == to and subject in str(mail["Subject"]):
                body = mail.get_body(preferencelist=("plain",))
                assert body is not None
                return str(body.get_content())
        time.sleep(0.1)
    raise AssertionError(f"no mail to {to} about {subject}")
