"""Streets, asked of a Nominatim that the installation names: the gazetteer knows none."""

import logging
from urllib.parse import urlsplit

from geopy.geocoders import Nominatim
from geopy.location import Location

from marketplace.geo.rules.points import Point, chord_metres

_log = logging.getLogger(__name__)

_USER_AGENT = "marketplace-for-idle-resources"
_SECONDS = 3
# Nominatim's place ranks: streets have 26, houses 30; below are villages, towns and larger areas.
_RANK_OF_STREETS = 26


def point_of_street(url: str, address: str, *, near: Point, metres: float) -> Point | None:
    """Give the point of an address, as the host at `url` knows it.

    None where it knows no street there, only one farther than `metres` from `near`, or does not
    answer as it should.
    """
    try:
        point = _answer(url, address)
    except Exception as error:  # whatever a host sends must not keep anybody from registering
        # The error's text may hold the address that was asked for.
        _log.warning("the geocoder failed: %s", type(error).__name__)
        return None
    if point is None:
        _log.info("the geocoder knows no such street")
    elif chord_metres(point, near) > metres:
        _log.info("the geocoder answered with a street far from its place")
        point = None
    return point


def _answer(url: str, address: str) -> Point | None:
    parts = urlsplit(url)
    host = Nominatim(
        scheme=parts.scheme,
        domain=parts.netloc + parts.path,
        user_agent=_USER_AGENT,
        timeout=_SECONDS,
    )
    found: Location | None = host.geocode(address, country_codes="de")
    if found is None or int(found.raw.get("place_rank", _RANK_OF_STREETS)) < _RANK_OF_STREETS:
        return None
    return Point(found.latitude, found.longitude)
