"""The search of the web page, in the terminal."""

from typing import Any

import click
import orjson
from rich.console import Console
from rich.table import Table
from werkzeug.datastructures import MultiDict

from marketplace.api.web.views import answer_as_json
from marketplace.cli.context import command_context, print_json
from marketplace.districts.queries import primary_host
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.search.web.engine import current_search
from marketplace.search.web.question import Query, Question, SeveralPlaces, read_question


@click.command()
@click.argument("query", default="")
@click.option("--district", "slug", required=True, help="The district's slug.")
@click.option("--near", "place", default="", help="Postcode, place, or lat,lon in degrees.")
@click.option("--radius-km", default="", help="At most so far away.")
@click.option("--kind", "kinds", multiple=True, help="machine, space, ...; several are possible.")
@click.option("--from", "available_from", default="", help="First day it must be free.")
@click.option("--to", "available_to", default="", help="Last day it must be free.")
@click.option("--limit", default="20", help="How many hits, at most 100.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def search(
    query: str,
    *,
    slug: str,
    place: str,
    radius_km: str,
    kinds: tuple[str, ...],
    available_from: str,
    available_to: str,
    limit: str,
    as_json: bool,
) -> None:
    """Search for QUERY as visitors do; without words everything near the place is shown."""
    values: Query = MultiDict(
        {
            "q": query,
            "place": place,
            "radius_km": radius_km,
            "available_from": available_from,
            "available_to": available_to,
            "limit": limit,
        }
    )
    for kind in kinds:
        values.add("kind", kind)
    with command_context() as context:
        district_id = context.district_id(slug)
        with context.platform_work(read_only=True) as work:
            site = f"https://{primary_host(work, district_id)}"
        with (
            context.app.test_request_context(base_url=site),  # words need a language
            context.district_work(district_id, read_only=True) as work,
        ):
            question = _question(work, values)
            result = current_search().search(work, question.request)
            answer = orjson.loads(answer_as_json(result, question.origin, site=site))
    if as_json:
        print_json(answer)
    else:
        _print(answer)


def _question(work: UnitOfWork, values: Query) -> Question:
    try:
        return read_question(work, values)
    except SeveralPlaces as several:
        names = "; ".join(choice.label for choice in several.choices)
        raise click.ClickException(f"Several places are called so: {names}") from None


def _print(answer: dict[str, Any]) -> None:
    origin, outside = answer["origin"], answer["nearest_outside"]
    click.echo(f"{answer['total']} found" + (f", from {origin['label']}" if origin else ""))
    table = Table(box=None, pad_edge=False)
    table.add_column("km", justify="right")
    for heading in ("title", "place", "offered by"):
        table.add_column(heading)
    for item in answer["items"]:
        metres, place = item["distance_m"], item["location"]
        table.add_row(
            "" if metres is None else f"{metres / 1000:.1f}",
            item["title"],
            f"{place['postcode']} {place['place']}",
            item["organisation"]["name"] or "",
        )
    if answer["items"]:
        Console().print(table)
    if outside:
        click.echo(
            f"{outside['count']} further away, the nearest in {outside['place']}, "
            f"{outside['distance_m'] / 1000:.1f} km"
        )
