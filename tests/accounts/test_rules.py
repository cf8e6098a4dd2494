"""Decisions about organisations, places, links and addresses, as tables."""

from dataclasses import replace

import pytest

from marketplace.accounts.rules.emails import normal_email
from marketplace.accounts.rules.locations import (
    Address,
    Location,
    PlaceClaim,
    precision_of_pin,
    settled,
)
from marketplace.accounts.rules.organisations import (
    OrganisationDetails,
    OrganisationKind,
    VerificationState,
    identity_changed,
    may_become,
    state_after_change,
)
from marketplace.foundation.destinations import local_path
from marketplace.foundation.errors import InvalidInput
from marketplace.geo.rules.answers import Found, Precision
from marketplace.geo.rules.points import Point

SUBMITTED, VERIFIED, REFUSED = (
    VerificationState.SUBMITTED,
    VerificationState.VERIFIED,
    VerificationState.REFUSED,
)
ALLOWED = {
    (SUBMITTED, VERIFIED),
    (SUBMITTED, REFUSED),
    (VERIFIED, SUBMITTED),
    (REFUSED, SUBMITTED),
}


@pytest.mark.parametrize("new", VerificationState)
@pytest.mark.parametrize("old", VerificationState)
def test_only_these_states_follow_one_another(
    old: VerificationState, new: VerificationState
) -> None:
    assert may_become(old, new) is ((old, new) in ALLOWED)


DETAILS = OrganisationDetails(
    name="Tischlerei",
    kind=OrganisationKind.FIRM,
    address=Address(street="Am Markt 1", postcode="14822", place="Brück"),
    register_entry="HRB 1",
)
PLACE = Location(
    point=Point(52.2, 12.77),
    precision=Precision.PLACE,
    lies_inside=True,
    serves_district=False,
    service_note="",
)


@pytest.mark.parametrize(
    "now",
    [
        replace(DETAILS, name="Tischlerei am Markt"),
        replace(DETAILS, kind=OrganisationKind.CHARITY),
        replace(DETAILS, register_entry="HRB 2"),
        replace(DETAILS, address=replace(DETAILS.address, street="Am Markt 2")),
        replace(DETAILS, address=replace(DETAILS.address, place="Golzow")),
    ],
)
def test_what_identifies_an_organisation_is_checked_anew(now: OrganisationDetails) -> None:
    assert identity_changed(DETAILS, PLACE, now, PLACE)


def test_another_place_is_checked_anew() -> None:
    moved = replace(PLACE, point=Point(52.21, 12.77), precision=Precision.ADDRESS)

    assert identity_changed(DETAILS, PLACE, DETAILS, moved)


@pytest.mark.parametrize(
    "now",
    [
        DETAILS,
        replace(DETAILS, description="Wir hobeln."),
        replace(DETAILS, website="https://a.de"),
    ],
)
def test_how_it_presents_itself_needs_no_new_check(now: OrganisationDetails) -> None:
    assert not identity_changed(DETAILS, PLACE, now, PLACE)


POINT = Point(52.3989, 13.0657)
FOUND = Found(point=Point(52.1977, 12.7687), label="14822 Brück", precision=Precision.PLACE)


@pytest.mark.parametrize(
    ("pin", "precision"),
    [
        (Point(52.1977, 12.7687), Precision.PLACE),
        (Point(52.19771, 12.7687), Precision.PLACE),
        (Point(52.1979, 12.7687), Precision.ADDRESS),
        (Point(52.4, 12.8), Precision.ADDRESS),
    ],
)
def test_a_pin_that_was_moved_stands_for_the_address(pin: Point, precision: Precision) -> None:
    assert precision_of_pin(pin, FOUND) is precision


@pytest.mark.parametrize("pin", [Point(52.43, 12.7687), Point(0, 0), Point(52.2, -12.77)])
def test_a_pin_far_from_its_address_is_refused_with_the_distance(pin: Point) -> None:
    with pytest.raises(InvalidInput, match="14822 Brück") as refusal:
        precision_of_pin(pin, FOUND)

    assert set(refusal.value.errors) == {"lat"}


@pytest.mark.parametrize(
    ("claim", "field"),
    [
        (PlaceClaim(), "serves_district"),
        (PlaceClaim(service_note="Wir liefern."), "serves_district"),
        (PlaceClaim(serves_district=True), "service_note"),
        (PlaceClaim(serves_district=True, service_note="  "), "service_note"),
    ],
)
def test_outside_the_district_one_says_how_one_serves_it(claim: PlaceClaim, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        settled(POINT, Precision.PLACE, claim, lies_inside=False, district="Landkreis Muster")

    assert set(refusal.value.errors) == {field}


def test_who_serves_the_district_from_outside_keeps_the_note_for_the_staff() -> None:
    claim = PlaceClaim(serves_district=True, service_note=" Wir liefern bis Teltow. ")

    location = settled(POINT, Precision.PLACE, claim, lies_inside=False, district="Muster")

    assert (location.serves_district, location.service_note) == (True, "Wir liefern bis Teltow.")


def test_inside_the_district_nobody_needs_to_say_how_they_serve_it() -> None:
    claim = PlaceClaim(serves_district=True, service_note="Wir liefern.")

    location = settled(POINT, Precision.PLACE, claim, lies_inside=True, district="Muster")

    assert (location.serves_district, location.service_note) == (False, "")


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("state", VerificationState)
def test_after_saving_a_refused_organisation_waits_again_and_a_changed_one_too(
    state: VerificationState, *, changed: bool
) -> None:
    waits = state is not VerificationState.VERIFIED or changed

    new_state = state_after_change(state, identity_changed=changed)

    assert new_state is (VerificationState.SUBMITTED if waits else VerificationState.VERIFIED)


@pytest.mark.parametrize(
    "path", ["/", "/desk", "/listings/new/machine?step=2", "/search?q=Fr%C3%A4se&near=52.1,12.5"]
)
def test_a_page_of_this_host_is_a_destination(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "desk",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\/elsewhere.example",
        "https://elsewhere.example/",
        "javascript:alert(1)",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "/desk\r\nSet-Cookie: a=b",
        " /desk",
        "//[",
    ],
)
def test_a_page_of_another_host_is_no_destination(path: str) -> None:
    assert local_path(path) is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("post@firma.de", "post@firma.de"),
        ("  Post@Firma.DE ", "post@firma.de"),
        ("büro@firma.de", None),
        ("post@Bäckerei.de", "post@xn--bckerei-5wa.de"),
        ("first.last+tag@sub.firma.example", "first.last+tag@sub.firma.example"),
        ("", None),
        ("post", None),
        ("post@", None),
        ("post@firma", None),
        ("post firma@firma.de", None),
        ("post@firma.de\nBcc: x@y.de", None),
        ("Firma <post@firma.de>", None),
        ("a" * 65 + "@firma.de", None),
    ],
)
def test_an_address_is_stored_in_lower_case_or_refused(typed: str, stored: str | None) -> None:
    if stored is None:
        with pytest.raises(InvalidInput):
            normal_email(typed)
    else:
        assert normal_email(typed) == stored
