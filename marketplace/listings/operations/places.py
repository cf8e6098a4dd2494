"""Where a listing stands: a place that was typed, or a point on the map."""

from marketplace.accounts.models import Organisation
from marketplace.districts.queries import own_area, own_district
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.geo.geocoders.gazetteer import GazetteerGeocoder
from marketplace.geo.interfaces import Ambiguous, Choice, Found, Precision
from marketplace.geo.queries import nearest_place
from marketplace.geo.rules.points import Point
from marketplace.geo.rules.public_point import public_point
from marketplace.listings.rules.drafts import ListingLocation

LONGEST_PLACE = 200


class SeveralPlaces(InvalidInput):
    """The name is borne by several places; whoever typed it chooses."""

    def __init__(self, choices: tuple[Choice, ...]) -> None:
        """Keep the choices."""
        super().__init__({"place_choice": N_("Diesen Ort gibt es mehrmals. Welcher ist es?")})
        self.choices = choices


def typed_location(
    work: UnitOfWork, text: str, organisation: Organisation, *, chosen: str = ""
) -> ListingLocation:
    """Find the place that was typed; it lies in the district, or its organisation serves that.

    `chosen`: the label of the place that is meant where several bear the name. Raises SeveralPlaces
    or InvalidInput (`place`).
    """
    answer = GazetteerGeocoder(work.session).locate(text[:LONGEST_PLACE], preferred=own_area(work))
    if isinstance(answer, Ambiguous):
        found = next((each.found for each in answer.choices if each.label == chosen), None)
        if found is None:
            raise SeveralPlaces(answer.choices)
        answer = found
    if not isinstance(answer, Found):
        raise InvalidInput(
            {"place": N_("Diesen Ort kennen wir nicht. Versuchen Sie es mit der Postleitzahl.")}
        )
    _check_area(work, answer.point, answer.label, organisation)
    return ListingLocation(
        street="",
        postcode=answer.postcode,
        place=answer.label.removeprefix(answer.postcode).strip(),
        point=answer.point,
        public_point=answer.point,
        precision=answer.precision,
    )


def pinned_location(work: UnitOfWork, point: Point, organisation: Organisation) -> ListingLocation:
    """Take a point as an address; others see it moved. Raises InvalidInput (`place`)."""
    nearest = nearest_place(work.session, point)
    name = nearest.name if nearest else f"{point.lat}, {point.lon}"
    _check_area(work, point, name, organisation)
    return ListingLocation(
        street="",
        postcode="",
        place=name,
        point=point,
        public_point=public_point(
            point,
            Precision.ADDRESS,
            secret=work.services.settings.secret_key,
            organisation_id=organisation.id,
            address=f"{point.lat},{point.lon}",
        ),
        precision=Precision.ADDRESS,
    )


def _check_area(work: UnitOfWork, point: Point, label: str, organisation: Organisation) -> None:
    if own_area(work).contains(point) or organisation.serves_district:
        return
    raise InvalidInput(
        {
            "place": N_(
                "%(place)s liegt außerhalb von: %(district)s. Bitte nennen Sie einen Ort im "
                "Landkreis."
            )
        },
        place=label,
        district=own_district(work).full_name,
    )
