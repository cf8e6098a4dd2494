"""Reads the shipped data and joins it into rows of the gazetteer.

The files stay apart by licence (data/sources.toml); only here, on the way into the tables, a
municipality meets the town that gives it its name. The town's own point goes first: the inner
point of a municipality can lie kilometres off (Bad Belzig: 3.5 km).
"""

import csv
import hashlib
import io
import json
import lzma
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import shapely

from marketplace.geo.models import Boundary, BoundaryKind, Place, PlaceName, Postcode
from marketplace.geo.rules.names import keys_of, normalised
from marketplace.geo.rules.places import LANDS, TOWN_DISTRICTS, PlaceKind, district_title
from marketplace.geo.rules.points import Point, chord_metres
from marketplace.geo.sources import SHIPPED

# Inhabitants of a town that people of the region surely know.
_KNOWN_TOWN = 10_000


@dataclass(frozen=True, kw_only=True)
class GazetteerRows:
    """Everything that the tables of the gazetteer hold."""

    boundaries: list[Boundary]
    places: list[Place]
    names: list[PlaceName]
    postcodes: list[Postcode]


@dataclass(frozen=True, kw_only=True)
class MunicipalityOutline:
    """A municipality for drawing; `geometry` is a GeoJSON geometry, longitude first."""

    ags: str
    name: str
    geometry: dict[str, Any]


def version_of(folder: Path) -> str:
    """Give the SHA-256 of all files of the folder, names included."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.is_file():
            digest.update(f"{file.name}:{file.stat().st_size}:".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def read_gazetteer(folder: Path) -> GazetteerRows:
    """Read all tables from the folder's files."""
    boundaries = list(_boundaries(folder))
    register = _Register(boundaries)
    for row in _csv_rows(folder / "municipalities.csv.xz"):
        register.add_municipality(row)
    geonames = list(_csv_rows(folder / "geonames.csv.xz"))
    for row in geonames:
        if row["gives_name"]:
            register.move_to_town(row)
    for row in geonames:
        if not row["gives_name"]:
            register.add_part(row, source="geonames")
    for row in _csv_rows(folder / "villages.csv.xz"):
        register.add_part(row, source="vbb")
    register.add_districts()
    register.tell_namesakes_apart()
    postcodes = [register.postcode(row) for row in _csv_rows(folder / "postcodes.csv.xz")]
    _mark_divided_towns(postcodes)
    return GazetteerRows(
        boundaries=boundaries,
        places=list(register.places.values()),
        names=list(register.names()),
        postcodes=postcodes,
    )


def municipality_outlines(district: str, folder: Path = SHIPPED) -> list[MunicipalityOutline]:
    """Read the outlines of the municipalities of a district (AGS); none where it is unknown.

    They are only drawn, never searched, and so stay in their file: reading one takes 10 ms.
    """
    with zipfile.ZipFile(folder / "municipality_outlines.zip") as archive:
        try:
            collection = json.loads(archive.read(f"{district}.geojson"))
        except KeyError:
            return []
    return [
        MunicipalityOutline(
            ags=feature["properties"]["ags"],
            name=feature["properties"]["name"],
            geometry=feature["geometry"],
        )
        for feature in collection["features"]
    ]


