"""Places offered while somebody types."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace.geo.geocoders.gazetteer import DatabaseGazetteer
from marketplace.geo.interfaces import Ambiguous, Choice, Found, Precision
from marketplace.geo.queries import (
    district_titles,
    only_postcodes,
    places_beginning,
    postcodes_beginning,
)
from marketplace.geo.rules.areas import Area
from marketplace.geo.rules.names import normalised
from marketplace.geo.rules.places import NamedPlace
from marketplace.geo.rules.points import Point
from marketplace.geo.rules.resolution import found_place, found_postcode, resolve

_DIGITS = re.compile(r"\d{2,5}")
_SHORTEST_BEGINNING = 2
# So many places are read before those of the preferred area come first: the rest of a long list
# is sorted by population alone.
_READ_AHEAD = 50


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A place to choose; `label`, asked for, finds exactly it.

    `postcode` is empty where the place has several. `district_ags` and `district` ("Landkreis
    Teltow-Fläming") are empty where it is not known.
    """

    label: str
    point: Point
    precision: Precision
    postcode: str
    district_ags: str
    district: str


def suggest_places(
    session: Session, text: str, *, limit: int = 8, preferred: Area | None = None
) -> list[Suggestion]:
    """Give places and postcodes that begin with what was typed, or are most like it.

    Those in the preferred area come first, then the most populous. Empty below two characters.
    """
    text = " ".join(text.split())
    key = normalised(text)
    if len(key) < _SHORTEST_BEGINNING:
        return []
    if _DIGITS.fullmatch(text):
        areas = postcodes_beginning(session, text, limit=limit)
        return _described(session, [(area.label, found_postcode(area), "") for area in areas])
    places = _places_beginning(session, key, preferred) if not key[0].isdigit() else []
    if not places:
        return _described(session, _answered(session, text, preferred)[:limit])
    return _described(
        session,
        [
            (place.full_label, found_place(place), place.municipality_ags)
            for place in places[:limit]
        ],
    )


def _places_beginning(session: Session, key: str, preferred: Area | None) -> list[NamedPlace]:
    near = places_beginning(session, key, limit=_READ_AHEAD, within=preferred) if preferred else []
    everywhere = places_beginning(session, key, limit=_READ_AHEAD)

    def rank(place: NamedPlace) -> tuple[bool, bool, int, str]:
        outside = preferred is None or not preferred.contains(place.point)
        return outside, place.is_alternate, -place.population, place.full_label

    best: dict[str, NamedPlace] = {}
    for place in sorted((*near, *everywhere), key=rank):
        best.setdefault(place.id, place)
    return list(best.values())


def _answered(session: Session, text: str, preferred: Area | None) -> list[tuple[str, Found, str]]:
    answer = resolve(text, DatabaseGazetteer(session), preferred=preferred)
    choices: Iterable[Choice] = ()
    if isinstance(answer, Ambiguous):
        choices = answer.choices
    elif isinstance(answer, Found):
        choices = (Choice(label=answer.label, found=answer),)
    return [(choice.label, choice.found, "") for choice in choices]


def _described(session: Session, found: list[tuple[str, Found, str]]) -> list[Suggestion]:
    districts = district_titles(session, {answer.district_ags for _, answer, _ in found})
    postcodes = only_postcodes(session, {ags for *_, ags in found if ags})
    return [
        Suggestion(
            label=label,
            point=answer.point,
            precision=answer.precision,
            postcode=answer.postcode or postcodes.get(municipality, ""),
            district_ags=answer.district_ags,
            district=districts.get(answer.district_ags, ""),
        )
        for label, answer, municipality in found
    ]
