"""The search page: form, list and map, all from the address."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from marketplace.districts.web.context import register_navigation
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.web.localisation import format_distance, format_short_day, say
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_work
from marketplace.geo.sources import register_sources
from marketplace.search.interfaces import Facet, SearchResult, Sort, Window
from marketplace.search.web.cards import Card, card_of_hit, carried_on, last_day_of
from marketplace.search.web.engine import current_search
from marketplace.search.web.labels import (
    category_label,
    kind_labels,
    mode_label,
    questions_of,
    wanted_mode_label,
)
from marketplace.search.web.links import Links
from marketplace.search.web.question import Query, Question, SeveralPlaces, read_question

blueprint = Blueprint("search", __name__)

register_navigation(N_("Finden"), "search.search", order=10)
register_sources(Path(__file__).resolve().parents[1] / "data" / "sources.toml")

_REQUEST = "request"
_MOST_CATEGORIES = 12
RADIUS_CHOICES = (10, 25, 50, 100)


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A filter with its count; following it switches the filter on or off."""

    label: str
    url: str
    count: int | None
    is_on: bool
    icon: str = ""


@blueprint.get("/search")
@public
def search() -> ResponseReturnValue:
    """Show what was found, or what has to be changed in the question."""
    query: Query = MultiDict(request.args)
    work = current_work()
    try:
        question = read_question(work, query)
    except InvalidInput as refusal:
        return _page(query, refusal=refusal), 422
    return _page(query, question=question, result=current_search().search(work, question.request))


def _page(
    query: Query,
    *,
    question: Question | None = None,
    result: SearchResult | None = None,
    refusal: InvalidInput | None = None,
) -> str:
    links = Links(query)
    values: dict[str, Any] = {
        "query": query,
        "radius_choices": RADIUS_CHOICES,
        "errors": {name: _sentence(refusal, name) for name in refusal.errors} if refusal else {},
        "choices": _place_choices(links, refusal),
        "question": question,
        "result": result,
    }
    if question is not None and result is not None:
        period = question.request.period
        values |= {
            "cards": _cards(query, result, period),
            "headline": _headline(question, result),
            "period_words": _period_words(period),
            "kind_chips": _kind_chips(links, result),
            "terms_chips": _terms_chips(links, result),
            "direction_chips": _direction_chips(links, question),
            "narrower": _narrower(links, question, result),
            "is_request": question.request.direction == _REQUEST,
            "sorts": _sorts(links, question),
            "outside": _outside(links, question, result),
            "pins_url": links.pins(),
            "more_url": links.changed(cursor=result.next_cursor) if result.next_cursor else None,
            "without_place_url": links.changed(without_place="1", cursor=None),
            "wider": _ways_out(links),
            "wish_url": _wish_url(query) if question.request.direction != _REQUEST else None,
        }
    return render_template("search/results.html", **values)


def _sentence(refusal: InvalidInput, field: str) -> str:
    return say(InvalidInput({field: refusal.errors[field]}, **refusal.values))


def _place_choices(links: Links, refusal: InvalidInput | None) -> list[tuple[str, str]]:
    if not isinstance(refusal, SeveralPlaces):
        return []
    return [(choice.label, links.changed(place=choice.label)) for choice in refusal.choices]


def _cards(query: Query, result: SearchResult, period: Window | None) -> list[Card]:
    carried = carried_on(query)
    return [card_of_hit(hit, carried=carried, period=period) for hit in result.hits]


def _headline(question: Question, result: SearchResult) -> str:
    request_ = question.request
    found = (
        ngettext("%(num)s Gesuch", "%(num)s Gesuche", result.total)
        if request_.direction == _REQUEST
        else ngettext("%(num)s Angebot", "%(num)s Angebote", result.total)
    )
    if request_.without_place:
        return gettext("%(found)s ohne Ort", found=found)
    if question.origin is None:
        return found
    place = question.origin.label or gettext("Ihrem Standort")
    if request_.radius_metres is None:
        return gettext("%(found)s, von %(place)s aus", found=found, place=place)
    return gettext(
        "%(found)s im Umkreis von %(radius)s um %(place)s",
        found=found,
        radius=f"{request_.radius_metres / 1000:g} km".replace(".", ","),
        place=place,
    )


def _period_words(period: Window | None) -> str:
    if period is None:
        return ""
    return gettext(
        "frei vom %(first)s bis %(last)s",
        first=format_short_day(period.start),
        last=format_short_day(last_day_of(period.end)),
    )


def _kind_chips(links: Links, result: SearchResult) -> list[Chip]:
    counts = result.facets[Facet.KIND]
    chosen = links.query.getlist("kind")
    everything = Chip(
        label=gettext("Alle"),
        url=links.changed(kind=None, cursor=None),
        count=sum(counts.values()),
        is_on=not chosen,
    )
    return [
        everything,
        *(
            Chip(
                label=label,
                url=links.changed(kind=None if chosen == [key] else key, cursor=None),
                count=counts.get(key, 0),
                is_on=key in chosen,
                icon=key,
            )
            for key, label in kind_labels()
        ),
    ]


def _direction_chips(links: Links, question: Question) -> list[Chip]:
    """Give the two sides of the market: what is offered, and what is looked for."""
    wanted = question.request.direction
    return [
        Chip(
            label=label,
            url=links.changed(direction=value, cursor=None),
            count=None,
            is_on=wanted == (value or "offer"),
        )
        for value, label in ((None, gettext("Angebote")), (_REQUEST, gettext("Gesuche")))
    ]


