"""The shipped gazetteer finds what people type; positions after GeoNames (CC BY 4.0)."""

import pytest
from sqlalchemy.orm import Session

from marketplace.geo.geocoders.gazetteer import GazetteerGeocoder
from marketplace.geo.interfaces import Ambiguous, Found, Unknown
from marketplace.geo.queries import boundary_area
from marketplace.geo.rules.points import Point, geodesic_metres

_TOLERANCE_METRES = 6_000


@pytest.mark.parametrize(
    ("typed", "lat", "lon"),
    [
        ("14806 Bad Belzig", 52.142, 12.593),
        ("D-14513 Teltow", 52.403, 13.26),
        ("14542 Werder (Havel)", 52.379, 12.934),
        ("Kleinmachnov", 52.408, 13.225),
        ("2625 Bautzen", 51.181, 14.424),
        ("Goerlitz", 51.155, 14.989),
        ("01968 Senftenberg", 51.525, 14.001),
        ("Jueterbog", 51.993, 13.073),
        ("Hauptstraße 3, 14943 Luckenwalde", 52.09, 13.16),
    ],
)
def test_a_place_is_found_within_its_tolerance(
    session: Session, typed: str, lat: float, lon: float
) -> None:
    answer = GazetteerGeocoder(session).locate(typed)

    assert isinstance(answer, Found)
    assert geodesic_metres(answer.point, Point(lat, lon)) <= _TOLERANCE_METRES


def test_a_place_that_is_not_there_is_said_to_be_unknown(session: Session) -> None:
    assert GazetteerGeocoder(session).locate("99999 Nirgendwo") == Unknown()


def test_a_name_of_several_places_is_a_choice(session: Session) -> None:
    answer = GazetteerGeocoder(session).locate("Neustadt")

    assert isinstance(answer, Ambiguous)
    assert len(answer.choices) > 1
    assert len({choice.label for choice in answer.choices}) == len(answer.choices)


def test_of_several_places_the_only_one_in_the_own_district_is_meant(session: Session) -> None:
    area = boundary_area(session, "12069")

    answer = GazetteerGeocoder(session).locate("Werder", preferred=area)

    assert isinstance(answer, Found)
    assert area.contains(answer.point)


@pytest.mark.parametrize(
    ("place", "lies_inside"),
    [
        ("Teltow", True),
        ("Bad Belzig", True),
        ("Potsdam", False),
        ("Brandenburg an der Havel", False),
        ("Luckenwalde", False),
    ],
)
def test_a_district_knows_which_towns_lie_in_it(
    session: Session, place: str, *, lies_inside: bool
) -> None:
    answer = GazetteerGeocoder(session).locate(place)

    assert isinstance(answer, Found)
    assert boundary_area(session, "12069").contains(answer.point) is lies_inside
