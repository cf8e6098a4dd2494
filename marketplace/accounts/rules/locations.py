"""Where an organisation is: its address, and the pin that a person confirmed on the map."""

from dataclasses import dataclass

from marketplace.foundation.errors import N_, InvalidInput
from marketplace.geo.rules.answers import Found, Precision
from marketplace.geo.rules.points import Point, chord_metres

# Berlin, the largest town, is 45 km across (Amt für Statistik Berlin-Brandenburg), so no address
# is farther from the middle of its own town. A pin beyond that belongs to another address.
FARTHEST_PIN_METRES = 25_000.0
# Forms carry five decimals of a degree, which round by up to 0.8 m.
_SAME_POINT_METRES = 2.0


@dataclass(frozen=True, kw_only=True)
class Address:
    """A postal address in Germany, as the organisation writes it."""

    street: str
    postcode: str
    place: str

    @property
    def place_text(self) -> str:
        """Postcode and place as one asks a geocoder for them."""
        return f"{self.postcode} {self.place}"

    @property
    def text(self) -> str:
        """The whole address in one line."""
        return f"{self.street}, {self.place_text}"


@dataclass(frozen=True, kw_only=True)
class PinClaim:
    """What a person says about the place: the pin, and how they serve the district from outside.

    `point` None: the pin stays where the address was found.
    """

    point: Point | None = None
    serves_district: bool = False
    service_note: str = ""


@dataclass(frozen=True, kw_only=True)
class Location:
    """A settled place; `serves_district` and its note count only outside the district."""

    point: Point
    precision: Precision
    lies_inside: bool
    serves_district: bool
    service_note: str


def precision_of_pin(pin: Point, found: Found) -> Precision:
    """Say what a pin stands for: the place itself where it was left there, else the address.

    Raises InvalidInput (field `lat`) where it lies too far from the address.
    """
    distance = chord_metres(pin, found.point)
    if distance <= _SAME_POINT_METRES:
        return found.precision
    if distance > FARTHEST_PIN_METRES:
        raise InvalidInput(
            {
                "lat": N_(
                    "Die Markierung liegt %(km)s km von %(place)s entfernt. "
                    "Bitte prüfen Sie die Markierung oder die Anschrift."
                )
            },
            km=round(distance / 1000),
            place=found.label,
        )
    return Precision.ADDRESS


def check_service_area(claim: PinClaim, *, lies_inside: bool, district: str) -> None:
    """Raise InvalidInput unless the place lies inside or serves the district and says how."""
    if lies_inside:
        return
    if not claim.serves_district:
        raise InvalidInput(
            {
                "serves_district": N_(
                    "Ihre Anschrift liegt außerhalb von %(district)s. Mitmachen können Sie, "
                    "wenn Sie hier arbeiten oder liefern: Bitte kreuzen Sie das an."
                )
            },
            district=district,
        )
    if not claim.service_note.strip():
        raise InvalidInput(
            {
                "service_note": N_(
                    "Bitte schreiben Sie in einem Satz, was Sie in %(district)s tun."
                )
            },
            district=district,
        )
