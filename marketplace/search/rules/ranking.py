"""What comes first: one formula, the same in every engine to the last bit.

    relevance = words x freshness x nearness

* words: the sum of what the words that were looked for count in the document (rules.word_query);
  1 where none were.
* freshness: 2 ** (publication / HALF_LIFE), so that an offer counts half of one that is HALF_LIFE
  younger. The factor of a document never changes, hence neither does the order between two pages.
* nearness: HALFWAY / (HALFWAY + chord), so that what is HALFWAY away counts half; 1 without an
  origin. What has no place counts as if it were FAR away.

Engines compute with products, sums, quotients and square roots of 64-bit floats, in the order
written here; all of these are exactly rounded everywhere (IEEE 754), so cursors and ties agree.
"""

import math
from datetime import UTC, datetime, timedelta

from marketplace.geo.rules.points import Point, earth_centred

# A district is 40 to 80 km across: within it distance matters, but a title that fits (it counts
# 32 times as much as a mention in the text) is worth the way.
HALFWAY_METRES = 25_000.0
FAR_METRES = 100_000.0
# Listings are valid for 12 months at most: the oldest counts a quarter of a new one.
HALF_LIFE = timedelta(days=180)
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)

# The nearness of what has no place.
NEARNESS_WITHOUT_PLACE = HALFWAY_METRES / (HALFWAY_METRES + FAR_METRES)


def freshness(published_at: datetime) -> float:
    """Give the factor of a document, above 0; only ratios mean anything."""
    return float(2.0 ** ((published_at - _BEGINNING) / HALF_LIFE))


def squared_chord(origin: Point, place: tuple[float, float, float]) -> float:
    """Give the square of the straight line to an earth-centred place, in square metres."""
    x, y, z = earth_centred(origin)
    dx, dy, dz = place[0] - x, place[1] - y, place[2] - z
    return dx * dx + dy * dy + dz * dz


def nearness(squared: float) -> float:
    """Give the factor for a squared chord."""
    return HALFWAY_METRES / (HALFWAY_METRES + math.sqrt(squared))


def relevance(words: int, fresh: float, near: float) -> float:
    """Give the relevance of a document."""
    return words * fresh * near
