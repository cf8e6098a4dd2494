"""Scenario S4 in a real browser, from the form of the gift to the figures, in two districts.

The server of this test runs beside it in one process: its clock goes on when the test says so.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from marketplace.accounts.models import Person
from marketplace.accounts.permissions import StaffRole
from marketplace.bookings.queries import left_of
from marketplace.donations.queries.claims import claims_to
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.identifiers import ClaimId, ListingId
from marketplace.listings.queries import listing_by_id
from tests.browser.conftest import Windows
from tests.donations.fair_split import (
    APPLY_UNTIL,
    CHAIRS,
    COLLECT_UNTIL,
    DECISION,
    SCHOOL,
    SCREENS,
    Story,
    point_of,
)
from tests.factories.accounts import (
    actor_of,
    make_moderator,
    make_organisation,
    make_person,
    sign_in,
)
from tests.factories.gifts import Given
from tests.support.installation import Installation

PICKUP_DAY = date(2026, 11, 18)


@dataclass
class Scene:
    """Everybody's browser, and what they have to do with the lot."""

    story: Story
    windows: Windows
    port: int
    given: Given
    admin: Actor
    claims: dict[str, ClaimId] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def window_of(self, who: str) -> Page:
        """Give their window, signed in anew: days lie between the steps."""
        staff = {"giver": self.given.giver, "desk": self.given.desk, "admin": self.admin}
        actor = staff.get(who) or self.given.claimants[who]
        with self.given.installation.work(self.given.district) as work:
            person = work.session.get_one(Person, actor.person_id)
            work.session.expunge(person)
        visitor = self.given.installation.visitor(self.given.district)
        sign_in(visitor, person)
        if who not in self.pages:
            self.pages[who] = self.windows.open()
        page = self.pages[who]
        page.context.add_cookies(
            [{"name": "session", "value": visitor.session_cookie(), "url": self.url("/")}]
        )
        return page

    def url(self, path: str) -> str:
        return f"http://{self.given.district.host}:{self.port}{path}"

    def at(self, who: str, path: str) -> Page:
        page = self.window_of(who)
        page.goto(self.url(path))
        return page

    def conversation(self, who: str, name: str) -> Page:
        return self.at(who, f"/messages/{self.given.look_at(self.claims[name]).thread_id}")

    def granted(self) -> list[int]:
        return [self.given.look_at(self.claims[name]).granted for name in self.story.recipients]

    def never_more_than_there_is(self) -> None:
        with self.given.installation.work(self.given.district) as work:
            left = left_of(work, listing_by_id(work, self.given.listing_id))
        assert left >= 0
        assert sum(self.granted()) + left == self.story.quantity