def _boundaries(folder: Path) -> Iterator[Boundary]:
    figures = {row["ags"]: row for row in _csv_rows(folder / "district_population.csv.xz")}
    with lzma.open(folder / "district_outlines.geojsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            feature: dict[str, Any] = json.loads(line)
            ags = feature["properties"]["ags"]
            outline = shapely.from_geojson(json.dumps(feature["geometry"]))
            west, south, east, north = outline.bounds
            yield Boundary(
                key=ags,
                kind=BoundaryKind.OFFICIAL.value,
                name=feature["properties"]["name"],
                designation=feature["properties"]["kind"],
                land=LANDS[ags[:2]],
                area_km2=float(figures[ags]["area_km2"]),
                population=int(figures[ags]["population"]),
                population_date=date.fromisoformat(figures[ags]["date"]),
                west=west,
                south=south,
                east=east,
                north=north,
                source="bkg",
                outline=shapely.to_wkb(outline),
            )


class _Register:
    """Collects places and the names under which each is found."""

    def __init__(self, boundaries: list[Boundary]) -> None:
        self.places: dict[str, Place] = {}
        self._boundaries = {boundary.key: boundary for boundary in boundaries}
        self._towns: dict[str, Place] = {}
        self._keys: dict[str, dict[str, bool]] = defaultdict(dict)
        self._known: dict[str, set[str]] = defaultdict(set)

    def add_municipality(self, row: dict[str, str]) -> None:
        """Add a municipality at its inner point."""
        place = self._place(
            f"bkg:{row['ags']}",
            row["name"],
            PlaceKind.TOWN,
            row,
            municipality_ags=row["ags"],
            district_ags=row["district"],
            source="bkg",
        )
        self._towns[row["ags"]] = place

    def move_to_town(self, row: dict[str, str]) -> None:
        """Give a municipality the point, the population and the names of its town."""
        place = self._towns[row["municipality"]]
        place.lat, place.lon = float(row["lat"]), float(row["lon"])
        place.population = int(row["population"] or 0) or None
        place.source = "geonames"
        self._name(place, row["name"], alternates=row["other_names"])

    def add_part(self, row: dict[str, str], *, source: str) -> None:
        """Add a village or a quarter, unless its municipality has one of that name already."""
        town = self._towns.get(row["municipality"])
        keys = keys_of(row["name"])
        if town is None or self._known[row["municipality"]].intersection(keys[:2]):
            return
        place = self._place(
            f"{source}:{row.get('id') or row['municipality'] + ':' + keys[0]}",
            row["name"],
            PlaceKind.PART,
            row,
            municipality_ags=row["municipality"],
            district_ags=town.district_ags,
            source=source,
        )
        place.label = f"{row['name']}, {town.name}"
        place.region = place.region if place.region != town.name else ""
        place.population = int(row.get("population") or 0) or None
        self._name(place, row["name"], alternates=row.get("other_names", ""))

    def add_districts(self) -> None:
        """Add each district that is no town, under its name with and without its title."""
        for boundary in self._boundaries.values():
            if boundary.designation in TOWN_DISTRICTS:
                continue
            inside = shapely.from_wkb(boundary.outline).point_on_surface()
            place = Place(
                id=f"district:{boundary.key}",
                name=boundary.name,
                label=district_title(boundary.name, boundary.designation),
                region=boundary.land,
                kind=PlaceKind.DISTRICT.value,
                lat=inside.y,
                lon=inside.x,
                population=boundary.population,
                municipality_ags=None,
                district_ags=boundary.key,
                source="bkg",
            )
            self.places[place.id] = place
            for key in keys_of(boundary.name):
                # Towns bear many of these names, and are then meant.
                self._keys[place.id][key] = True
                self._keys[place.id].update({f"landkreis {key}": False, f"kreis {key}": False})

    def tell_namesakes_apart(self) -> None:
        """Add the nearest larger town to labels that two places of one region share."""
        alike: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for place in self.places.values():
            alike[place.label, place.region].append(place)
        larger = [each for each in self._towns.values() if (each.population or 0) >= _KNOWN_TOWN]
        for place in (place for places in alike.values() if len(places) > 1 for place in places):
            here = Point(place.lat, place.lon)
            nearest = min(larger, key=lambda town: chord_metres(here, Point(town.lat, town.lon)))
            place.label = f"{place.label} (bei {nearest.name})"
            self._name(place, place.label)

    def postcode(self, row: dict[str, str]) -> Postcode:
        """Make a postcode of which the most populous municipality gives the label."""
        towns = [self._towns[ags] for ags in row["municipalities"].split() if ags in self._towns]
        towns.sort(key=lambda town: (-(town.population or 0), town.id))
        return Postcode(
            code=row["code"],
            label=f"{row['code']} {towns[0].name}" if towns else row["code"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            district_ags=row["district"],
            municipalities=" ".join(town.municipality_ags or "" for town in towns),
            divides_town=False,
        )

    def names(self) -> Iterator[PlaceName]:
        """Give every name once for each place."""
        for place_id, keys in self._keys.items():
            for key, is_alternate in keys.items():
                yield PlaceName(key=key, place_id=place_id, is_alternate=is_alternate)

    def _place(
        self,
        place_id: str,
        name: str,
        kind: PlaceKind,
        row: dict[str, str],
        *,
        municipality_ags: str,
        district_ags: str,
        source: str,
    ) -> Place:
        boundary = self._boundaries[district_ags]
        place = Place(
            id=place_id,
            name=name,
            label=name,
            region=_region(boundary, name),
            kind=kind.value,
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            population=None,
            municipality_ags=municipality_ags,
            district_ags=district_ags,
            source=source,
        )
        self.places[place_id] = place
        self._name(place, name)
        return place

    def _name(self, place: Place, name: str, *, alternates: str = "") -> None:
        keys = keys_of(name)
        self._known[place.municipality_ags or ""].update(keys[:2])
        for key in keys:
            self._keys[place.id][key] = False
        for alternate in filter(None, alternates.split("|")):
            self._keys[place.id].setdefault(normalised(alternate), True)


def _region(boundary: Boundary, name: str) -> str:
    if boundary.designation not in TOWN_DISTRICTS:
        return district_title(boundary.name, boundary.designation)
    region = boundary.land if boundary.name == name else boundary.name
    return region if region != name else ""


def _mark_divided_towns(postcodes: list[Postcode]) -> None:
    served = Counter(ags for postcode in postcodes for ags in postcode.municipalities.split())
    for postcode in postcodes:
        municipalities = postcode.municipalities.split()
        postcode.divides_town = len(municipalities) == 1 and served[municipalities[0]] > 1


def _csv_rows(file: Path) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(lzma.decompress(file.read_bytes()).decode("utf-8")))
