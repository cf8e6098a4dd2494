"""A hit as the listing card prints it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from marketplace.accounts.web.labels import organisation_label
from marketplace.foundation.web.localisation import ZONE, format_distance, format_short_day
from marketplace.search.interfaces import (
    FreeTime,
    Hit,
    SearchDocument,
    Segment,
    Terms,
    Window,
)
from marketplace.search.web.labels import (
    facts_of,
    is_free_of_charge,
    kind_label,
    price_label,
    wanted_mode_label,
)

_MOST_FACTS = 3
_MOST_WORDS = 3
_REQUEST = "request"
# A request that is kept open for as long as possible has no day by which it must be met.
_SOON = timedelta(days=180)
_CARRIED = ("place", "near", "available_from", "available_to")


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A few words with a colour: "", free, gift, far."""

    label: str
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What templates/components/parts.html calls `card`."""

    id: str
    url: str
    title: tuple[Segment, ...]
    distance: str
    place: str
    lead: str
    facts: tuple[str, ...]
    tags: tuple[Tag, ...]
    picture_url: str | None
    kind: str
    kind_label: str


def card_of_hit(hit: Hit, *, carried: str = "", period: Window | None) -> Card:
    """Give the card of a hit; its link carries on to the detail page what `carried_on` gives."""
    document = hit.document
    path = f"/listings/{document.listing_id}"
    return Card(
        id=document.listing_id,
        url=f"{path}?{carried}" if carried else path,
        title=hit.title,
        distance="" if hit.distance_metres is None else format_distance(hit.distance_metres),
        place=document.place,
        lead=gettext("ganzer Zeitraum frei") if period and document.direction != _REQUEST else "",
        facts=facts_of(document)[:_MOST_FACTS],
        tags=(*_tags(document, hit.free, period), *_found_elsewhere(hit)),
        picture_url=document.picture,
        kind=document.kind,
        kind_label=kind_label(document.kind),
    )


def carried_on(query: "MultiDict[str, str]") -> str:
    """Give the place and days that were searched for as the query of an address."""
    return urlencode({name: query[name] for name in _CARRIED if query.get(name, "").strip()})


def _tags(
    document: SearchDocument, free: FreeTime | None, period: Window | None
) -> tuple[Tag, ...]:
    if document.direction == _REQUEST:
        tags = [Tag(label=gettext("Gesuch"), tone="wanted"), Tag(label=_needed_label(document))]
    else:
        words = free_label(free, is_limited=bool(document.free), period=period)
        tags = [Tag(label=words, tone="free")]
    if document.terms is not None and document.direction == _REQUEST:
        tags.append(Tag(label=wanted_mode_label(document.terms.mode)))
    elif document.terms is not None:
        tags.append(_price_tag(document.terms, document.kind))
    if document.service_radius_km is not None:
        tags.append(Tag(label=gettext("kommt bis %(km)s km", km=document.service_radius_km)))
    tags.append(Tag(label=organisation_label(document.organisation_name)))
    return tuple(tag for tag in tags if tag.label)


def _found_elsewhere(hit: Hit) -> tuple[Tag, ...]:
    """Name words that were found where the card does not show them."""
    if not hit.matches or any(segment.is_match for segment in hit.title):
        return ()
    words = list(dict.fromkeys(word for match in hit.matches for word in match.words))
    return (Tag(label=gettext("gefunden: %(words)s", words=", ".join(words[:_MOST_WORDS]))),)


def _needed_label(document: SearchDocument) -> str:
    """Say when it is needed: the first day of several times, or until when somebody looks."""
    if document.windows:
        first, last = document.windows[0].start, last_day_of(document.windows[-1].end)
        if format_short_day(first) == format_short_day(last):
            return gettext("gebraucht am %(day)s", day=format_short_day(first))
        return gettext(
            "gebraucht %(first)s bis %(last)s",
            first=format_short_day(first),
            last=format_short_day(last),
        )
    if document.valid_until - document.published_at > _SOON:
        return ""
    return gettext("bis %(day)s", day=format_short_day(last_day_of(document.valid_until)))


def _price_tag(terms: Terms, kind: str) -> Tag:
    return Tag(label=price_label(terms, kind), tone="gift" if is_free_of_charge(terms.mode) else "")


def free_label(free: FreeTime | None, *, is_limited: bool, period: Window | None) -> str:
    """Say when it is free: "frei 5. Okt. bis 9. Okt.", "frei ab 1. Nov.", "Zeit nach Absprache".

    `is_limited`: it has times of its own, or something of it is promised.
    """
    if period is not None:
        return _free_days(period.start, period.end)
    if not is_limited:
        return gettext("Zeit nach Absprache")
    if free is None:
        return gettext("zurzeit nicht frei")
    if free.end is None:
        return gettext("frei ab %(day)s", day=format_short_day(free.start))
    return _free_days(free.start, free.end)


def _free_days(start: datetime, end: datetime) -> str:
    first, last = format_short_day(start), format_short_day(last_day_of(end))
    if first == last:
        return gettext("frei am %(day)s", day=first)
    return gettext("frei %(first)s bis %(last)s", first=first, last=last)


def last_day_of(end: datetime) -> datetime:
    """Give the last day that lies before an open end, by Berlin's calendar."""
    return end.astimezone(ZONE) - timedelta(microseconds=1)
