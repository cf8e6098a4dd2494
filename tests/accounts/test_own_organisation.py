"""An organisation changes what it states; what the staff had seen is checked anew."""

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Organisation, Person
from marketplace.accounts.permissions import MemberRole
from tests.factories.accounts import make_organisation, make_person, sign_in
from tests.support.browser import Visitor
from tests.support.installation import Installation

FORM = "/account/organisation"


@pytest.fixture
def owner(installation: Installation) -> Person:
    with installation.work() as work:
        person = make_person(work, organisation=make_organisation(work, name="Hof am Bach"))
        work.session.expunge_all()
        return person


@pytest.fixture
def visitor(installation: Installation, owner: Person) -> Visitor:
    visitor = installation.visitor()
    sign_in(visitor, owner)
    return visitor


def state_of(installation: Installation) -> str:
    with installation.work() as work:
        return work.session.scalars(select(Organisation.state)).one()


def test_how_it_presents_itself_changes_without_a_new_check(
    installation: Installation, visitor: Visitor
) -> None:
    visitor.send(FORM, {"description": "Eier und Kartoffeln."})

    assert state_of(installation) == "verified"
    assert visitor.get(FORM).form_values(FORM)["description"] == "Eier und Kartoffeln."


def test_a_new_name_is_checked_anew(installation: Installation, visitor: Visitor) -> None:
    page = visitor.send(FORM, {"name": "Hof am See"})

    assert state_of(installation) == "submitted"
    assert "wird noch geprüft" in page.words


def test_a_new_address_is_shown_on_the_map_before_it_counts(
    installation: Installation, visitor: Visitor
) -> None:
    shown = visitor.send(FORM, {"postcode": "14547", "place": "Beelitz"})
    saved = visitor.post(FORM, shown.form_values(FORM))

    assert shown.status == 422
    assert "prüfen Sie die Markierung" in shown.words
    assert saved.path == "/desk"
    with installation.work() as work:
        organisation = work.session.scalars(select(Organisation)).one()
        assert organisation.place == "Beelitz"
        assert 52.2 < organisation.lat < 52.3


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Bitte füllen Sie dieses Feld aus."),
        ("postcode", "abc", "Bitte fünf Ziffern"),
        ("website", "ftp://x", "Das ist keine Internetseite"),
        ("lon", "östlich", "Bitte schreiben Sie Grad"),
    ],
)
def test_wrong_input_is_explained_and_stays(
    visitor: Visitor, field: str, typed: str, sentence: str
) -> None:
    page = visitor.send(FORM, {field: typed, "description": "Neu."})

    assert page.status == 422
    assert sentence in page.words
    assert page.form_values(FORM)[field] == typed
    assert page.form_values(FORM)["description"] == "Neu."


def test_who_saves_over_a_newer_version_sees_both(visitor: Visitor) -> None:
    late = visitor.get(FORM).form_values(FORM)
    visitor.send(FORM, {"description": "Zuerst gespeichert."})

    refused = visitor.post(FORM, {**late, "description": "Zu spät."})
    knowingly = visitor.post(FORM, refused.form_values(FORM))

    assert refused.status == 409
    assert "Zuerst gespeichert." in refused.words
    assert refused.form_values(FORM)["description"] == "Zu spät."
    assert knowingly.path == "/desk"
    assert visitor.get(FORM).form_values(FORM)["description"] == "Zu spät."


def test_a_member_who_is_not_the_owner_changes_nothing(installation: Installation) -> None:
    with installation.work() as work:
        member = make_person(work, organisation=make_organisation(work), role=MemberRole.MEMBER)
        work.session.expunge_all()
    visitor = installation.visitor()
    sign_in(visitor, member)

    assert visitor.get(FORM).status == 403
