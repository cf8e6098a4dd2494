"""The people of the demo districts, as the seed prints them."""

from typing import Any, cast

from playwright.sync_api import Page, expect

from marketplace.accounts.models import Person
from marketplace.foundation.database.unit_of_work import Actor
from tests.browser.conftest import SLUG, Site
from tests.factories.accounts import PASSWORD
from tests.support.installation import Installation


def sign_in(page: Page, site: Site, key: str, slug: str = "potsdam-mittelmark") -> None:
    """Sign in as one of the seeded actors."""
    actors = cast(dict[str, dict[str, Any]], site.demo["actors"])
    _sign_in(page, site.url(slug, "/login"), actors[key]["email"], actors[key]["password"])


def sign_in_as(page: Page, site: Site, installation: Installation, actor: Actor) -> None:
    """Sign in as somebody who was made for a test in the served district."""
    with installation.work() as work:
        email = work.session.get_one(Person, actor.person_id).email
    _sign_in(page, site.url(SLUG, "/login"), email, PASSWORD)


def _sign_in(page: Page, login: str, email: str, password: str) -> None:
    page.goto(login)
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    expect(page).not_to_have_url(login)
