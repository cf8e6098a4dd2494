"""Listings made by a seeded generator, in any number: for benchmarks and proofs of scale."""

import random
from collections.abc import Sequence

from marketplace.accounts.models import Organisation
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.geo.interfaces import Precision
from marketplace.geo.rules.areas import Area
from marketplace.geo.rules.points import Point
from marketplace.listings.kinds import KINDS
from marketplace.listings.operations.life import publish
from marketplace.listings.operations.listings import create_draft
from marketplace.listings.rules.drafts import ListingDraft, ListingLocation

_THINGS = {
    "machine": ("Bagger", "Gabelstapler", "Häcksler", "Fräse", "Kompressor", "Walze", "Kran"),
    "space": ("Halle", "Lagerraum", "Werkstatt", "Büro", "Kühlraum", "Stellplatz", "Saal"),
}
_QUALITIES = ("klein", "groß", "neu", "gepflegt", "beheizt", "mobil", "trocken", "leise")


def random_points(area: Area, count: int, generator: random.Random) -> list[Point]:
    """Give points that lie in an area, evenly spread over degrees."""
    west, south, east, north = area.bounds
    points: list[Point] = []
    while len(points) < count:
        point = Point(
            round(generator.uniform(south, north), 6), round(generator.uniform(west, east), 6)
        )
        if area.contains(point):
            points.append(point)
    return points


def add_generated(
    work: UnitOfWork,
    organisation: Organisation,
    points: Sequence[Point],
    generator: random.Random,
    *,
    first_number: int = 1,
) -> None:
    """Publish a listing at each of the points; `first_number` keeps their row names apart."""
    for number, point in enumerate(points, start=first_number):
        kind = KINDS[generator.choice(sorted(_THINGS))]
        thing, quality = generator.choice(_THINGS[kind.key]), generator.choice(_QUALITIES)
        draft = ListingDraft(
            kind=kind,
            title=f"{thing}, {quality}, Nummer {number}",
            description=f"{thing}: {', '.join(generator.sample(_QUALITIES, 3))}.",
            quantity=generator.randint(1, 40),
            terms_mode=generator.choice(("lend", "rent")),
            location=ListingLocation(
                street="",
                postcode="",
                place=organisation.place,
                point=point,
                public_point=point,
                precision=Precision.PLACE,
            ),
        )
        listing = create_draft(work, organisation, draft, import_key=f"generated-{number}")
        publish(work, listing)
