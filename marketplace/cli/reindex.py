"""Rebuild the search index on the running system."""

import click

from marketplace.cli.context import command_context, print_json
from marketplace.districts.queries import all_districts
from marketplace.listings.operations.index import reindex_listings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def reindex(*, as_json: bool) -> None:
    """Write the search documents of all published listings anew, one district after the other."""
    counts = {}
    with command_context() as context:
        with context.platform_work(read_only=True) as work:
            districts = [(district.slug, district.id) for district in all_districts(work)]
        for slug, district_id in districts:
            with context.district_work(district_id) as work:
                counts[slug] = reindex_listings(work)
    if as_json:
        print_json({"documents": counts})
    else:
        for slug, count in counts.items():
            click.echo(f"{slug}: {count} documents")
