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
class PlaceClaim:
    """What a person says about the place of an address.

    `chosen`: the label of the place that is meant where several bear the name. `pin` None: where
    the address was found, or where the pin was before. The note is for the staff.
    """

    chosen: str = ""
    pin: Point | None = None
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


def is_same_point(one: Point, other: Point) -> bool:
    """Say whether nobody moved the pin between the two."""
    return chord_metres(one, other) <= _SAME_POINT_METRES


def precision_of_pin(pin: Point, found: Found) -> Precision:
    """Say what a pin stands for: the place itself where it was left there, else the address.

    Raises InvalidInput (field `lat`) where it lies too far from the address.
    """
    if is_same_point(pin, found.point):
        return found.precision
    distance = chord_metres(pin, found.point)
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


def settled(
    point: Point, precision: Precision, claim: PlaceClaim, *, lies_inside: bool, district: str
) -> Location:
    """Give the location; outside the district only of those who serve it and say how.

    `district` is its full name. Raises InvalidInput (`serves_district`, `service_note`).
    """
    if not lies_inside:
        _check_service(claim, district)
    return Location(
        point=point,
        precision=precision,
        lies_inside=lies_inside,
        serves_district=not lies_inside,
        service_note="" if lies_inside else claim.service_note.strip(),
    )


def _check_service(claim: PlaceClaim, district: str) -> None:
    if not claim.serves_district:
        raise InvalidInput(
            {
                "serves_district": N_(
                    "Ihre Anschrift liegt außerhalb von: %(district)s. Mitmachen können Sie, "
                    "wenn Sie hier arbeiten oder liefern. Bitte kreuzen Sie das an."
                )
            },
            district=district,
        )
    if not claim.service_note.strip():
        raise InvalidInput(
            {"service_note": N_("Bitte schreiben Sie in einem Satz, was Sie hier tun.")}
        )
