"""JSON Schemas (2020-12) of what goes in and out: they check bodies, and OpenAPI prints them."""

from collections.abc import Mapping
from typing import Any

from marketplace.bookings.rules.requests import LONGEST_REASON
from marketplace.bookings.rules.states import BookingAction, BookingState, Side
from marketplace.donations.rules.allocation import Outcome
from marketplace.donations.rules.requests import LONGEST_JUSTIFICATION, IntendedUse
from marketplace.donations.rules.states import ClaimAction, ClaimState
from marketplace.donations.rules.states import Side as ClaimSide
from marketplace.listings.kinds import KINDS
from marketplace.listings.resource_kind import (
    Attribute,
    ChoiceAttribute,
    ClockAttribute,
    DayAttribute,
    MonthAttribute,
    NumberAttribute,
    ResourceKind,
    SeveralAttribute,
    TextAttribute,
    YearAttribute,
    YesNoAttribute,
)
from marketplace.listings.rules.categories import CATEGORIES
from marketplace.listings.rules.drafts import (
    LARGEST_QUANTITY,
    LARGEST_SERVICE_RADIUS_KM,
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    MOST_WINDOWS,
    Insurance,
    VatInfo,
)
from marketplace.listings.rules.states import Direction, ListingState
from marketplace.messaging.rules.attachments import MediaType
from marketplace.messaging.rules.messages import LONGEST_MESSAGE

Schema = dict[str, Any]

_INSTANT: Schema = {"type": "string", "format": "date-time", "maxLength": 40}
_ID: Schema = {"type": "string", "pattern": "^[a-z2-7]{26}$"}