@pytest.fixture
def port(installation: Installation) -> Iterator[int]:
    """Serve the installation of this test, with the clock that the test moves."""
    server = make_server("127.0.0.1", 0, installation.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(
    params=[
        replace(CHAIRS, arrivals=(3, 2, 1, 0)),
        replace(SCREENS, arrivals=(1, 3, 0, 2), is_proven_first=True),
    ],
    ids=["Beelitz", "Luckenwalde"],
)
def scene(
    request: pytest.FixtureRequest, installation: Installation, chromium: Browser, port: int
) -> Iterator[Scene]:
    story: Story = request.param
    district = {"a": installation.a, "b": installation.b}[story.district]
    home = point_of(installation, district, story.place)
    with installation.work(district) as work:
        firm = make_organisation(work, name="Klinikbetreiber", point=home, place=story.place)
        giver = actor_of(work, make_person(work, organisation=firm))
        desk = actor_of(work, make_moderator(work))
        admin = actor_of(work, make_person(work, staff_role=StaffRole.DISTRICT_ADMIN))
    given = Given(installation, district, ListingId(""), giver, desk)
    for name, each in story.recipients.items():
        point = point_of(installation, district, each.place)
        given.add(name, kind=each.kind, point=point, has_proof=each.has_proof)
    windows = Windows(chromium, port)
    yield Scene(story, windows, port, given, admin)
    windows.close()
    assert windows.problems == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_lot_is_given_shared_out_collected_and_counted(scene: Scene) -> None:
    first, second, partly, unproven = scene.story.recipients
    assert scene.story.recipients[first].kind is SCHOOL
    give(scene)
    for number in scene.story.arrivals:
        claim(scene, [*scene.story.recipients][number])
        scene.given.installation.clock.advance(timedelta(days=2))
    scene.given.installation.clock.advance(DECISION - scene.given.installation.clock.now())
    share_out(scene)
    if scene.story.is_proven_first:
        prove(scene, unproven)
    accept(scene, partly, scene.story.recipients[partly].kept)
    if not scene.story.is_proven_first:
        prove(scene, unproven)
    for name in (first, second, unproven):
        accept(scene, name, scene.story.recipients[name].kept)
    for hour, name in enumerate(scene.story.recipients, start=9):
        collect(scene, name, hour)

    assert scene.granted() == [each.kept for each in scene.story.recipients.values()]
    assert sum(scene.granted()) == scene.story.quantity
    figures = scene.at("desk", "/impact").locator("main")
    expect(figures).to_contain_text(f"Weitergegeben: {scene.story.quantity} Stück")
    expect(figures).not_to_contain_text("€")


def give(scene: Scene) -> None:
    """Post the lot with its last day and hour, and say when somebody is there."""
    page = scene.at("giver", "/listings/new")
    page.locator(".tile[href*='/goods']").click()
    page.fill("[name=title]", f"{scene.story.quantity} Bürostühle")
    page.get_by_role("button", name="Entwurf anlegen").click()
    page.select_option("[name=category]", "furniture.chair")
    page.fill("[name=description]", "Aus dem alten Verwaltungsbau.")
    page.fill("[name=quantity]", str(scene.story.quantity))
    page.check("[name=mode][value=give]")
    for key, value in {
        "recognised_first_until": APPLY_UNTIL,
        "apply_until": APPLY_UNTIL,
        "apply_until_time": "12:00",
        "collect_until": COLLECT_UNTIL,
    }.items():
        page.fill(f"[name='attributes.{key}']", value)
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.locator(".notice").first).to_contain_text("Veröffentlicht")
    scene.given.listing_id = ListingId(page.url.partition("/listings/")[2].partition("?")[0])

    page.get_by_role("link", name="Abholzeiten").click()
    hours = page.locator("form[action$='/calendar']")
    for weekday in range(7):
        is_open = weekday < 5
        hours.locator(f"[name=day_{weekday}]").select_option("hours" if is_open else "closed")
        if is_open:
            hours.locator(f"[name=day_{weekday}_from]").fill("09:00")
            hours.locator(f"[name=day_{weekday}_to]").fill("14:00")
    hours.locator("button[type=submit]").click()
    expect(page.locator(".notice").first).to_contain_text("espeichert")


def claim(scene: Scene, name: str) -> None:
    each = scene.story.recipients[name]
    page = scene.at(name, f"/listings/{scene.given.listing_id}")
    form = page.locator("#claim")
    expect(form).to_contain_text("15. November 2026, 12:00 Uhr")
    form.locator("[name=quantity]").fill(str(each.wanted))
    form.locator("[name=justification]").fill("Für unsere Räume.")
    form.locator("[name=need_by]").fill(each.need_by.isoformat() if each.need_by else "")
    form.get_by_role("button", name="Bedarf anmelden").click()
    expect(page.locator("main")).to_contain_text("Ihre Anmeldung ist da.")
    with scene.given.installation.work(scene.given.district) as work:
        found = {claim.id for claim in claims_to(work, scene.given.listing_id)}
    (scene.claims[name],) = found - {*scene.claims.values()}


