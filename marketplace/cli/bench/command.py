"""The benchmark of the search: both engines on the same offers, with the figures that matter."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click
from flask import Flask
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import delete

from config import load_settings
from marketplace.app import create_app
from marketplace.cli.bench.documents import Bench, towns
from marketplace.cli.bench.engines import Times, plans, race, times_of
from marketplace.cli.bench.freshness import seconds_until_seen
from marketplace.cli.bench.http import Floor, rates
from marketplace.cli.context import COMMAND_LINE, print_json
from marketplace.cli.migrate import migrate_database
from marketplace.districts.models import District, Host
from marketplace.foundation.database.inspection import analyse_table
from marketplace.foundation.database.session import db
from marketplace.foundation.database.tenancy import DistrictScope, PlatformScope
from marketplace.foundation.database.unit_of_work import UnitOfWork, open_unit_of_work
from marketplace.foundation.identifiers import DistrictId, new_id
from marketplace.foundation.services import Services
from marketplace.foundation.settings import Settings
from marketplace.search.backends.columns import ColumnsBackend
from marketplace.search.backends.postgis import PostgisBackend
from marketplace.search.interfaces import SearchBackend, SearchDocument
from marketplace.search.models import SearchChange, SearchEntry, SearchWord
from marketplace.search.operations import add_documents

_AT_A_TIME = 2_000
_COLUMNS, _COLUMNS_ON_POSTGRESQL, _POSTGIS = "columns", "columns on PostgreSQL", "postgis"


@dataclass(frozen=True, kw_only=True)
class Site:
    """A district of the benchmark in one database."""

    app: Flask
    settings: Settings
    services: Services
    district_id: DistrictId
    host: str
    floor: Floor

    @contextmanager
    def work(self, *, read_only: bool = True) -> Iterator[UnitOfWork]:
        """Work in the district."""
        scope = DistrictScope(self.district_id)
        with (
            self.app.app_context(),
            open_unit_of_work(self.services, scope, COMMAND_LINE, read_only=read_only) as work,
        ):
            yield work


@click.group()
def bench() -> None:
    """Measure how fast it is on this machine."""


@bench.command("search")
@click.option("--listings", default=10_000, show_default=True, type=click.IntRange(100, 1_000_000))
@click.option("--questions", default=200, show_default=True, type=click.IntRange(20, 10_000))
@click.option("--seed", default=42, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def bench_search(*, listings: int, questions: int, seed: int, as_json: bool) -> None:
    """Compare the engines of the search on generated offers of one district.

    The default engine reads from a SQLite database made for the purpose. Where the configured
    database is PostgreSQL, the engine in PostGIS answers from there, in a district of its own that
    is removed at the end.
    """
    settings = load_settings()
    folder = Path(tempfile.mkdtemp(prefix="marketplace-bench-"))
    try:
        with ExitStack() as stack:
            sites = [stack.enter_context(_site(_on_sqlite(settings, folder)))]
            if settings.database_url.startswith("postgresql"):
                sites.append(stack.enter_context(_site(settings)))
            report = _measured(sites, listings=listings, questions=questions, seed=seed)
    finally:
        shutil.rmtree(folder)
    if as_json:
        print_json(report)
    else:
        _print(report)


def _on_sqlite(settings: Settings, folder: Path) -> Settings:
    address = f"sqlite:///{folder}/bench.db"
    return replace(
        settings,
        data_dir=folder,
        database_url=address,
        owner_database_url=address,
        search_engine="columns",
    )


@contextmanager
def _site(settings: Settings) -> Iterator[Site]:
    """Open a database with an empty district, and remove what was put into it."""
    migrate_database(settings)
    app = create_app(settings)
    floor = Floor(app)
    services: Services = app.extensions["marketplace_services"]
    with app.app_context():
        with open_unit_of_work(services, PlatformScope("bench"), COMMAND_LINE) as work:
            district = _district(work)
            host = Host(name=f"bench-{new_id()}.example", district_id=district, is_primary=True)
            work.session.add(host)
            site = Site(
                app=app,
                settings=settings,
                services=services,
                district_id=district,
                host=host.name,
                floor=floor,
            )
        try:
            yield site
        finally:
            with site.work(read_only=False) as work:
                for model in (SearchEntry, SearchChange, SearchWord):
                    work.session.execute(delete(model))
            with (
                app.app_context(),
                open_unit_of_work(services, PlatformScope("bench"), COMMAND_LINE) as work,
            ):
                work.session.execute(delete(Host).where(Host.district_id == district))
                work.session.execute(delete(District).where(District.id == district))
            db.engine.dispose()


def _district(work: UnitOfWork) -> DistrictId:
    """Add a district."""
    names = ("name", "full_name", "site_name", "claim", "office", "sender_name", "hero_title")
    colours = ("brand_light", "brand_dark", "accent_light", "accent_dark")
    district = District(
        id=DistrictId(new_id()),
        slug=f"bench-{new_id()[:8]}",
        ags="12069",
        boundary_key=None,
        contact_email="bench@bench.example",
        contact_phone="",
        sender_email="bench@bench.example",
        language="de",
        hero_text="Bench",
        logo_file=None,
        updated_at=work.now(),
        **dict.fromkeys(names, "Bench"),
        **dict.fromkeys(colours, "#000000"),
    )
    work.session.add(district)
    return district.id


def _measured(sites: list[Site], *, listings: int, questions: int, seed: int) -> dict[str, Any]:
    first = sites[0]
    with first.work() as work:
        generator = Bench(towns(work), work.now(), seed)
    # Neighbours stand together in the table too, as after CLUSTER.
    documents = sorted(generator.documents(listings), key=_cell)
    for site in sites:
        _fill(site, documents)
    del documents
    engines, works, held = {}, {}, {}
    with ExitStack() as stack:
        for site in sites:
            work = stack.enter_context(site.work())
            for name, backend in _engines(site).items():
                engines[name], works[name] = backend, work
                if isinstance(backend, ColumnsBackend):
                    held[name] = _load(backend, work)
        asked = generator.questions(questions)
        report = {
            "listings": listings,
            "questions": questions,
            "loading": held,
            "full": _times(race(works, engines, asked, with_outside=False)),
            "with the nearest outside": _times(race(works, engines, asked, with_outside=True)),
            "plans": plans(works[_POSTGIS], asked) if _POSTGIS in engines else {},
        }
    with first.work() as work:
        http = rates(first.app, first.settings, first.floor, work, first.host, asked)
    report["http"] = {name: {**asdict(rate), "share": rate.share} for name, rate in http.items()}
    document = generator.document(listings, listings)
    seen = {}
    for site in sites:
        seconds = seconds_until_seen(site.settings, site.district_id, document)
        seen[site.settings.database_url.partition(":")[0]] = asdict(times_of(seconds))
    return {**report, "freshness": seen}


def _engines(site: Site) -> dict[str, SearchBackend]:
    if site.settings.database_url.startswith("postgresql"):
        return {_COLUMNS_ON_POSTGRESQL: ColumnsBackend(), _POSTGIS: PostgisBackend()}
    return {_COLUMNS: ColumnsBackend()}


def _fill(site: Site, documents: list[SearchDocument]) -> None:
    name = site.settings.database_url.partition(":")[0]
    starts = range(0, len(documents), _AT_A_TIME)
    for start in track(starts, description=f"filling {name}", console=Console(stderr=True)):
        with site.work(read_only=False) as work:
            add_documents(work, documents[start : start + _AT_A_TIME])
    analyse_table(site.settings.owner_database_url, SearchEntry.__tablename__)


def _cell(document: SearchDocument) -> tuple[int, int, str]:
    point = document.point
    if point is None:
        return (0, 0, document.listing_id)
    return (int(point.lat * 5), int(point.lon * 5), document.listing_id)


def _load(backend: ColumnsBackend, work: UnitOfWork) -> dict[str, float]:
    before, began = _resident_bytes(), time.perf_counter()
    held = backend.load(work)
    return {
        "seconds": time.perf_counter() - began,
        "array_mb": held.bytes / 1e6,
        "resident_mb": (_resident_bytes() - before) / 1e6,
    }


def _resident_bytes() -> int:
    """Give what the process holds in memory now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def _times(measured: dict[str, dict[str, Times]]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        name: {engine: asdict(times) for engine, times in engines.items()}
        for name, engines in measured.items()
    }


