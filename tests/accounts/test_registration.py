"""An organisation registers with its first person, who then confirms the address by mail."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import Organisation, Person
from marketplace.districts.models import DistrictText
from tests.factories.accounts import PASSWORD, make_moderator, make_organisation, make_person
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation

DETAILS = {
    "name": "Tischlerei am Tor",
    "kind": "firm",
    "street": "Am Markt 1",
    "postcode": "14822",
    "place": "Brück",
    "website": "www.tischlerei.example",
    "register_entry": "Handwerksrolle Potsdam",
    "description": "Möbel und Türen.",
}
PERSON = {"person_name": "Inhaberin", "email": "Buero@Tischlerei.example", "password": PASSWORD}


def first_step(visitor: Visitor, **changes: str) -> Page:
    return visitor.send("/register", {**DETAILS, "step": "details", **changes})


def second_step(visitor: Visitor, page: Page, **changes: Any) -> Page:  # noqa: ANN401
    values = {**page.form_values("/register"), **PERSON, "step": "person", **changes}
    return visitor.post(
        "/register", {name: value for name, value in values.items() if value is not None}
    )


def registered(installation: Installation) -> Visitor:
    visitor = installation.visitor()
    page = second_step(visitor, first_step(visitor))
    assert page.path == "/register/sent", page.words
    return visitor


def link_in(installation: Installation, subject: str) -> str:
    text = next(
        mail.get_body(("plain",)).get_content()
        for mail in reversed(installation.mails())
        if subject in mail["Subject"]
    )
    match = re.search(r"http://a\.localhost(/\S+)", text)
    assert match is not None
    return match.group(1)


def stored(installation: Installation) -> Organisation:
    with installation.work() as work:
        organisation = work.session.scalars(select(Organisation)).one()
        work.session.expunge(organisation)
        return organisation


def write_terms(installation: Installation, version: int) -> None:
    with installation.work() as work:
        work.session.add(
            DistrictText(
                key="terms", version=version, body=f"Fassung {version}", created_at=work.now()
            )
        )


def test_who_registers_confirms_and_then_signs_in(installation: Installation) -> None:
    visitor = registered(installation)
    link = link_in(installation, "bestätigen")

    confirmed = visitor.send(link)
    signed_in = visitor.send("/login", {"email": "buero@tischlerei.example", "password": PASSWORD})

    assert "ist bestätigt" in confirmed.words
    assert signed_in.path == "/desk"
    assert "Tischlerei am Tor" in signed_in.words
    assert "wird noch geprüft" in signed_in.words


def test_the_staff_hear_of_an_organisation_once_its_address_is_confirmed(
    installation: Installation,
) -> None:
    with installation.work() as work:
        make_moderator(work, email="amt@a.example")
    visitor = registered(installation)
    before = installation.mails("amt@a.example")

    visitor.send(link_in(installation, "bestätigen"))

    assert before == []
    assert "Tischlerei am Tor" in installation.mails("amt@a.example")[0]["Subject"]


def test_opening_the_link_alone_confirms_nothing(installation: Installation) -> None:
    visitor = registered(installation)

    visitor.get(link_in(installation, "bestätigen"))

    page = visitor.send("/login", {"email": PERSON["email"], "password": PASSWORD})
    assert page.status == 422
    assert "noch nicht bestätigt" in page.words


def test_an_expired_link_offers_a_new_one(installation: Installation) -> None:
    visitor = registered(installation)
    link = link_in(installation, "bestätigen")
    installation.clock.advance(timedelta(hours=49))

    page = visitor.get(link)
    visitor.send("/confirm/again", {"email": PERSON["email"]}, form_at=link)

    assert "abgelaufen" in page.words
    assert link_in(installation, "bestätigen") != link


def test_a_link_that_was_made_up_is_not_found(installation: Installation) -> None:
    assert installation.visitor().get("/confirm/erfunden").status == 404


def test_a_second_registration_with_the_same_address_looks_the_same_from_outside(
    installation: Installation,
) -> None:
    registered(installation)

    registered(installation)

    with installation.work() as work:
        assert work.session.scalar(select(func.count()).select_from(Organisation)) == 1
    assert any("schon ein Konto" in mail["Subject"] for mail in installation.mails())


def test_the_same_address_may_register_in_another_district(installation: Installation) -> None:
    registered(installation)
    visitor = installation.visitor(installation.b)

    page = second_step(
        visitor, first_step(visitor, postcode="14943", place="Luckenwalde", name="Filiale")
    )

    assert page.path == "/register/sent"
    with installation.work(installation.b) as work:
        assert work.session.scalar(select(func.count()).select_from(Person)) == 1


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Bitte füllen Sie dieses Feld aus."),
        ("name", "x" * 121, "Bitte kürzen Sie auf 120 Zeichen"),
        ("street", " ", "Bitte füllen Sie dieses Feld aus."),
        ("postcode", "1482", "Bitte fünf Ziffern"),
        ("place", "Nirgendwo", "Wir kennen keinen Ort"),
        ("website", "javascript:alert(1)", "Das ist keine Internetseite"),
        ("description", "x" * 2001, "Bitte kürzen Sie auf 2000 Zeichen"),
    ],
)
def test_wrong_details_are_explained_and_stay_in_their_fields(
    installation: Installation, field: str, typed: str, sentence: str
) -> None:
    changes = {"postcode": "99999"} if typed == "Nirgendwo" else {}

    page = first_step(installation.visitor(), **{field: typed, **changes})

    assert page.status == 422
    assert sentence in page.words
    values = page.form_values("/register")
    assert values[field] == typed
    assert values["register_entry"] == "Handwerksrolle Potsdam"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("person_name", "", "Bitte füllen Sie dieses Feld aus."),
        ("email", "keine-adresse", "Das ist keine E-Mail-Adresse"),
        ("password", "kurz", "mindestens 12 Zeichen"),
        ("password", "Tischlerei am Tor", "fast nur aus einem bekannten Passwort oder aus Namen"),
        ("lat", "Norden", "Bitte schreiben Sie Grad"),
        ("lat", "48,1", "km von 14822 Brück entfernt"),
    ],
)
def test_wrong_access_data_are_explained_and_the_rest_stays(
    installation: Installation, field: str, typed: str, sentence: str
) -> None:
    visitor = installation.visitor()

    page = second_step(visitor, first_step(visitor), **{field: typed})

    assert page.status == 422
    assert sentence in page.words
    values = page.form_values("/register")
    assert values["name"] == "Tischlerei am Tor"
    if field != "password":
        assert values[field] == typed
    assert values["password"] == ""


def test_going_back_to_the_address_loses_nothing(installation: Installation) -> None:
    visitor = installation.visitor()
    page = first_step(visitor)

    back = visitor.post("/register", {**page.form_values("/register"), "step": "change"})

    values = back.form_values("/register")
    assert {name: values[name] for name in DETAILS} == DETAILS


def test_a_name_of_several_places_is_a_choice_that_is_kept(installation: Installation) -> None:
    visitor = installation.visitor()

    asked = first_step(visitor, postcode="91325", place="Neuhaus")
    labels = [
        button.get("value") for button in asked.all("input") if button.get("name") == "place_choice"
    ]
    chosen = first_step(visitor, postcode="91325", place="Neuhaus", place_choice=labels[-1])

    assert asked.status == 422
    assert len(labels) > 1
    assert "Diesen Ort gibt es mehrmals" in asked.words
    assert "Stimmt die Markierung?" in chosen.words
    assert chosen.form_values("/register")["place_choice"] == labels[-1]


def test_who_sits_outside_takes_part_only_if_they_say_how_they_serve_the_district(
    installation: Installation,
) -> None:
    visitor = installation.visitor()
    page = first_step(visitor, postcode="14467", place="Potsdam")

    refused = second_step(visitor, page)
    unexplained = second_step(visitor, refused, serves_district="y")
    taken = second_step(
        visitor, unexplained, serves_district="y", service_note="Wir liefern täglich nach Teltow."
    )

    assert "liegt außerhalb" in page.words
    assert refused.status == 422
    assert "Landkreis Potsdam-Mittelmark" in refused.words
    assert "in einem Satz" in unexplained.words
    assert taken.path == "/register/sent"
    assert stored(installation).serves_district


def test_the_pin_that_was_moved_is_the_exact_place_and_stays_private(
    installation: Installation,
) -> None:
    visitor = installation.visitor()

    second_step(visitor, first_step(visitor), lat="52,20123", lon="12,76543")

    organisation = stored(installation)
    assert (organisation.lat, organisation.lon) == (52.20123, 12.76543)
    assert organisation.precision == "address"
    assert (organisation.public_lat, organisation.public_lon) != (52.20123, 12.76543)


def test_the_terms_are_accepted_in_the_version_that_was_shown(installation: Installation) -> None:
    write_terms(installation, 1)
    visitor = installation.visitor()
    page = first_step(visitor)

    refused = second_step(visitor, page, terms=None)
    write_terms(installation, 2)
    outdated = second_step(visitor, page, terms="y")
    taken = second_step(visitor, outdated, terms="y")

    assert "Ohne Ihre Zustimmung" in refused.words
    assert outdated.status == 422
    assert "haben sich eben geändert" in outdated.words
    assert taken.path == "/register/sent"
    with installation.work() as work:
        assert work.session.scalars(select(Person.terms_version)).one() == 2


def test_an_organisation_of_a_neighbour_is_a_stranger_here(installation: Installation) -> None:
    with installation.work(installation.b) as work:
        person = make_person(work, organisation=make_organisation(work))
        email = person.email

    page = installation.visitor().send("/login", {"email": email, "password": PASSWORD})

    assert page.status == 422
    assert "stimmt nicht" in page.words
