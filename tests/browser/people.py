"""The people of the demo districts, as the seed prints them."""

from typing import Any, cast

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def sign_in(page: Page, site: Site, key: str, slug: str = "potsdam-mittelmark") -> None:
    """Sign in as one of the seeded actors."""
    actors = cast(dict[str, dict[str, Any]], site.demo["actors"])
    page.goto(site.url(slug, "/login"))
    page.fill("[name=email]", actors[key]["email"])
    page.fill("[name=password]", actors[key]["password"])
    page.press("[name=password]", "Enter")
    expect(page).not_to_have_url(site.url(slug, "/login"))