def attribute_schema(attribute: Attribute) -> Schema:
    """Give the schema of a value, with the hard bounds of its declaration."""
    match attribute:
        case NumberAttribute():
            kind = "integer" if attribute.whole else "number"
            return {
                "type": kind,
                "minimum": attribute.low,
                "maximum": attribute.high,
                "description": attribute.unit,
            }
        case YearAttribute():
            return {"type": "integer", "minimum": attribute.low, "maximum": 2200}
        case MonthAttribute():
            return {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}
        case DayAttribute():
            return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        case ClockAttribute():
            return {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
        case ChoiceAttribute():
            return {"type": "string", "enum": [option.key for option in attribute.options]}
        case SeveralAttribute():
            keys = [option.key for option in attribute.options]
            return {
                "type": "array",
                "items": {"type": "string", "enum": keys},
                "uniqueItems": True,
                "maxItems": len(keys),
            }
        case YesNoAttribute():
            return {"type": "boolean"}
        case TextAttribute():
            return {"type": "string", "maxLength": attribute.longest}
        case _:
            raise TypeError(f"unknown sort of attribute: {attribute}")


def attributes_schema(kind: ResourceKind) -> Schema:
    """Give the schema of a kind's own values."""
    return {
        "type": "object",
        "properties": {each.key: attribute_schema(each) for each in kind.attributes},
        "additionalProperties": False,
    }


def _money(most: int) -> Schema:
    """Give the schema of an amount in the currency's major unit, with two decimals at most."""
    return {
        "type": ["number", "string", "null"],
        "minimum": 0,
        "maximum": most,
        "pattern": r"^[0-9]{1,7}(\.[0-9]{1,2})?$",
    }


def _terms_schema(kind: ResourceKind) -> Schema:
    return {
        "type": ["object", "null"],
        "properties": {
            "mode": {"type": "string", "enum": list(kind.modes)},
            "amount": _money(1_000_000),
            "per": {"type": ["string", "null"], "enum": [*kind.price_units, None]},
            "vat_info": {"type": ["string", "null"], "enum": [*VatInfo, None]},
        },
        "required": ["mode"],
        "additionalProperties": False,
    }


def _changeable(kind: ResourceKind) -> Schema:
    categories = [key for key, category in CATEGORIES.items() if category.kind == kind.key]
    return {
        "category": {"type": ["string", "null"], "enum": [*categories, None]},
        "title": {"type": "string", "maxLength": LONGEST_TITLE},
        "description": {"type": "string", "maxLength": LONGEST_DESCRIPTION},
        "attributes": attributes_schema(kind),
        "quantity": {"type": "integer", "minimum": 1, "maximum": LARGEST_QUANTITY},
        "unit": {"type": "string", "enum": [unit.key for unit in kind.units]},
        "terms": _terms_schema(kind),
        "deposit": _money(100_000),
        "insurance": {"type": "string", "enum": list(Insurance)},
        "insurance_note": {"type": "string", "maxLength": 500},
        "handover_protocol": {"type": "boolean"},
        "place": {"type": "string", "minLength": 1, "maxLength": 200},
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "lon": {"type": "number", "minimum": -180, "maximum": 180},
        "service_radius_km": {
            "type": ["integer", "null"],
            "minimum": 1,
            "maximum": LARGEST_SERVICE_RADIUS_KM,
        },
        "availability": {
            "type": "array",
            "maxItems": MOST_WINDOWS,
            "items": {
                "type": "object",
                "properties": {"start": _INSTANT, "end": _INSTANT},
                "required": ["start", "end"],
                "additionalProperties": False,
            },
        },
        "valid_until": {**_INSTANT, "type": ["string", "null"]},
    }


def listing_write_schema(kind: ResourceKind) -> Schema:
    """Give the schema of a new listing of a kind."""
    return {
        "type": "object",
        "properties": {
            "direction": {"type": "string", "enum": list(Direction)},
            "kind": {"type": "string", "const": kind.key},
            **_changeable(kind),
        },
        "required": ["kind", "title"],
        "dependentRequired": {"lat": ["lon"], "lon": ["lat"]},
        "additionalProperties": False,
    }


def listing_change_schema(kind: ResourceKind) -> Schema:
    """Give the schema of a change: the fields that are there replace the stored ones."""
    return {
        "type": "object",
        "properties": _changeable(kind),
        "dependentRequired": {"lat": ["lon"], "lon": ["lat"]},
        "additionalProperties": False,
    }


KIND_SCHEMA: Schema = {
    "type": "object",
    "properties": {"kind": {"type": "string", "enum": list(KINDS)}},
    "required": ["kind"],
}
REASON_SCHEMA: Schema = {
    "type": "object",
    "properties": {"reason": {"type": "string", "minLength": 5, "maxLength": 1_000}},
    "required": ["reason"],
    "additionalProperties": False,
}
_ASKED: Schema = {
    "start": _INSTANT,
    "end": _INSTANT,
    "quantity": {"type": "integer", "minimum": 1, "maximum": LARGEST_QUANTITY},
    "message": {"type": "string", "maxLength": LONGEST_MESSAGE},
}
BOOKING_SCHEMA: Schema = {
    "type": "object",
    "properties": _ASKED,
    "required": list(_ASKED),
    "additionalProperties": False,
}
BOOKING_COUNTER_SCHEMA: Schema = {
    "type": "object",
    "properties": _ASKED,
    "minProperties": 1,
    "additionalProperties": False,
}
BOOKING_ACTION_SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "reason": {"type": "string", "maxLength": LONGEST_REASON},
        "message": {"type": "string", "maxLength": LONGEST_MESSAGE},
    },
    "additionalProperties": False,
}
_QUANTITY: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_QUANTITY}
CLAIM_SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "quantity": _QUANTITY,
        "intended_use": {"type": "string", "enum": list(IntendedUse)},
        "justification": {"type": "string", "minLength": 1, "maxLength": LONGEST_JUSTIFICATION},
        "need_by": {"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    },
    "required": ["quantity", "intended_use", "justification"],
    "additionalProperties": False,
}
CLAIM_OFFER_SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "quantity": _QUANTITY,
        "reason": {"type": "string", "maxLength": LONGEST_REASON},
    },
    "required": ["quantity"],
    "additionalProperties": False,
}
CLAIM_SHARE_SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "quantity": _QUANTITY,
        "message": {
            "type": "string",
            "maxLength": LONGEST_REASON,
            "description": "A word to the other side; in which condition it was handed over.",
        },
    },
    "additionalProperties": False,
}
MESSAGE_SCHEMA: Schema = {
    "type": "object",
    "properties": {"message": {"type": "string", "minLength": 1, "maxLength": LONGEST_MESSAGE}},
    "required": ["message"],
    "additionalProperties": False,
}
SESSION_SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "email": {"type": "string", "minLength": 3, "maxLength": 254},
        "password": {"type": "string", "minLength": 1, "maxLength": 1_000},
        "otp": {"type": "string", "maxLength": 20},
    },
    "required": ["email", "password"],
    "additionalProperties": False,
}
TOKEN_SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 80},
        "scopes": {
            "type": "array",
            "items": {"type": "string", "enum": ["read", "write"]},
            "minItems": 1,
            "maxItems": 2,
        },
    },
    "required": ["name", "scopes"],
    "additionalProperties": False,
}


