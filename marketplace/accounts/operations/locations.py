"""Find an organisation's address and settle where it is."""

from marketplace.accounts.rules.locations import (
    FARTHEST_PIN_METRES,
    Address,
    Location,
    PlaceClaim,
    precision_of_pin,
    settled,
)
from marketplace.districts.queries import own_area, own_district
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.identifiers import OrganisationId
from marketplace.geo.geocoders.gazetteer import GazetteerGeocoder
from marketplace.geo.geocoders.streets import point_of_street
from marketplace.geo.interfaces import Ambiguous, Answer, Found
from marketplace.geo.rules.points import Point
from marketplace.geo.rules.public_point import public_point


def find_address(work: UnitOfWork, address: Address, *, chosen: str = "") -> Answer:
    """Find postcode and place; where several are meant, the one whose label was chosen."""
    answer = GazetteerGeocoder(work.session).locate(address.place_text, preferred=own_area(work))
    if isinstance(answer, Ambiguous):
        for choice in answer.choices:
            if choice.label == chosen:
                return choice.found
    return answer


def found_address(work: UnitOfWork, address: Address, *, chosen: str = "") -> Found:
    """Give the one place that the address means; raises InvalidInput (field `place`)."""
    answer = find_address(work, address, chosen=chosen)
    if isinstance(answer, Found):
        return answer
    if isinstance(answer, Ambiguous):
        raise InvalidInput(
            {"place": N_("Diesen Ort gibt es mehrmals. Bitte wählen Sie einen aus.")}
        )
    raise InvalidInput(
        {
            "place": N_(
                "Wir kennen keinen Ort „%(place)s“ mit der Postleitzahl %(postcode)s. "
                "Bitte prüfen Sie beides."
            )
        },
        place=address.place,
        postcode=address.postcode,
    )


def proposed_pin(work: UnitOfWork, address: Address, found: Found) -> Point:
    """Give where the pin starts: the street, where a host knows it, else the place found.

    Ends the transaction, which only reads: whoever writes would wait until the host has answered.
    """
    url = work.services.settings.geocoder_url
    if not url:
        return found.point
    if not work.session.info["read_only"]:
        raise RuntimeError("a writing transaction waits for no other host")
    work.session.rollback()
    street = point_of_street(url, address.text, near=found.point, metres=FARTHEST_PIN_METRES)
    return street or found.point


def settle_location(work: UnitOfWork, address: Address, claim: PlaceClaim) -> Location:
    """Find the address, and decide what the confirmed pin stands for and whether it lies inside.

    Raises InvalidInput (`place`, `lat`, `serves_district`, `service_note`).
    """
    found = found_address(work, address, chosen=claim.chosen)
    point = claim.pin or found.point
    return settled(
        point,
        precision_of_pin(point, found),
        claim,
        lies_inside=own_area(work).contains(point),
        district=own_district(work).full_name,
    )


def published_point(
    work: UnitOfWork, location: Location, organisation_id: OrganisationId, address: Address
) -> Point:
    """Give the point that everybody may see; computed when the location is settled, then stored."""
    return public_point(
        location.point,
        location.precision,
        secret=work.services.settings.secret_key,
        organisation_id=organisation_id,
        address=address.text,
    )
