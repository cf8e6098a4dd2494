"""A recipient proves its status: stated, seen by an administrator, and remembered to the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Person
from marketplace.accounts.permissions import MemberRole, StaffRole
from marketplace.accounts.queries import organisation_by_id
from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.cli.verify import INVARIANTS
from marketplace.donations.models import ExemptionNotice
from marketplace.donations.operations.allocating import allocate
from marketplace.donations.operations.notices import (
    NOTICE_FOLDER,
    accept_notice,
    expect_copy,
    refuse_notice,
    state_notice,
)
from marketplace.donations.rules.statements import Statement
from marketplace.foundation.errors import Conflict, InvalidInput, NotAllowed
from marketplace.foundation.identifiers import NoticeId, OrganisationId
from marketplace.messaging.rules.attachments import check_file
from tests.factories.accounts import actor_of, make_organisation, make_person, sign_in
from tests.factories.files import make_pdf, make_picture
from tests.factories.gifts import make_given
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation

PAGE = "/account/status"
QUEUE = "/moderation/status"
TYPED = {
    "kind": "exemption",
    "day": "2024-05-06",
    "tax_office": "Finanzamt Brandenburg",
    "tax_number": "048/140/00000",
    "assessment_period": "2021 bis 2023",
    "purposes": "Förderung des Sports\nFörderung der Jugendhilfe",
}
DETERMINATION = {**TYPED, "kind": "section_60a", "assessment_period": ""}


@dataclass
class Office:
    """A club whose status is to be proven, the administrator who decides, and a moderator."""

    installation: Installation
    organisation_id: OrganisationId
    owner: Person
    admin: Person
    moderator: Person

    def browser_of(self, person: Person) -> Visitor:
        visitor = self.installation.visitor()
        sign_in(visitor, person)
        return visitor

    def add_member(self, *, role: MemberRole = MemberRole.OWNER, same: bool = False) -> Person:
        with self.installation.work() as work:
            organisation = (
                organisation_by_id(work, self.organisation_id)
                if same
                else make_organisation(work, name="Heimatverein")
            )
            person = make_person(work, organisation=organisation, role=role)
            work.session.expunge_all()
        return person

    def state(self, changes: Mapping[str, Any] | None = None) -> Page:
        return self.browser_of(self.owner).send(PAGE, {**TYPED, **(changes or {})})

    def decide(self, notice_id: NoticeId, step: str, words: Mapping[str, str]) -> Page:
        page = f"{QUEUE}/{notice_id}"
        return self.browser_of(self.admin).send(f"{page}/{step}", words, form_at=page)

    def accept(self, changes: Mapping[str, Any] | None = None) -> NoticeId:
        before = {each.id for each in self.notices()}
        self.state(changes)
        (notice_id,) = {each.id for each in self.notices()} - before
        self.decide(notice_id, "accept", {"seen": "Bescheid im Original"})
        return notice_id

    def notices(self) -> list[ExemptionNotice]:
        with self.installation.work() as work:
            found = list(
                work.session.scalars(select(ExemptionNotice).order_by(ExemptionNotice.submitted_at))
            )
            work.session.expunge_all()
        return found

    def stored(self) -> list[str]:
        folder: Path = self.installation.services.settings.files_dir / self.installation.a.id
        return sorted(each.name for each in folder.glob("notices/*"))

    def go_to(self, instant: datetime) -> None:
        self.installation.clock.instant = instant

    def reminders(self) -> list[EmailMessage]:
        mails = self.installation.mails(self.owner.email)
        return [mail for mail in mails if "zählt nur noch bis" in mail["Subject"]]


def make_office(
    installation: Installation, kind: OrganisationKind = OrganisationKind.ASSOCIATION
) -> Office:
    with installation.work() as work:
        club = make_organisation(work, name="Sportverein", kind=kind)
        owner = make_person(work, email="verein@a.example", organisation=club)
        admin = make_person(work, email="amt@a.example", staff_role=StaffRole.DISTRICT_ADMIN)
        moderator = make_person(work, email="pruef@a.example", staff_role=StaffRole.MODERATOR)
        organisation_id = club.id
        work.session.expunge_all()
    return Office(installation, organisation_id, owner, admin, moderator)


@pytest.fixture
def office(installation: Installation) -> Office:
    return make_office(installation)


def statement() -> Statement:
    return Statement(
        kind="exemption",
        tax_office=TYPED["tax_office"],
        tax_number=TYPED["tax_number"],
        day=date(2024, 5, 6),
        assessment_period=TYPED["assessment_period"],
        purposes=TYPED["purposes"],
    )


def _broken(office: Office) -> set[str]:
    with office.installation.work() as work:
        return {each.id for each in INVARIANTS if list(each.check(work))}


def body_of(mail: EmailMessage) -> str:
    return str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_what_is_stated_waits_for_the_administrators_who_are_told(office: Office) -> None:
    done = office.state()

    assert "Die Verwaltung des Landkreises sieht den Bescheid ein." in done.words
    assert "Freistellungsbescheid vom Mo, 6. Mai 2024" in done.words
    assert "Zurzeit zählt kein Nachweis" in done.words
    (mail,) = office.installation.mails(office.admin.email)
    (notice,) = office.notices()
    assert mail["Subject"] == "Nachweis wartet: Sportverein"
    assert f"{QUEUE}/{notice.id}" in body_of(mail)
    assert office.installation.mails(office.moderator.email) == []
    assert notice.purposes == ["Förderung des Sports", "Förderung der Jugendhilfe"]


def test_an_administrator_sees_all_that_was_stated_and_accepts_it(office: Office) -> None:
    office.state()
    (notice,) = office.notices()
    browser = office.browser_of(office.admin)
    assert "Sportverein" in browser.get("/moderation").words
    assert "Sportverein" in browser.get(QUEUE).words
    page = browser.get(f"{QUEUE}/{notice.id}").words
    for said in ("048/140/00000", "Finanzamt Brandenburg", "2021 bis 2023", "Jugendhilfe"):
        assert said in page
    assert "Zählt bis einschließlich So, 6. Mai 2029" in page

    done = office.decide(notice.id, "accept", {"seen": "Bescheid im Original"})

    assert "Angenommen" in done.words
    (decided,) = office.notices()
    assert (decided.state, decided.reason) == ("accepted", "Bescheid im Original")
    assert (decided.decided_by, decided.decided_at) == (
        office.admin.id,
        office.installation.clock.now(),
    )
    words = office.browser_of(office.owner).get(PAGE).words
    assert "zählt hier bis einschließlich So, 6. Mai 2029" in words
    assert "Eingesehen: Bescheid im Original" in words
    mail = office.installation.mails(office.owner.email)[-1]
    assert mail["Subject"] == "Nachweis angenommen: Sportverein"
    assert "bis einschließlich So, 6. Mai 2029" in body_of(mail)


def test_a_refusal_is_read_with_its_reason_and_another_notice_can_be_stated(
    office: Office,
) -> None:
    office.state()
    (notice,) = office.notices()

    office.decide(notice.id, "refuse", {"reason": "Das Datum ist ein anderes."})

    mail = office.installation.mails(office.owner.email)[-1]
    assert mail["Subject"] == "Nachweis nicht angenommen: Sportverein"
    assert "Das Datum ist ein anderes." in body_of(mail)
    words = office.browser_of(office.owner).get(PAGE).words
    assert "Grund: Das Datum ist ein anderes." in words
    assert "Zurzeit zählt kein Nachweis" in words
    assert office.state().status == 200
    assert [each.state for each in office.notices()] == ["refused", "submitted"]


def test_who_waits_for_proof_moves_up_when_it_is_accepted(installation: Installation) -> None:
    gift = make_given(
        installation,
        quantity=6,
        attributes={"recognised_first_until": "2027-01-31", "apply_until": "2026-09-01"},
    )
    gift.add("Heimatverein", has_proof=False)
    waiting = gift.claim("Heimatverein", 6)
    with installation.work() as work:
        admin = actor_of(work, make_person(work, staff_role=StaffRole.DISTRICT_ADMIN))
    with installation.work(actor=gift.desk) as work:
        allocate(work, gift.listing_id, {waiting: 0})
    assert gift.look_at(waiting).state == "waitlisted"
    with installation.work(actor=gift.claimants["Heimatverein"]) as work:
        notice_id = state_notice(work, statement()).id

    with installation.work(actor=admin) as work:
        accept_notice(work, notice_id, seen="Bescheid")

    assert gift.look_at(waiting).state == "offered"


def test_each_refused_field_has_its_sentence_and_keeps_what_was_typed(office: Office) -> None:
    refused = office.state({"day": "2031-01-01", "tax_office": "", "tax_number": "048"})

    assert refused.status == 422
    assert "Bitte nennen Sie das Finanzamt." in refused.words
    kept = refused.form_values(PAGE)
    assert (kept["tax_number"], kept["day"]) == ("048", "2031-01-01")
    assert "Jugendhilfe" in kept["purposes"]
    assert office.notices() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": "2026-09-02"}, "Dieser Tag liegt in der Zukunft."),
        ({"day": "31.8.2021"}, "Ein Bescheid von diesem Tag zählte nur bis 31.8.2026."),
        ({"day": "31.2.2024"}, "Das ist kein Tag."),
        ({"day": ""}, "Bitte nennen Sie den Tag, der im Bescheid steht."),
        ({"kind": "letter"}, "Bitte wählen Sie, was Ihr Finanzamt geschickt hat."),
        ({"tax_number": "12 34"}, "Eine Steuernummer hat 10 bis 13 Ziffern"),
        ({"assessment_period": ""}, "Bitte nennen Sie den Zeitraum"),
        ({"kind": "section_60a"}, "Eine Feststellung nach § 60a nennt keinen Zeitraum."),
        ({"purposes": " \n "}, "Bitte schreiben Sie die Zwecke aus dem Bescheid ab."),
        ({"purposes": "x" * 2_001}, "Bitte kürzen Sie auf 2000 Zeichen"),
    ],
)
def test_what_cannot_stay_so_is_said_at_its_field(
    office: Office, changes: dict[str, str], sentence: str
) -> None:
    refused = office.state(changes)

    assert refused.status == 422
    assert refused.words.count(sentence) == 2  # in the summary, and beside the field
    assert office.notices() == []


def test_the_same_notice_is_stated_once(office: Office) -> None:
    office.state()

    again = office.state()

    assert again.status == 422
    assert "Diesen Bescheid haben Sie schon angegeben." in again.words
    assert len(office.notices()) == 1


@pytest.mark.parametrize(
    ("name", "content", "ending", "media_type"),
    [
        ("Bescheid.pdf", make_pdf(), ".pdf", "application/pdf"),
        ("Bescheid.png", make_picture("PNG"), ".webp", "image/webp"),
        ("Bescheid.pdf", make_picture("JPEG", place="Weg 3"), ".webp", "image/webp"),
    ],
    ids=["pdf", "png", "picture called pdf"],
)
def test_the_copy_goes_to_the_organisation_and_to_who_decides_and_to_nobody_else(
    office: Office, name: str, content: bytes, ending: str, media_type: str
) -> None:
    office.state({"document": (BytesIO(content), name)})
    (notice,) = office.notices()
    own, for_staff = f"{PAGE}/{notice.id}/copy", f"{QUEUE}/{notice.id}/copy"

    assert office.stored() == [f"{notice.id}{ending}"]
    colleague = office.add_member(role=MemberRole.MEMBER, same=True)
    for person, path in ((office.owner, own), (colleague, own), (office.admin, for_staff)):
        answer = office.browser_of(person).get(path).response
        assert answer.status_code == 200
        assert answer.mimetype == media_type
        assert b"Weg 3" not in answer.data
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    assert office.browser_of(office.add_member()).get(own).status == 404
    assert office.browser_of(office.moderator).get(for_staff).status == 403
    assert office.browser_of(office.owner).get(for_staff).status == 403
    assert office.installation.visitor().get(own).path.startswith("/login")


def test_without_a_copy_there_is_none_to_fetch(office: Office) -> None:
    office.state()
    (notice,) = office.notices()

    assert office.browser_of(office.owner).get(f"{PAGE}/{notice.id}/copy").status == 404
    assert office.browser_of(office.admin).get(f"{QUEUE}/{notice.id}/copy").status == 404


def test_a_copy_is_judged_by_its_content(office: Office) -> None:
    refused = office.state({"document": (BytesIO(b"PK\x03\x04"), "Bescheid.pdf")})

    assert refused.status == 422
    assert "Das ist weder ein Foto (JPEG, PNG, WebP) noch eine PDF-Datei." in refused.words
    assert refused.form_values(PAGE)["tax_number"] == "048/140/00000"
    assert (office.notices(), office.stored()) == ([], [])


def test_a_good_copy_has_to_be_chosen_again_when_something_else_is_wrong(office: Office) -> None:
    refused = office.state({"day": "", "document": (BytesIO(make_pdf()), "Bescheid.pdf")})

    assert "Bitte wählen Sie die Datei noch einmal aus." in refused.words
    assert office.stored() == []


def test_a_copy_whose_notice_never_came_to_be_is_deleted(office: Office) -> None:
    file = check_file("Bescheid.pdf", make_pdf(), largest_bytes=1024 * 1024)
    with office.installation.work() as work:
        actor = actor_of(work, office.owner)
    with office.installation.work(actor=actor) as work:
        lost = expect_copy(work, file)
    with office.installation.work(actor=actor) as work:
        kept = expect_copy(work, file)
    with pytest.raises(RuntimeError), office.installation.work(actor=actor) as work:
        state_notice(work, statement(), copy=lost)
        raise RuntimeError
    with office.installation.work(actor=actor) as work:
        state_notice(work, statement(), copy=kept)
    assert len(office.stored()) == 2

    office.installation.clock.advance(timedelta(hours=1))
    office.installation.run_jobs()

    assert office.stored() == [f"{kept.notice_id}.pdf"]


def test_a_copy_that_was_lost_or_changed_is_noticed(office: Office) -> None:
    office.state({"document": (BytesIO(make_pdf()), "Bescheid.pdf")})
    (notice,) = office.notices()
    assert _broken(office) == set()

    files, district = office.installation.services.files, office.installation.a.id
    files.put(district, NOTICE_FOLDER, f"{notice.id}.pdf", make_pdf(b"/Lang (de)"))
    assert _broken(office) == {"I13"}
    files.delete(district, NOTICE_FOLDER, f"{notice.id}.pdf")
    assert _broken(office) == {"I13"}


def test_moderators_see_the_result_and_nothing_else(office: Office) -> None:
    office.state()
    (notice,) = office.notices()
    browser = office.browser_of(office.moderator)
    page = f"/moderation/organisations/{office.organisation_id}"

    assert "Liegt nicht vor." in browser.get(page).words
    assert "Nachweise des Finanzamts" not in browser.get("/moderation").words
    for path in (QUEUE, f"{QUEUE}/{notice.id}", f"{QUEUE}/{notice.id}/copy"):
        assert browser.get(path).status == 403

    office.decide(notice.id, "accept", {"seen": "Bescheid im Original"})

    words = browser.get(page).words
    assert "Liegt vor bis So, 6. Mai 2029." in words
    assert "048/140/00000" not in words
    assert "Bescheid im Original" not in words


def test_moderators_decide_nothing(office: Office) -> None:
    office.state()
    (notice,) = office.notices()
    browser = office.browser_of(office.moderator)
    token = browser.get("/account").form_values()["csrf_token"]
    with office.installation.work() as work:
        moderator = actor_of(work, office.moderator)

    for step, field in (("accept", "seen"), ("refuse", "reason")):
        sent = {"csrf_token": token, field: "Bescheid"}
        assert browser.post(f"{QUEUE}/{notice.id}/{step}", sent).status == 403
    with pytest.raises(NotAllowed), office.installation.work(actor=moderator) as work:
        refuse_notice(work, notice.id, reason="nein")
    assert office.notices()[0].state == "submitted"


def test_nobody_decides_about_their_own_organisation(office: Office) -> None:
    with office.installation.work() as work:
        person = work.session.get_one(Person, office.owner.id)
        person.staff_role = StaffRole.DISTRICT_ADMIN
    office.state()
    (notice,) = office.notices()
    browser = office.browser_of(office.owner)

    page = browser.get(f"{QUEUE}/{notice.id}")

    assert "Über die eigene Organisation entscheidet jemand anderes." in page.words
    assert "Nachweis annehmen" not in page.words
    with office.installation.work() as work:
        actor = actor_of(work, person)
    with pytest.raises(NotAllowed), office.installation.work(actor=actor) as work:
        accept_notice(work, notice.id, seen="gesehen")


@pytest.mark.parametrize(("step", "field"), [("accept", "seen"), ("refuse", "reason")])
def test_a_decision_needs_its_words(office: Office, step: str, field: str) -> None:
    office.state()
    (notice,) = office.notices()

    refused = office.decide(notice.id, step, {field: "  "})

    assert refused.status == 422
    assert "Bitte schreiben Sie" in refused.words
    assert office.decide(notice.id, step, {field: "x" * 1001}).status == 422
    assert office.notices()[0].state == "submitted"


def test_what_is_decided_is_decided_once(office: Office) -> None:
    office.state()
    (notice,) = office.notices()
    page, browser = f"{QUEUE}/{notice.id}", office.browser_of(office.admin)
    values = browser.get(page).form_values(f"{page}/accept")
    office.decide(notice.id, "refuse", {"reason": "Nicht lesbar."})

    again = browser.post(f"{page}/accept", {**values, "seen": "Bescheid"})

    assert again.status == 409
    assert "Über diesen Nachweis ist schon entschieden." in again.words
    assert office.notices()[0].state == "refused"


def test_what_lapsed_while_it_waited_is_not_accepted_any_more(office: Office) -> None:
    office.state({"day": "2021-09-02"})
    (notice,) = office.notices()
    office.go_to(datetime(2026, 9, 2, 22, 30, tzinfo=UTC))  # the third of September in Berlin

    refused = office.decide(notice.id, "accept", {"seen": "Bescheid"})

    assert refused.status == 409
    assert "zählte nur bis 2.9.2026" in refused.words
    assert office.notices()[0].state == "submitted"


def test_a_member_reads_what_counts_but_states_nothing(office: Office) -> None:
    office.accept()
    browser = office.browser_of(office.add_member(role=MemberRole.MEMBER, same=True))

    page = browser.get(PAGE)

    assert "zählt hier bis einschließlich" in page.words
    assert "Einen Bescheid angeben kann, wer die Organisation verwaltet." in page.words
    assert page.all("textarea") == []


def test_the_account_leads_to_the_status(office: Office) -> None:
    links = [each.get("href") for each in office.browser_of(office.owner).get("/account").all("a")]
    staff = [each.get("href") for each in office.browser_of(office.admin).get("/account").all("a")]

    assert PAGE in links
    assert PAGE not in staff


@pytest.mark.parametrize("kind", [OrganisationKind.PUBLIC_BODY, OrganisationKind.PUBLIC_SERVICE])
def test_public_bodies_read_that_they_need_no_proof(
    installation: Installation, kind: OrganisationKind
) -> None:
    office = make_office(installation, kind)

    assert "Sie brauchen keinen Nachweis" in office.browser_of(office.owner).get(PAGE).words
    page = f"/moderation/organisations/{office.organisation_id}"
    assert (
        "Öffentliche Stellen brauchen keinen."
        in office.browser_of(office.moderator).get(page).words
    )


def test_the_page_says_what_counts_to_the_last_day_and_from_the_next(office: Office) -> None:
    office.accept({"day": "2021-10-25"})  # the clocks go back on 25 October 2026

    for instant, words in (
        (
            datetime(2026, 10, 25, 22, 59, tzinfo=UTC),
            "zählt hier bis einschließlich So, 25. Oktober",
        ),
        (
            datetime(2026, 10, 25, 23, 0, tzinfo=UTC),
            "Ihr letzter zählte bis einschließlich So, 25.",
        ),
    ):
        office.go_to(instant)
        assert words in office.browser_of(office.owner).get(PAGE).words


def test_three_reminders_come_at_seven_in_the_morning(office: Office) -> None:
    office.accept({"day": "2022-04-01"})  # counts until 1 April 2027
    seen = []
    for day, hour in ((date(2026, 10, 3), 5), (date(2027, 1, 1), 6), (date(2027, 3, 2), 6)):
        due = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        office.go_to(due - timedelta(seconds=1))
        seen.append(len(office.reminders()))
        office.go_to(due)
        seen.append(len(office.reminders()))

    assert seen == [0, 1, 1, 2, 2, 3]
    text = body_of(office.reminders()[-1])
    assert "bis einschließlich Do, 1. April 2027" in text
    assert "geben Sie ihn jetzt an" in text
    assert PAGE in text


def test_a_reminder_that_runs_twice_is_one_mail(office: Office) -> None:
    notice_id = office.accept({"day": "2022-04-01"})
    office.go_to(datetime(2026, 10, 3, 5, tzinfo=UTC))
    office.installation.run_jobs()

    with office.installation.work() as work:
        work.enqueue("remind_of_status", notice_id=notice_id, day="2026-10-03")

    assert len(office.reminders()) == 1


def test_of_days_that_are_past_nobody_is_reminded(office: Office) -> None:
    office.accept({"day": "2021-11-01"})  # counts for two more months

    office.go_to(datetime(2026, 10, 2, 5, tzinfo=UTC))

    assert len(office.reminders()) == 1


def test_nobody_is_reminded_of_a_notice_once_another_lasts_longer(office: Office) -> None:
    office.accept({"day": "2022-04-01"})
    office.accept({"day": "2026-08-20", "kind": "annex"})

    office.go_to(datetime(2027, 4, 2, tzinfo=UTC))

    assert office.reminders() == []


def test_a_notice_that_still_waits_silences_no_reminder(office: Office) -> None:
    office.accept({"day": "2022-04-01"})
    office.state({"day": "2026-08-20"})

    office.go_to(datetime(2026, 10, 3, 5, tzinfo=UTC))

    assert len(office.reminders()) == 1


def test_an_exemption_takes_the_place_of_a_determination(office: Office) -> None:
    office.accept({**DETERMINATION, "day": "2024-02-29"})
    assert "So, 28. Februar 2027" in office.browser_of(office.owner).get(PAGE).words

    office.accept({"day": "2024-02-29"})

    assert "Mi, 28. Februar 2029" in office.browser_of(office.owner).get(PAGE).words
    again = office.state({**DETERMINATION, "day": "2026-08-01"})
    assert again.status == 422
    assert "Danach zählt eine Feststellung nach § 60a nicht mehr." in again.words


def test_the_operation_itself_asks_for_words_and_rights(office: Office) -> None:
    with office.installation.work() as work:
        owner, admin = actor_of(work, office.owner), actor_of(work, office.admin)
    with office.installation.work(actor=owner) as work:
        notice_id = state_notice(work, statement()).id

    with pytest.raises(NotAllowed), office.installation.work(actor=admin) as work:
        state_notice(work, statement())
    with pytest.raises(InvalidInput), office.installation.work(actor=admin) as work:
        accept_notice(work, notice_id, seen=" ")
    with office.installation.work(actor=admin) as work:
        accept_notice(work, notice_id, seen="Bescheid")
    with pytest.raises(Conflict), office.installation.work(actor=admin) as work:
        refuse_notice(work, notice_id, reason="zu spät")
