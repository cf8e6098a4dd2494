"""An installation as tests use it: two districts, a clock that stands, mails in a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask

from marketplace.app import create_app
from marketplace.foundation.clock import FixedClock
from marketplace.foundation.database.session import db
from marketplace.foundation.database.tenancy import DistrictScope, PlatformScope
from marketplace.foundation.database.unit_of_work import (
    SYSTEM,
    Actor,
    UnitOfWork,
    open_unit_of_work,
)
from marketplace.foundation.identifiers import DistrictId
from marketplace.foundation.jobs.worker import run_pending_jobs
from marketplace.foundation.services import Services
from tests.factories.districts import make_district
from tests.support.browser import Visitor
from tests.support.databases import DatabaseUrls, test_settings

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class TestDistrict:
    """A district of the tests."""

    __test__ = False

    id: DistrictId
    slug: str
    host: str


@dataclass(frozen=True)
class Installation:
    """What a test works with."""

    app: Flask
    services: Services
    clock: FixedClock
    a: TestDistrict
    b: TestDistrict

    @contextmanager
    def work(
        self, district: TestDistrict | None = None, actor: Actor = SYSTEM
    ) -> Iterator[UnitOfWork]:
        """Work in one transaction of a district (A unless said), committed at the end."""
        scope = DistrictScope((district or self.a).id)
        with open_unit_of_work(self.services, scope, actor) as work:
            yield work

    @contextmanager
    def platform_work(self) -> Iterator[UnitOfWork]:
        """Work in the installation's own scope."""
        with open_unit_of_work(self.services, PlatformScope("test"), SYSTEM) as work:
            yield work

    def visitor(self, district: TestDistrict | None = None) -> Visitor:
        """Open a browser of its own on a district's host (A unless said)."""
        return Visitor(self.app, (district or self.a).host)

    def run_jobs(self) -> int:
        """Do what the worker would do now; give how many jobs ran."""
        return run_pending_jobs(self.services)

    def mails(self, to: str | None = None) -> list[EmailMessage]:
        """Give the mails sent so far, oldest first, after running the pending jobs."""
        self.run_jobs()
        folder = self.services.settings.mail_dir
        files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
        return [mail for mail in messages if to is None or mail["To"] == to]


@contextmanager
def installation_with_two_districts(urls: DatabaseUrls, data_dir: Path) -> Iterator[Installation]:
    """Open the application over an empty database and make the districts A and B."""
    clock = FixedClock(START)
    app = create_app(test_settings(data_dir, urls), clock=clock)
    with app.app_context():
        services: Services = app.extensions["marketplace_services"]
        with open_unit_of_work(services, PlatformScope("test"), SYSTEM) as work:
            a = make_district(work, slug="a", ags="12069", name="Potsdam-Mittelmark")
            b = make_district(work, slug="b", ags="12072", name="Teltow-Fläming")
            districts = [
                TestDistrict(district.id, district.slug, f"{district.slug}.localhost")
                for district in (a, b)
            ]
        try:
            yield Installation(app, services, clock, *districts)
        finally:
            db.engine.dispose()
