"""From what was typed to a place: the order in which postcode and names decide.

1. `lat,lon` is taken as it stands.
2. Postcode and name: the named place, if it lies near the postcode's middle. A name of which only
   similar ones lie near is taken for the most similar one. In a town with several postcodes the
   middle of the postcode says more than the town's, once it lies away from it.
3. Postcode alone, or with the name of a village that is not known there: the postcode's middle.
   With the name of a town that lies elsewhere, postcode and name contradict one another: both are
   offered. Where the zero was lost, the digits are too weak to stand against an unknown name.
4. A postcode without an area (firms have them): the named place, if postcodes near it begin alike.
5. Name alone: a name as written, else an old or foreign name, else a name that contains it as
   whole words, else the most similar name. Of namesakes the only one in the preferred area is
   meant; otherwise there is a choice.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from marketplace.geo.rules.addresses import PlaceQuery, coordinates_in, place_query
from marketplace.geo.rules.answers import Ambiguous, Answer, Choice, Found, Precision, Unknown
from marketplace.geo.rules.names import essential, normalised, pieces_of, qualifies
from marketplace.geo.rules.places import (
    LANDS,
    NEAR_POSTCODE_METRES,
    POSTCODE_ERROR_METRES,
    Gazetteer,
    NamedPlace,
    PlaceKind,
    PostcodeArea,
)
from marketplace.geo.rules.points import Point, chord_metres

# Of three letters or less nearly every other name is similar.
SHORTEST_GUESSED_NAME = 4

# International Statistical Institute, 1887: from 5,000 inhabitants a "Kleinstadt", from 100,000 a
# "Großstadt". Who writes a postcode and the name of a town that lies elsewhere may mean either;
# with the name of a smaller place it is a village that the gazetteer does not know. Who asks for
# München does not mean the village of that name.
KNOWN_TOWN_POPULATION = 5_000
CITY_POPULATION = 100_000

MOST_CHOICES = 20

_LAND_KEYS = frozenset(normalised(land) for land in LANDS.values())


class Contains(Protocol):
    """An area that knows what lies inside."""

    def contains(self, point: Point) -> bool:
        """Say whether the point lies inside."""
        ...


Filter = Callable[[NamedPlace], bool]


def resolve(text: str, gazetteer: Gazetteer, *, preferred: Contains | None = None) -> Answer:
    """Find the place meant by an address, a place name, a postcode or `lat,lon`."""
    point = coordinates_in(text)
    if point is not None:
        label = f"{point.lat:.4f}, {point.lon:.4f}"
        return Found(point=point, label=label, precision=Precision.ADDRESS)
    query = place_query(text)
    if query.is_foreign:
        return Unknown()
    if query.postcode:
        return _by_postcode(query, gazetteer, preferred)
    return _by_name(query.name, gazetteer, preferred)


def found_place(place: NamedPlace, *, postcode: str = "", is_guess: bool = False) -> Found:
    """Give the answer for a place."""
    return Found(
        point=place.point,
        label=f"{postcode} {place.label}".strip(),
        precision=(Precision.DISTRICT if place.kind is PlaceKind.DISTRICT else Precision.PLACE),
        postcode=postcode,
        district_ags=place.district_ags,
        is_guess=is_guess,
    )


def found_postcode(area: PostcodeArea, *, label: str = "") -> Found:
    """Give the answer for the middle of a postcode."""
    return Found(
        point=area.point,
        label=label or area.label,
        precision=Precision.POSTCODE,
        postcode=area.code,
        district_ags=area.district_ags,
    )


def _by_name(name: str, gazetteer: Gazetteer, preferred: Contains | None) -> Answer:
    exact = _named(name, gazetteer, _anywhere) or _containing(name, gazetteer, _anywhere)
    if exact:
        return _decide(exact, preferred)
    similar = _similar(name, gazetteer)
    if similar:
        return _decide(similar, preferred, is_guess=True)
    beginning = _named_by_beginning(name, gazetteer, _anywhere)
    return _decide(beginning, preferred) if beginning else Unknown()


def _by_postcode(query: PlaceQuery, gazetteer: Gazetteer, preferred: Contains | None) -> Answer:
    area = gazetteer.postcode(query.postcode)
    if area is None:
        return _by_name_near_similar_postcodes(query, gazetteer, preferred)
    if not query.name:
        return found_postcode(area)

    def serves(place: NamedPlace) -> bool:
        return place.kind is not PlaceKind.DISTRICT and (
            place.municipality_ags in area.municipalities
            or chord_metres(place.point, area.point) <= NEAR_POSTCODE_METRES
        )

    near = _named(query.name, gazetteer, serves) or _containing(query.name, gazetteer, serves)
    if near:
        return _nearest(near, area)
    elsewhere = _named(query.name, gazetteer, _anywhere)
    if not elsewhere and (similar := _similar(query.name, gazetteer, near=area.point)):
        return _nearest(similar, area, is_guess=True)
    if beginning := _named_by_beginning(query.name, gazetteer, serves):
        return _nearest(beginning, area)
    towns = [place for place in elsewhere if place.population >= KNOWN_TOWN_POPULATION]
    if towns:
        return _contradiction(area, towns, gazetteer, preferred)
    return Unknown() if query.lost_zero else replace(found_postcode(area), is_guess=True)


def _by_name_near_similar_postcodes(
    query: PlaceQuery, gazetteer: Gazetteer, preferred: Contains | None
) -> Answer:
    # The first two digits are a region of the postal service, some 50 to 100 km wide.
    region = query.postcode[:2]
    places = [
        place
        for place in (_named(query.name, gazetteer, _anywhere) if query.name else ())
        if gazetteer.has_postcode_near(place.point, beginning=region)
    ]
    return _decide(places, preferred, postcode=query.postcode) if places else Unknown()


def _nearest(places: Sequence[NamedPlace], area: PostcodeArea, *, is_guess: bool = False) -> Found:
    def rank(place: NamedPlace) -> tuple[bool, float, str]:
        distance = chord_metres(place.point, area.point)
        return place.municipality_ags not in area.municipalities, distance, place.id

    place = min(places, key=rank)
    if (
        area.divides_town
        and place.kind is PlaceKind.TOWN
        and place.municipality_ags in area.municipalities
        and chord_metres(place.point, area.point) > POSTCODE_ERROR_METRES
    ):
        return found_postcode(area, label=f"{area.code} {place.label}")
    return found_place(place, postcode=area.code, is_guess=is_guess)


def _contradiction(
    area: PostcodeArea,
    towns: Sequence[NamedPlace],
    gazetteer: Gazetteer,
    preferred: Contains | None,
) -> Answer:
    # Asked by its own label, the postcode gives what choosing that label will give.
    by_postcode = resolve(area.label, gazetteer)
    choices = (
        [Choice(label=area.label, found=by_postcode)] if isinstance(by_postcode, Found) else []
    )
    return Ambiguous(choices=(*choices, *_choices(towns, preferred))[:MOST_CHOICES])


def _decide(
    places: Sequence[NamedPlace],
    preferred: Contains | None,
    *,
    postcode: str = "",
    is_guess: bool = False,
) -> Answer:
    inside = [place for place in places if preferred and preferred.contains(place.point)]
    for meant in (places, inside, _cities_among_villages(places) if not inside else ()):
        if len(meant) == 1:
            return found_place(meant[0], postcode=postcode, is_guess=is_guess)
    return Ambiguous(choices=_choices(places, preferred)[:MOST_CHOICES])


def _cities_among_villages(places: Sequence[NamedPlace]) -> list[NamedPlace]:
    towns = [place for place in places if place.kind is PlaceKind.TOWN]
    return [town for town in towns if len(towns) == 1 and town.population >= CITY_POPULATION]


def _choices(places: Sequence[NamedPlace], preferred: Contains | None) -> tuple[Choice, ...]:
    def rank(place: NamedPlace) -> tuple[bool, int, str]:
        outside = preferred is None or not preferred.contains(place.point)
        return outside, -place.population, place.full_label

    return tuple(
        Choice(label=place.full_label, found=found_place(place))
        for place in sorted(places, key=rank)
    )


def _anywhere(place: NamedPlace) -> bool:
    return True


def _named(name: str, gazetteer: Gazetteer, accepts: Filter) -> list[NamedPlace]:
    """Give the places of that name; where it has qualifiers, those that they fit best."""
    key = normalised(name)
    whole = _bearing(key, gazetteer, accepts) or _bearing(key.replace(" ", ""), gazetteer, accepts)
    if whole:
        return whole
    pieces = pieces_of(name)
    for at, piece in enumerate(pieces):
        places = [place for place in _bearing(piece, gazetteer, accepts) if _is_core(place, at)]
        if places:
            chosen = [place for place in places if normalised(place.full_label) == key]
            return chosen or _narrowed(places, pieces[at + 1 :], gazetteer)
    for core, qualifier in _split_at_blanks(key):
        places = _bearing(core, gazetteer, accepts)
        if places and (fitting := _fitting(places, qualifier, gazetteer)):
            return fitting
    return []


def _bearing(key: str, gazetteer: Gazetteer, accepts: Filter) -> list[NamedPlace]:
    keys = {key, essential(key)} - {""}
    places = [place for place in gazetteer.named(keys) if accepts(place)] if keys else []
    as_written = [place for place in places if place.key == key]
    return _best_named(as_written or places)


def _best_named(places: Sequence[NamedPlace]) -> list[NamedPlace]:
    """Keep each place once: those that are called so, else those with an old or foreign name."""
    own = [place for place in places if not place.is_alternate] or places
    return list({place.id: place for place in own}.values())


def _is_core(place: NamedPlace, at: int) -> bool:
    # "Nirgendwo, Brandenburg" does not ask for the town of that name, nor for a whole district.
    return at == 0 or (place.kind is not PlaceKind.DISTRICT and place.key not in _LAND_KEYS)


def _narrowed(
    places: list[NamedPlace], qualifiers: Sequence[str], gazetteer: Gazetteer
) -> list[NamedPlace]:
    for qualifier in qualifiers:
        places = _fitting(places, qualifier, gazetteer) or places
    return places


def _fitting(places: list[NamedPlace], qualifier: str, gazetteer: Gazetteer) -> list[NamedPlace]:
    """Give the places that a qualifier tells from their namesakes, else their part of that name."""
    municipalities = {place.municipality_ags for place in places if place.kind is PlaceKind.TOWN}
    return [place for place in places if qualifies(qualifier, place.context)] or _bearing(
        qualifier, gazetteer, lambda part: part.municipality_ags in municipalities
    )


def _split_at_blanks(key: str) -> list[tuple[str, str]]:
    words = key.split()
    return [(" ".join(words[:at]), " ".join(words[at:])) for at in range(len(words) - 1, 0, -1)]


def _named_by_beginning(name: str, gazetteer: Gazetteer, accepts: Filter) -> list[NamedPlace]:
    """Give the towns named by the first words, where the rest says nothing: `Bürstadt-Riedrode`."""
    for core, _ in _split_at_blanks(normalised(name)):
        places = _bearing(core, gazetteer, accepts)
        towns = [place for place in places if place.kind is PlaceKind.TOWN]
        if towns:
            return towns
    return []


def _containing(name: str, gazetteer: Gazetteer, accepts: Filter) -> list[NamedPlace]:
    key = normalised(name)
    if len(key) < SHORTEST_GUESSED_NAME:
        return []
    return _best_named([each for each in gazetteer.containing_words(key) if accepts(each)])


def _similar(name: str, gazetteer: Gazetteer, near: Point | None = None) -> list[NamedPlace]:
    pieces = pieces_of(name)
    for at, key in enumerate(pieces):
        if len(key) < SHORTEST_GUESSED_NAME:
            continue
        similar = [each for each in gazetteer.resembling(key, near=near) if _is_core(each, at)]
        if similar:
            return _narrowed(_best_named(similar), pieces[at + 1 :], gazetteer)
    return []
