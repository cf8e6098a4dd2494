"""Fill an empty database with data to try the product with."""

import random

import click

from marketplace.accounts.queries import organisation_by_id
from marketplace.cli.context import CommandContext, command_context, print_json
from marketplace.cli.seeding.generated import add_generated, random_points
from marketplace.cli.seeding.profiles import Seeded, fill, read_profile
from marketplace.districts.queries import all_districts, own_area

_BATCH = 500
_BENCH_ORGANISATION = "firm_owner"


@click.command()
@click.option(
    "--profile",
    type=click.Choice(["demo", "acceptance", "bench"]),
    required=True,
    help="demo: to look at; acceptance: for tests from outside; bench: many listings.",
)
@click.option("--listings", type=click.IntRange(0, 1_000_000), default=2_000, show_default=True)
@click.option("--seed", "seed_number", type=int, default=42, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def seed(*, profile: str, listings: int, seed_number: int, as_json: bool) -> None:
    """Fill an empty database: the same profile and seed give the same data."""
    with command_context() as context:
        _check(context)
        if profile == "bench":
            seeded = fill(context, read_profile("demo"))
            _generate(context, seeded, listings, seed_number)
        else:
            seeded = fill(context, read_profile(profile))
    if as_json:
        print_json(seeded.as_json())
        return
    for district in seeded.districts.values():
        click.echo(f"http://{district['host']}")
    for key, actor in seeded.actors.items():
        click.echo(f"  {key:24} {actor.email:44} {actor.password}")


def _check(context: CommandContext) -> None:
    if context.services.settings.is_production:
        raise click.ClickException(
            "Production takes no made-up data: everybody knows their passwords."
        )
    with context.platform_work(read_only=True) as work:
        if all_districts(work):
            raise click.ClickException("The database holds data already; seed fills an empty one.")


def _generate(context: CommandContext, seeded: Seeded, count: int, seed_number: int) -> None:
    """Add listings to the first district, all of one organisation."""
    generator = random.Random(seed_number)  # noqa: S311 (made-up data, no secret)
    district_id = context.district_id(next(iter(seeded.districts.values()))["slug"])
    organisation_id = seeded.actors[_BENCH_ORGANISATION].organisation
    if organisation_id is None:
        raise ValueError("the organisation that offers the generated listings is missing")
    with context.district_work(district_id, read_only=True) as work:
        points = random_points(own_area(work), count, generator)
    for start in range(0, count, _BATCH):
        with context.district_work(district_id) as work:
            organisation = organisation_by_id(work, organisation_id)
            batch = points[start : start + _BATCH]
            add_generated(work, organisation, batch, generator, first_number=start + 1)
