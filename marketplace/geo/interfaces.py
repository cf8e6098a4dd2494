"""How the rest of the product asks where something is."""

from typing import Protocol

from marketplace.geo.rules.answers import Ambiguous, Answer, Choice, Found, Precision, Unknown
from marketplace.geo.rules.areas import Area

__all__ = ["Ambiguous", "Answer", "Choice", "Found", "Geocoder", "Precision", "Unknown"]


class Geocoder(Protocol):
    """Finds the position meant by what people type."""

    def locate(self, text: str, *, preferred: Area | None = None) -> Answer:
        """Find an address, a place, a postcode or `lat,lon`.

        Of several places of one name the only one inside the preferred area is meant.
        """
        ...