def _object(properties: Mapping[str, Any], *, optional: tuple[str, ...] = ()) -> Schema:
    """Give the schema of an answer: everything named is there unless it is optional."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
    }


def _nullable(kind: str) -> Schema:
    return {"type": [kind, "null"]}


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_TEXT: Schema = {"type": "string"}
_WHOLE: Schema = {"type": "integer"}
_LOCATION = _object(
    {
        "place": _TEXT,
        "postcode": _TEXT,
        "lat": _nullable("number"),
        "lon": _nullable("number"),
        "precision": _nullable("string"),
    }
)
_TERMS = {
    "type": ["object", "null"],
    "properties": {
        "mode": _TEXT,
        "amount": _nullable("string"),
        "currency": _TEXT,
        "per": _nullable("string"),
    },
    "required": ["mode", "amount", "currency", "per"],
}
_ORGANISATION = _object({"id": _ID, "name": _TEXT})
_GIVER: Schema = {
    **_object({"id": _nullable("string"), "name": _nullable("string")}),
    "description": "Both are null where the giver stays unnamed.",
}
_ATTACHMENT = _object(
    {
        "id": _ID,
        "name": _TEXT,
        "media_type": {"type": "string", "enum": list(MediaType)},
        "size": _WHOLE,
        "url": _TEXT,
    }
)
_MESSAGE: Schema = {
    "id": _ID,
    "position": _WHOLE,
    "organisation": _nullable("string"),
    "is_own": {"type": "boolean"},
    "text": _TEXT,
    "sent_at": _INSTANT,
    "attachments": _list_of(_ATTACHMENT),
}
_CONTACT: Schema = {
    "type": ["object", "null"],
    "properties": {
        "street": _TEXT,
        "postcode": _TEXT,
        "place": _TEXT,
        "people": _list_of(_object({"name": _TEXT, "email": _TEXT})),
        "location": _object({"street": _TEXT, "postcode": _TEXT, "place": _TEXT}),
    },
}
_RULE_LINE: Schema = {
    "type": ["object", "null"],
    "description": "What the district's rule gave at that moment.",
    "properties": {
        "place": _nullable("integer"),
        "quantity": _WHOLE,
        "outcome": {"type": "string", "enum": list(Outcome)},
    },
    "required": ["place", "quantity", "outcome"],
}
_COUNTS = {"type": "object", "additionalProperties": _WHOLE}
_PHOTO = _object(
    {"id": _ID, "url": _TEXT, "thumbnail_url": _TEXT, "width": _WHOLE, "height": _WHOLE}
)
_WINDOW = _object({"start": _INSTANT, "end": _INSTANT})
_RULING = _object(
    {
        "gate": _TEXT,
        "code": _TEXT,
        "verdict": {"type": "string", "enum": ["open", "review", "closed"]},
        "text": _TEXT,
        "text_version": _TEXT,
        "missing": {"type": "object", "additionalProperties": _TEXT},
    }
)

COMPONENTS: dict[str, Schema] = {
    "Problem": _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": _WHOLE,
            "code": _TEXT,
            "detail": _TEXT,
            "errors": _list_of(_object({"field": _TEXT, "message": _TEXT})),
            "request_id": _TEXT,
        }
    ),
    "Hit": _object(
        {
            "id": _ID,
            "direction": {"type": "string", "enum": list(Direction)},
            "kind": _TEXT,
            "category": _nullable("string"),
            "title": _TEXT,
            "summary": _TEXT,
            "distance_m": _nullable("integer"),
            "location": _LOCATION,
            "organisation": _GIVER,
            "district": _TEXT,
            "terms": _TERMS,
            "quantity": _WHOLE,
            "unit": _TEXT,
            "attributes": {"type": "object"},
            "service_radius_km": _nullable("integer"),
            "next_free": {"type": ["string", "null"], "format": "date-time"},
            "match": _list_of(_object({"field": _TEXT, "words": _list_of(_TEXT)})),
            "url": _TEXT,
            "updated_at": _INSTANT,
        }
    ),
    "SearchAnswer": _object(
        {
            "origin": {
                "type": ["object", "null"],
                "properties": {
                    "lat": {"type": "number"},
                    "lon": {"type": "number"},
                    "label": _TEXT,
                    "precision": _TEXT,
                },
            },
            "total": _WHOLE,
            "facets": _object({"kind": _COUNTS, "category": _COUNTS, "terms": _COUNTS}),
            "choices": _COUNTS,
            "items": _list_of({"$ref": "#/components/schemas/Hit"}),
            "nearest_outside": {
                "type": ["object", "null"],
                "properties": {"count": _WHOLE, "place": _TEXT, "distance_m": _WHOLE},
            },
            "without_place": _WHOLE,
            "did_you_mean": _nullable("string"),
            "next_cursor": _nullable("string"),
        }
    ),
    "FeatureCollection": _object(
        {
            "type": {"const": "FeatureCollection"},
            "total": _WHOLE,
            "features": _list_of({"type": "object"}),
        }
    ),
    "Places": _object(
        {
            "items": _list_of(
                _object(
                    {
                        "label": _TEXT,
                        "lat": {"type": "number"},
                        "lon": {"type": "number"},
                        "precision": _TEXT,
                        "postcode": _nullable("string"),
                        "district_ags": _nullable("string"),
                    }
                )
            )
        }
    ),
    "Listing": _object(
        {
            "id": _ID,
            "direction": {"type": "string", "enum": list(Direction)},
            "kind": _TEXT,
            "category": _nullable("string"),
            "title": _TEXT,
            "description": _TEXT,
            "state": {"type": "string", "enum": list(ListingState)},
            "attributes": {"type": "object"},
            "quantity": _WHOLE,
            "unit": _TEXT,
            "terms": _TERMS,
            "location": _LOCATION,
            "service_radius_km": _nullable("integer"),
            "organisation": _GIVER,
            "availability": _list_of(_WINDOW),
            "valid_until": _INSTANT,
            "photos": _list_of(_PHOTO),
            "url": _TEXT,
            "created_at": _INSTANT,
            "updated_at": _INSTANT,
            "published_at": {"type": ["string", "null"], "format": "date-time"},
            "staff_reason": _TEXT,
            "rulings": _list_of(_RULING),
        },
        optional=("staff_reason", "rulings"),
    ),
    "Availability": _list_of(
        _object(
            {
                "start": _INSTANT,
                "end": _INSTANT,
                "capacity": _WHOLE,
                "taken": _WHOLE,
                "free": _WHOLE,
            }
        )
    ),
    "Booking": _object(
        {
            "id": _ID,
            "state": {"type": "string", "enum": list(BookingState)},
            "side": {"type": "string", "enum": list(Side)},
            "listing": _object({"id": _ID, "title": _TEXT, "url": _TEXT}),
            "owner": _ORGANISATION,
            "organisation": _ORGANISATION,
            "start": _INSTANT,
            "end": _INSTANT,
            "quantity": _WHOLE,
            "unit": _TEXT,
            "proposed_by": {"type": "string", "enum": list(Side)},
            "hold_until": {"type": ["string", "null"], "format": "date-time"},
            "unconfirmed_by": {"type": ["string", "null"], "enum": [*Side, None]},
            "reason": _TEXT,
            "actions": _list_of({"type": "string", "enum": list(BookingAction)}),
            "contact": _CONTACT,
            "steps": _list_of(
                _object(
                    {
                        "state": _TEXT,
                        "side": _nullable("string"),
                        "start": _INSTANT,
                        "end": _INSTANT,
                        "quantity": _WHOLE,
                        "note": _TEXT,
                        "at": _INSTANT,
                    }
                )
            ),
            "thread": _ID,
            "url": _TEXT,
            "created_at": _INSTANT,
            "updated_at": _INSTANT,
        }
    ),
    "Claim": _object(
        {
            "id": _ID,
            "state": {"type": "string", "enum": list(ClaimState)},
            "side": {"type": "string", "enum": list(ClaimSide)},
            "listing": _object({"id": _ID, "title": _TEXT, "url": _TEXT}),
            "giver": _GIVER,
            "giver_stays_unnamed": {"type": "boolean"},
            "organisation": _ORGANISATION,
            "wanted": _WHOLE,
            "granted": _WHOLE,
            "unit": _TEXT,
            "intended_use": {"type": "string", "enum": list(IntendedUse)},
            "justification": _TEXT,
            "need_by": {"type": ["string", "null"], "format": "date"},
            "answer_until": {"type": ["string", "null"], "format": "date-time"},
            "reason": _TEXT,
            "waits_for_proof": {"type": "boolean"},
            "actions": _list_of({"type": "string", "enum": list(ClaimAction)}),
            "contact": _CONTACT,
            "steps": _list_of(
                _object(
                    {
                        "state": _TEXT,
                        "side": _nullable("string"),
                        "quantity": _WHOLE,
                        "note": _TEXT,
                        "rule": _RULE_LINE,
                        "at": _INSTANT,
                    }
                )
            ),
            "thread": _ID,
            "url": _TEXT,
            "created_at": _INSTANT,
            "updated_at": _INSTANT,
        }
    ),
    "Claims": _object(
        {
            "items": _list_of({"$ref": "#/components/schemas/Claim"}),
            "next_cursor": _nullable("string"),
        }
    ),
    "Messages": _object({"items": _list_of(_object(_MESSAGE)), "next_cursor": _nullable("string")}),
    "SentMessage": _object({**_MESSAGE, "thread": _ID, "url": _TEXT}),
    "Bookings": _object(
        {
            "items": _list_of({"$ref": "#/components/schemas/Booking"}),
            "next_cursor": _nullable("string"),
        }
    ),
    "Photos": _object({"items": _list_of(_PHOTO)}),
    "Kinds": _object(
        {
            "items": _list_of(
                _object(
                    {
                        "key": _TEXT,
                        "singular": _TEXT,
                        "plural": _TEXT,
                        "units": _list_of(_object({"key": _TEXT, "label": _TEXT})),
                        "modes": _list_of(_TEXT),
                        "price_units": _list_of(_TEXT),
                        "takes_photos": {"type": "boolean"},
                        "steps": _list_of(_object({"key": _TEXT, "label": _TEXT})),
                        "attributes": _list_of({"type": "object"}),
                    }
                )
            )
        }
    ),
    "Categories": _object(
        {
            "items": _list_of(
                _object(
                    {
                        "key": _TEXT,
                        "kind": _TEXT,
                        "parent": _nullable("string"),
                        "names": {"type": "object", "additionalProperties": _TEXT},
                    }
                )
            )
        }
    ),
    "Session": _object(
        {
            "person": {
                "type": ["object", "null"],
                "properties": {"id": _ID, "name": _TEXT},
                "required": ["id", "name"],
            },
            "organisation": _nullable("string"),
            "roles": _list_of(_TEXT),
            "csrf_token": _nullable("string"),
        }
    ),
    "Token": _object(
        {
            "id": _ID,
            "name": _TEXT,
            "scopes": _list_of(_TEXT),
            "created_at": _INSTANT,
            "expires_at": _INSTANT,
            "last_used_at": {"type": ["string", "null"], "format": "date-time"},
            "token": _TEXT,
        },
        optional=("token",),
    ),
    "Tokens": _object({"items": _list_of({"$ref": "#/components/schemas/Token"})}),
}
