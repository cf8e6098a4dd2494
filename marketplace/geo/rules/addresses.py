"""What people type when they are asked for a place, taken apart."""

import re
from dataclasses import dataclass

from marketplace.geo.rules.points import Point

# Contract, section 6: the query text; nothing longer is a place.
LONGEST_QUERY = 200

_NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_DECIMAL_COMMA = r"[-+]?\d{1,3},\d+"
_COORDINATES = re.compile(
    rf"({_NUMBER})\s*[,;]\s*({_NUMBER})|({_NUMBER})\s+({_NUMBER})|"
    rf"({_DECIMAL_COMMA})\s*[;\s]\s*({_DECIMAL_COMMA})"
)
_COUNTRY = re.compile(r"[\s,;]+(?:Deutschland|Germany|BRD|DE|D)\s*$", re.IGNORECASE)
_COUNTRY_PREFIX = r"(?:\bDE?\s*-\s*|\bDE?\s+)?"
_POSTCODE = re.compile(rf"{_COUNTRY_PREFIX}(?<![\w.])(\d{{5}})(?![\w])", re.IGNORECASE)
# Spreadsheets drop the zero of 01067: four digits where a postcode stands, before a name.
_LOST_ZERO = re.compile(
    rf"(?:^|,\s*){_COUNTRY_PREFIX}(?<!\d)(\d{{4}})(?=\s+[^\W\d]|\s*$)", re.IGNORECASE
)
# A-1010, CH-8001, PL-58-500; or 58-500 (PL) and 356 01 (CZ, SK, SE) before a name: not ours.
_FOREIGN = re.compile(
    r"(?:^|,\s*)(?:(?!DE?\b)[A-Z]{1,3}\s?-\s?\d|(?:\d{2}-\d{3}|\d{3} \d{2})(?=\s+[^\W\d]|\s*$))"
)
_AFTER_HOUSE_NUMBER = re.compile(r".*\d\w*(?:\s+[a-zA-Z]\b)?(.*)", re.DOTALL)
_EDGES = " ,;.-–/"


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """Postcode (five digits, or empty) and place name (may be empty) of what was typed.

    `lost_zero`: four digits were typed and a zero was put before them. `is_foreign`: it bears a
    postcode of a form that no German one has.
    """

    postcode: str = ""
    name: str = ""
    lost_zero: bool = False
    is_foreign: bool = False


def coordinates_in(text: str) -> Point | None:
    """Read `lat,lon` in degrees; decimal commas work where a blank or semicolon parts the two."""
    match = _COORDINATES.fullmatch(text.strip())
    if match is None:
        return None
    lat, lon = (float(number.replace(",", ".")) for number in match.groups() if number)
    try:
        return Point(lat, lon)
    except ValueError:
        return None


def place_query(text: str) -> PlaceQuery:
    """Find postcode and place name in an address, a place or a postcode.

    Streets and house numbers are left out: a gazetteer knows none.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST_QUERY:
        return PlaceQuery()
    text = _COUNTRY.sub("", text)
    if _FOREIGN.search(text):
        return PlaceQuery(is_foreign=True)
    matches = list(_POSTCODE.finditer(text)) or list(_LOST_ZERO.finditer(text))
    if not matches:
        return PlaceQuery(name=_without_street(text))
    match = matches[-1]
    digits = match[1]
    after, before = _without_street(text[match.end() :]), text[: match.start()]
    return PlaceQuery(
        postcode=digits.zfill(5),
        name=after or _without_street(before),
        lost_zero=len(digits) < 5,
    )


def _without_street(text: str) -> str:
    kept = []
    for part in text.split(","):
        numbered = _AFTER_HOUSE_NUMBER.match(part)
        kept.append((numbered[1] if numbered else part).strip(_EDGES))
    return ", ".join(part for part in kept if part)
