"""The embedded geocoder: places and postcodes from the installation's own tables."""

from collections.abc import Collection, Sequence

from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from marketplace.geo import queries
from marketplace.geo.interfaces import Answer
from marketplace.geo.rules.areas import Area
from marketplace.geo.rules.places import (
    NEAR_POSTCODE_METRES,
    NamedPlace,
    PostcodeArea,
)
from marketplace.geo.rules.points import Point, chord_metres
from marketplace.geo.rules.resolution import resolve

# Measured over 23,169 names with random typos: `ratio` with this cutoff found 113 of 114; the
# scorers that weigh tokens find fewer and let tiny names win ("Bad Belzik" is not "Elz").
SIMILARITY_CUTOFF = 75


class GazetteerGeocoder:
    """Finds places, postcodes and districts; streets are not known to it."""

    def __init__(self, session: Session) -> None:
        """Read through this session."""
        self._gazetteer = DatabaseGazetteer(session)

    def locate(self, text: str, *, preferred: Area | None = None) -> Answer:
        """Find an address, a place, a postcode or `lat,lon` by rules.resolution."""
        return resolve(text, self._gazetteer, preferred=preferred)


class DatabaseGazetteer:
    """The gazetteer's tables (rules.places.Gazetteer)."""

    def __init__(self, session: Session) -> None:
        """Read through this session."""
        self._session = session

    def postcode(self, code: str) -> PostcodeArea | None:
        """Give the area of a five-digit postcode."""
        return queries.postcode_area(self._session, code)

    def named(self, keys: Collection[str]) -> Sequence[NamedPlace]:
        """Give the places that bear one of these names."""
        return queries.places_named(self._session, keys)

    def containing_words(self, key: str) -> Sequence[NamedPlace]:
        """Give the places whose name contains these whole words in this order."""
        keys = _names_of(self._session).containing_words(key)
        return self.named(keys) if keys else ()

    def resembling(self, key: str, *, near: Point | None = None) -> Sequence[NamedPlace]:
        """Give the places whose name is most like this one, all that share the best score."""
        if near is None:
            keys = _names_of(self._session).most_like(key)
            return self.named(keys) if keys else ()
        around = [
            place
            for place in queries.places_around(self._session, near, metres=NEAR_POSTCODE_METRES)
            if chord_metres(place.point, near) <= NEAR_POSTCODE_METRES
        ]
        best = _most_like(key, [place.key for place in around])
        return [place for place in around if place.key in best]

    def has_postcode_near(self, point: Point, *, beginning: str) -> bool:
        """Say whether postcodes that begin so serve the surroundings of a point."""
        return queries.has_postcode_near(
            self._session, point, beginning=beginning, metres=NEAR_POSTCODE_METRES
        )


class _Names:
    """All names in memory, compactly: one text, and a list for the comparison."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._keys = keys
        self._text = "".join(f"\n {key} " for key in keys) + "\n"

    def containing_words(self, key: str) -> list[str]:
        found = []
        at = self._text.find(f" {key} ")
        while at >= 0:
            start = self._text.rfind("\n", 0, at + 1) + 2
            end = self._text.index(" \n", start)
            found.append(self._text[start:end])
            at = self._text.find(f" {key} ", end)
        return found

    def most_like(self, key: str) -> set[str]:
        return _most_like(key, self._keys)


def _most_like(key: str, names: Sequence[str]) -> set[str]:
    similar = process.extract(
        key, names, scorer=fuzz.ratio, score_cutoff=SIMILARITY_CUTOFF, limit=None
    )
    best = max((score for _, score, _ in similar), default=0.0)
    return {name for name, score, _ in similar if score == best}


_names: dict[str, _Names] = {}


def _names_of(session: Session) -> _Names:
    """Give the names of the loaded release; they are read once in the life of a process."""
    version = queries.release_version(session)
    if version not in _names:
        loaded = _Names(queries.all_place_keys(session))
        _names.clear()
        _names[version] = loaded
    return _names[version]
