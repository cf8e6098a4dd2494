"""Sign in and out, set a password anew, and end sessions."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Person
from marketplace.accounts.permissions import StaffRole
from marketplace.foundation.audit import AuditEntry
from tests.factories.accounts import PASSWORD, make_organisation, make_person, sign_in
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation

NEW_PASSWORD = "drei Ziegen auf dem Dach"


@pytest.fixture
def person(installation: Installation) -> Person:
    with installation.work() as work:
        person = make_person(
            work, email="hof@a.example", organisation=make_organisation(work, name="Hof am Bach")
        )
        work.session.expunge_all()
        return person


def log_in(visitor: Visitor, password: str = PASSWORD, **changes: str) -> Page:
    return visitor.send("/login", {"email": "hof@a.example", "password": password, **changes})


def reset_link(installation: Installation) -> str:
    text = installation.mails("hof@a.example")[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    match = re.search(r"http://a\.localhost(/reset-password/\S+)", text)
    assert match is not None
    return match.group(1)


@pytest.mark.usefixtures("person")
def test_the_right_password_leads_to_the_desk_and_out_again(installation: Installation) -> None:
    visitor = installation.visitor()

    desk = log_in(visitor)
    out = visitor.send("/logout", form_at="/desk")

    assert desk.path == "/desk"
    assert "Sie sind abgemeldet." in out.words
    assert visitor.get("/desk").path.startswith("/login")


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("email", ["hof@a.example", "niemand@a.example"])
def test_a_wrong_password_and_an_unknown_address_look_alike(
    installation: Installation, email: str
) -> None:
    page = log_in(installation.visitor(), "falsch und lang genug", email=email)

    assert page.status == 422
    assert "E-Mail-Adresse oder Passwort stimmt nicht." in page.words
    assert page.form_values("/login")["email"] == email


@pytest.mark.usefixtures("person")
def test_a_refused_sign_in_is_on_record_without_what_was_typed(
    installation: Installation,
) -> None:
    log_in(installation.visitor(), "falsch und lang genug")

    with installation.work() as work:
        entry = work.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "fail_to_sign_in")
        ).one()
        assert "falsch" not in str(entry.details)


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/listings/new", "/listings/new"),
        ("https://elsewhere.example/", "/desk"),
        ("//elsewhere.example", "/desk"),
        ("/\\elsewhere.example", "/desk"),
    ],
)
def test_after_signing_in_one_lands_where_one_wanted_to_but_only_here(
    installation: Installation, wanted: str, path: str
) -> None:
    assert log_in(installation.visitor(), next=wanted).path == path


def test_the_staff_land_at_their_queue(installation: Installation) -> None:
    with installation.work() as work:
        make_person(work, email="hof@a.example", staff_role=StaffRole.MODERATOR)

    assert log_in(installation.visitor()).path == "/moderation"


@pytest.mark.usefixtures("person")
def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(
    installation: Installation,
) -> None:
    visitor = installation.visitor()
    visitor.send("/forgot-password", {"email": "hof@a.example"})
    link = reset_link(installation)

    done = visitor.send(link, {"password": NEW_PASSWORD})

    assert "gilt ab jetzt" in done.words
    assert log_in(visitor, NEW_PASSWORD).path == "/desk"
    assert "gilt nicht mehr" in installation.visitor().get(link).words
    assert log_in(installation.visitor(), PASSWORD).status == 422


@pytest.mark.usefixtures("person")
def test_a_reset_ends_all_sessions(installation: Installation) -> None:
    elsewhere, visitor = installation.visitor(), installation.visitor()
    log_in(elsewhere)
    visitor.send("/forgot-password", {"email": "hof@a.example"})

    visitor.send(reset_link(installation), {"password": NEW_PASSWORD})

    assert elsewhere.get("/desk").path.startswith("/login")


@pytest.mark.usefixtures("person")
def test_a_reset_link_ends_after_an_hour(installation: Installation) -> None:
    visitor = installation.visitor()
    visitor.send("/forgot-password", {"email": "hof@a.example"})
    link = reset_link(installation)

    installation.clock.advance(timedelta(minutes=61))

    assert "gilt nicht mehr" in visitor.get(link).words


@pytest.mark.usefixtures("person")
def test_a_weak_new_password_is_refused_and_the_link_goes_on_working(
    installation: Installation,
) -> None:
    visitor = installation.visitor()
    visitor.send("/forgot-password", {"email": "hof@a.example"})
    link = reset_link(installation)

    refused = visitor.send(link, {"password": "kurz"})

    assert refused.status == 422
    assert "mindestens 12 Zeichen" in refused.words
    assert visitor.send(link, {"password": NEW_PASSWORD}).path == "/login"


def test_nobody_learns_which_addresses_have_an_account(installation: Installation) -> None:
    page = installation.visitor().send("/forgot-password", {"email": "niemand@a.example"})

    assert "Wenn es zu dieser Adresse ein Konto gibt" in page.words
    assert installation.mails() == []


def test_who_knows_the_password_changes_it_and_other_devices_are_out(
    installation: Installation, person: Person
) -> None:
    here, elsewhere = installation.visitor(), installation.visitor()
    sign_in(here, person)
    sign_in(elsewhere, person)

    wrong = here.send(
        "/account/password",
        {"current_password": "falsch", "password": NEW_PASSWORD},
        form_at="/account",
    )
    right = here.send(
        "/account/password",
        {"current_password": PASSWORD, "password": NEW_PASSWORD},
        form_at="/account",
    )

    assert "Das ist nicht Ihr jetziges Passwort." in wrong.words
    assert "gilt ab jetzt" in right.words
    assert here.get("/desk").path == "/desk"
    assert elsewhere.get("/desk").path.startswith("/login")


def test_one_session_can_be_ended_from_another(installation: Installation, person: Person) -> None:
    here, elsewhere = installation.visitor(), installation.visitor()
    sign_in(elsewhere, person)
    sign_in(here, person)
    form = next(
        form.get("action")
        for form in here.get("/account").all("form")
        if re.fullmatch(r"/account/sign-ins/\w{20,}/end", form.get("action") or "")
    )

    here.send(form, form_at="/account")

    assert elsewhere.get("/desk").path.startswith("/login")
    assert here.get("/desk").path == "/desk"


def test_a_session_of_a_member_ends_after_twelve_idle_hours(
    installation: Installation, person: Person
) -> None:
    visitor = installation.visitor()
    sign_in(visitor, person)

    installation.clock.advance(timedelta(hours=11))
    active = visitor.get("/desk").path
    installation.clock.advance(timedelta(hours=13))

    assert active == "/desk"
    assert visitor.get("/desk").path.startswith("/login")


def test_a_cookie_of_one_district_says_nothing_in_another(
    installation: Installation, person: Person
) -> None:
    here, there = installation.visitor(), installation.visitor(installation.b)
    sign_in(here, person)
    sign_in(there, person)

    assert here.get("/desk").path == "/desk"
    assert there.get("/desk").path.startswith("/login")
