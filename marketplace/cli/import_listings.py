"""Take listings from a CSV file."""

import csv
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from marketplace.accounts.queries import organisation_called
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.cli.context import CommandContext, command_context, print_json
from marketplace.foundation.identifiers import DistrictId, OrganisationId
from marketplace.listings.operations.imports import Importer, ImportOutcome
from marketplace.listings.rules.csv_mapping import (
    CsvRow,
    check_columns,
    decode_csv,
    mapping_by_column_names,
    read_header,
    read_mapping,
    read_rows,
)

# Rows of one transaction: short enough that the site can write in between.
_BATCH = 250


@click.group("import")
def import_group() -> None:
    """Take over data from files."""


@import_group.command("listings")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--district", "slug", required=True, help="The district's slug.")
@click.option("--organisation", required=True, help="Id or exact name of the organisation.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file that says which column goes where; without it columns bear the fields' names.",
)
@click.option("--publish", is_flag=True, help="Publish at once; otherwise all become drafts.")
@click.option("--dry-run", is_flag=True, help="Check every row and store nothing.")
@click.option(
    "--refused",
    "refused_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the refused rows with their reasons into this CSV file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def import_listings(
    file: Path,
    *,
    slug: str,
    organisation: str,
    mapping: Path | None,
    publish: bool,
    dry_run: bool,
    refused_file: Path | None,
    as_json: bool,
) -> None:
    """Take the rows of the CSV file FILE as listings of one organisation.

    A row is taken whole or refused with its reason. What an earlier run took is left as it is, so
    a run that was interrupted is simply repeated.
    """
    rows = _rows_of(file, mapping)
    with command_context() as context:
        district_id = context.district_id(slug)
        importer = Importer(
            organisation_id=_organisation_id(context, district_id, organisation, publish=publish),
            publishes=publish,
            dry_run=dry_run,
        )
        _import(context, district_id, importer, rows)
    if refused_file is not None:
        _write_refused(refused_file, importer.outcome)
    if as_json:
        print_json(_report(importer.outcome, dry_run=dry_run))
    else:
        _print_report(importer.outcome, dry_run=dry_run, refused_file=refused_file)


def _rows_of(file: Path, mapping_file: Path | None) -> list[CsvRow]:
    text = decode_csv(file.read_bytes())
    header = read_header(text)
    mapping = (
        read_mapping(mapping_file.read_text(encoding="utf-8"))
        if mapping_file
        else mapping_by_column_names(header)
    )
    check_columns(mapping, header)
    return list(read_rows(text, mapping, header))


def _organisation_id(
    context: CommandContext, district_id: DistrictId, text: str, *, publish: bool
) -> OrganisationId:
    with context.district_work(district_id, read_only=True) as work:
        organisation = organisation_called(work, text)
        if organisation is None:
            raise click.ClickException(
                f"There is no organisation '{text}' in this district, or several are called so; "
                "in that case give its id."
            )
        if publish and organisation.state != VerificationState.VERIFIED:
            raise click.ClickException(
                f"'{organisation.name}' is not verified yet: import drafts (without --publish), "
                "or verify it at /moderation first."
            )
        return organisation.id


def _import(
    context: CommandContext, district_id: DistrictId, importer: Importer, rows: list[CsvRow]
) -> None:
    columns = (TextColumn("Rows"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("rows", total=len(rows))
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            with context.district_work(district_id, read_only=importer.dry_run) as work:
                importer.take(work, batch)
            progress.advance(task, len(batch))


def _report(outcome: ImportOutcome, *, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "rows": outcome.rows,
        "added": outcome.added,
        "present": outcome.present,
        "refused": [
            {"row": row.number, "key": row.key, "reason": str(row.reason)}
            for row in outcome.refused
        ],
        "refused_by_reason": _by_reason(outcome),
    }


def _by_reason(outcome: ImportOutcome) -> dict[str, int]:
    return dict(Counter(row.reason.text for row in outcome.refused).most_common())


def _print_report(outcome: ImportOutcome, *, dry_run: bool, refused_file: Path | None) -> None:
    added = "would be added" if dry_run else "added"
    click.echo(
        f"{outcome.rows} rows: {outcome.added} {added}, {outcome.present} there already, "
        f"{len(outcome.refused)} refused."
    )
    for reason, count in _by_reason(outcome).items():
        example = next(row for row in outcome.refused if row.reason.text == reason)
        click.echo(f"  {count:6} refused, for example row {example.number}: {example.reason}")
    if outcome.refused and refused_file is None:
        click.echo("  --refused FILE.csv writes all of them with their reasons.")


def _write_refused(path: Path, outcome: ImportOutcome) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["row", "key", "reason"])
        writer.writerows((row.number, row.key, row.reason) for row in outcome.refused)
