"""Scenario S4 on the pages: a lot, those who want it, a fair split, its papers and effects."""

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from marketplace.accounts.models import Person
from marketplace.accounts.permissions import StaffRole
from marketplace.bookings.queries import left_of
from marketplace.donations.queries.claims import claims_to
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.identifiers import ClaimId
from marketplace.impact.operations.choices import choose_engagement
from marketplace.listings.models import Listing
from marketplace.listings.queries import listing_by_id
from tests.donations.fair_split import (
    CHAIRS,
    DECISION,
    SCHOOL,
    SCREENS,
    Recipient,
    Story,
    make_gift,
)
from tests.factories.accounts import actor_of, make_organisation, make_person, sign_in
from tests.factories.gifts import Given
from tests.factories.offered import make_offered
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation
from tests.support.pdf import text_of

STORIES = {
    "Beelitz": CHAIRS,
    "Beelitz, the last first": replace(CHAIRS, arrivals=(3, 2, 1, 0), is_proven_first=True),
    "Luckenwalde": SCREENS,
    "Luckenwalde, mixed": replace(SCREENS, arrivals=(3, 1, 0, 2), is_proven_first=True),
}
NOTICE = {
    "kind": "exemption",
    "day": "2026-03-02",
    "tax_office": "Finanzamt Brandenburg",
    "tax_number": "048/140/00000",
    "assessment_period": "2022 bis 2024",
    "purposes": "Förderung der Heimatpflege",
}
STATED = {
    "origin": "business",
    "evidence": ["invoice"],
    "lines-0-description": "Aus dem alten Verwaltungsbau",
    "lines-0-age": "Baujahr 2019",
    "lines-0-condition": "gut erhalten",
    "lines-0-value": "30,50",
    "lines-0-vat": "5,80",
    "lines-0-purchase_price": "249",
    "lines-0-purchase_day": "4.3.2019",
}


@dataclass
class Scene:
    """The lot, and a browser for each who has to do with it."""

    story: Story
    given: Given
    admin: Actor
    late: Actor  # of an organisation that comes after the last minute
    claims: dict[str, ClaimId] = field(default_factory=dict)

    @property
    def page(self) -> str:
        return f"/listings/{self.given.listing_id}"

    def browser_of(self, who: str) -> Visitor:
        """Open a browser that is signed in just now: days lie between the steps."""
        others = {
            "giver": self.given.giver,
            "desk": self.given.desk,
            "admin": self.admin,
            "late": self.late,
        }
        actor = others.get(who) or self.given.claimants[who]
        visitor = self.given.installation.visitor(self.given.district)
        with self.given.installation.work(self.given.district) as work:
            person = work.session.get_one(Person, actor.person_id)
            work.session.expunge(person)
        sign_in(visitor, person)
        return visitor

    def everybody_claims(self) -> None:
        names = list(self.story.recipients)
        clock = self.given.installation.clock
        for name in (names[number] for number in self.story.arrivals):
            each = self.story.recipients[name]
            typed = {
                "quantity": str(each.wanted),
                "justification": "Für unsere Räume.",
                "need_by": each.need_by.isoformat() if each.need_by else "",
            }
            page = self.browser_of(name).send(f"{self.page}/claim", typed, form_at=self.page)
            assert "Ihre Anmeldung ist da." in page.words
            with self.given.installation.work(self.given.district) as work:
                claims = claims_to(work, self.given.listing_id)
                (self.claims[name],) = {each.id for each in claims} - {*self.claims.values()}
            clock.advance(timedelta(days=3))
        clock.advance(DECISION - clock.now())

    def share_out(self, **typed: str) -> Page:
        named = {name.replace("__", "-"): value for name, value in typed.items()}
        return self.browser_of("desk").send(f"{self.page}/claims", named)

    def conversation(self, who: str, name: str) -> Page:
        thread_id = self.given.look_at(self.claims[name]).thread_id
        return self.browser_of(who).get(f"/messages/{thread_id}")

    def act(self, who: str, name: str, action: str, **typed: str) -> Page:
        """Press a button above the conversation about somebody's claim."""
        path = f"/claims/{self.claims[name]}/{action}"
        here = self.conversation(who, name).path
        page = self.browser_of(who).send(path, typed, form_at=here)
        self.never_more_than_there_is()
        return page

    def prove(self, name: str) -> None:
        """Let an organisation state its notice, and the administrator see and accept it."""
        page = self.browser_of(name).send("/account/status", NOTICE)
        assert "sieht den Bescheid ein" in page.words
        admin = self.browser_of("admin")
        (notice,) = {
            str(link.get("href"))
            for link in admin.get("/moderation/status").all("a")
            if name in "".join(link.itertext())
        }
        done = admin.send(f"{notice}/accept", {"seen": "Bescheid im Original"}, form_at=notice)
        assert "Angenommen" in done.words
        self.never_more_than_there_is()

    def collect(self, name: str, *, hour: int) -> None:
        """Choose an hour, hand over and confirm, each on its own page."""
        claim = f"/claims/{self.claims[name]}"
        chosen = self.browser_of(name).send(
            f"{claim}/pickup", {"day": "2026-11-18", "start": f"{hour:02}:00"}
        )
        assert "Eingetragen. Die andere Seite erfährt es per Mail." in chosen.words
        handed = self.browser_of("giver").send(f"{claim}/handover", {"condition": "Wie gesehen."})
        assert "Festgehalten." in handed.words
        confirmed = self.act(name, name, "confirm")
        assert "Beide Seiten haben die Übergabe festgehalten." in confirmed.words

    def granted(self) -> dict[str, int]:
        return {name: self.given.look_at(each).granted for name, each in self.claims.items()}

    def never_more_than_there_is(self) -> None:
        with self.given.installation.work(self.given.district) as work:
            left = left_of(work, listing_by_id(work, self.given.listing_id))
        assert left >= 0
        assert sum(self.granted().values()) + left == self.story.quantity

    def paper(self, who: str, name: str, paper: str) -> str:
        path = f"/claims/{self.claims[name]}/papers/{paper}.pdf"
        page = self.browser_of(who).get(path, audit=False)
        assert page.response.mimetype == "application/pdf", page.status
        return text_of(page.response.get_data())


