"""The search and the places as JSON: what the pages show, for other programs."""

from typing import Any

import orjson
from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotAcceptable

from marketplace.api.web import access, bookings, claims, kinds, openapi, threads
from marketplace.api.web import listings as written
from marketplace.api.web.blueprint import blueprint
from marketplace.districts.queries import own_area
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_scope, current_work
from marketplace.geo.geocoders.suggestions import suggest_places
from marketplace.geo.interfaces import Precision
from marketplace.search.interfaces import Hit, Pins, SearchDocument, SearchResult
from marketplace.search.web.engine import current_search
from marketplace.search.web.question import Origin, Query, read_question

__all__ = ["access", "blueprint", "bookings", "claims", "kinds", "openapi", "threads", "written"]

_JSON = "application/json"
_GEOJSON = "application/geo+json"
_MOST_PLACES = 20
_LONGEST_PLACE = 200


@blueprint.get("/listings")
@public
def listings() -> ResponseReturnValue:
    """Give one page of the search, or all hits with a place as GeoJSON."""
    wanted = _wanted_form()
    query: Query = MultiDict(request.args)
    scope = current_scope()
    work, search = scope.work, current_search()
    question = read_question(work, query)
    if wanted == _GEOJSON:
        return _geojson(search.pins(work, question.request))
    result = search.search(work, question.request)
    answer = answer_as_json(result, question.origin, site=scope.origin)
    return Response(answer, content_type=_JSON)


@blueprint.get("/places")
@public
def places() -> ResponseReturnValue:
    """Suggest places for the beginning of a name or postcode, those of the district first."""
    text = request.args.get("q", "").strip()
    if len(text) > _LONGEST_PLACE:
        raise InvalidInput({"q": N_("Bitte kürzen Sie den Ort.")})
    work = current_work()
    found = suggest_places(work.session, text, limit=_MOST_PLACES, preferred=own_area(work))
    return jsonify(
        items=[
            {
                "label": place.label,
                "lat": place.point.lat,
                "lon": place.point.lon,
                "precision": place.precision,
                "postcode": place.postcode or None,
                "district_ags": place.district_ags or None,
            }
            for place in found
        ]
    )


def answer_as_json(result: SearchResult, origin: Origin | None, *, site: str) -> bytes:
    """Give a page of the search as the contract, section 6, has it; `site` begins the links."""
    outside = result.nearest_outside
    answer = {
        "origin": _origin(origin) if origin else None,
        "total": result.total,
        "facets": {facet.value: dict(counts) for facet, counts in result.facets.items()},
        "choices": dict(result.choices),
        "items": [_item(hit, site) for hit in result.hits],
        "nearest_outside": {
            "count": outside.count,
            "place": outside.place,
            "distance_m": round(outside.distance_metres),
        }
        if outside
        else None,
        "without_place": result.without_place,
        "did_you_mean": result.did_you_mean,
        "next_cursor": result.next_cursor,
    }
    return orjson.dumps(answer)


def _wanted_form() -> str:
    """Give the form of answer that the client likes best; none named means JSON."""
    if not request.accept_mimetypes:
        return _JSON
    wanted = request.accept_mimetypes.best_match([_JSON, _GEOJSON])
    if wanted is None:
        raise NotAcceptable
    return wanted


def _geojson(pins: Pins) -> Response:
    response = jsonify(
        {
            "type": "FeatureCollection",
            "total": pins.total,
            "features": [
                {
                    "type": "Feature",
                    "id": pin.listing_id,
                    "geometry": {"type": "Point", "coordinates": [pin.point.lon, pin.point.lat]},
                    "properties": {
                        "kind": pin.kind,
                        "title": pin.title,
                        "url": listing_url(current_scope().origin, pin.listing_id),
                    },
                }
                for pin in pins.pins
            ],
        }
    )
    response.content_type = _GEOJSON
    return response


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "lat": origin.point.lat,
        "lon": origin.point.lon,
        "label": origin.label,
        "precision": origin.precision or Precision.ADDRESS,
    }


def _item(hit: Hit, site: str) -> orjson.Fragment:
    document = hit.document
    varying = {
        "distance_m": None if hit.distance_metres is None else round(hit.distance_metres),
        "next_free": hit.free.start if hit.free else None,
        "match": [{"field": match.field, "words": match.words} for match in hit.matches],
        "url": listing_url(site, document.listing_id),
    }
    # One object out of two: what the documents themselves say was written when first shown.
    return orjson.Fragment(b"%b,%b" % (document.kept(_beginning), orjson.dumps(varying)[1:]))


def _beginning(document: SearchDocument) -> bytes:
    """Give a hit up to what depends on the question, as JSON without its closing brace."""
    item = {
        "id": document.listing_id,
        "direction": document.direction,
        "kind": document.kind,
        "category": document.category,
        "title": document.title,
        "summary": document.summary,
        "location": _location(document),
        "organisation": {
            "id": document.organisation_id or None,
            "name": document.organisation_name or None,
        },
        "district": document.district,
        "terms": _terms(document),
        "quantity": document.quantity,
        "unit": document.unit,
        "attributes": dict(document.attributes),
        "service_radius_km": document.service_radius_km,
        "updated_at": document.updated_at.isoformat(),
    }
    return orjson.dumps(item)[:-1]


def _location(document: SearchDocument) -> dict[str, Any]:
    return {
        "place": document.place,
        "postcode": document.postcode,
        "lat": document.point.lat if document.point else None,
        "lon": document.point.lon if document.point else None,
        "precision": document.precision,
    }


def _terms(document: SearchDocument) -> dict[str, Any] | None:
    terms = document.terms
    if terms is None:
        return None
    amount = None if terms.amount_minor is None else f"{terms.amount_minor / 100:.2f}"
    return {"mode": terms.mode, "amount": amount, "currency": terms.currency, "per": terms.per}


def listing_url(site: str, listing_id: str) -> str:
    """Give the full address of a listing's page."""
    return f"{site}/listings/{listing_id}"
