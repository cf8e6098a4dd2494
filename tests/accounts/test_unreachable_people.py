"""Mails that an address will never take: the staff and the person learn of it."""

from datetime import timedelta

from marketplace.accounts.models import Person
from marketplace.accounts.operations.mails import mail_to
from marketplace.cli.verification.stored import STORED_INVARIANTS
from marketplace.foundation.jobs.outbox import MOST_ATTEMPTS
from tests.factories.accounts import make_moderator, make_organisation, make_person, sign_in
from tests.support.browser import Visitor
from tests.support.installation import Installation, TestDistrict
from tests.support.mail_server import Mailbox, deliver

ADDRESS = "hof@a.example"
REFUSAL = "550 5.1.1 <hof@a.example>: kein Postfach"


def write(installation: Installation, person: Person, event_key: str) -> None:
    with installation.work() as work:
        mail_to(
            work,
            work.session.get_one(Person, person.id),
            "organisation_verified",
            event_key=event_key,
            organisation="Hof am Bach",
        )


def browser_of(installation: Installation, person: Person) -> Visitor:
    visitor = installation.visitor()
    sign_in(visitor, person)
    return visitor


def staff_of(installation: Installation, district: TestDistrict) -> Visitor:
    with installation.work(district) as work:
        moderator = make_moderator(work)
        work.session.flush()
        work.session.expunge_all()
    visitor = installation.visitor(district)
    sign_in(visitor, moderator)
    return visitor


def test_staff_and_person_learn_of_it_until_a_mail_arrives_again(
    installation: Installation,
) -> None:
    with installation.work() as work:
        farm = make_organisation(work, name="Hof am Bach")
        farmer = make_person(work, email=ADDRESS, name="Bäuerin", organisation=farm)
        work.session.expunge_all()
    mailbox = Mailbox({ADDRESS: REFUSAL})
    write(installation, farmer, "one")
    write(installation, farmer, "two")
    deliver(installation, mailbox)
    staff, person = staff_of(installation, installation.a), browser_of(installation, farmer)

    queue, listed, desk = (
        staff.get("/moderation"),
        staff.get("/moderation/mails"),
        person.get("/desk"),
    )

    assert "1 Person bekommt unsere Mails nicht" in queue.words
    assert "/moderation/mails" in [each.get("href") for each in queue.all("a")]
    for stated in ("Hof am Bach", "Bäuerin", ADDRESS, "2 Mails", REFUSAL):
        assert stated in listed.words
    details = f"/moderation/organisations/{farm.id}"
    assert details in [each.get("href") for each in listed.all("a")]
    assert f"{ADDRESS} nimmt keine Mails von uns an" in desk.words
    assert (
        "Hof am Bach" not in staff_of(installation, installation.b).get("/moderation/mails").words
    )
    assert person.get("/moderation/mails").status == 403

    installation.clock.advance(timedelta(minutes=5))
    mailbox.refusals.clear()
    write(installation, farmer, "three")
    deliver(installation, mailbox)

    assert "Alle Mails kommen an." in staff.get("/moderation").words
    assert "nimmt keine Mails" not in person.get("/desk").words


def test_staff_learn_of_a_mail_that_was_given_up_and_its_reader_is_not_blamed(
    installation: Installation,
) -> None:
    with installation.work() as work:
        farm = make_organisation(work, name="Hof am Bach")
        farmer = make_person(work, email=ADDRESS, name="Bäuerin", organisation=farm)
        work.session.expunge_all()
    mailbox = Mailbox({ADDRESS: "451 4.7.1 spaeter"})
    write(installation, farmer, "one")
    for _ in range(MOST_ATTEMPTS):
        deliver(installation, mailbox)
        installation.clock.advance(timedelta(hours=9))
    staff, person = staff_of(installation, installation.a), browser_of(installation, farmer)

    listed = staff.get("/moderation/mails")

    assert len(mailbox.refused) == MOST_ATTEMPTS
    for stated in ("Hof am Bach", ADDRESS, "Nach vielen Versuchen aufgegeben", "451"):
        assert stated in listed.words
    assert "Die Gegenstelle sagt" not in listed.words
    assert "nimmt keine Mails" not in person.get("/desk").words
    with installation.work() as work:
        assert [each.id for each in STORED_INVARIANTS if list(each.check(work))] == []
