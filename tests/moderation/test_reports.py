"""Something is not in order: people report it, the staff decide, everybody learns why."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Organisation, Person
from marketplace.foundation.audit import AuditEntry
from marketplace.foundation.identifiers import ListingId, ThreadId
from marketplace.listings.models import Listing
from marketplace.listings.rules.states import ListingState
from marketplace.messaging.models import Message
from marketplace.messaging.operations import post_message
from marketplace.moderation.models import Report
from tests.factories.accounts import (
    actor_of,
    make_moderator,
    make_organisation,
    make_person,
    sign_in,
)
from tests.factories.listings import make_listing
from tests.factories.messaging import make_thread
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation

WORDS = "Das Gerät ist kaputt und wird trotzdem angeboten."


@dataclass(frozen=True)
class Village:
    """A farm with an offer, a carpentry that talks with it, and the district's staff."""

    installation: Installation
    farmer: Person
    carpenter: Person
    moderator: Person
    listing_id: ListingId
    thread_id: ThreadId

    def browser_of(self, person: Person) -> Visitor:
        visitor = self.installation.visitor()
        sign_in(visitor, person)
        return visitor

    def report(self, visitor: Visitor, path: str, **values: str) -> Page:
        return visitor.send(path, {"category": "fraud", "reason": WORDS, **values})

    def message(self, position: int) -> str:
        with self.installation.work() as work:
            return work.session.scalars(
                select(Message.id).where(Message.position == position)
            ).one()

    def reports(self) -> list[Report]:
        with self.installation.work() as work:
            found = list(work.session.scalars(select(Report).order_by(Report.created_at)))
            work.session.expunge_all()
            return found

    @property
    def listing_path(self) -> str:
        return f"/report/listing/{self.listing_id}"


@pytest.fixture
def village(installation: Installation) -> Village:
    with installation.work() as work:
        farm = make_organisation(work, name="Hof am Bach")
        farmer = make_person(work, email="hof@a.example", organisation=farm)
        carpenter = make_person(
            work,
            email="tischlerei@a.example",
            organisation=make_organisation(work, name="Tischlerei"),
        )
        moderator = make_moderator(work)
        listing_id = make_listing(work, farm, title="Kreissäge").id
        actors = [actor_of(work, each) for each in (carpenter, farmer)]
        work.session.flush()
        work.session.expunge_all()
    with installation.work(actor=actors[0]) as work:
        other = work.session.get_one(Organisation, actors[1].organisation_id)
        thread_id = make_thread(work, other, body="Eins.").id
    for number, words in enumerate(("Zwei.", "Drei.", "Vier.", "Fünf.")):
        with installation.work(actor=actors[(number + 1) % 2]) as work:
            post_message(work, thread_id, words)
    installation.mails()
    return Village(installation, farmer, carpenter, moderator, listing_id, thread_id)


def test_a_report_reaches_the_staff_and_the_reporter_gets_a_receipt(village: Village) -> None:
    browser = village.browser_of(village.carpenter)
    link = browser.get(f"/listings/{village.listing_id}")
    done = village.report(browser, village.listing_path)
    page = village.browser_of(village.moderator).get(
        f"/moderation/reports/{village.reports()[0].id}"
    )

    assert village.listing_path in [each.get("href") for each in link.all("a")]
    assert "Danke." in done.words
    assert "Kreissäge" in village.browser_of(village.moderator).get("/moderation").words
    for stated in (WORDS, "Jemand täuscht oder betrügt", "Tischlerei", "Hof am Bach"):
        assert stated in page.words
    subjects = {mail["To"]: mail["Subject"] for mail in village.installation.mails()}
    assert subjects["tischlerei@a.example"] == "Ihre Meldung ist da: Kreissäge"
    assert subjects[village.moderator.email] == "Gemeldet: Kreissäge"


