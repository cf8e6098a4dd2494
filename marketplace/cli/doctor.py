"""What this installation runs on, and whether anything is wrong with it."""

import sys
import time
from importlib.metadata import version

import click
from alembic.script import ScriptDirectory
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from marketplace.cli.context import CommandContext, command_context, print_json
from marketplace.districts.models import District
from marketplace.districts.queries import all_districts
from marketplace.foundation.database.inspection import Finding, inspect_database
from marketplace.foundation.database.session import db
from marketplace.foundation.jobs.outbox import OutboxJob
from marketplace.foundation.shipped import find_folder
from marketplace.search.backends.columns import ColumnsBackend
from marketplace.search.queries import newest_change, outdated_entries


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def doctor(*, as_json: bool) -> None:
    """Show versions, database settings, migration and queue; non-zero when something is wrong."""
    with command_context() as context:
        findings = [*_versions(), *_database(), *_queue(context), *_search(context), *_parts()]
    if as_json:
        print_json(
            {
                "ok": all(finding.ok for finding in findings),
                "findings": [vars(finding) for finding in findings],
            }
        )
    else:
        _print_table(findings)
    if not all(finding.ok for finding in findings):
        sys.exit(1)


def _versions() -> list[Finding]:
    names = ("marketplace", "Flask", "SQLAlchemy", "Whoosh", "shapely")
    return [
        Finding(name="Python", value=sys.version.split()[0]),
        *(Finding(name=name, value=version(name)) for name in names),
    ]


def _database() -> list[Finding]:
    head = ScriptDirectory(str(find_folder("migrations"))).get_current_head()
    return inspect_database(db.engine, newest_migration=head)


def _queue(context: CommandContext) -> list[Finding]:
    with context.platform_work(read_only=True) as work:
        districts = work.session.scalar(select(func.count()).select_from(District)) or 0
        waiting = (
            work.session.scalar(
                select(func.count()).select_from(OutboxJob).where(OutboxJob.parked_at.is_(None))
            )
            or 0
        )
        parked = (
            work.session.scalar(
                select(func.count()).select_from(OutboxJob).where(OutboxJob.parked_at.is_not(None))
            )
            or 0
        )
        oldest = work.session.scalar(
            select(func.min(OutboxJob.due_at)).where(OutboxJob.parked_at.is_(None))
        )
        lag = max(0.0, (work.now() - oldest).total_seconds()) if oldest else 0.0
    return [
        Finding(name="districts", value=str(districts)),
        Finding(name="jobs waiting", value=str(waiting)),
        Finding(name="oldest job due for (s)", value=f"{lag:.0f}", ok=lag < 600),
        Finding(name="jobs parked", value=str(parked), ok=parked == 0),
    ]


def _search(context: CommandContext) -> list[Finding]:
    """Read each district's index as a worker does: what it holds, and how long that takes."""
    findings = [Finding(name="search engine", value=context.services.settings.search_engine)]
    with context.platform_work(read_only=True) as work:
        districts = [(district.slug, district.id) for district in all_districts(work)]
    for slug, district_id in districts:
        with context.district_work(district_id, read_only=True) as work:
            began = time.monotonic()
            held = ColumnsBackend().load(work)
            seconds = time.monotonic() - began
            missed = newest_change(work) - held.number
            outdated = outdated_entries(work)
        findings += [
            Finding(
                name=f"search index of {slug}",
                value=f"{held.documents} documents, {held.bytes / 1e6:.1f} MB in each worker, "
                f"read in {seconds:.1f} s, {missed} changes behind",
                ok=missed == 0,
            ),
            Finding(
                name=f"entries of {slug} from an earlier release",
                value=f"{outdated}; `marketplace migrate` renews them" if outdated else "0",
                ok=outdated == 0,
            ),
        ]
    return findings


def _parts() -> list[Finding]:
    vendor = find_folder("static") / "vendor" / "versions.json"
    return [
        Finding(
            name="front-end files",
            value="copied" if vendor.is_file() else "missing: run tools/setup.sh",
            ok=vendor.is_file(),
        )
    ]


def _print_table(findings: list[Finding]) -> None:
    table = Table("what", "value", "")
    for finding in findings:
        table.add_row(finding.name, finding.value, "" if finding.ok else "wrong")
    Console().print(table)