def make_scene(installation: Installation, story: Story) -> Scene:
    given = make_gift(installation, story)
    with installation.work(given.district) as work:
        work.session.get_one(Listing, given.listing_id).category = "furniture.chair"
        late = actor_of(work, make_person(work, organisation=make_organisation(work)))
        admin = actor_of(work, make_person(work, staff_role=StaffRole.DISTRICT_ADMIN))
    return Scene(story, given, admin, late)


@pytest.fixture(params=[*STORIES.values()], ids=[*STORIES])
def scene(request: pytest.FixtureRequest, installation: Installation) -> Scene:
    return make_scene(installation, request.param)


def in_numbers(words: str) -> list[tuple[str, int, float]]:
    """Read what the desk's page proposes: place in the order, quantity, kilometres."""
    lines = re.findall(
        r"(Platz \d|Ohne Platz), Vorschlag: (\d+) Stück .*?, ([\d,]+) (km|m) entfernt", words
    )
    return [
        (place, int(quantity), float(way.replace(",", ".")) / (1 if unit == "km" else 1_000))
        for place, quantity, way, unit in lines
    ]


def test_it_is_shared_out_taken_in_parts_collected_and_counted(scene: Scene) -> None:
    scene.everybody_claims()
    check_proposal(scene)
    assert "Die Frist ist vorbei." in scene.browser_of("late").get(scene.page).words
    scene.share_out()
    scene.never_more_than_there_is()
    first, second, partly, unproven = scene.story.recipients
    kept = scene.story.recipients[partly].kept
    if scene.story.is_proven_first:
        scene.prove(unproven)
    asked = scene.conversation(partly, partly).words
    assert f"{scene.story.recipients[partly].proposed} Stück" in asked
    scene.act(partly, partly, "accept", quantity=str(kept))
    if not scene.story.is_proven_first:
        assert scene.granted()[unproven] == 0
        scene.prove(unproven)
    for name in (first, second, unproven):
        scene.act(name, name, "accept")
    for hour, name in enumerate(scene.claims, start=9):
        scene.collect(name, hour=hour)

    assert scene.granted() == {name: each.kept for name, each in scene.story.recipients.items()}
    assert sum(scene.granted().values()) == scene.story.quantity
    figures = scene.given.installation.visitor(scene.given.district).get("/impact").words
    assert "4 Vorgänge sind abgeschlossen." in figures
    assert f"Weitergegeben: {scene.story.quantity} Stück" in figures
    assert re.search(rf"Stuhl 4 {scene.story.quantity} ", figures)
    assert "€" not in figures
    check_papers(scene, school=first, association=second)
    check_thanks(scene)


def check_proposal(scene: Scene) -> None:
    """Every line has its reason, and who lacks the proof gets nothing."""
    _, _, partly, unproven = scene.story.recipients

    words = scene.browser_of("desk").get(f"{scene.page}/claims").words

    lines = in_numbers(words)
    assert [(place, quantity) for place, quantity, _ in lines] == [
        (f"Platz {number}" if each.has_proof else "Ohne Platz", each.proposed)
        for number, each in enumerate(scene.story.recipients.values(), start=1)
    ]
    for name, (_, _, kilometres) in zip(scene.story.recipients, lines, strict=True):
        expected = scene.story.kilometres.get(name, kilometres)
        assert kilometres == pytest.approx(expected, abs=0.3)
    assert "ein Teil, mehr ist nicht da" in words
    assert f"{unproven} " in words
    assert "wartet auf Nachweis" in words
    assert "nichts, solange der Nachweis fehlt" in words
    refused = scene.share_out(
        **{
            f"quantity__{scene.claims[partly]}": str(scene.story.recipients[partly].proposed - 1),
            f"reason__{scene.claims[partly]}": "Einer weniger.",
            f"quantity__{scene.claims[unproven]}": "1",
            f"reason__{scene.claims[unproven]}": "Sie fragten zuerst.",
        }
    )
    assert refused.status in (409, 422)
    assert "wartet noch auf den Nachweis" in refused.words
    # What was not stored is not shown as done: every claim still has its line.
    assert in_numbers(refused.words) == lines
    assert {*scene.granted().values()} == {0}