def test_hiding_a_reported_offer_tells_both_sides_why_and_nobody_who_reported(
    village: Village,
) -> None:
    village.report(village.browser_of(village.carpenter), village.listing_path)
    staff, path = (
        village.browser_of(village.moderator),
        f"/moderation/reports/{village.reports()[0].id}",
    )
    staff.send(path, {"decision": "hidden", "reason": "Die Schutzhaube fehlt auf dem Bild."})

    with village.installation.work() as work:
        assert work.session.get_one(Listing, village.listing_id).state == ListingState.DRAFT
        deeds = work.session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_id == village.listing_id)
        ).all()
    assert {"report", "decide_report", "hide_listing"} <= set(deeds)
    (to_farm,) = [
        mail.as_string()
        for mail in village.installation.mails("hof@a.example")
        if "Schutzhaube" in mail.as_string()
    ]
    to_reporter = [mail.as_string() for mail in village.installation.mails("tischlerei@a.example")]
    assert "Tischlerei" not in to_farm
    assert any("Schutzhaube" in mail for mail in to_reporter)
    assert "Zurzeit ist nichts gemeldet." in staff.get("/moderation").words
    assert "Kreissäge" in staff.get("/moderation/reports").words


def test_a_report_is_decided_once_and_never_without_a_reason(village: Village) -> None:
    village.report(village.browser_of(village.carpenter), village.listing_path)
    staff, path = (
        village.browser_of(village.moderator),
        f"/moderation/reports/{village.reports()[0].id}",
    )
    form = staff.get(path).form_values()

    empty = staff.send(path, {"decision": "no_action", "reason": " "})
    undecided = staff.send(path, {"reason": "Die Angaben stimmen."})
    first = staff.post(path, {**form, "decision": "no_action", "reason": "Die Angaben stimmen."})
    second = staff.post(path, {**form, "decision": "hidden", "reason": "Lieber doch nicht."})

    assert (empty.status, undecided.status, first.status, second.status) == (422, 422, 200, 409)
    assert "Über diese Meldung wurde schon entschieden." in second.words
    assert village.reports()[0].decision == "no_action"


def test_visitors_report_and_their_address_is_kept_until_they_are_answered(
    village: Village,
) -> None:
    visitor = village.installation.visitor()
    wrong = village.report(visitor, village.listing_path, email="keine Adresse")
    for _ in range(2):  # pressed twice
        village.report(visitor, village.listing_path, email="Gast@web.example")
    (report,) = village.reports()
    village.browser_of(village.moderator).send(
        f"/moderation/reports/{report.id}", {"decision": "acted", "reason": "Wir haben angerufen."}
    )

    assert wrong.status == 422
    assert wrong.form_values(None)["reason"] == WORDS
    assert report.email == "gast@web.example"
    assert sorted(mail["Subject"] for mail in village.installation.mails("gast@web.example")) == [
        "Ihre Meldung ist da: Kreissäge",
        "Über Ihre Meldung ist entschieden: Kreissäge",
    ]
    assert village.reports()[0].email == ""


def test_a_report_says_what_is_wrong_in_own_words(village: Village) -> None:
    visitor = village.browser_of(village.carpenter)

    for values in ({"category": ""}, {"category": "boring"}, {"reason": " "}):
        assert village.report(visitor, village.listing_path, **values).status == 422
    assert village.reports() == []


def test_the_staff_see_a_reported_message_with_its_neighbours_and_no_other(
    village: Village,
) -> None:
    browser = village.browser_of(village.farmer)
    path = f"/report/message/{village.message(3)}"
    link = browser.get(f"/messages/{village.thread_id}")
    village.report(browser, path, category="hate")
    staff = village.browser_of(village.moderator)
    page = staff.get(f"/moderation/reports/{village.reports()[0].id}")

    assert path in [each.get("href") for each in link.all("a")]
    for read in ("Zwei.", "Drei.", "Vier."):
        assert read in page.words
    for unread in ("Eins.", "Fünf."):
        assert unread not in page.words
    assert "Den Eintrag ausblenden" not in page.words
    assert staff.get(f"/messages/{village.thread_id}").status == 403


def test_nobody_reports_what_they_wrote_or_cannot_see(village: Village) -> None:
    own, others = village.message(1), village.message(2)
    carpenter, visitor = village.browser_of(village.carpenter), village.installation.visitor()

    assert carpenter.get(f"/report/message/{own}").status == 404
    assert carpenter.get(f"/report/message/{others}").status == 200
    assert visitor.get(f"/report/message/{others}").status == 404
    assert carpenter.get("/report/person/x").status == 404
    assert village.browser_of(village.farmer).get(village.listing_path).status == 403
