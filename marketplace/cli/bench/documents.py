"""Offers and questions from a seeded generator, spread over towns as people are."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import ListingId, OrganisationId
from marketplace.geo.models import Place
from marketplace.geo.rules.points import Point
from marketplace.listings.kinds import KINDS
from marketplace.listings.rules.categories import CATEGORIES, category_words
from marketplace.search.interfaces import (
    Box,
    FreeInterval,
    SearchDocument,
    SearchRequest,
    Sort,
    Terms,
    Window,
)

_THINGS = (
    "Gabelstapler Minibagger Tischfräse Fräsmaschine Drehmaschine Kreissäge Holzspalter Häcksler "
    "Hubarbeitsbühne Rüttelplatte Betonmischer Kompressor Lagerhalle Kühlraum Werkstatt "
    "Stellplatz Seminarraum Anhänger Transporter Kühlwagen Bürostühle Schreibtische Regale "
    "Paletten Buchhalterin Schweißer Hausmeister Zimmerleute Laminiergerät Nähmaschine "
    "Stromerzeuger Bautrockner Hochdruckreiniger Motorsense Rasentraktor Spülmaschine"
).split()
_QUALITIES = (
    "gebraucht neu gepflegt trocken beheizt abschließbar leise mobil schwer klein robust geprüft "
    "gewartet elektrisch günstig kurzfristig ebenerdig überdacht sauber groß"
).split()
_SENTENCES = (
    "Steht bei uns meist nur am Wochenende still.",
    "Abholung nach Absprache, Einweisung durch unseren Meister.",
    "Für Vereine und Nachbarbetriebe, auch tageweise.",
    "Rampe vorhanden, Zufahrt mit Lastwagen möglich.",
    "Übergabe mit Protokoll, bitte rechtzeitig melden.",
)
_CHOICES = ("drive=diesel", "drive=electric", "heated=yes", "heated=no", "licence=b")
_MODES = ("lend", "rent", "give", "co_use")
_ORGANISATIONS_ONE_IN, _WITHOUT_PLACE_ONE_IN, _SAME_ADDRESS_ONE_IN = 8, 200, 5
_SPREAD_DEGREES = 0.03
_ON_THE_MAP = 500


class Town(NamedTuple):
    """Where offers and searches come from, by its inhabitants."""

    lat: float
    lon: float
    population: int


def towns(work: UnitOfWork) -> list[Town]:
    """Give all places with known inhabitants."""
    rows = work.session.execute(
        select(Place.lat, Place.lon, Place.population).where(Place.population.is_not(None))
    )
    return [Town(lat, lon, population) for lat, lon, population in rows if population]


class Bench:
    """Makes offers and the questions of six classes; the same seed, the same ones."""

    def __init__(self, places: Sequence[Town], now: datetime, seed: int) -> None:
        """Take where people live, and the instant at which it is asked."""
        self._random = random.Random(seed)  # noqa: S311 (no secret)
        self._places = places
        self._weights = [place.population for place in places]
        self._categories = sorted(CATEGORIES)
        self._now = now
        self._points: list[Point] = []
        self._made = 0

    def documents(self, count: int) -> Iterator[SearchDocument]:
        """Give so many offers."""
        for number in range(count):
            yield self.document(number, count)

    def document(self, number: int, count: int) -> SearchDocument:
        """Give one offer, with words, times and answers as real ones have them."""
        choose = self._random
        self._made += 1
        kind = KINDS[choose.choice(sorted(KINDS))]
        category = choose.choice(self._categories)
        title = f"{choose.choice(_THINGS)}, {choose.choice(_QUALITIES)}"
        body = (
            " ".join(choose.sample(_SENTENCES, 2)) + " " + ", ".join(choose.sample(_QUALITIES, 4))
        )
        windows = self._windows()
        organisation = number % max(1, count // _ORGANISATIONS_ONE_IN)
        return SearchDocument(
            listing_id=ListingId("".join(choose.choices("abcdefghijklmnopqrstuvwxyz234567", k=26))),
            direction="offer",
            kind=kind.key,
            category=category,
            title=title,
            summary=body[:120],
            body=body,
            extra_words=(kind.singular, *category_words(category)),
            attribute_words=(choose.choice(_QUALITIES),),
            organisation_id=OrganisationId(f"organisation-{organisation}"),
            organisation_name=f"Betrieb {organisation}",
            district="bench",
            point=None if choose.random() < 1 / _WITHOUT_PLACE_ONE_IN else self._point(),
            place="Ort",
            postcode="14547",
            precision="place",
            terms=Terms(mode=choose.choice(_MODES), amount_minor=None, currency="EUR", per=None),
            quantity=choose.choice((1, 1, 2, 40)),
            unit="piece",
            windows=windows,
            free=tuple(FreeInterval(window, 1) for window in windows),
            valid_until=self._now + timedelta(days=choose.randrange(1, 365)),
            attributes={"power_kw": choose.randrange(1, 90)},
            choices=tuple(sorted(choose.sample(_CHOICES, choose.randint(0, 2)))),
            service_radius_km=None,
            picture=None,
            published_at=self._now - timedelta(seconds=choose.randrange(365 * 86_400)),
            updated_at=self._now,
        )

    def questions(self, count: int) -> dict[str, list[SearchRequest]]:
        """Give so many questions of each class of the benchmark."""
        return {
            "nearest": [self._ask() for _ in range(count)],
            "radius + kind": [
                self._ask(radius_metres=25_000.0, kinds=frozenset({self._kind()}))
                for _ in range(count)
            ],
            "radius + period": [
                self._ask(radius_metres=50_000.0, period=self._period()) for _ in range(count)
            ],
            "words + radius": [
                self._ask(radius_metres=50_000.0, words=self._words()) for _ in range(count)
            ],
            "words anywhere": [
                self._ask(words=self._words(), sort=Sort.RELEVANCE) for _ in range(count)
            ],
            "map window": [
                SearchRequest(now=self._now, bbox=self._box(), limit=100) for _ in range(count)
            ],
        }

    def _ask(self, **changes: object) -> SearchRequest:
        values: dict[str, object] = {"now": self._now, "origin": self._place(), **changes}
        return SearchRequest(**values)  # type: ignore[arg-type]

    def _kind(self) -> str:
        return self._random.choice(sorted(KINDS))

    def _words(self) -> str:
        thing = self._random.choice(_THINGS)
        return self._random.choice((thing, thing, f"{thing} {self._random.choice(_QUALITIES)}"))

    def _place(self) -> Point:
        (place,) = self._random.choices(self._places, self._weights)
        return Point(place.lat, place.lon)

    def _point(self) -> Point:
        if self._points and self._random.random() < 1 / _SAME_ADDRESS_ONE_IN:
            return self._random.choice(self._points)
        place, spread = self._place(), _SPREAD_DEGREES
        self._points.append(
            Point(
                round(place.lat + self._random.gauss(0, spread), 6),
                round(place.lon + self._random.gauss(0, spread), 6),
            )
        )
        return self._points[-1]

    def _windows(self) -> tuple[Window, ...]:
        if self._random.random() < 0.2:
            return ()
        windows = []
        start = self._now
        for _ in range(self._random.randint(1, 5)):
            start += timedelta(days=self._random.randint(1, 40))
            end = start + timedelta(days=self._random.randint(1, 60))
            windows.append(Window(start, end))
            start = end
        return tuple(windows)

    def _period(self) -> Window:
        start = self._now + timedelta(days=self._random.randint(0, 120))
        return Window(start, start + timedelta(days=self._random.choice((1, 5, 14))))

    def _box(self) -> Box:
        """Give a window that some 500 offers lie in: what a map has on its screen."""
        middle = self._place()
        by_distance = sorted(
            max(abs(point.lat - middle.lat) * 1.6, abs(point.lon - middle.lon))
            for point in self._points
        )
        shared = _ON_THE_MAP * len(self._points) // max(1, self._made)
        half = by_distance[min(len(by_distance) - 1, shared)]
        return Box(
            max(-180.0, middle.lon - half),
            max(-90.0, middle.lat - half / 1.6),
            min(180.0, middle.lon + half),
            min(90.0, middle.lat + half / 1.6),
        )
