"""What a geocoder answers: found, several that it could be, or unknown."""

from dataclasses import dataclass
from enum import StrEnum

from marketplace.geo.rules.points import Point


class Precision(StrEnum):
    """What a point stands for, the most exact first."""

    ADDRESS = "address"
    PLACE = "place"
    POSTCODE = "postcode"
    DISTRICT = "district"


@dataclass(frozen=True, kw_only=True)
class Found:
    """A position for what was typed; `label` says how it was understood.

    `postcode` is the one that was typed, with its zero. `district_ags` is empty where the district
    is not known. `is_guess`: the name is not known as it was typed; the most similar one was
    taken, or the postcode alone.
    """

    point: Point
    label: str
    precision: Precision
    postcode: str = ""
    district_ags: str = ""
    is_guess: bool = False


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several places that were possibly meant.

    `label` tells it from the others ("Neustadt (Dosse), Landkreis Ostprignitz-Ruppin") and finds
    exactly this place when it is asked for.
    """

    label: str
    found: Found


@dataclass(frozen=True, kw_only=True)
class Ambiguous:
    """Several places bear the name; those in the preferred area first, then the most populous."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Nothing is known under what was typed."""


Answer = Found | Ambiguous | Unknown
