"""Post an offer and a request of each kind on a phone, and count what a machine costs."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Windows
from tests.browser.hands import Finger
from tests.browser.people import sign_in

SLUG = "potsdam-mittelmark"
MOST_SCREENS, MOST_TAPS = 8, 25

# What the kinds' own questions are answered with: names of fields, and values as typed or chosen.
_FACTS: dict[str, dict[str, str]] = {
    "machine": {"power": "50 PS", "drive": "diesel"},
    "space": {"space_kind": "meeting_room", "area": "45,5"},
    "transport": {"goods_owner": "third_party_goods", "gross_mass": "3.500", "cross_border": "no"},
    "staff": {"role": "Montage", "directed_by": "own_firm", "hints_read": "yes"},
    "goods": {"condition": "good"},
}
_IN_REQUESTS = {
    "machine": ["power", "drive"],
    "space": ["space_kind", "area"],
    "transport": [],
    "staff": ["role", "directed_by", "hints_read"],
    "goods": ["condition"],
}
_CATEGORIES = {
    "machine": "construction.excavator",
    "space": "rooms.meeting",
    "transport": "freight.van",
    "staff": "craft_work.wood",
    "goods": "furniture.chair",
}
_SHOWN = {
    "machine": "PS",
    "space": "45,5 m²",
    "transport": "Transporter",
    "staff": "Montage",
    "goods": "gut erhalten",
}


def answer(page: Page, key: str, value: str) -> None:
    """Answer one of the kind's own questions, in the step it stands in."""
    element = page.locator(f"[name='attributes.{key}']")
    step = page.locator("details", has=element)
    if step.count() and step.first.get_attribute("open") is None:
        step.first.locator("summary").click()
    if element.evaluate("element => element.tagName") == "SELECT":
        element.select_option(value)
    else:
        element.fill(value)


@pytest.mark.parametrize("direction", ["offer", "request"])
@pytest.mark.parametrize("kind", list(_FACTS))
def test_one_posts_it_on_a_phone(windows: Windows, site: Site, kind: str, direction: str) -> None:
    page = windows.open(width=320)
    sign_in(page, site, "firm_owner")
    is_request = direction == "request"
    title = f"Fundstück {kind} {direction}"
    start = "/listings/new?direction=request" if is_request else "/listings/new"
    page.goto(site.url(SLUG, start))
    page.locator(f".tile[href*='/{kind}']").click()
    page.fill("[name=title]", title)
    page.get_by_role("button", name="Entwurf anlegen").click()
    page.select_option("[name=category]", _CATEGORIES[kind])
    page.fill("[name=description]", "Für das Sommerfest im Dorf.")
    page.locator("[name=mode]").first.check()
    facts = _IN_REQUESTS[kind] if is_request else list(_FACTS[kind])
    for key in facts:
        answer(page, key, _FACTS[kind][key])
    page.get_by_role("button", name="Veröffentlichen").click()

    expect(page.locator(".notice").first).to_contain_text("Veröffentlicht")
    expect(page.locator("h1")).to_have_text(title)
    if facts:
        expect(page.locator("main")).to_contain_text(_SHOWN[kind])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(site.url(SLUG, f"/search?q=Fundstück&direction={direction}&kind={kind}"))
    expect(page.locator(".listing-card")).to_contain_text([title])


def test_a_machine_is_posted_with_few_taps(windows: Windows, site: Site, tmp_path: Path) -> None:
    photo = tmp_path / "saw.jpg"
    Image.new("RGB", (1200, 900), "#8a5a2b").save(photo)
    page = windows.open(width=320)
    sign_in(page, site, "firm_owner")
    finger = Finger(page)

    page.goto(site.url(SLUG, "/"))
    finger.see()
    finger.tap(page.locator(".site-menu--folded summary"))
    finger.tap(page.locator(".site-menu--folded").get_by_role("link", name="Etwas anbieten"))
    finger.see()
    finger.tap(page.locator(".tile[href*='/machine']"))
    finger.see()
    finger.taps += 1  # the field of the pictures; the picture itself is chosen in the phone's own
    page.set_input_files("[name=photos]", photo)
    finger.write("title", "Formatkreissäge mit Vorritzer", counted=False)
    finger.tap(page.get_by_role("button", name="Entwurf anlegen"))
    expect(page.locator("[name=category]")).to_be_visible()
    finger.see()
    finger.pick("category", "woodworking.saw")
    finger.write("description", "Mit Einweisung, nach Feierabend.", counted=False)
    finger.tap(page.locator("[name=location][value=own]"))
    finger.write("start", "2027-03-01")
    finger.write("end", "2027-03-31")
    finger.tap(page.locator("[name=mode][value=rent]"))
    finger.write("amount", "15,50")
    finger.pick("per", "hour")
    finger.pick("vat_info", "net")
    finger.write("quantity", "1")
    finger.tap(page.locator("#step-device > summary"))
    finger.write("attributes.manufacturer", "Altendorf")
    finger.write("attributes.model", "F45")
    finger.write("attributes.year_of_make", "2012")
    finger.tap(page.get_by_role("button", name="Veröffentlichen"))
    expect(page.locator(".notice").first).to_contain_text("Veröffentlicht")
    finger.see()

    print(f"{len(finger.screens)} screens {finger.screens}, {finger.taps} taps, ", end="")
    print(f"{finger.keystrokes} keystrokes beside the texts")
    expect(page.locator("main")).to_contain_text("15,50 € je Stunde, zuzüglich Umsatzsteuer")
    assert len(finger.screens) <= MOST_SCREENS
    assert finger.taps <= MOST_TAPS


def test_what_was_typed_survives_a_dead_battery(windows: Windows, site: Site) -> None:
    page = windows.open(width=320)
    sign_in(page, site, "firm_owner")
    page.goto(site.url(SLUG, "/listings/new/machine"))
    page.fill("[name=title]", "Vor dem Absturz")
    page.get_by_role("button", name="Entwurf anlegen").click()
    page.fill("[name=description]", "Drei Absätze, mit einem Daumen getippt.")
    expect(page.locator("[data-kept]")).to_have_text("Eingaben gemerkt")
    address = page.url
    page.close()

    other = windows.open(width=320)
    sign_in(other, site, "firm_owner")
    other.goto(address)

    expect(other.locator("[name=description]")).to_have_value(
        "Drei Absätze, mit einem Daumen getippt."
    )
    expect(other.locator("main")).to_contain_text("noch nicht gespeichert sind")


def test_only_the_questions_that_apply_are_asked(windows: Windows, site: Site) -> None:
    page = windows.open(width=320)
    sign_in(page, site, "firm_owner")
    page.goto(site.url(SLUG, "/listings/new/staff"))
    page.fill("[name=title]", "Zwei Leute für den Hof")
    page.get_by_role("button", name="Entwurf anlegen").click()
    permit = page.locator("[name='attributes.permit_authority']")
    basis = page.locator("[name='attributes.legal_basis']")

    expect(basis).to_be_hidden()
    page.select_option("[name='attributes.directed_by']", "borrower")
    expect(basis).to_be_visible()
    expect(permit).to_be_hidden()
    basis.select_option("permit")
    expect(permit).to_be_visible()
    page.select_option("[name='attributes.building_work']", "yes")
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.locator("main")).to_contain_text("§ 1b AÜG")
    expect(page.locator("main")).to_contain_text("Fragen beantwortet")
