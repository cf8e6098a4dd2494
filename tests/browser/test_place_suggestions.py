"""Places are offered while somebody types, and without scripts the field is a plain one."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Site, Windows
from tests.browser.people import sign_in
from tests.browser.test_every_page import seeded, violations

SLUG = "potsdam-mittelmark"


def field_of(page: Page) -> Locator:
    return page.locator("main [name=place]")


def options_of(page: Page) -> Locator:
    return page.locator(".suggestions").get_by_role("option")


def type_place(page: Page, text: str) -> Locator:
    """Type as people do, key by key, and give the field once the list is open."""
    field = field_of(page)
    field.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    expect(field).to_have_attribute("aria-expanded", "true")
    return field


def expect_closed(page: Page) -> None:
    expect(field_of(page)).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".suggestions__list")).to_be_hidden()


@pytest.mark.parametrize(("path", "width"), [("/search", 1280), ("/search", 320), ("/", 320)])
def test_a_place_is_chosen_with_the_pointer(
    windows: Windows, site: Site, path: str, width: int
) -> None:
    page = windows.open(width=width)
    page.goto(site.url(SLUG, path))
    field = type_place(page, "Bad Bel")

    option = options_of(page).filter(has_text="Bad Belzig").first
    box = option.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    label = option.inner_text()
    option.click()

    expect(field).to_have_value(label)
    expect(field).to_be_focused()
    expect_closed(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    assert parse_qs(urlsplit(page.url).query)["place"] == [label]
    expect(page.locator("main")).not_to_contain_text("Diesen Ort kennen wir nicht")


def test_a_place_is_chosen_with_the_keyboard(windows: Windows, site: Site) -> None:
    page = windows.open()
    page.goto(site.url(SLUG, "/search"))
    field = type_place(page, "Neusta")
    options = options_of(page)
    expect(page.locator(".suggestions [role=status]")).to_contain_text("Vorschläge")
    assert 2 <= options.count() <= 8
    last = options.count() - 1

    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute(
        "aria-activedescendant", str(options.nth(0).get_attribute("id"))
    )
    page.keyboard.press("ArrowUp")
    expect(options.nth(last)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    expect(options.nth(1)).to_have_attribute("aria-selected", "false")
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    expect_closed(page)
    expect(field).to_have_value("Neusta")

    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    label = options.nth(0).inner_text()
    page.keyboard.press("Enter")

    expect(field).to_have_value(label)
    expect_closed(page)
    assert page.url.endswith("/search"), "choosing sends nothing"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")


def test_enter_sends_what_was_typed_as_long_as_no_place_is_marked(
    windows: Windows, site: Site
) -> None:
    page = windows.open()
    page.goto(site.url(SLUG, "/search"))
    type_place(page, "Beelitz")

    page.keyboard.press("Enter")

    page.wait_for_url("**/search?*")
    assert parse_qs(urlsplit(page.url).query)["place"] == ["Beelitz"]


def test_tab_takes_the_marked_place_and_leaves(windows: Windows, site: Site) -> None:
    page = windows.open()
    page.goto(site.url(SLUG, "/search"))
    field = type_place(page, "Treuenb")
    page.keyboard.press("ArrowDown")

    page.keyboard.press("Tab")

    expect(field).to_have_value("Treuenbrietzen, Landkreis Potsdam-Mittelmark")
    expect(field).not_to_be_focused()
    expect_closed(page)


def test_leaving_the_field_closes_the_list(windows: Windows, site: Site) -> None:
    page = windows.open()
    page.goto(site.url(SLUG, "/search"))
    field = type_place(page, "Teltow")

    page.locator("[name=q]").focus()

    expect_closed(page)
    expect(field).to_have_value("Teltow")


def test_the_server_is_asked_once_for_what_is_typed_in_one_go(windows: Windows, site: Site) -> None:
    page = windows.open()
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if "/places" in request.url else None
    )
    page.goto(site.url(SLUG, "/search"))
    field_of(page).click()

    page.keyboard.type("B")
    page.wait_for_timeout(300)
    page.keyboard.type("eelitz")

    expect(options_of(page).first).to_contain_text("Beelitz")
    assert [parse_qs(urlsplit(url).query)["q"] for url in asked] == [["Beelitz"]]


def test_an_outdated_answer_is_not_shown(windows: Windows, site: Site) -> None:
    page = windows.open()
    held: list[Route] = []
    page.route("**/api/v1/places?q=Teltow", lambda route: held.append(route))
    page.goto(site.url(SLUG, "/search"))
    field_of(page).click()
    with page.expect_event("requestfailed", lambda request: request.url.endswith("q=Teltow")):
        page.keyboard.type("Teltow")
        page.wait_for_timeout(400)
        assert len(held) == 1
        type_place(page, "Beelitz")

    expect(options_of(page).first).to_contain_text("Beelitz")


def test_without_an_answer_there_are_no_suggestions_and_no_error(
    windows: Windows, site: Site
) -> None:
    page = windows.open()
    page.goto(site.url(SLUG, "/search"))
    type_place(page, "Beelit")
    page.route("**/api/v1/places*", lambda route: route.fulfill(status=200, body="<html>"))

    page.keyboard.type("z")

    expect_closed(page)
    expect(page.locator(".suggestions [role=status]")).to_be_empty()


def test_that_nothing_is_known_is_said(windows: Windows, site: Site) -> None:
    page = windows.open()
    page.goto(site.url(SLUG, "/search"))
    field_of(page).click()

    page.keyboard.type("99999")

    expect(page.locator(".suggestions [role=status]")).to_have_text("Keine Vorschläge.")
    expect_closed(page)


def test_places_are_offered_for_what_was_typed_before_the_script_came(
    windows: Windows, site: Site
) -> None:
    page = windows.open()
    held: list[Route] = []
    page.route("**/place-suggestions.js*", lambda route: held.append(route))
    page.goto(site.url(SLUG, "/search"), wait_until="commit")
    field_of(page).click()
    page.keyboard.type("Beelitz")
    page.wait_for_timeout(300)
    assert len(held) == 1
    assert field_of(page).get_attribute("role") is None

    held[0].continue_()

    expect(options_of(page).first).to_contain_text("Beelitz")


def test_a_listing_takes_a_suggested_place(windows: Windows, site: Site) -> None:
    page = windows.open()
    sign_in(page, site, "firm_owner")
    page.goto(site.url(SLUG, f"/listings/{seeded(site, 'draft_offer')}/edit"))
    page.check("[name=location][value=other]")
    field = type_place(page, "Niemeg")

    options_of(page).first.click()

    expect(field).to_have_value("Niemegk, Landkreis Potsdam-Mittelmark")
    expect_closed(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", ["/", "/search", "/search?q=Halle&place=Bad+Belzig&radius_km=25"])
def test_the_open_list_has_no_violation(
    windows: Windows, site: Site, path: str, width: int, *, dark: bool
) -> None:
    page = windows.open(width=width, dark=dark, for_axe=True)
    page.goto(site.url(SLUG, path))
    page.wait_for_load_state("networkidle")
    type_place(page, "Neusta")
    page.keyboard.press("ArrowDown")
    options_of(page).nth(1).hover()

    assert violations(page) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_the_open_list_of_a_listing_has_no_violation(
    windows: Windows, site: Site, width: int
) -> None:
    page = windows.open(width=width, for_axe=True)
    sign_in(page, site, "firm_owner")
    page.goto(site.url(SLUG, f"/listings/{seeded(site, 'draft_offer')}/edit"))
    page.check("[name=location][value=other]")
    type_place(page, "Neusta")
    page.keyboard.press("ArrowDown")

    assert violations(page) == []


def test_without_scripts_the_field_is_a_plain_one(windows: Windows, site: Site) -> None:
    page = windows.open(width=320, javascript=False)
    page.goto(site.url(SLUG, "/search"))
    field = field_of(page)

    field.fill("Beelitz")
    page.get_by_role("button", name="Suchen").click()

    assert field.get_attribute("role") is None
    page.wait_for_url("**/search?*")
    assert parse_qs(urlsplit(page.url).query)["place"] == ["Beelitz"]
