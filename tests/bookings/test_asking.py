"""An organisation asks for another's offer: what is stored, who is told, and what is refused."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import Organisation, Person
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.bookings.models import Booking
from marketplace.bookings.operations.answering import act_on_booking
from marketplace.bookings.operations.asking import CapacityExhausted, ask_for_listing
from marketplace.bookings.rules.states import BookingAction
from marketplace.foundation.audit import AuditEntry
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.errors import Conflict, NotAllowed, NotFound
from marketplace.foundation.identifiers import ListingId, PersonId, ThreadId
from marketplace.listings.models import Listing
from marketplace.listings.rules.states import ListingState
from tests.factories.accounts import (
    actor_of,
    make_moderator,
    make_organisation,
    make_person,
    sign_in,
)
from tests.factories.bookings import make_request, whole_days
from tests.factories.listings import make_listing
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation

TYPED = {
    "start": "2026-10-05",
    "end": "2026-10-09",
    "quantity": "1",
    "message": "Wir holen ihn selbst ab.",
}


@dataclass(frozen=True)
class Yard:
    """The farm offers something, and the carpentry could use it."""

    installation: Installation
    farmer: Person
    carpenter: Person
    actors: dict[PersonId, Actor]
    listing_id: ListingId

    @property
    def page(self) -> str:
        return f"/listings/{self.listing_id}"

    def browser_of(self, person: Person) -> Visitor:
        visitor = self.installation.visitor()
        sign_in(visitor, person)
        return visitor

    def ask(self, person: Person | None = None, **changes: Any) -> ThreadId:  # noqa: ANN401
        with self.installation.work(actor=self.actors[(person or self.carpenter).id]) as work:
            return ask_for_listing(work, self.listing_id, make_request(**changes)).thread_id

    def answer(self, thread_id: ThreadId, action: BookingAction = BookingAction.ACCEPT) -> None:
        with self.installation.work(actor=self.actors[self.farmer.id]) as work:
            booking = work.session.scalars(
                select(Booking).where(Booking.thread_id == thread_id)
            ).one()
            act_on_booking(work, booking.id, action, note="Passt uns gut.")

    def type_and_send(self, browser: Visitor, **changes: str) -> Page:
        return browser.send(f"{self.page}/ask", {**TYPED, **changes}, form_at=self.page)

    def change_listing(self, **changes: Any) -> None:  # noqa: ANN401 (any column)
        with self.installation.work() as work:
            listing = work.session.get_one(Listing, self.listing_id)
            for name, value in changes.items():
                setattr(listing, name, value)

    def booking(self) -> Booking:
        with self.installation.work() as work:
            booking = work.session.scalars(select(Booking)).one()
            work.session.expunge(booking)
            return booking

    def count(self) -> int:
        with self.installation.work() as work:
            return work.session.scalar(select(func.count()).select_from(Booking)) or 0


@pytest.fixture
def yard(installation: Installation) -> Yard:
    with installation.work() as work:
        farm = make_organisation(work, name="Hof am Bach")
        farmer = make_person(work, email="hof@a.example", organisation=farm)
        carpenter = make_person(
            work,
            email="tischlerei@a.example",
            organisation=make_organisation(work, name="Tischlerei", place="Beelitz"),
        )
        listing = make_listing(work, farm, title="Hubwagen 2 t", quantity=3)
        actors = {person.id: actor_of(work, person) for person in (farmer, carpenter)}
        listing_id = listing.id
        work.session.flush()
        work.session.expunge_all()
    return Yard(installation, farmer, carpenter, actors, listing_id)


def test_a_request_is_stored_as_it_was_asked_and_held_for_two_days(yard: Yard) -> None:
    yard.ask(quantity=2)

    booking = yard.booking()
    asked = whole_days(date(2026, 10, 5), date(2026, 10, 9))
    assert (booking.starts_at, booking.ends_at) == (asked.start, asked.end)
    assert (booking.quantity, booking.state, booking.unit) == (2, "requested", "piece")
    assert booking.hold_until == yard.installation.clock.now() + timedelta(hours=48)


def test_the_audit_trail_knows_who_asked_and_holds_no_message(yard: Yard) -> None:
    yard.ask()

    with yard.installation.work() as work:
        entry = work.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "step_booking")
        ).one()
        assert entry.actor_id == yard.carpenter.id
        assert entry.details == {"state": "requested"}


def test_ones_own_offer_cannot_be_asked_for(yard: Yard) -> None:
    with pytest.raises(NotAllowed, match="eigenes Angebot"):
        yard.ask(yard.farmer)


@pytest.mark.parametrize("state", [VerificationState.SUBMITTED, VerificationState.REFUSED])
def test_only_a_verified_organisation_asks(yard: Yard, state: VerificationState) -> None:
    with yard.installation.work() as work:
        organisation_id = yard.actors[yard.carpenter.id].organisation_id
        work.session.get_one(Organisation, organisation_id).state = state

    with pytest.raises(NotAllowed):
        yard.ask()

    assert yard.count() == 0


@pytest.mark.parametrize("state", [ListingState.DRAFT, ListingState.PAUSED, ListingState.ARCHIVED])
def test_what_is_not_on_offer_cannot_be_asked_for(yard: Yard, state: ListingState) -> None:
    yard.change_listing(state=state)

    with pytest.raises(NotFound):
        yard.ask()


def test_what_has_run_out_cannot_be_asked_for(yard: Yard) -> None:
    yard.change_listing(valid_until=yard.installation.clock.now())

    with pytest.raises(NotFound):
        yard.ask()


def test_the_offers_own_windows_decide_when_it_can_be_had(yard: Yard) -> None:
    with yard.installation.work() as work:
        farm = work.session.get_one(Organisation, yard.actors[yard.farmer.id].organisation_id)
        window = whole_days(date(2026, 10, 5), date(2026, 10, 8))
        other = make_listing(work, farm, windows=[window]).id

    with yard.installation.work(actor=yard.actors[yard.carpenter.id]) as work:
        with pytest.raises(CapacityExhausted) as refusal:
            ask_for_listing(work, other, make_request())
        assert refusal.value.shortage.free == 0
        assert ask_for_listing(work, other, make_request(last=date(2026, 10, 8)))


def test_twenty_requests_may_wait_and_each_answer_makes_room_for_one(yard: Yard) -> None:
    yard.change_listing(quantity=30)
    threads = [yard.ask() for _ in range(20)]
    with pytest.raises(Conflict) as refusal:
        yard.ask()
    yard.answer(threads[0])
    yard.ask()

    assert refusal.value.code == "quota_exceeded"
    assert yard.count() == 21


def test_requests_that_nobody_answered_in_time_wait_no_longer(yard: Yard) -> None:
    yard.change_listing(quantity=20)
    for _ in range(20):
        yard.ask()
    yard.installation.clock.advance(timedelta(hours=48))

    yard.ask()

    assert yard.count() == 21


def test_the_owner_is_told_who_asks_for_what(yard: Yard) -> None:
    yard.type_and_send(yard.browser_of(yard.carpenter), quantity="2")

    (mail,) = yard.installation.mails("hof@a.example")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    lines = text.splitlines()
    assert "Tischlerei" in mail["Subject"]
    assert "Hubwagen 2 t" in mail["Subject"]
    assert any("5.10.2026 – 9.10.2026" in line for line in lines)
    assert any(line.endswith("2 Stück") for line in lines)
    assert "Wir holen ihn selbst ab." in lines
    assert f"http://a.localhost/messages/{yard.booking().thread_id}" in lines


def test_those_who_ask_get_a_confirmation(yard: Yard) -> None:
    yard.ask()

    (mail,) = yard.installation.mails("tischlerei@a.example")
    assert "Hubwagen 2 t" in mail["Subject"]
    assert "Hof am Bach" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_request_is_one_mail_for_each_side_and_not_a_message_besides(yard: Yard) -> None:
    yard.ask()

    assert sorted(mail["To"] for mail in yard.installation.mails()) == [
        "hof@a.example",
        "tischlerei@a.example",
    ]


def test_a_request_is_sent_from_the_page_of_the_offer(yard: Yard) -> None:
    page = yard.type_and_send(yard.browser_of(yard.carpenter))

    assert page.status == 200
    assert page.path == f"/messages/{yard.booking().thread_id}"
    assert "Wir holen ihn selbst ab." in page.words
    assert "Mo, 5. Oktober 2026 bis Fr, 9. Oktober 2026" in page.words
    assert "angefragt" in page.words


def test_one_day_needs_only_its_first_field(yard: Yard) -> None:
    yard.type_and_send(yard.browser_of(yard.carpenter), end="")

    booking = yard.booking()
    assert booking.ends_at - booking.starts_at == timedelta(days=1)


def test_days_may_be_typed_as_people_write_them(yard: Yard) -> None:
    yard.type_and_send(yard.browser_of(yard.carpenter), start="5.10.2026", end="05.10.26")

    assert yard.booking().ends_at - yard.booking().starts_at == timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"start": ""}, "Bitte geben Sie den ersten Tag an."),
        ({"start": "gestern"}, "Das ist kein Tag."),
        ({"start": "2026-08-31"}, "Dieser Tag ist vorbei."),
        ({"end": "2026-10-04"}, "Der letzte Tag liegt vor dem ersten."),
        ({"end": "2199-12-31"}, "So weit voraus geht es noch nicht."),
        ({"quantity": "0"}, "Bitte geben Sie eine Menge ab 1 an."),
        ({"quantity": ""}, "Menge"),
        ({"quantity": "zwei"}, "ganze Zahl"),
        ({"message": " "}, "Bitte schreiben Sie"),
    ],
)
def test_a_refused_request_shows_the_page_again_with_what_was_typed(
    yard: Yard, typed: dict[str, str], said: str
) -> None:
    page = yard.type_and_send(yard.browser_of(yard.carpenter), **typed)

    assert page.status == 422
    assert said in page.words
    assert "Hubwagen 2 t" in page.words
    assert "Wer bietet an?" in page.words
    kept = {name: page.form_values(f"{yard.page}/ask")[name] for name in TYPED}
    assert kept == {**TYPED, **{name: text.strip() for name, text in typed.items()}}
    assert yard.count() == 0


@pytest.mark.parametrize("quantity", ["4", "99999999999999999999"])
def test_more_than_is_free_shows_how_much_is_and_keeps_what_was_typed(
    yard: Yard, quantity: str
) -> None:
    page = yard.type_and_send(yard.browser_of(yard.carpenter), quantity=quantity)

    assert page.status == 409
    assert "3 Stück" in page.words
    assert page.form_values(f"{yard.page}/ask")["quantity"] == quantity
    assert "quantity=3" in page.text
    assert yard.count() == 0


def test_visitors_are_led_to_sign_in_and_back_to_the_form(yard: Yard) -> None:
    visitor = yard.installation.visitor()
    page = visitor.get(yard.page)
    links = [link.get("href") for link in page.all("a")]

    assert f"/login?next={yard.page}/ask" in links
    assert visitor.get(f"{yard.page}/ask").path == f"/login?next={yard.page}/ask"
    assert yard.browser_of(yard.carpenter).get(f"{yard.page}/ask").path == yard.page


def test_the_days_that_were_searched_for_stand_in_the_form(yard: Yard) -> None:
    page = yard.browser_of(yard.carpenter).get(
        f"{yard.page}?available_from=2026-10-05&available_to=2026-10-09"
    )

    values = page.form_values(f"{yard.page}/ask")
    assert (values["start"], values["end"]) == ("2026-10-05", "2026-10-09")


def test_who_is_being_checked_is_told_so_instead_of_a_form(yard: Yard) -> None:
    with yard.installation.work() as work:
        organisation = make_organisation(work, state=VerificationState.SUBMITTED)
        person = make_person(work, organisation=organisation)
        work.session.flush()
        work.session.expunge_all()

    page = yard.browser_of(person).get(yard.page)

    assert "Ihre Organisation wird noch geprüft" in page.words
    assert 'name="message"' not in page.text


def test_neither_the_owner_nor_the_staff_see_a_form(yard: Yard) -> None:
    with yard.installation.work() as work:
        moderator = make_moderator(work)
        work.session.flush()
        work.session.expunge_all()

    for person in (yard.farmer, moderator):
        assert f"{yard.page}/ask" not in yard.browser_of(person).get(yard.page).text


def test_the_owner_who_sends_a_request_anyway_is_told_why_not(yard: Yard) -> None:
    yard.installation.app.config["WTF_CSRF_ENABLED"] = False

    page = yard.browser_of(yard.farmer).post(f"{yard.page}/ask", TYPED)

    assert page.status == 403
    assert "eigenes Angebot" in page.words


def test_both_desks_show_the_request_and_what_became_of_it(yard: Yard) -> None:
    farmer, carpenter = yard.browser_of(yard.farmer), yard.browser_of(yard.carpenter)
    thread_id = yard.ask()
    asked = [farmer.get("/desk"), carpenter.get("/desk")]
    yard.answer(thread_id)
    answered = [farmer.get("/desk"), carpenter.get("/desk")]

    for page, state in zip(
        [*asked, *answered],
        ["wartet auf Sie", "angefragt", *["vereinbart"] * 2],
        strict=True,
    ):
        assert "Hubwagen 2 t" in page.words
        assert state in page.words
        assert f"/messages/{thread_id}" in [link.get("href") for link in page.all("a")]


def test_the_desk_of_others_shows_nothing_of_it(yard: Yard) -> None:
    yard.ask()
    with yard.installation.work() as work:
        stranger = make_person(work, organisation=make_organisation(work))
        work.session.flush()
        work.session.expunge_all()

    assert "Hubwagen" not in yard.browser_of(stranger).get("/desk").words


def test_what_was_asked_stands_over_the_conversation_when_the_offer_is_gone(yard: Yard) -> None:
    thread_id = yard.ask()
    yard.change_listing(state=ListingState.ARCHIVED)

    page = yard.browser_of(yard.carpenter).get(f"/messages/{thread_id}")

    assert "Hubwagen 2 t" in page.words
    assert yard.page not in [link.get("href") for link in page.all("a")]