def _print(report: dict[str, Any]) -> None:
    console = Console(width=150)
    for mode in ("full", "with the nearest outside"):
        engines = list(next(iter(report[mode].values())))
        table = Table("class", *engines, title=f"{mode}: p50 / p95 / p99 in ms")
        if _POSTGIS in engines:
            table.add_column("postgis / columns, p50, p95")
        for name, times in report[mode].items():
            cells = [f"{t['p50']:.2f} / {t['p95']:.2f} / {t['p99']:.2f}" for t in times.values()]
            if _POSTGIS in engines:
                cells.append(
                    ", ".join(
                        f"{times[_POSTGIS][share] / times[_COLUMNS][share]:.1f}"
                        for share in ("p50", "p95")
                    )
                )
            table.add_row(name, *cells)
        console.print(table)
    for name, held in report["loading"].items():
        console.print(
            f"{name}: read in {held['seconds']:.1f} s, arrays {held['array_mb']:.0f} MB, "
            f"process {held['resident_mb']:.0f} MB more"
        )
    for name, rate in report["http"].items():
        console.print(
            f"{name}: {rate['search']:.0f} of {rate['floor']:.0f} requests a second, "
            f"{100 * rate['share']:.0f} % of the floor"
        )
    for name, times in report["freshness"].items():
        console.print(
            f"commit to seen by another process, {name}: "
            f"{times['p50']:.1f} / {times['p95']:.1f} / {times['p99']:.1f} ms"
        )
    for name, lines in report["plans"].items():
        console.print(f"\nplan: {name}", style="bold")
        for line in lines:
            console.print(line[:140], markup=False, highlight=False)
