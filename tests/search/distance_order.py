"""Compare the search's order with one computed without any of our own code.

Used small by the tests and at full size by `tools/prove order`.
"""

import math
import random
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from marketplace.cli.seeding.generated import add_generated, random_points
from marketplace.districts.queries import own_area
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId
from marketplace.geo.rules.points import Point
from marketplace.search.backends.answering import Search
from marketplace.search.interfaces import SearchRequest
from marketplace.search.web.question import read_question
from tests.factories.accounts import make_organisation
from tests.support.installation import Installation

# WGS 84: semi-major axis in metres and inverse flattening (NIMA TR8350.2, table 3.1).
_AXIS = 6_378_137.0
_INVERSE_FLATTENING = 298.257223563
# Of so many listings one stands exactly where another does.
_TIES_ONE_IN = 10


@dataclass(frozen=True, kw_only=True)
class OrderReport:
    """What was compared, and where list or map differed from the computed order."""

    listings: int
    origins: int
    differences: list[str]


def check_distance_order(
    installation: Installation,
    engine: Search,
    *,
    listings: int,
    origins: int,
    seed: int,
) -> OrderReport:
    """Publish generated listings, some at the same point, and search from random points."""
    generator = random.Random(seed)
    with installation.work() as work:
        area = own_area(work)
        points = random_points(area, listings, generator)
        for position in range(_TIES_ONE_IN, listings, _TIES_ONE_IN):
            points[position] = points[generator.randrange(position)]
        add_generated(work, make_organisation(work), points, generator)
    differences: list[str] = []
    with installation.work() as work:
        stored = _stored_points(work, engine)
        for origin in random_points(area, origins, generator):
            differences += _differences(work, engine, stored, origin)
    return OrderReport(listings=len(stored), origins=origins, differences=differences)


def _stored_points(work: UnitOfWork, engine: Search) -> dict[ListingId, Point]:
    pins = engine.pins(work, SearchRequest(now=work.now()))
    return {pin.listing_id: pin.point for pin in pins.pins}


def _differences(
    work: UnitOfWork,
    engine: Search,
    stored: dict[ListingId, Point],
    origin: Point,
) -> list[str]:
    computed = sorted(stored, key=lambda listing: (_chord(origin, stored[listing]), listing))
    listed = _listed(work, engine, origin)
    request = read_question(work, MultiDict({"near": f"{origin.lat},{origin.lon}"})).request
    drawn = [pin.listing_id for pin in engine.pins(work, request).pins]
    found = []
    if listed != computed:
        first = next(
            (
                place
                for place, pair in enumerate(zip(listed, computed, strict=False))
                if pair[0] != pair[1]
            ),
            min(len(listed), len(computed)),
        )
        found.append(f"from {origin} the list differs at place {first}")
    if set(drawn) != set(listed) or len(drawn) != len(listed):
        found.append(f"from {origin} the map shows {len(drawn)}, the list {len(listed)}")
    return found


def _listed(work: UnitOfWork, engine: Search, origin: Point) -> list[ListingId]:
    query = MultiDict({"near": f"{origin.lat},{origin.lon}", "limit": "100"})
    listed: list[ListingId] = []
    while True:
        result = engine.search(work, read_question(work, query).request)
        listed += [hit.document.listing_id for hit in result.hits]
        if result.next_cursor is None:
            return listed
        query["cursor"] = result.next_cursor


def _chord(one: Point, other: Point) -> float:
    """Give the straight line through the earth between two points on the ellipsoid, in metres."""
    return math.dist(_earth_centred(one), _earth_centred(other))


def _earth_centred(point: Point) -> tuple[float, float, float]:
    flattening = 1 / _INVERSE_FLATTENING
    squared = flattening * (2 - flattening)
    lat, lon = math.radians(point.lat), math.radians(point.lon)
    normal = _AXIS / math.sqrt(1 - squared * math.sin(lat) ** 2)
    return (
        normal * math.cos(lat) * math.cos(lon),
        normal * math.cos(lat) * math.sin(lon),
        normal * (1 - squared) * math.sin(lat),
    )
