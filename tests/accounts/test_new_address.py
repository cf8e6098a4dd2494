"""An account's address is changed from the new mailbox, by somebody who knows the password."""

import re
from datetime import timedelta

import pytest

from marketplace.accounts.models import Person
from marketplace.accounts.operations.links import issue_link
from marketplace.accounts.queries import link_with_secret
from marketplace.accounts.rules.links import LinkPurpose, LinkState
from marketplace.foundation.mail.operations import collect_mail, collected_mails
from tests.factories.accounts import PASSWORD, make_organisation, make_person, sign_in
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation

BEFORE, AFTER = "alt@a.example", "neu@a.example"
FORM = "/account/email"


@pytest.fixture
def person(installation: Installation) -> Person:
    with installation.work() as work:
        made = make_person(work, email=BEFORE, organisation=make_organisation(work))
        make_person(work, email="vergeben@a.example")
        work.session.flush()
        work.session.expunge_all()
        return made


@pytest.fixture
def visitor(installation: Installation, person: Person) -> Visitor:
    visitor = installation.visitor()
    sign_in(visitor, person)
    return visitor


def ask(visitor: Visitor, email: str = AFTER, password: str = PASSWORD) -> Page:
    return visitor.send(FORM, {"email": email, "current_password": password})


def link_to(installation: Installation, address: str) -> str:
    (mail,) = installation.mails(address)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(r"/new-address/\S+", text)
    assert found is not None
    return found.group()


def address_of(installation: Installation, person: Person) -> str:
    with installation.work() as work:
        return work.session.get_one(Person, person.id).email


def test_the_new_address_counts_once_its_link_is_opened_and_the_old_one_is_told(
    installation: Installation, person: Person, visitor: Visitor
) -> None:
    ask(visitor)
    link = link_to(installation, AFTER)
    before = address_of(installation, person)

    installation.visitor().send(link)

    (told,) = installation.mails(BEFORE)
    assert before == BEFORE
    assert address_of(installation, person) == AFTER
    assert told["Subject"] == "Ihre E-Mail-Adresse wurde geändert"
    assert installation.visitor().get(link).status == 409


def test_a_mistyped_address_is_noticed_because_the_page_names_it(visitor: Visitor) -> None:
    assert f"den Link, den wir an {AFTER} geschickt haben" in ask(visitor).words


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        (AFTER, "falsch", "Das ist nicht Ihr jetziges Passwort."),
        (BEFORE, PASSWORD, "Das ist schon Ihre Adresse."),
        ("neu", PASSWORD, "Das ist keine E-Mail-Adresse."),
    ],
)
def test_a_refusal_says_why_and_keeps_the_address_that_was_typed(
    installation: Installation, visitor: Visitor, email: str, password: str, sentence: str
) -> None:
    page = ask(visitor, email, password)

    assert page.status == 422
    assert sentence in page.words
    assert page.form_values(FORM)["email"] == email
    assert installation.mails() == []


def test_what_was_collected_follows_and_links_sent_to_the_old_address_end(
    installation: Installation, person: Person, visitor: Visitor
) -> None:
    with installation.work() as work:
        collect_mail(
            work,
            "message_received",
            to=BEFORE,
            event_key="message-1",
            sender="Verein",
            title="Bagger",
            text="Ist er frei?",
            path="/messages/1",
        )
        reset = issue_link(work, person.id, LinkPurpose.RESET_PASSWORD)
    ask(visitor)

    installation.visitor().send(link_to(installation, AFTER))

    with installation.work() as work:
        assert [mail.event_key for mail in collected_mails(work, AFTER)] == ["message-1"]
        _, state = link_with_secret(work, reset, (LinkPurpose.RESET_PASSWORD,))
        assert state is LinkState.USED


def test_nobody_learns_whose_address_is_taken(installation: Installation, visitor: Visitor) -> None:
    page = ask(visitor, "vergeben@a.example")

    assert "Bitte öffnen Sie den Link" in page.words
    assert installation.mails() == []


def test_a_link_ends_after_two_days_and_where_another_has_the_address_by_then(
    installation: Installation, person: Person, visitor: Visitor
) -> None:
    ask(visitor)
    link = link_to(installation, AFTER)
    with installation.work() as work:
        make_person(work, email=AFTER)

    taken = installation.visitor().send(link)
    installation.clock.advance(timedelta(hours=48))
    late = installation.visitor().get(link)

    assert taken.status == 409
    assert late.status == 409
    assert address_of(installation, person) == BEFORE
    assert installation.visitor(installation.b).get(link).status == 404
