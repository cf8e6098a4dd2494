"""Which point of a listing everybody may see."""

import hashlib
import hmac
import math

from geopy.distance import geodesic

from marketplace.geo.rules.answers import Precision
from marketplace.geo.rules.names import normalised
from marketplace.geo.rules.points import Point

# Contract, section 6: the point of a street address is moved by up to 1 km.
LARGEST_MOVE_METRES = 1_000.0


def public_point(
    point: Point, precision: Precision, *, secret: str, organisation_id: str, address: str
) -> Point:
    """Give the point to publish: a place's own one, or a street address moved by up to 1 km.

    The move depends on the secret, the organisation and the address alone. So several listings of
    one organisation at one address share it, and their middle gives nothing away; without the
    secret nobody can undo it. All points of the disc around the address are equally likely. An
    address is the same however its capitals, umlauts, blanks and "Straße" are written.
    """
    if precision is not Precision.ADDRESS:
        return point
    written = normalised(address).replace("strasse", "str")
    # Each part with its length before it: no two different pairs can give the same text.
    parts = "".join(f"{len(part)}:{part}" for part in (organisation_id, written))
    digest = hmac.new(secret.encode(), b"public point\0" + parts.encode(), hashlib.sha256).digest()
    # The square root makes areas, not distances, equally likely.
    distance = LARGEST_MOVE_METRES * math.sqrt(_fraction(digest[:8]))
    bearing = 360.0 * _fraction(digest[8:16])
    moved = geodesic(meters=distance).destination((point.lat, point.lon), bearing)
    return Point(moved.latitude, moved.longitude)


def _fraction(digest: bytes) -> float:
    return int.from_bytes(digest[:8], "big") / 2**64
