"""What can be found: everything a search needs to know of a thing, and all that a hit shows."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from marketplace.foundation.identifiers import ListingId, OrganisationId
from marketplace.geo.rules.points import Point
from marketplace.search.rules.analysis import TextField
from marketplace.search.rules.free_time import FreeInterval, Stretch, stretches_of
from marketplace.search.rules.spelt_texts import SpeltTexts, spelt_texts
from marketplace.search.rules.windows import Window

_Made = TypeVar("_Made")

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """On what terms it is to be had.

    `amount_minor` counts minor units of `currency`, for each `per` (hour, day, ...); both are
    None where it is free of charge or to be agreed.
    """

    mode: str  # lend, rent, co_use, give
    amount_minor: int | None
    currency: str
    per: str | None


class _Worked:
    """Room for what is worked out of a document when first asked for."""

    __slots__ = ("__dict__",)


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchDocument(_Worked):
    """A published thing, made anew by its package whenever something of it changes.

    Words are found in title, summary and body, in `extra_words` (names of the category, synonyms),
    `attribute_words` (what the kind's own fields say, in words people use) and in the name of the
    organisation. `attributes` are only shown. Who gives and stays unnamed has neither id nor name
    here, so that no word, filter or answer can tell.
    """

    listing_id: ListingId
    direction: str  # offer, request
    kind: str
    category: str | None
    title: str
    summary: str
    body: str
    extra_words: tuple[str, ...]
    attribute_words: tuple[str, ...]
    organisation_id: OrganisationId  # empty with the name: it stays unnamed
    organisation_name: str
    district: str  # its slug
    point: Point | None  # the public one; None: the place is unknown
    place: str
    postcode: str
    precision: str | None  # None with `point`
    terms: Terms | None
    quantity: int
    unit: str
    windows: tuple[Window, ...]  # when it is offered or needed; none at all: at any time
    free: tuple[FreeInterval, ...]  # how many are free when; none at all: all, at any time
    valid_until: datetime  # from this instant on it is not found
    attributes: Mapping[str, Json]
    choices: tuple[str, ...]  # what searches can be narrowed by: "drive=diesel"
    service_radius_km: int | None  # served around the place; None: the place only
    picture: str | None  # path within the district's site
    published_at: datetime
    updated_at: datetime

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """When how many are free."""
        return stretches_of(self.free, self.quantity)

    @cached_property
    def spelt(self) -> SpeltTexts:
        """The words of its texts as written: what every search that finds it looks through."""
        return spelt_texts(self.texts())

    def kept(self, make: Callable[["SearchDocument"], _Made]) -> _Made:
        """Give what a function makes of it, made once and kept as long as the document is."""
        name = f"{make.__module__}.{make.__qualname__}"
        found: _Made | None = self.__dict__.get(name)
        if found is None:
            found = self.__dict__[name] = make(self)
        return found

    def texts(self) -> dict[TextField, str]:
        """Give all text in which words are found."""
        return {
            TextField.TITLE: self.title,
            TextField.EXTRA: ", ".join(self.extra_words),
            TextField.ATTRIBUTES: ", ".join(self.attribute_words),
            TextField.SUMMARY: self.summary,
            TextField.ORGANISATION: self.organisation_name,
            TextField.BODY: self.body,
        }

    def to_json(self) -> dict[str, Json]:
        """Give all of it as JSON."""
        return {
            **{field.name: getattr(self, field.name) for field in fields(self)},
            "extra_words": list(self.extra_words),
            "attribute_words": list(self.attribute_words),
            "point": [self.point.lat, self.point.lon] if self.point else None,
            "terms": asdict(self.terms) if self.terms else None,
            "windows": [*windows_to_json(self.windows)],
            "free": [[*_window_to_json(each.window), each.quantity] for each in self.free],
            "valid_until": self.valid_until.isoformat(),
            "attributes": dict(self.attributes),
            "choices": list(self.choices),
            "published_at": self.published_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "SearchDocument":
        """Read what `to_json` gave, an earlier release's documents too."""
        windows = windows_from_json(stored["windows"])
        return cls(
            **{
                "service_radius_km": None,
                **{name: value for name, value in stored.items() if name in _NAMES},
                **{name: _once(stored[name]) for name in _SHARED if stored[name] is not None},
                "extra_words": tuple(map(_once, stored["extra_words"])),
                "attribute_words": tuple(map(_once, stored["attribute_words"])),
                "point": Point(*stored["point"]) if stored["point"] else None,
                "terms": Terms(**stored["terms"]) if stored["terms"] else None,
                "windows": windows,
                "free": _free_from_json(stored, windows),
                "valid_until": datetime.fromisoformat(stored["valid_until"]),
                "choices": tuple(map(_once, stored.get("choices", ()))),
                "published_at": datetime.fromisoformat(stored["published_at"]),
                "updated_at": datetime.fromisoformat(stored["updated_at"]),
            }
        )


_NAMES = frozenset(field.name for field in fields(SearchDocument))
# Texts that many documents have: a worker that keeps thousands of documents keeps each once.
_SHARED = (
    "direction",
    "kind",
    "category",
    "organisation_id",
    "organisation_name",
    "district",
    "place",
    "postcode",
    "precision",
    "unit",
)


def _once(text: str) -> str:
    """Give the one copy of a text that all documents share; a name of ours as plain text."""
    return sys.intern(str(text))


def windows_to_json(windows: tuple[Window, ...]) -> list[list[str]]:
    """Give the windows as pairs of instants."""
    return [_window_to_json(window) for window in windows]


def windows_from_json(stored: list[list[str]]) -> tuple[Window, ...]:
    """Read what `windows_to_json` gave."""
    return tuple(_window_from_json(start, end) for start, end in stored)


def _window_to_json(window: Window) -> list[str]:
    return [window.start.isoformat(), window.end.isoformat()]


def _window_from_json(start: str, end: str) -> Window:
    return Window(datetime.fromisoformat(start), datetime.fromisoformat(end))


def _free_from_json(
    stored: Mapping[str, Any], windows: tuple[Window, ...]
) -> tuple[FreeInterval, ...]:
    """Read the free intervals; an earlier release had only windows, in which all was free."""
    free = stored.get("free")
    if free is None:
        return tuple(FreeInterval(window, stored["quantity"]) for window in windows)
    # What nobody has booked is free in just the windows.
    known = {each: windows[place] for place, (each, _) in enumerate(stored["windows"])}
    return tuple(
        FreeInterval(window, quantity)
        if (window := known.get(start)) and window.end == datetime.fromisoformat(end)
        else FreeInterval(_window_from_json(start, end), quantity)
        for start, end, quantity in free
    )
