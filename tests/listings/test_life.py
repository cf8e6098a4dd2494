"""The life of a listing: kept, reviewed, renewed, expired, copied, put away, kept in mind."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketplace.accounts.models import Person, Site
from marketplace.listings.models import GateDecision, Listing
from marketplace.listings.operations.life import publish_listing
from marketplace.listings.rules.states import ListingState
from tests.factories.accounts import (
    actor_of,
    make_moderator,
    make_organisation,
    make_person,
    sign_in,
)
from tests.factories.listings import make_listing
from tests.support.browser import Visitor
from tests.support.installation import Installation

BERLIN = ZoneInfo("Europe/Berlin")


class Owner:
    """A firm with one listing and a signed-in browser."""

    def __init__(self, installation: Installation, **listing: object) -> None:
        self.installation = installation
        with installation.work() as work:
            organisation = make_organisation(work)
            self.person = make_person(
                work, organisation=organisation, email="werkstatt@betrieb.example"
            )
            self.listing_id = make_listing(work, organisation, **listing).id  # type: ignore[arg-type]
        self.visitor: Visitor = installation.visitor()
        sign_in(self.visitor, self.person)
        self.path = f"/listings/{self.listing_id}"

    def press(self, step: str) -> str:
        return self.visitor.send(f"{self.path}/{step}", form_at=self.path).words

    def stored(self) -> Listing:
        with self.installation.work() as work:
            return work.session.get_one(Listing, self.listing_id)


def published(installation: Installation, **values: object) -> Owner:
    """Give an owner whose listing was published by the operation, so that its dates are planned."""
    owner = Owner(installation, published=False, title="Hubwagen", **values)
    with installation.work() as work:
        actor = actor_of(work, work.session.get_one(Person, owner.person.id))
    with installation.work(actor=actor) as work:
        publish_listing(work, owner.listing_id)
    return owner


def test_what_is_typed_is_kept_until_it_is_saved(installation: Installation) -> None:
    owner = Owner(installation, published=False, title="Alt")
    form = owner.visitor.get(f"{owner.path}/edit").form_values(f"{owner.path}/edit")
    typed = {**form, "title": "Neu getippt", "attributes.power": "keine Zahl"}

    kept = owner.visitor.post(f"{owner.path}/keep", typed)
    again = owner.visitor.get(f"{owner.path}/edit")

    assert kept.status == 204
    assert "noch nicht gespeichert" in again.words
    assert again.form_values(again.path)["title"] == "Neu getippt"
    assert again.form_values(again.path)["attributes.power"] == "keine Zahl"
    assert owner.stored().title == "Alt"
    owner.visitor.send(f"{owner.path}/edit", {"attributes.power": "", "action": "save"})
    assert owner.stored().title == "Neu getippt"
    assert "noch nicht gespeichert" not in owner.visitor.get(f"{owner.path}/edit").words


def test_what_was_kept_can_be_thrown_away(installation: Installation) -> None:
    owner = Owner(installation, published=False, title="Alt")
    form = owner.visitor.get(f"{owner.path}/edit").form_values(f"{owner.path}/edit")
    owner.visitor.post(f"{owner.path}/keep", {**form, "title": "Neu"})

    shown = owner.visitor.send(f"{owner.path}/discard", form_at=f"{owner.path}/edit")

    assert shown.form_values(shown.path)["title"] == "Alt"


def test_one_reminder_comes_two_weeks_before_the_end(installation: Installation) -> None:
    owner = published(installation)
    end = owner.stored().valid_until

    installation.clock.instant = end - timedelta(days=14, seconds=1)
    assert installation.mails() == []
    installation.clock.instant = end - timedelta(days=14)
    installation.run_jobs()
    installation.run_jobs()

    (mail,) = installation.mails("werkstatt@betrieb.example")
    assert "Läuft bald ab" in mail["Subject"]


def test_the_reminders_link_renews_by_one_click_without_signing_in(
    installation: Installation,
) -> None:
    owner = published(installation)
    installation.clock.instant = owner.stored().valid_until - timedelta(days=10)
    (mail,) = installation.mails("werkstatt@betrieb.example")
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"(/renew/\S+)", body.get_content())
    assert found is not None
    stranger = installation.visitor()
    before = owner.stored().valid_until

    page = stranger.get(found[1])
    assert owner.stored().valid_until == before
    done = stranger.send(found[1])

    assert "Um zwölf Monate verlängern" not in done.words
    assert "Verlängert" in done.words
    assert page.status == done.status == 200
    assert owner.stored().valid_until > before
    installation.clock.instant = before + timedelta(days=1)
    installation.run_jobs()
    assert owner.stored().state == ListingState.PUBLISHED


def test_a_wrong_renewal_link_is_not_found(installation: Installation) -> None:
    visitor = installation.visitor()

    assert visitor.get("/renew/falsch").status == 404


def test_at_its_end_it_expires_and_may_be_renewed(installation: Installation) -> None:
    owner = published(installation)
    installation.clock.instant = owner.stored().valid_until
    installation.run_jobs()

    assert owner.stored().state == ListingState.EXPIRED
    assert installation.visitor().get(owner.path).status == 404
    sign_in(owner.visitor, owner.person)
    assert "abgelaufen" in owner.visitor.get(owner.path).words
    assert "Verlängert" in owner.press("renew")
    assert owner.stored().state == ListingState.PUBLISHED
    assert installation.visitor().get(owner.path).status == 200


def test_an_overdue_inspection_keeps_it_from_being_renewed(installation: Installation) -> None:
    owner = published(installation, attributes={"next_inspection": "2027-03"})
    installation.clock.instant = owner.stored().valid_until
    installation.run_jobs()
    sign_in(owner.visitor, owner.person)

    refused = owner.visitor.send(f"{owner.path}/renew", form_at=owner.path)

    assert refused.status == 422
    assert "Dieser Monat ist vorbei" in refused.words
    assert owner.stored().state == ListingState.EXPIRED


def test_a_machine_whose_inspection_runs_out_is_no_longer_shown(installation: Installation) -> None:
    owner = published(installation, attributes={"next_inspection": "2026-12"})

    installation.clock.instant = datetime(2026, 12, 17, tzinfo=BERLIN)
    (reminder,) = installation.mails("werkstatt@betrieb.example")
    installation.clock.instant = datetime(2026, 12, 31, 23, 59, tzinfo=BERLIN)
    installation.run_jobs()
    assert owner.stored().state == ListingState.PUBLISHED
    installation.clock.instant = datetime(2027, 1, 1, tzinfo=BERLIN)
    installation.run_jobs()

    assert owner.stored().state == ListingState.PAUSED
    assert installation.visitor().get(owner.path).status == 404
    body = reminder.get_body(("plain",))
    assert body is not None
    assert "Am 31.12.2026 läuft die Prüfung ab" in body.get_content()
    mail = installation.mails("werkstatt@betrieb.example")[-1]
    assert mail["Subject"] == "Nicht mehr zu sehen: Hubwagen"
    told = mail.get_body(("plain",))
    assert told is not None
    assert "Lassen Sie sie prüfen" in told.get_content()
    sign_in(owner.visitor, owner.person)
    edited = {"attributes.next_inspection": "12/2027", "action": "publish"}
    assert "Veröffentlicht" in owner.visitor.send(f"{owner.path}/edit", edited).words


def test_a_new_month_in_time_keeps_a_machine_in_sight(installation: Installation) -> None:
    owner = published(installation, attributes={"next_inspection": "2026-12"})
    owner.visitor.send(
        f"{owner.path}/edit", {"attributes.next_inspection": "12/2027", "action": "save"}
    )

    installation.clock.instant = datetime(2027, 1, 1, tzinfo=BERLIN)
    installation.run_jobs()

    assert owner.stored().state == ListingState.PUBLISHED
    assert installation.mails("werkstatt@betrieb.example") == []


def test_a_copy_is_a_draft_of_its_own(installation: Installation) -> None:
    owner = Owner(installation, title="Hubwagen", attributes={"power": 3})

    copied = owner.visitor.send(f"{owner.path}/copy", form_at=owner.path)

    assert "Kopiert" in copied.words
    assert copied.form_values(copied.path)["title"] == "Hubwagen"
    assert copied.form_values(copied.path)["attributes.power"] == "3"
    assert owner.listing_id not in copied.path
    assert owner.stored().state == ListingState.PUBLISHED


def test_what_is_put_away_stays_readable_and_can_be_copied(installation: Installation) -> None:
    owner = Owner(installation, title="Hubwagen")

    owner.press("archive")

    archived = owner.visitor.get("/listings/archived")
    assert "Hubwagen" in archived.words
    assert "Kopiert" in owner.visitor.send(f"{owner.path}/copy", form_at="/listings/archived").words
    assert installation.visitor().get(owner.path).status == 404


def test_a_favourite_is_found_again_until_it_is_forgotten(installation: Installation) -> None:
    owner = Owner(installation, title="Hubwagen")
    with installation.work() as work:
        other = make_person(work, organisation=make_organisation(work))
    member = installation.visitor()
    sign_in(member, other)

    member.send(f"{owner.path}/favourite", form_at=owner.path)
    kept = member.get("/favourites").words
    owner.press("pause")
    paused = member.get("/favourites").words
    owner.press("publish")
    member.send(f"{owner.path}/favourite", form_at=owner.path)

    assert "Hubwagen" in kept
    assert "Hubwagen" not in paused
    assert "Noch nichts gemerkt" in member.get("/favourites").words


def test_the_staff_looks_at_what_a_gate_hands_them(installation: Installation) -> None:
    owner = Owner(
        installation, published=False, title="Alte Fräse", attributes={"ce_marking": False}
    )
    with installation.work() as work:
        moderator = make_moderator(work, email="pruefstelle@kreis.example")
    staff = installation.visitor()
    sign_in(staff, moderator)

    waiting = owner.visitor.send(f"{owner.path}/edit", {"action": "publish"})
    assert "Eingereicht" in waiting.words
    assert "Ohne CE-Kennzeichen" in waiting.words
    assert installation.visitor().get(owner.path).status == 404
    (mail,) = installation.mails("pruefstelle@kreis.example")
    assert "Alte Fräse" in mail["Subject"]
    assert "Alte Fräse" in staff.get("/moderation").words
    empty = staff.send(f"{owner.path}/decline", {"reason": " "}, form_at=owner.path)
    assert empty.status == 422
    staff.send(f"{owner.path}/decline", {"reason": "Bitte Baujahr."}, form_at=owner.path)
    assert "Bitte Baujahr." in owner.visitor.get(f"{owner.path}/edit").words
    assert "zurückgegeben" in owner.visitor.get("/desk").words
    owner.visitor.send(f"{owner.path}/edit", {"action": "publish"})
    approved = staff.send(f"{owner.path}/approve", form_at=owner.path)
    assert "Freigegeben" in approved.words
    assert installation.visitor().get(owner.path).status == 200
    assert "Ohne CE-Kennzeichen" not in owner.visitor.get(owner.path).words
    subjects = {mail["Subject"] for mail in installation.mails("werkstatt@betrieb.example")}
    assert subjects == {"Zurückgegeben: Alte Fräse", "Veröffentlicht: Alte Fräse"}


def test_what_the_staff_approved_is_not_looked_at_again_until_an_answer_changes(
    installation: Installation,
) -> None:
    owner = Owner(
        installation, published=False, title="Alte Fräse", attributes={"ce_marking": False}
    )
    with installation.work() as work:
        moderator = make_moderator(work)
    staff = installation.visitor()
    sign_in(staff, moderator)
    owner.visitor.send(f"{owner.path}/edit", {"action": "publish"})
    staff.send(f"{owner.path}/approve", form_at=owner.path)

    owner.press("pause")
    owner.press("publish")
    assert owner.stored().state == ListingState.PUBLISHED
    owner.visitor.send(f"{owner.path}/edit", {"attributes.power": "7", "action": "save"})

    assert owner.stored().state == ListingState.IN_REVIEW


def test_a_gates_decision_is_stored_with_its_wording(installation: Installation) -> None:
    owner = Owner(
        installation,
        published=False,
        kind="staff",
        title="Zwei Tage Montage",
        attributes={"directed_by": "own_firm", "hints_read": True},
    )

    owner.visitor.send(f"{owner.path}/edit", {"action": "publish"})

    with installation.work() as work:
        (decision,) = work.session.query(GateDecision).all()
    assert (decision.gate, decision.code, decision.verdict) == (
        "staff_basis",
        "SERVICE_CONTRACT",
        "open",
    )
    assert decision.text_version
    assert decision.text.startswith("Fachleistung")
    assert decision.answers["directed_by"] == "own_firm"
    assert decision.decided_for == owner.person.id


def test_a_closed_gate_says_why_and_whom_to_ask(installation: Installation) -> None:
    owner = Owner(installation, published=False, kind="staff", title="Zwei Maurer", attributes={})

    refused = owner.visitor.send(
        f"{owner.path}/edit",
        {
            "attributes.directed_by": "borrower",
            "attributes.building_work": "yes",
            "action": "publish",
        },
    )
    saved = owner.visitor.send(
        f"{owner.path}/edit",
        {
            "attributes.directed_by": "borrower",
            "attributes.building_work": "yes",
            "action": "save",
        },
    )

    assert refused.status == 422
    assert "§ 1b AÜG" in refused.words
    assert "keine Rechtsberatung" in saved.words
    assert "Fragen beantwortet" in saved.words
    assert owner.stored().state == ListingState.DRAFT


def test_an_open_gate_says_whom_to_ask_too(installation: Installation) -> None:
    owner = Owner(
        installation,
        published=False,
        kind="transport",
        title="Dienstags nach Brück",
        attributes={"goods_owner": "own_goods", "gross_mass": 7_500},
    )

    published = owner.visitor.send(f"{owner.path}/edit", {"action": "publish"})

    assert "§ 15a GüKG" in published.words
    assert "Fragen beantwortet Wirtschaftsförderung: kontakt@a.example" in published.words


def test_a_site_is_a_place_for_listings(installation: Installation) -> None:
    owner = Owner(installation, published=False, title="Hubwagen")
    added = owner.visitor.send(
        "/account/sites",
        {"name": "Halle", "street": "Bahnhof 1", "postcode": "14547", "place": "Beelitz"},
    )
    assert "Halle" in added.words
    with installation.work() as work:
        site_id = work.session.query(Site).one().id

    saved = owner.visitor.send(
        f"{owner.path}/edit",
        {"location": site_id, "service_radius_km": "30", "action": "publish"},
    )

    assert "14547 Beelitz" in saved.words
    assert "bis 30 km" in saved.words
    assert owner.stored().site_id == site_id
    closed = owner.visitor.send(f"/account/sites/{site_id}/close", form_at="/account/sites")
    assert "Bahnhof 1" not in closed.words
    assert owner.stored().place == "Beelitz"


def test_a_site_outside_the_district_is_refused(installation: Installation) -> None:
    owner = Owner(installation)

    refused = owner.visitor.send(
        "/account/sites",
        {"name": "Lager", "street": "Markt 1", "postcode": "14943", "place": "Luckenwalde"},
    )

    assert refused.status == 422
    assert "außerhalb" in refused.words


@pytest.mark.parametrize("page", ["/", "/search?q=Bagger", "/login"])
def test_the_language_switch_keeps_the_page(installation: Installation, page: str) -> None:
    visitor = installation.visitor()

    english = visitor.send("/language", {"language": "en"}, form_at=page)

    assert english.path == page
    assert english.all("html")[0].get("lang") == "en"
    german = visitor.send("/language", {"language": "de"}, form_at=page)
    assert german.all("html")[0].get("lang") == "de"


def test_the_language_switch_leads_nowhere_else(installation: Installation) -> None:
    visitor = installation.visitor()

    shown = visitor.post("/language", {"language": "en", "next": "//evil.example/"})

    assert shown.path == "/"
    assert visitor.post("/language", {"language": "xx"}).status == 400


def test_mails_come_in_the_language_that_was_chosen(installation: Installation) -> None:
    owner = published(installation)
    owner.visitor.send("/language", {"language": "en"}, form_at="/")
    installation.clock.instant = owner.stored().valid_until - timedelta(days=10)

    (mail,) = installation.mails("werkstatt@betrieb.example")

    assert mail["Subject"] == "Expires soon: Hubwagen"
