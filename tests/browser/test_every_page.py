"""Every page: no axe-core violation, light and dark, wide and narrow, and nothing sticks out."""

import os
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ROOT, Site, Windows
from tests.browser.people import sign_in

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    # The only rule of WCAG 2.2 that axe knows is off by default.
    "rules": {"target-size": {"enabled": True}},
}
# Maps are drawn after the page has loaded; without one there is nothing to wait for.
_IS_DRAWN = """() => [...document.querySelectorAll(".map")].every(
  (map) => map.querySelector(".leaflet-interactive, .leaflet-marker-icon"))"""
_RUN = "rules => axe.run(document, rules)"

PUBLIC = [
    "/",
    "/search",
    "/search?q=Halle&place=Bad+Belzig&radius_km=25",
    "/search?q=gibtesnicht",
    "/search?place=Neustadt",
    "/search?direction=request",
    "/search?kind=machine&place=Beelitz",
    "/register",
    "/register/sent",
    "/login",
    "/forgot-password",
    "/imprint",
    "/privacy",
    "/terms",
    "/accessibility",
    "/sources",
    "/impact",
    "/engagement",
    "/gibt-es-nicht",
    "/dev/inbox",
]
MEMBER = [
    "/desk",
    "/account",
    "/account/email",
    "/account/organisation",
    "/messages",
    "/listings/new",
    "/listings/new/machine",
    "/listings/new/space",
    "/listings/new/staff",
    "/listings/new?direction=request",
    "/listings/archived",
    "/favourites",
    "/account/sites",
    "/account/status",
    "/account/engagement",
    "/account/engagement/badge",
]
STAFF = ["/moderation", "/moderation/mails", "/moderation/gifts"]
ADMINISTRATOR = ["/moderation", "/moderation/status"]

# Each width and each palette once; `tools/prove pages` takes every combination.
_EVERY = "EVERY_LOOK" in os.environ
LOOKS = [(width, dark) for width in (1280, 320) for dark in (False, True)]
LOOKS = LOOKS if _EVERY else [(1280, False), (320, True)]
BRANDS = ("potsdam-mittelmark", "teltow-flaeming")
BRANDED_LOOKS = (
    [(slug, *look) for slug in BRANDS for look in LOOKS]
    if _EVERY
    else [(slug, *look) for slug, look in zip(BRANDS, LOOKS, strict=True)]
)


def violations(page: Page) -> list[str]:
    """Run axe-core on the page as it stands, and measure what sticks out to the right."""
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    report: dict[str, Any] = page.evaluate(_RUN, _RULES)
    found = [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in report["violations"]
        for node in violation["nodes"]
    ]
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if too_wide > 0:
        found.append(f"{too_wide} px stick out")
    return found


def crawl(page: Page, site: Site, slug: str, paths: list[str]) -> dict[str, list[str]]:
    """Open each page and keep what is wrong with it."""
    wrong = {}
    for path in paths:
        page.goto(site.url(slug, path))
        page.wait_for_load_state()
        page.wait_for_function(_IS_DRAWN)
        if found := violations(page):
            wrong[path] = found
    return wrong


@pytest.mark.parametrize(("slug", "width", "dark"), BRANDED_LOOKS)
def test_public_pages_have_no_violation(
    windows: Windows, site: Site, slug: str, width: int, *, dark: bool
) -> None:
    page = windows.open(width=width, dark=dark, for_axe=True)
    listing = page.goto(site.url(slug, "/search"))
    assert listing is not None
    links = page.locator(".listing-card a")
    detail = [str(links.first.get_attribute("href"))] if links.count() else []

    assert crawl(page, site, slug, [*PUBLIC, *detail]) == {}


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_pages_of_members_and_staff_have_no_violation(
    windows: Windows, site: Site, width: int, *, dark: bool
) -> None:
    member = windows.open(width=width, dark=dark, for_axe=True)
    sign_in(member, site, "firm_owner")
    staff = windows.open(width=width, dark=dark, for_axe=True)
    sign_in(staff, site, "moderator")
    administrator = windows.open(width=width, dark=dark, for_axe=True)
    sign_in(administrator, site, "district_admin")

    draft, own = seeded(site, "draft_offer"), seeded(site, "machine")
    waiting = cast(dict[str, Any], site.demo["actors"])["nonprofit_unverified"]["organisation"]

    paths = [*MEMBER, f"/listings/{draft}/edit", f"/listings/{own}", f"/listings/{own}/edit"]
    paths.append(f"/listings/{own}/calendar")
    assert crawl(member, site, "potsdam-mittelmark", paths) == {}
    paths = [*STAFF, f"/moderation/organisations/{waiting}"]
    assert crawl(staff, site, "potsdam-mittelmark", paths) == {}
    assert crawl(administrator, site, "potsdam-mittelmark", ADMINISTRATOR) == {}


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_refused_forms_and_what_follows_them_have_no_violation(
    windows: Windows, site: Site, width: int, *, dark: bool
) -> None:
    page = windows.open(width=width, dark=dark, for_axe=True)
    wrong: dict[str, list[str]] = {}

    def look(step: str) -> None:
        page.wait_for_load_state()
        page.wait_for_function(_IS_DRAWN)
        if found := violations(page):
            wrong[step] = found

    page.goto(site.url("potsdam-mittelmark", "/register"))
    page.get_by_role("button", name="Weiter").click()
    look("refused details")
    for name, text in (("name", "Hof"), ("street", "Ring 1"), ("postcode", "14467")):
        page.fill(f"[name={name}]", text)
    page.fill("[name=place]", "Potsdam")
    page.check("[name=kind][value=firm]")
    page.get_by_role("button", name="Weiter").click()
    look("place outside the district")
    page.locator("main").get_by_role("button", name="Anmelden").last.click()
    look("refused person")
    sign_in(page, site, "firm_owner")
    page.goto(site.url("potsdam-mittelmark", f"/listings/{seeded(site, 'draft_offer')}/edit"))
    page.fill("[name=amount]", "keine")
    page.get_by_role("button", name="Veröffentlichen").click()
    look("refused offer")
    page.goto(site.url("potsdam-mittelmark", f"/listings/{seeded(site, 'last_place')}"))
    look("offer of others")
    page.get_by_role("button", name="Anfrage senden").click()
    look("refused request")
    page.locator("#ask [name=start]").fill("2026-12-01")
    page.locator("#ask [name=message]").fill("Für das Dach.")
    page.get_by_role("button", name="Anfrage senden").click()
    look("conversation")

    assert wrong == {}


def seeded(site: Site, key: str) -> str:
    """Give the id of a listing of the demo."""
    return str(cast(dict[str, str], site.demo["listings"])[key])


def test_no_page_breaks_its_own_security_policy_or_asks_another_host(
    windows: Windows, site: Site
) -> None:
    page, staff = windows.open(), windows.open()
    sign_in(staff, site, "moderator")

    opened = [open_page(page, site, path) for path in PUBLIC]
    sign_in(page, site, "firm_owner")
    opened += [open_page(page, site, path) for path in MEMBER]
    opened += [open_page(staff, site, path) for path in STAFF]

    assert len(opened) == len([*PUBLIC, *MEMBER, *STAFF])  # the window itself notes what is wrong


def open_page(page: Page, site: Site, path: str) -> str:
    """Open a page and wait for its map."""
    page.goto(site.url("potsdam-mittelmark", path))
    page.wait_for_load_state()
    page.wait_for_function(_IS_DRAWN)
    return page.url
