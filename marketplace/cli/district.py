"""Open districts and see which there are."""

from pathlib import Path

import click

from marketplace.accounts.queries import staff
from marketplace.cli.context import CommandContext, command_context, print_json
from marketplace.districts.operations import import_district
from marketplace.districts.queries import (
    all_districts,
    district_by_slug,
    primary_host,
    texts_present,
)
from marketplace.districts.rules.texts import NEEDED_TEXTS


@click.group()
def district() -> None:
    """Open a district from a folder, list districts, check one before it goes live."""


@district.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def import_folder(folder: Path, *, as_json: bool) -> None:
    """Create a district from FOLDER, or change what differs from it."""
    with command_context() as context, context.platform_work() as work:
        report = import_district(work, folder)
    if as_json:
        print_json(
            {"slug": report.slug, "created": report.created, "changed": list(report.changed)}
        )
    elif report.created:
        click.echo(f"District '{report.slug}' is open.")
    elif report.changed:
        click.echo(f"District '{report.slug}' changed: {', '.join(report.changed)}.")
    else:
        click.echo(f"District '{report.slug}' is already as the folder says.")


@district.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_districts(*, as_json: bool) -> None:
    """List the districts of this installation."""
    with command_context() as context, context.platform_work(read_only=True) as work:
        known = [
            {
                "slug": each.slug,
                "name": each.full_name,
                "ags": each.ags,
                "host": primary_host(work, each.id),
            }
            for each in all_districts(work)
        ]
    if as_json:
        print_json(known)
        return
    for each in known:
        click.echo(f"{each['slug']:24} {each['ags']}  {each['name']:36} {each['host']}")


@district.command("check")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check(slug: str, *, as_json: bool) -> None:
    """Say what district SLUG still needs before it may go live; status 1 while something does."""
    with command_context() as context:
        missing = _missing(context, slug)
    if as_json:
        print_json({"slug": slug, "ready": not missing, "missing": missing})
    else:
        for line in missing:
            click.echo(line)
        if not missing:
            click.echo(f"District '{slug}' has all it needs.")
    if missing:
        raise SystemExit(1)


def _missing(context: CommandContext, slug: str) -> list[str]:
    district_id = context.district_id(slug)
    with context.platform_work(read_only=True) as work:
        known = district_by_slug(work, slug)
        host = primary_host(work, district_id)
    missing = []
    with context.district_work(district_id, read_only=True) as work:
        written = texts_present(work)
        missing += [
            f"texts/{key.value}.md is missing." for key in NEEDED_TEXTS if key not in written
        ]
        if not staff(work):
            missing.append(
                "Nobody can check organisations: "
                f"marketplace user create --district {slug} --email ... --role district_admin"
            )
    if known is not None and known.logo_file is None:
        missing.append("There is no logo in the folder.")
    if host.endswith((".localhost", ".example")) or host == "localhost":
        missing.append(f"The first host, {host}, cannot be reached from outside.")
    if known is not None and known.sender_email.endswith(".example"):
        missing.append(f"Mails from {known.sender_email} would be refused everywhere.")
    return missing
