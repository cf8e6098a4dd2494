"""Every operation of the API: what it takes and gives. A test compares it with the routes."""

from dataclasses import dataclass
from typing import Any

from marketplace.api.rules.schemas import (
    BOOKING_ACTION_SCHEMA,
    BOOKING_COUNTER_SCHEMA,
    BOOKING_SCHEMA,
    CLAIM_OFFER_SCHEMA,
    CLAIM_SCHEMA,
    CLAIM_SHARE_SCHEMA,
    COMPONENTS,
    MESSAGE_SCHEMA,
    REASON_SCHEMA,
    SESSION_SCHEMA,
    TOKEN_SCHEMA,
    Schema,
    listing_change_schema,
    listing_write_schema,
)
from marketplace.bookings.rules.states import BookingAction
from marketplace.donations.rules.states import ClaimAction
from marketplace.listings.kinds import KINDS
from marketplace.messaging.rules.attachments import MediaType

_JSON = "application/json"
_GEOJSON = "application/geo+json"
_PROBLEM = "application/problem+json"
_ID: Schema = {"type": "string", "minLength": 1, "maxLength": 64}
_TEXT: Schema = {"type": "string", "maxLength": 200}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path.

    `answers`: by status, the name of the component or None where the body is empty. `needs`: who
    may call it: "" (everybody), "signed_in" or "session" (a cookie, no token).
    """

    method: str
    path: str
    summary: str
    answers: dict[int, str | None]
    needs: str = "signed_in"
    parameters: tuple[dict[str, Any], ...] = ()
    body: Schema | None = None
    body_is_optional: bool = False
    body_type: str = _JSON
    is_repeatable: bool = False  # honours Idempotency-Key
    needs_key: bool = False  # and refuses without one
    geojson: bool = False
    media_types: tuple[str, ...] = ()  # of an answer that is a file


def _query(name: str, schema: Schema, description: str = "") -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _several(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "array", "items": _TEXT, "maxItems": 50}
    return {**_query(name, schema, description), "style": "form", "explode": True}


_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 100},
    "description": "The ETag of the version that was seen.",
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "description": "The same key does the same thing once; kept for seven days.",
}
_PAGE = (
    _query("limit", {"type": "integer", "minimum": 1, "maximum": 100}),
    _query("cursor", {"type": "string", "maxLength": 400}, "next_cursor of the page before."),
)
_SEARCH = (
    _query("direction", {"type": "string", "enum": ["offer", "request"]}),
    _several("kind", "Any of these kinds."),
    _query("category", _TEXT, "A category, or a group with all of its categories."),
    _several("terms", "Any of: lend, rent, co_use, give."),
    _several("choice", "Answers to the kind's own questions: drive=diesel."),
    _query("q", _TEXT, 'Words; "a phrase", -unwanted, beginning*.'),
    _query("near", _TEXT, "lat,lon in degrees, WGS 84"),
    _query("place", _TEXT, "Postcode or name."),
    _query("radius_km", {"type": "number", "exclusiveMinimum": 0, "maximum": 100}),
    _query("bbox", _TEXT, "west,south,east,north in degrees"),
    _query("available_from", _TEXT, "Day or RFC 3339 instant."),
    _query("available_to", _TEXT, "Day (inclusive) or RFC 3339 instant (exclusive)."),
    _query("quantity", {"type": "integer", "minimum": 1, "maximum": 1_000_000_000}),
    _query("organisation", _TEXT),
    _query("without_place", {"type": "string", "enum": ["1"]}),
    _query("sort", {"type": "string", "enum": ["distance", "relevance", "newest"]}),
    *_PAGE,
)
_UPLOAD: Schema = {
    "type": "object",
    "properties": {
        "photos": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "minItems": 1,
            "maxItems": 10,
        }
    },
    "required": ["photos"],
}


def _steps() -> tuple[Operation, ...]:
    plain = {
        "publish": "Let everybody see it, or hand it to the staff first.",
        "pause": "Take it out of sight for a while.",
        "renew": "Let it be valid for as long as possible again.",
        "archive": "Put it away for good.",
        "approve": "Staff: publish what waited for them.",
    }
    reasoned = {
        "decline": "Staff: send back what waited for them.",
        "hide": "Staff: take what is public out of sight.",
    }
    return tuple(
        Operation(
            method="POST",
            path=f"/listings/{{listing_id}}/{name}",
            summary=summary,
            answers={200: "Listing"},
            body=REASON_SCHEMA if name in reasoned else None,
            is_repeatable=True,
        )
        for name, summary in {**plain, **reasoned}.items()
    )


def _booking_steps() -> tuple[Operation, ...]:
    summaries = {
        BookingAction.ACCEPT: "Agree to what the other side proposed.",
        BookingAction.DECLINE: "Decline it, with a reason.",
        BookingAction.COUNTER: "Propose another time or quantity; what is not sent stays.",
        BookingAction.WITHDRAW: "Withdraw one's own request.",
        BookingAction.CANCEL: "Cancel what was agreed, with a reason.",
        BookingAction.HAND_OVER: "Note that it was handed over.",
        BookingAction.RETURN: "Note that it is back.",
        BookingAction.COMPLETE: "Note that it is done, or confirm that the other side noted it.",
        BookingAction.NO_SHOW: "Note that the other side did not come.",
    }
    return tuple(
        Operation(
            method="POST",
            path=f"/bookings/{{booking_id}}/{action}",
            summary=summary,
            answers={200: "Booking"},
            body=BOOKING_COUNTER_SCHEMA
            if action is BookingAction.COUNTER
            else BOOKING_ACTION_SCHEMA,
            body_is_optional=action is not BookingAction.COUNTER,
            is_repeatable=True,
        )
        for action, summary in summaries.items()
    )


def _claim_steps() -> tuple[Operation, ...]:
    summaries = {
        ClaimAction.ACCEPT: "Accept what is offered, or a part of it.",
        ClaimAction.DECLINE: "Decline a claim or an offer; who gives owes a reason.",
        ClaimAction.WITHDRAW: "Withdraw one's own claim.",
        ClaimAction.HAND_OVER: "Note that it was handed over, or how much of it.",
        ClaimAction.CONFIRM: "Confirm the handover that the other side noted.",
        ClaimAction.NO_SHOW: "Note that nobody collected it, with a reason; it is given anew.",
    }
    return tuple(
        Operation(
            method="POST",
            path=f"/claims/{{claim_id}}/{action}",
            summary=summary,
            answers={200: "Claim"},
            body=CLAIM_SHARE_SCHEMA
            if action in (ClaimAction.ACCEPT, ClaimAction.HAND_OVER)
            else BOOKING_ACTION_SCHEMA,
            body_is_optional=True,
            is_repeatable=True,
        )
        for action, summary in summaries.items()
    )


_BOOKING_OPERATIONS = (
    Operation(
        method="GET",
        path="/listings/{listing_id}/availability",
        summary="What can be had of an offer over a time, piecewise constant and half-open.",
        answers={200: "Availability"},
        needs="",
        parameters=(
            _query("from", _TEXT, "RFC 3339; by default now."),
            _query("to", _TEXT, "RFC 3339; by default a month later."),
        ),
    ),
    Operation(
        method="POST",
        path="/listings/{listing_id}/bookings",
        summary="Ask for an offer; what is asked for is held until it is answered.",
        answers={201: "Booking"},
        body=BOOKING_SCHEMA,
        needs_key=True,
    ),
    Operation(
        method="GET",
        path="/bookings",
        summary="Own bookings on either side, the newest request first.",
        answers={200: "Bookings"},
        parameters=_PAGE,
    ),
    Operation(
        method="GET",
        path="/bookings/{booking_id}",
        summary="One of one's own bookings with its steps.",
        answers={200: "Booking", 304: None},
    ),
    *_booking_steps(),
)
_CLAIM_OPERATIONS = (
    Operation(
        method="POST",
        path="/listings/{listing_id}/claims",
        summary="Claim a part of a gift; nothing is held for it until it is offered.",
        answers={201: "Claim"},
        body=CLAIM_SCHEMA,
        needs_key=True,
    ),
    Operation(
        method="GET",
        path="/claims",
        summary="Own claims on either side, the newest first; for the staff the district's.",
        answers={200: "Claims"},
        parameters=_PAGE,
    ),
    Operation(
        method="GET",
        path="/claims/{claim_id}",
        summary="One of one's own claims with its steps; for the staff any of the district.",
        answers={200: "Claim", 304: None},
    ),
    Operation(
        method="POST",
        path="/claims/{claim_id}/offer",
        summary="Giver or staff: offer so much; a reason is owed where the rule gives otherwise.",
        answers={200: "Claim"},
        body=CLAIM_OFFER_SCHEMA,
        is_repeatable=True,
    ),
    *_claim_steps(),
)
_MESSAGE_OPERATIONS = (
    Operation(
        method="POST",
        path="/listings/{listing_id}/threads",
        summary="Ask about a listing; goes on with the conversation about it, if there is one.",
        answers={201: "SentMessage"},
        body=MESSAGE_SCHEMA,
        needs_key=True,
    ),
    Operation(
        method="GET",
        path="/threads/{thread_id}/messages",
        summary="The messages of a conversation, in the order that both sides see.",
        answers={200: "Messages"},
        parameters=(
            _query("limit", {"type": "integer", "minimum": 1, "maximum": 100}),
            _query(
                "cursor",
                {"type": "string", "pattern": "^[0-9]{1,9}$"},
                "next_cursor of the page before, or the position of the last message known.",
            ),
        ),
    ),
    Operation(
        method="POST",
        path="/threads/{thread_id}/messages",
        summary="Write in a conversation.",
        answers={201: "SentMessage"},
        body=MESSAGE_SCHEMA,
        needs_key=True,
    ),
    Operation(
        method="GET",
        path="/attachments/{attachment_id}",
        summary="A file of a message, to be saved.",
        answers={200: None},
        media_types=tuple(MediaType),
    ),
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/listings",
        summary="Search published listings by words, distance, free time and terms.",
        answers={200: "SearchAnswer"},
        needs="",
        parameters=_SEARCH,
        geojson=True,
    ),
    Operation(
        method="POST",
        path="/listings",
        summary="Keep a new draft.",
        answers={201: "Listing"},
        body={"oneOf": [listing_write_schema(kind) for kind in KINDS.values()]},
        is_repeatable=True,
    ),
    Operation(
        method="GET",
        path="/listings/{listing_id}",
        summary="Give a listing that the caller may see.",
        answers={200: "Listing", 304: None},
        needs="",
    ),
    Operation(
        method="PATCH",
        path="/listings/{listing_id}",
        summary="Change the fields that are sent.",
        answers={200: "Listing"},
        parameters=(_IF_MATCH,),
        body={"anyOf": [listing_change_schema(kind) for kind in KINDS.values()]},
    ),
    Operation(
        method="DELETE",
        path="/listings/{listing_id}",
        summary="Put it away for good.",
        answers={204: None},
    ),
    *_steps(),
    Operation(
        method="POST",
        path="/listings/{listing_id}/photos",
        summary="Add pictures (JPEG, PNG, WebP), all or none.",
        answers={201: "Photos"},
        body=_UPLOAD,
        body_type="multipart/form-data",
        is_repeatable=True,
    ),
    *_BOOKING_OPERATIONS,
    *_CLAIM_OPERATIONS,
    *_MESSAGE_OPERATIONS,
    Operation(
        method="GET",
        path="/places",
        summary="Suggest places for the beginning of a name or postcode.",
        answers={200: "Places"},
        needs="",
        parameters=(_query("q", _TEXT),),
    ),
    Operation(
        method="GET",
        path="/kinds",
        summary="Every kind of resource with its questions, units and bounds.",
        answers={200: "Kinds"},
        needs="",
    ),
    Operation(
        method="GET",
        path="/categories",
        summary="All categories in four languages.",
        answers={200: "Categories"},
        needs="",
    ),
    Operation(
        method="GET", path="/session", summary="Who am I?", answers={200: "Session"}, needs=""
    ),
    Operation(
        method="POST",
        path="/session",
        summary="Sign in; the cookie comes with the answer.",
        answers={201: "Session"},
        needs="",
        body=SESSION_SCHEMA,
    ),
    Operation(method="DELETE", path="/session", summary="Sign out.", answers={204: None}),
    Operation(method="GET", path="/tokens", summary="Own tokens.", answers={200: "Tokens"}),
    Operation(
        method="POST",
        path="/tokens",
        summary="Make a token; its secret is shown once.",
        answers={201: "Token"},
        needs="session",
        body=TOKEN_SCHEMA,
    ),
    Operation(
        method="DELETE",
        path="/tokens/{token_id}",
        summary="Delete one of one's own tokens.",
        answers={204: None},
    ),
    Operation(
        method="GET",
        path="/openapi.json",
        summary="This document.",
        answers={200: "Document"},
        needs="",
    ),
)


def document(*, server: str) -> dict[str, Any]:
    """Give the OpenAPI 3.1 document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Marketplace",
            "version": "1",
            "description": "Listings of one district. Times are RFC 3339, intervals half-open.",
        },
        "servers": [{"url": f"{server}/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": {**COMPONENTS, "Document": {"type": "object"}},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-session"},
            },
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    parameters = [
        *({"name": name, "in": "path", "required": True, "schema": _ID} for name in names),
        *operation.parameters,
        *([_KEY] if operation.is_repeatable else []),
        *([{**_KEY, "required": True}] if operation.needs_key else []),
    ]
    described: dict[str, Any] = {
        "operationId": f"{operation.method.lower()}_{_slug(operation.path)}",
        "summary": operation.summary,
        "parameters": parameters,
        "responses": _responses(operation),
        "security": _security(operation),
    }
    if operation.body is not None:
        described["requestBody"] = {
            "required": not operation.body_is_optional,
            "content": {operation.body_type: {"schema": operation.body}},
        }
    return described


def _responses(operation: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, name in operation.answers.items():
        content: dict[str, Any] = {}
        if name is not None:
            content[_JSON] = {"schema": _reference(name)}
        if operation.geojson:
            content[_GEOJSON] = {"schema": _reference("FeatureCollection")}
        content |= {media_type: {} for media_type in operation.media_types}
        responses[str(status)] = {"description": "Done"}
        if content:
            responses[str(status)]["content"] = content
    responses["4XX"] = {
        "description": "Refused, with the reason",
        "content": {_PROBLEM: {"schema": _reference("Problem")}},
    }
    return responses


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    ways: list[dict[str, list[str]]] = [{"cookie": []}]
    if operation.needs != "session":
        ways.insert(0, {"bearer": []})
    return [*ways, {}] if operation.needs == "" else ways


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _slug(path: str) -> str:
    return path.strip("/").replace("/", "_").replace("{", "").replace("}", "").replace(".", "_")
