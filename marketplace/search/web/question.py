"""From the query of an address to a search request: the same names for page and API."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from marketplace.districts.queries import own_area
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.identifiers import OrganisationId
from marketplace.foundation.typed_input import parse_day, parse_decimal, parse_instant
from marketplace.foundation.web.localisation import ZONE
from marketplace.geo.geocoders.gazetteer import GazetteerGeocoder
from marketplace.geo.interfaces import Ambiguous, Choice, Found, Precision
from marketplace.geo.rules.points import Point
from marketplace.search.interfaces import Box, SearchRequest, Sort, Window
from marketplace.search.rules.requests import period_between

Query = MultiDict[str, str]
_Read = TypeVar("_Read")
_ANYWHERE = Point(0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where the visitor searches from, and how it was understood."""

    point: Point
    label: str
    precision: Precision
    is_guess: bool = False


class SeveralPlaces(InvalidInput):
    """The place's name is borne by several places; the visitor chooses."""

    def __init__(self, choices: tuple[Choice, ...]) -> None:
        """Keep the choices."""
        super().__init__({"place": N_("Diesen Namen gibt es mehrfach. Welcher Ort ist gemeint?")})
        self.choices = choices


@dataclass(frozen=True, kw_only=True)
class Question:
    """A request that can be answered, and the origin it starts from."""

    request: SearchRequest
    origin: Origin | None


class _Refusals:
    """Collects what is wrong with each field, so that all of it is said at once."""

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}
        self._values: dict[str, object] = {}
        self._choices: tuple[Choice, ...] = ()

    def try_(self, read: Callable[[], _Read]) -> _Read | None:
        """Read something; None where it is refused."""
        try:
            return read()
        except InvalidInput as refusal:
            self.errors = {**refusal.errors, **self.errors}
            self._values |= refusal.values
            if isinstance(refusal, SeveralPlaces):
                self._choices = refusal.choices
            return None

    def raise_any(self) -> None:
        """Raise InvalidInput with all of it; SeveralPlaces where that is all that is wrong."""
        if self._choices and len(self.errors) == 1:
            raise SeveralPlaces(self._choices)
        if self.errors:
            raise InvalidInput(self.errors, **self._values)


def read_question(work: UnitOfWork, query: Query) -> Question:
    """Read a query; raises InvalidInput with one sentence for each field that cannot be used."""
    refusals = _Refusals()
    origin = refusals.try_(lambda: _origin(work, query))
    # Where the place was refused the other fields are looked at as if there were one.
    start = origin.point if origin else _ANYWHERE if refusals.errors else None
    radius = refusals.try_(lambda: _radius(query, has_origin=start is not None))
    box = refusals.try_(lambda: _box(query))
    period = refusals.try_(lambda: _period(query))
    quantity = refusals.try_(lambda: _whole_number(query, "quantity"))
    limit = refusals.try_(lambda: _whole_number(query, "limit"))
    direction = refusals.try_(lambda: _one_of(query, "direction", ("offer", "request")))
    sort = refusals.try_(lambda: _sort(query, has_origin=start is not None))
    request = refusals.try_(
        lambda: SearchRequest(
            now=work.now(),
            words=query.get("q", "").strip(),
            direction=direction or "offer",
            kinds=frozenset(value for value in query.getlist("kind") if value),
            category=query.get("category") or None,
            terms=frozenset(value for value in query.getlist("terms") if value),
            choices=frozenset(value for value in query.getlist("choice") if value),
            organisation_id=_organisation(query),
            origin=start,
            radius_metres=radius,
            bbox=box,
            without_place=query.get("without_place") == "1",
            period=period,
            quantity=quantity,
            sort=sort,
            limit=limit if limit is not None else 20,
            cursor=(query.get("cursor") or None) if not refusals.errors else None,
        )
    )
    refusals.raise_any()
    if request is None:
        raise RuntimeError("what is refused has a reason")
    return Question(request=request, origin=origin)


