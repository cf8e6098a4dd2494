"""Documents and questions from a generator, full of what engines get wrong.

Listings at the same point, on the edge of a radius, without place, published at the same instant,
with windows that touch; words that are inflected, compound, in several fields.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from marketplace.foundation.errors import InvalidInput
from marketplace.foundation.identifiers import OrganisationId
from marketplace.geo.rules.areas import Area, area_from_geojson
from marketplace.geo.rules.points import Point, geodesic_metres
from marketplace.search.interfaces import (
    Box,
    FreeInterval,
    SearchDocument,
    SearchRequest,
    Sort,
    Terms,
    Window,
)
from marketplace.search.rules.windows import merged
from tests.factories.search import make_document

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)

THINGS = (
    "CNC-Fräsmaschine", "Tischfräse", "Drehmaschine", "Gabelstapler", "Minibagger", "Lagerhalle",
    "Werkstatt", "Bürostühle", "Pferdeanhänger", "Holzspalter", "Tischlerin", "Kühlraum", "Stapler",
)  # fmt: skip
_QUALITIES = ("gebraucht", "neu", "groß", "leise", "beheizt", "mit Fahrer", "für Vereine")
WORDS = (
    "", "Fräsmaschinen", "fraesen", "Maschine", "Stapler", "gabelstapler neu", '"neu, groß"',
    "Fräs*", "Halle -beheizt", "Tischler", "Bagger", "-Fräse", "Vereine Fahrer", "Holz", "H* -neu",
    '"mit Fahrer"', "Kuehlraum", "Plasmaschneider", "Stühle", '-"für Vereine"',
)  # fmt: skip
KINDS = ("machine", "space", "transport", "staff", "goods")
CATEGORIES = (None, "wood", "wood.milling", "wood.turning", "woodland.saws", "storage.hall")
CHOICES = ("drive=diesel", "drive=electric", "heated=yes", "licence=b", "licence=ce")
MODES = ("lend", "rent", "give", "co_use")


class IndexGenerator:
    """Makes documents and questions that belong together; the same seed, the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.points = [self._point() for _ in range(12)]

    def document(self, listing_id: str | None = None) -> SearchDocument:
        """Give a new document, or another version of one."""
        choose = self._random
        windows = self._windows()
        quantity = choose.choice((1, 2, 40))
        thing = choose.choice(THINGS)
        return make_document(
            listing_id or "".join(choose.choices("abcdefghijkmnpqrstuvwxyz234567", k=26)),
            direction=choose.choice(("offer", "offer", "offer", "request")),
            kind=choose.choice(KINDS),
            category=choose.choice(CATEGORIES),
            title=f"{thing} {choose.choice(_QUALITIES)}",
            summary=choose.choice(("", f"{choose.choice(THINGS)}, {choose.choice(_QUALITIES)}")),
            body=", ".join(choose.sample(_QUALITIES, 3)),
            extra_words=tuple(choose.sample(("frezarka", "Maschine", "Gerät"), 1)),
            organisation_id=OrganisationId(choose.choice(("joinery", "farm", "school"))),
            organisation_name=choose.choice(("Tischlerei Nord", "Hof am Stapler", "Schule")),
            district=choose.choice(("a", "a", "a", "neighbour")),
            point=choose.choice((None, self._point(), *self.points, *self.points)),
            terms=choose.choice((None, *self._terms())),
            quantity=quantity,
            windows=windows,
            free=tuple(self._free(windows, quantity)),
            choices=tuple(sorted(choose.sample(CHOICES, choose.randint(0, 3)))),
            valid_until=NOW + timedelta(days=choose.choice((-1, 0, 1, 100))),
            published_at=NOW - timedelta(days=choose.choice((0, 1, 1, 1, 90, 400))),
        )

    def request(self) -> SearchRequest:
        """Give a question; now and then one from the very edge of what is there."""
        while True:
            try:
                return self._request()
            except InvalidInput:
                continue  # a sort by distance without an origin, and the like

    def _request(self) -> SearchRequest:
        choose = self._random
        origin = choose.choice((None, *self.points[:4], self._point()))
        radius = None if origin is None else choose.choice((None, self._radius(origin)))
        return SearchRequest(
            now=NOW,
            words=choose.choice(("", *WORDS)),
            direction=choose.choice(("offer", "offer", "request")),
            kinds=frozenset(choose.sample(KINDS, choose.choice((0, 0, 1, 2)))),
            category=choose.choice((None, None, "wood", "wood.milling", "nothing")),
            terms=frozenset(choose.sample(MODES, choose.choice((0, 0, 1, 2)))),
            choices=frozenset(choose.sample(CHOICES, choose.choice((0, 0, 0, 1, 2)))),
            organisation_id=choose.choice((None, None, None, OrganisationId("farm"))),
            origin=origin,
            radius_metres=radius,
            bbox=choose.choice((None, None, None, self._box())),
            area=choose.choice((None, None, None, self._area())),
            without_place=choose.random() < 0.1,
            period=choose.choice((None, None, self._period())),
            quantity=choose.choice((None, None, 2, 41)),
            sort=choose.choice((None, *Sort)),
            limit=choose.choice((1, 3, 20)),
        )

    def _radius(self, origin: Point) -> float:
        choose = self._random
        exact = [geodesic_metres(origin, point) for point in self.points if point != origin]
        inside = [metres for metres in exact if metres <= 100_000]
        return choose.choice((10_000.0, 25_000.0, 100_000.0, *inside))

    def _point(self) -> Point:
        return Point(
            round(self._random.uniform(52.0, 52.5), 4), round(self._random.uniform(12.2, 13.3), 4)
        )

    def _box(self) -> Box:
        one, other = self._random.sample(self.points, 2)
        return Box(
            min(one.lon, other.lon),
            min(one.lat, other.lat),
            max(one.lon, other.lon),
            max(one.lat, other.lat),
        )

    def _area(self) -> Area:
        corners = [[point.lon, point.lat] for point in self._random.sample(self.points, 3)]
        ring = [*corners, corners[0]]
        return area_from_geojson(f'{{"type": "Polygon", "coordinates": [{ring}]}}')

    def _terms(self) -> tuple[Terms, ...]:
        return tuple(
            Terms(mode=mode, amount_minor=None, currency="EUR", per=None) for mode in MODES
        )

    def _windows(self) -> tuple[Window, ...]:
        if self._random.random() < 0.3:
            return ()
        starts = sorted(self._random.sample(range(0, 20), 3))
        return merged(self._days(start, start + self._random.choice((1, 2, 5))) for start in starts)

    def _free(self, windows: tuple[Window, ...], quantity: int) -> Iterator[FreeInterval]:
        """Split the windows, some of it taken: parts touch, and differ in how many are free."""
        for window in windows:
            middle = window.start + (window.end - window.start) / 2
            for part in (Window(window.start, middle), Window(middle, window.end)):
                yield FreeInterval(part, self._random.choice((quantity, quantity, 1, 0)))

    def _period(self) -> Window:
        start = self._random.randrange(0, 20)
        return self._days(start, start + self._random.choice((1, 2, 3)))

    def _days(self, first: int, last: int) -> Window:
        return Window(NOW + timedelta(days=first), NOW + timedelta(days=last))
