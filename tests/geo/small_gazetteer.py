"""A gazetteer of invented places in memory, for tests of the order of resolution."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from marketplace.geo.rules.names import keys_of, normalised
from marketplace.geo.rules.places import (
    NEAR_POSTCODE_METRES,
    NamedPlace,
    PlaceKind,
    PostcodeArea,
)
from marketplace.geo.rules.points import Point, chord_metres

# Some 68 km from west to east at this latitude for one degree, 111 km from south to north.
HOME = Point(52.0, 13.0)


def point_at(*, east_km: float = 0.0, north_km: float = 0.0) -> Point:
    """Give a point so far from HOME, roughly."""
    return Point(HOME.lat + north_km / 111, HOME.lon + east_km / 68.5)


def town(
    name: str,
    point: Point = HOME,
    *,
    ags: str,
    population: int = 3_000,
    region: str = "Landkreis Musterland",
    kind: PlaceKind = PlaceKind.TOWN,
    part_of: str = "",
) -> NamedPlace:
    """Make a municipality, or with `kind` and `part_of` a village of one."""
    return NamedPlace(
        id=f"{kind}:{ags}:{normalised(name)}",
        name=name,
        label=f"{name}, {part_of}" if part_of else name,
        region=region,
        kind=kind,
        point=point,
        population=population,
        municipality_ags="" if kind is PlaceKind.DISTRICT else ags,
        district_ags=ags[:5],
        key="",
        is_alternate=False,
    )


def village(name: str, point: Point = HOME, *, ags: str, part_of: str) -> NamedPlace:
    """Make a village without known population."""
    return town(name, point, ags=ags, population=0, kind=PlaceKind.PART, part_of=part_of)


def postcode(
    code: str,
    point: Point = HOME,
    *,
    serves: Collection[str],
    label: str = "",
    divides_town: bool = False,
) -> PostcodeArea:
    """Make the area of a postcode that serves these municipalities."""
    return PostcodeArea(
        code=code,
        label=label or code,
        point=point,
        district_ags=next(iter(serves))[:5],
        municipalities=tuple(serves),
        divides_town=divides_town,
    )


@dataclass
class SmallGazetteer:
    """Looks up what it was given; `old_names` maps an old name to the place's present one."""

    places: list[NamedPlace]
    postcodes: list[PostcodeArea] = field(default_factory=list)
    old_names: dict[str, str] = field(default_factory=dict)

    def postcode(self, code: str) -> PostcodeArea | None:
        """Give the area of a five-digit postcode."""
        return next((area for area in self.postcodes if area.code == code), None)

    def named(self, keys: Collection[str]) -> list[NamedPlace]:
        """Give the places that bear one of these names."""
        return [place for place in self._all_names() if place.key in keys]

    def containing_words(self, key: str) -> list[NamedPlace]:
        """Give the places whose name contains these whole words in this order."""
        return [place for place in self._all_names() if f" {key} " in f" {place.key} "]

    def resembling(self, key: str, *, near: Point | None = None) -> list[NamedPlace]:
        """Give the places whose name is most like this one."""
        known = [
            place
            for place in self._all_names()
            if near is None or chord_metres(place.point, near) <= NEAR_POSTCODE_METRES
        ]
        best = max((fuzz.ratio(key, place.key) for place in known), default=0.0)
        return [place for place in known if best >= 75 and fuzz.ratio(key, place.key) == best]

    def has_postcode_near(self, point: Point, *, beginning: str) -> bool:
        """Say whether postcodes that begin so serve the surroundings of a point."""
        return any(
            area.code.startswith(beginning)
            and chord_metres(area.point, point) <= NEAR_POSTCODE_METRES
            for area in self.postcodes
        )

    def _all_names(self) -> list[NamedPlace]:
        names = [replace(place, key=key) for place in self.places for key in keys_of(place.name)]
        names += [
            replace(place, key=normalised(old), is_alternate=True)
            for old, present in self.old_names.items()
            for place in self.places
            if place.name == present
        ]
        return names
