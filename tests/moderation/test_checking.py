"""The district's staff look at what an organisation states, and verify or refuse it."""

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Organisation, Person, VerificationDecision
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.foundation.identifiers import OrganisationId
from tests.factories.accounts import make_moderator, make_organisation, make_person, sign_in
from tests.factories.listings import make_listing
from tests.support.browser import Visitor
from tests.support.installation import Installation


@pytest.fixture
def staff(installation: Installation) -> Visitor:
    with installation.work() as work:
        person: Person = make_moderator(work)
        work.session.expunge_all()
    visitor = installation.visitor()
    sign_in(visitor, person)
    return visitor


@pytest.fixture
def waiting(installation: Installation) -> OrganisationId:
    with installation.work() as work:
        organisation = make_organisation(
            work,
            name="Tischlerei",
            state=VerificationState.SUBMITTED,
            register_entry="HRB 1",
            website="https://tischlerei.example",
        )
        make_person(work, email="tischlerei@a.example", organisation=organisation)
        return organisation.id


def page_of(organisation_id: OrganisationId) -> str:
    return f"/moderation/organisations/{organisation_id}"


def state_of(installation: Installation, organisation_id: OrganisationId) -> str:
    with installation.work() as work:
        return work.session.get_one(Organisation, organisation_id).state


def test_the_staff_see_who_waits_and_all_that_is_stated(
    staff: Visitor, waiting: OrganisationId
) -> None:
    queue, page = staff.get("/moderation"), staff.get(page_of(waiting))

    assert "1 Organisation wartet" in queue.words
    assert "Tischlerei" in queue.words
    for stated in ("HRB 1", "https://tischlerei.example", "Hauptstraße 1", "tischlerei@a.example"):
        assert stated in page.words


def test_verifying_keeps_who_when_and_what_was_seen_and_tells_the_organisation(
    installation: Installation, staff: Visitor, waiting: OrganisationId
) -> None:
    page = page_of(waiting)

    done = staff.send(f"{page}/verify", {"seen": "Handelsregister"}, form_at=page)

    assert "Geprüft" in done.words
    assert state_of(installation, waiting) == "verified"
    with installation.work() as work:
        decision = work.session.scalars(select(VerificationDecision)).one()
        assert (decision.verified, decision.seen) == (True, "Handelsregister")
        assert decision.decided_at == work.now()
    assert "kann jetzt veröffentlichen" in installation.mails("tischlerei@a.example")[-1]["Subject"]


def test_a_refusal_is_read_by_the_organisation_with_its_reason(
    installation: Installation, staff: Visitor, waiting: OrganisationId
) -> None:
    page = page_of(waiting)

    staff.send(f"{page}/refuse", {"reason": "Der Registereintrag fehlt."}, form_at=page)

    mail = installation.mails("tischlerei@a.example")[-1]
    assert state_of(installation, waiting) == "refused"
    assert "Der Registereintrag fehlt." in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("step", "field"), [("verify", "seen"), ("refuse", "reason")], ids=["verify", "refuse"]
)
def test_a_decision_needs_its_words(
    installation: Installation, staff: Visitor, waiting: OrganisationId, step: str, field: str
) -> None:
    page = page_of(waiting)

    refused = staff.send(f"{page}/{step}", {field: "  "}, form_at=page)
    too_long = staff.send(f"{page}/{step}", {field: "x" * 1001}, form_at=page)

    assert refused.status == too_long.status == 422
    assert "Bitte schreiben Sie" in refused.words
    assert "Bitte kürzen Sie auf 1000 Zeichen" in too_long.words
    assert "x" * 1001 in too_long.text
    assert state_of(installation, waiting) == "submitted"


def test_what_was_changed_meanwhile_is_looked_at_again(
    installation: Installation, staff: Visitor, waiting: OrganisationId
) -> None:
    page = page_of(waiting)
    values = staff.get(page).form_values(f"{page}/verify")
    with installation.work() as work:
        work.session.get_one(Organisation, waiting).register_entry = "HRB 2"

    refused = staff.post(f"{page}/verify", {**values, "seen": "Register"})

    assert refused.status == 409
    assert "HRB 2" in refused.words
    assert "Register" in refused.form_values(f"{page}/verify")["seen"]
    assert state_of(installation, waiting) == "submitted"


def test_what_is_decided_is_decided_once(
    installation: Installation, staff: Visitor, waiting: OrganisationId
) -> None:
    page = page_of(waiting)
    values = staff.get(page).form_values(f"{page}/verify")
    staff.post(f"{page}/verify", {**values, "seen": "Register"})

    again = staff.post(f"{page}/verify", {**values, "seen": "Register"})

    assert again.status == 409
    with installation.work() as work:
        assert len(work.session.scalars(select(VerificationDecision)).all()) == 1


def test_nobody_but_the_staff_gets_here(
    installation: Installation, waiting: OrganisationId
) -> None:
    with installation.work() as work:
        member = make_person(work, organisation=make_organisation(work))
        work.session.expunge_all()
    visitor = installation.visitor()
    sign_in(visitor, member)

    assert visitor.get("/moderation").status == 403
    assert visitor.get(page_of(waiting)).status == 403
    assert installation.visitor().get("/moderation").path.startswith("/login")


def test_a_verified_organisation_shows_when_its_details_were_seen(
    installation: Installation, staff: Visitor, waiting: OrganisationId
) -> None:
    page = page_of(waiting)
    staff.send(f"{page}/verify", {"seen": "Handelsregister"}, form_at=page)
    with installation.work() as work:
        listing = make_listing(work, work.session.get_one(Organisation, waiting)).id

    words = installation.visitor().get(f"/listings/{listing}").words

    assert "Angaben eingesehen am Di, 1. September 2026" in words
    assert "Handelsregister" not in words
