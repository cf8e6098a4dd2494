"""A question about an offer: a conversation that asks for nothing yet."""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import Person
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.foundation.errors import NotAllowed, NotFound
from marketplace.foundation.identifiers import ListingId
from marketplace.listings.models import Listing
from marketplace.listings.operations.questions import ask_about_listing
from marketplace.listings.rules.states import ListingState
from marketplace.messaging.models import Message, Thread
from tests.factories.accounts import actor_of, make_organisation, make_person, sign_in
from tests.factories.listings import make_listing
from tests.support.browser import Visitor
from tests.support.installation import Installation


@dataclass(frozen=True)
class Fair:
    """A farm that offers a hand truck, and two that would like to know more."""

    installation: Installation
    farmer: Person
    carpenter: Person
    newcomer: Person
    listing_id: ListingId

    @property
    def path(self) -> str:
        return f"/listings/{self.listing_id}"

    def browser_of(self, person: Person) -> Visitor:
        visitor = self.installation.visitor()
        sign_in(visitor, person)
        return visitor

    def ask(self, person: Person, words: str = "Ist er wasserdicht?", form_id: str = "") -> Message:
        with self.installation.work() as work:
            actor = actor_of(work, work.session.get_one(Person, person.id))
        with self.installation.work(actor=actor) as work:
            message = ask_about_listing(work, self.listing_id, words, form_id=form_id)
            work.session.expunge(message)
            return message

    def counted(self) -> tuple[int, int]:
        with self.installation.work() as work:
            return (
                work.session.scalar(select(func.count()).select_from(Thread)) or 0,
                work.session.scalar(select(func.count()).select_from(Message)) or 0,
            )


@pytest.fixture
def fair(installation: Installation) -> Fair:
    with installation.work() as work:
        farm = make_organisation(work, name="Hof am Bach", street="Am Bach 7")
        farmer = make_person(work, email="hof@a.example", organisation=farm)
        carpenter = make_person(
            work,
            email="tischlerei@a.example",
            organisation=make_organisation(work, name="Tischlerei"),
        )
        newcomer = make_person(
            work, organisation=make_organisation(work, state=VerificationState.SUBMITTED)
        )
        listing_id = make_listing(work, farm, title="Hubwagen 2 t").id
        work.session.flush()
        work.session.expunge_all()
    return Fair(installation, farmer, carpenter, newcomer, listing_id)


def test_a_question_begins_a_conversation_and_goes_out_by_mail(fair: Fair) -> None:
    browser = fair.browser_of(fair.carpenter)
    page = browser.send(
        f"{fair.path}/questions", {"message": "Ist er wasserdicht?"}, form_at=fair.path
    )

    assert page.path.startswith("/messages/")
    assert "Gespräch mit Hof am Bach (Bad Belzig)" in page.words
    assert "Ist er wasserdicht?" in page.words
    assert fair.path in [link.get("href") for link in page.all("a")]
    (mail,) = fair.installation.mails("hof@a.example")
    assert mail["Subject"] == "Tischlerei schreibt zu: Hubwagen 2 t"


def test_what_the_other_side_has_not_agreed_to_stays_private(fair: Fair) -> None:
    browser = fair.browser_of(fair.carpenter)
    page = browser.send(f"{fair.path}/questions", {"message": "Geht das?"}, form_at=fair.path)
    fair.browser_of(fair.farmer).send(page.path, {"message": "Ja."})

    (answer,) = fair.installation.mails("tischlerei@a.example")
    shown = browser.get(page.path).text + answer.as_string()

    assert "Am Bach 7" not in shown
    assert "hof@a.example" not in shown


def test_the_next_question_goes_on_with_the_conversation(fair: Fair) -> None:
    first, second = fair.ask(fair.carpenter), fair.ask(fair.carpenter, "Und die Gabeln?")

    assert (first.thread_id, first.position) == (second.thread_id, 1)
    assert second.position == 2


def test_a_form_sent_twice_is_one_question(fair: Fair) -> None:
    for _ in range(2):
        fair.ask(fair.carpenter, form_id="once")

    assert fair.counted() == (1, 1)
    assert len(fair.installation.mails("hof@a.example")) == 1


def test_owners_and_unchecked_organisations_do_not_ask(fair: Fair) -> None:
    for person in (fair.farmer, fair.newcomer):
        with pytest.raises(NotAllowed):
            fair.ask(person)

    page = fair.browser_of(fair.newcomer).get(fair.path)
    assert "Wir schreiben Ihnen, sobald Sie fragen können." in page.words
    assert "Frage stellen" not in fair.browser_of(fair.farmer).get(fair.path).words


def test_what_is_not_public_is_not_asked_about_but_talked_on(fair: Fair) -> None:
    thread_id = fair.ask(fair.carpenter).thread_id
    with fair.installation.work() as work:
        work.session.get_one(Listing, fair.listing_id).state = ListingState.PAUSED

    with pytest.raises(NotFound):
        fair.ask(fair.carpenter)
    page = fair.browser_of(fair.carpenter).send(f"/messages/{thread_id}", {"message": "Schade."})
    assert "Der Eintrag ist zurzeit nicht zu sehen." in page.words


def test_an_empty_question_is_refused_in_its_place(fair: Fair) -> None:
    page = fair.browser_of(fair.carpenter).send(
        f"{fair.path}/questions", {"message": " "}, form_at=fair.path
    )

    assert page.status == 422
    assert "Bitte schreiben Sie eine Nachricht." in page.words
    assert fair.counted() == (0, 0)


def test_visitors_sign_in_and_come_back_to_the_form(fair: Fair) -> None:
    page = fair.installation.visitor().get(fair.path)

    assert f"/login?next={fair.path}/questions" in [link.get("href") for link in page.all("a")]
    assert fair.browser_of(fair.carpenter).get(f"{fair.path}/questions").path == fair.path