def read_origin(work: UnitOfWork, query: Query) -> Origin | None:
    """Give the place a query speaks of; None where it names none. Raises InvalidInput."""
    return _origin(work, query)


def _origin(work: UnitOfWork, query: Query) -> Origin | None:
    if near := query.get("near", "").strip():
        point = _point(near)
        return Origin(point=point, label="", precision=Precision.ADDRESS)
    place = query.get("place", "").strip()
    if not place:
        return None
    match GazetteerGeocoder(work.session).locate(place[:200], preferred=own_area(work)):
        case Found() as found:
            return Origin(
                point=found.point,
                label=found.label,
                precision=found.precision,
                is_guess=found.is_guess,
            )
        case Ambiguous(choices=choices):
            raise SeveralPlaces(choices)
        case _:
            raise InvalidInput(
                {"place": N_("Diesen Ort kennen wir nicht. Versuchen Sie es mit der Postleitzahl.")}
            )


def _point(text: str) -> Point:
    try:
        lat, lon = (float(part) for part in text.split(","))
        return Point(lat, lon)
    except ValueError:
        raise InvalidInput(
            {"near": N_("Bitte schreiben Sie Breite und Länge in Grad, so: 52.14,12.59.")}
        ) from None


def _radius(query: Query, *, has_origin: bool) -> float | None:
    text = query.get("radius_km", "").strip()
    if not text:
        return None
    number = parse_decimal(text)
    if number is None or not math.isfinite(float(number)):
        raise InvalidInput({"radius_km": N_("Bitte geben Sie den Umkreis als Zahl an.")})
    if not has_origin and 0 < number <= 100:
        return None  # the page's form always sends a radius; without a place it narrows nothing
    return float(number) * 1000


def _box(query: Query) -> Box | None:
    text = query.get("bbox", "").strip()
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidInput(
            {"bbox": N_("Bitte nennen Sie Westen, Süden, Osten und Norden in Grad.")}
        ) from None
    return Box(west, south, east, north)


def _period(query: Query) -> Window | None:
    """Read days (both inclusive, by Berlin's calendar) or instants (half-open).

    Where one end of two days is missing, the one day is meant.
    """
    start, end = query.get("available_from", "").strip(), query.get("available_to", "").strip()
    if not start and not end:
        return None
    first, last = parse_day(start or end), parse_day(end or start)
    if first is not None and last is not None:
        if last < first:
            raise InvalidInput({"available_to": N_("Das Ende muss nach dem Anfang liegen.")})
        return period_between(_midnight(first), _midnight(last + timedelta(days=1)))
    return period_between(_instant(start, "available_from"), _instant(end, "available_to"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE).astimezone(UTC)


def _instant(text: str, field: str) -> datetime | None:
    if not text:
        return None
    day = parse_day(text)
    if day is not None:
        return _midnight(day)
    # "+" of an offset arrives as a blank where it was not escaped.
    instant = parse_instant(text.replace(" ", "+"))
    if instant is None:
        raise InvalidInput({field: N_("Das ist kein Tag. Bitte so schreiben: 5.10.2026.")})
    return instant


def _whole_number(query: Query, field: str) -> int | None:
    text = query.get(field, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        raise InvalidInput({field: N_("Bitte geben Sie eine ganze Zahl an.")})
    return int(text)


def _organisation(query: Query) -> OrganisationId | None:
    text = query.get("organisation", "")
    return OrganisationId(text) if text else None


def _one_of(query: Query, field: str, allowed: tuple[str, ...]) -> str | None:
    text = query.get(field, "")
    if text and text not in allowed:
        raise InvalidInput({field: N_("Diesen Wert gibt es hier nicht.")})
    return text or None


def _sort(query: Query, *, has_origin: bool) -> Sort | None:
    text = _one_of(query, "sort", tuple(Sort))
    if text is None or (text == Sort.DISTANCE and not has_origin):
        return None
    return Sort(text)