def check_papers(scene: Scene, *, school: str, association: str) -> None:
    """The school gets a record, the association a draft that its board signs by hand."""
    kept = scene.story.recipients[association].kept
    record = scene.paper(school, school, "handover")
    assert scene.story.recipients[school].kind is SCHOOL
    assert f"Menge: {scene.story.recipients[school].kept} Stück" in record
    assert "Zustand" in record
    assert "Wie gesehen." in record
    assert "€" not in record
    papers = f"/claims/{scene.claims[association]}/papers"
    stated = scene.browser_of("giver").send(
        f"/claims/{scene.claims[association]}/statement",
        {**STATED, "lines-0-quantity": str(kept)},
        form_at=papers,
    )
    assert "Gespeichert." in stated.words
    draft = scene.paper(association, association, "draft")
    for said in (
        "ENTWURF",
        "Aus dem alten Verwaltungsbau",
        "Baujahr 2019",
        "gut erhalten",
        # Value and VAT of each, as the giver stated them: the product adds and multiplies only.
        f"{(30.50 + 5.80) * kept:,.2f}".translate(str.maketrans(",.", ".,")),
    ):
        assert said in draft
    signature = draft[draft.index("Unterschrift") :]
    assert "Vorstand" not in signature


def check_thanks(scene: Scene) -> None:
    """Who gave is named once both wanted it, and never while it is given unnamed."""
    installation, district = scene.given.installation, scene.given.district
    visitor = installation.visitor(district)
    assert "Klinikbetreiber" not in visitor.get("/engagement").words
    with installation.work(district, actor=scene.given.giver) as work:
        choose_engagement(work, as_giver=True, as_recipient=False)
    assert "Klinikbetreiber" in visitor.get("/engagement").words
    with installation.work(district) as work:
        listing = work.session.get_one(Listing, scene.given.listing_id)
        listing.attributes = {**listing.attributes, "is_anonymous": True}
    assert "Klinikbetreiber" not in visitor.get("/engagement").words


@pytest.mark.parametrize("story", [CHAIRS, SCREENS], ids=["Beelitz", "Luckenwalde"])
def test_what_is_not_collected_after_two_reminders_is_there_for_others(
    installation: Installation, story: Story
) -> None:
    scene = make_scene(installation, story)
    scene.everybody_claims()
    scene.share_out()
    first, second, partly, unproven = story.recipients
    for name in (first, second, partly):
        scene.act(name, name, "accept")
    scene.prove(unproven)
    for hour, name in enumerate((second, partly), start=9):
        scene.collect(name, hour=hour)

    days = 0
    while scene.given.look_at(scene.claims[first]).state == "accepted":
        installation.clock.advance(timedelta(days=1))
        installation.run_jobs()
        days += 1

    reminders = [str(mail["Subject"]) for mail in installation.mails()]
    assert days == 23  # on 8 December: seven whole days after the last one for collection
    assert reminders.count("Noch nicht abgeholt: Bürostühle") == 2
    assert "Nicht abgeholt" in scene.conversation("giver", first).words
    desk = scene.browser_of("desk").get(f"{scene.page}/claims").words
    assert "nicht abgeholt" in desk.casefold()
    waited: Recipient = story.recipients[unproven]
    assert scene.granted()[first] == 0
    assert scene.granted()[unproven] == waited.wanted
    scene.never_more_than_there_is()


def test_two_days_of_a_bookkeeper_are_thanked_for_and_never_receipted(
    installation: Installation,
) -> None:
    help_ = make_offered(
        installation,
        places={"owner": "Beelitz", "club": "Treuenbrietzen"},
        kind="staff",
        title="Zwei Tage Buchhaltung",
        quantity=2,
        unit="person_day",
        terms_mode="give",
        attributes={"headcount": 1},
    )
    day = installation.clock.now().date() + timedelta(days=7)
    asked = help_.ask("club", 2, day, day + timedelta(days=1))
    help_.act("owner", asked, "accept")
    installation.clock.advance(timedelta(days=10))
    for who in ("owner", "club"):
        here = help_.browser_of(who).get(asked.path)
        if any(str(form.get("action")).endswith("/complete") for form in here.all("form")):
            help_.act(who, asked, "complete")

    club = help_.browser_of("club")
    links = {str(link.get("href")) for link in club.get(asked.path).all("a")}
    (thanks,) = {link for link in links if link.endswith("/thanks.pdf")}
    said = text_of(club.get(thanks, audit=False).response.get_data())

    assert "Zwei Tage Buchhaltung" in said
    assert "Danke" in said
    assert "keine Zuwendungsbestätigung" in said
    assert "Bestätigung über Sachzuwendungen" not in said
    assert "€" not in said
    assert not {link for link in links if "draft" in link or link.endswith("/papers")}