def share_out(scene: Scene) -> None:
    """Let the desk read the proposal with its reasons, and offer it."""
    _, _, partly, unproven = scene.story.recipients
    page = scene.at("desk", "/moderation")
    page.locator(f"main a[href$='/listings/{scene.given.listing_id}/claims']").click()
    rows = page.locator(".allocation__claim")
    expect(rows).to_have_count(len(scene.story.recipients))
    for row, (name, each) in zip(rows.all(), scene.story.recipients.items(), strict=True):
        expect(row.locator("h3")).to_have_text(name)
        expect(row.locator(".allocation__proposal")).to_contain_text(f"Vorschlag: {each.proposed}")
        check_distance(row, scene.story.kilometres.get(name))
    expect(rows.nth(2)).to_contain_text("ein Teil, mehr ist nicht da")
    expect(rows.nth(3)).to_contain_text("wartet auf Nachweis")
    # Nothing goes to who lacks the proof, also where the desk would leave it to them.
    quantity = scene.story.recipients[partly].proposed
    rows.nth(2).locator("[name^=quantity]").fill(str(quantity - 1))
    rows.nth(2).locator("[name^=reason]").fill("Einer weniger.")
    rows.nth(3).locator("[name^=quantity]").fill("1")
    rows.nth(3).locator("[name^=reason]").fill("Sie fragten früh.")
    page.get_by_role("button", name="So anbieten").click()
    expect(page.locator("[role=alert]")).to_contain_text("wartet noch auf den Nachweis")
    assert scene.granted() == [0, 0, 0, 0]

    expect(rows.nth(2).locator("[name^=reason]")).to_have_value("Einer weniger.")
    for row, amount in ((rows.nth(2), quantity), (rows.nth(3), 0)):
        row.locator("[name^=quantity]").fill(str(amount))
        row.locator("[name^=reason]").fill("")
    page.get_by_role("button", name="So anbieten").click()
    expect(page.locator("main")).to_contain_text("Angeboten. Alle erfahren es per Mail")
    assert scene.granted() == [each.proposed for each in scene.story.recipients.values()]
    scene.never_more_than_there_is()
    assert scene.story.recipients[unproven].proposed == 0


def check_distance(row: Locator, kilometres: float | None) -> None:
    """Compare with the scenario's: a great circle, up to 0.4 % shorter, of points near by."""
    said = re.search(r"([\d,]+) km entfernt", row.locator(".allocation__proposal").inner_text())
    assert said is not None
    if kilometres is not None:
        assert float(said[1].replace(",", ".")) == pytest.approx(kilometres, abs=0.3)


def prove(scene: Scene, name: str) -> None:
    """State the notice, which an administrator sees and accepts."""
    page = scene.conversation(name, name)
    page.get_by_role("link", name="Nachweis einreichen").click()
    page.check("[name=kind][value=exemption]")
    for key, value in {
        "day": "2026-03-02",
        "tax_office": "Finanzamt Brandenburg",
        "tax_number": "048/140/00000",
        "assessment_period": "2022 bis 2024",
        "purposes": "Förderung der Heimatpflege",
    }.items():
        page.fill(f"[name={key}]", value)
    page.get_by_role("button", name="Bescheid angeben").click()
    expect(page.locator("main")).to_contain_text("sieht den Bescheid ein")

    admin = scene.at("admin", "/moderation/status")
    admin.locator("main a", has_text=name).click()
    admin.fill("[name=seen]", "Bescheid im Original")
    admin.get_by_role("button", name="Nachweis annehmen").click()
    expect(admin.locator("main")).to_contain_text("Angenommen.")
    scene.never_more_than_there_is()


def accept(scene: Scene, name: str, quantity: int) -> None:
    page = scene.conversation(name, name)
    page.fill(".claim__first [name=quantity]", str(quantity))
    page.locator(".claim__first button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Festgehalten.")
    scene.never_more_than_there_is()


def collect(scene: Scene, name: str, hour: int) -> None:
    """Choose an hour, write down what was handed over, and confirm it."""
    page = scene.conversation(name, name)
    page.get_by_role("link", name="Termin zum Abholen").click()
    day = page.get_by_role("group", name=f"Mi, {PICKUP_DAY.day}. November 2026")
    day.get_by_label(f"{hour}:00 Uhr", exact=True).check()
    page.get_by_role("button", name="Termin eintragen").click()
    expect(page.locator("main")).to_contain_text("Eingetragen.")

    giver = scene.conversation("giver", name)
    giver.get_by_role("link", name="Übergabe mit Zustand und Bild").click()
    giver.fill("[name=condition]", "Wie gesehen.")
    giver.get_by_role("button", name="Übergabe festhalten").click()
    expect(giver.locator("main")).to_contain_text("Festgehalten.")

    page = scene.conversation(name, name)
    page.locator("form[action$='/confirm'] button").click()
    expect(page.locator("main")).to_contain_text("Beide Seiten haben die Übergabe festgehalten.")
    scene.never_more_than_there_is()