@dataclass(frozen=True, kw_only=True)
class ChipRow:
    """A question by which the answer can be narrowed, with a chip for each answer."""

    label: str
    chips: list[Chip]


def _narrower(links: Links, question: Question, result: SearchResult) -> list[ChipRow]:
    """Give categories, and once one kind is chosen what this kind is asked about."""
    rows = [ChipRow(label=gettext("Kategorie"), chips=_category_chips(links, result))]
    kinds = question.request.kinds
    if len(kinds) == 1:
        rows += [
            ChipRow(label=each.label, chips=_choice_chips(links, result, each.answers))
            for each in questions_of(next(iter(kinds)))
        ]
    return [row for row in rows if row.chips]


def _category_chips(links: Links, result: SearchResult) -> list[Chip]:
    counts = result.facets[Facet.CATEGORY]
    chosen = links.query.get("category", "")
    shown = sorted(counts, key=lambda key: (-counts[key], key))[:_MOST_CATEGORIES]
    if chosen and chosen not in shown:
        shown = [chosen, *shown]
    return [
        Chip(
            label=category_label(key),
            url=links.changed(category=None if key == chosen else key, cursor=None),
            count=counts.get(key, 0),
            is_on=key == chosen,
        )
        for key in shown
    ]


def _choice_chips(
    links: Links, result: SearchResult, answers: tuple[tuple[str, str], ...]
) -> list[Chip]:
    chosen = links.query.getlist("choice")
    return [
        Chip(
            label=label,
            url=links.with_choice(choice),
            count=result.choices.get(choice, 0),
            is_on=choice in chosen,
        )
        for choice, label in answers
        if result.choices.get(choice) or choice in chosen
    ]


def _terms_chips(links: Links, result: SearchResult) -> list[Chip]:
    counts = result.facets[Facet.TERMS]
    chosen = links.query.getlist("terms")
    return [
        Chip(
            label=_terms_label(links.query, mode),
            url=links.changed(terms=None if chosen == [mode] else mode, cursor=None),
            count=counts[mode],
            is_on=mode in chosen,
        )
        for mode in sorted(counts)
    ]


def _terms_label(query: Query, mode: str) -> str:
    """Give the word for terms as the shown direction and, if only one, kind call them."""
    if query.get("direction") == _REQUEST:
        return wanted_mode_label(mode)
    kinds = query.getlist("kind")
    return mode_label(mode, kinds[0] if len(kinds) == 1 else "")


def _sorts(links: Links, question: Question) -> list[Chip]:
    labels = {
        Sort.DISTANCE: gettext("Entfernung"),
        Sort.RELEVANCE: gettext("Passung"),
        Sort.NEWEST: gettext("Neueste"),
    }
    possible = [
        sort
        for sort in Sort
        if (sort is not Sort.DISTANCE or question.origin is not None)
        and (sort is not Sort.RELEVANCE or question.request.words)
    ]
    return [
        Chip(
            label=labels[sort],
            url=links.changed(sort=sort.value, cursor=None),
            count=None,
            is_on=sort is question.request.order,
        )
        for sort in possible
    ]


def _outside(links: Links, question: Question, result: SearchResult) -> dict[str, str] | None:
    """Name the nearest outside the radius, and the smallest radius on offer that holds it."""
    nearest, request_ = result.nearest_outside, question.request
    if nearest is None or request_.radius_metres is None:
        return None
    wider = next((km for km in RADIUS_CHOICES if km * 1000 >= nearest.distance_metres), None)
    return {
        "found": ngettext("%(num)s weiteres Angebot", "%(num)s weitere Angebote", nearest.count),
        "place": nearest.place,
        "distance": format_distance(nearest.distance_metres),
        "url": links.changed(radius_km=str(wider) if wider else None, cursor=None),
        "label": gettext("Auf %(km)s km erweitern", km=wider)
        if wider
        else gettext("Ohne Umkreis suchen"),
    }


def _wish_url(query: Query) -> str:
    """Give where somebody posts that they look for what they did not find."""
    kinds, title = query.getlist("kind"), query.get("q", "").strip()
    values: dict[str, Any] = {"direction": _REQUEST, **({"title": title} if title else {})}
    if len(kinds) == 1 and kinds[0] in dict(kind_labels()):
        return url_for("listings.new", kind=kinds[0], **values)
    return url_for("listings.choose_kind", **values)


def _ways_out(links: Links) -> list[tuple[str, str]]:
    """Give the filters that can be dropped when nothing was found."""
    ways = [
        ("kind", gettext("Alle Arten zeigen")),
        ("category", gettext("Alle Kategorien zeigen")),
        ("choice", gettext("Ohne nähere Angaben suchen")),
        ("terms", gettext("Alle Bedingungen zeigen")),
        ("radius_km", gettext("Ohne Umkreis suchen")),
        ("available_from", gettext("Ohne Zeitraum suchen")),
        ("q", gettext("Ohne Suchwort suchen")),
    ]
    return [
        (label, links.changed(cursor=None, **_dropped(name)))
        for name, label in ways
        if links.query.get(name, "").strip()
    ]


def _dropped(name: str) -> dict[str, None]:
    return (
        {"available_from": None, "available_to": None} if name == "available_from" else {name: None}
    )
