"""A firm registers, is checked, offers; a visitor in the next town finds it and asks for it."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Windows, wait_for_mail
from tests.browser.hands import Hands, Keyboard, Pointer, upload
from tests.browser.people import sign_in

SLUG = "potsdam-mittelmark"
PASSWORD = "sieben Birnen im Korb"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "hof.jpg"
    Image.new("RGB", (1200, 900), "#8a5a2b").save(path)
    return path


@pytest.mark.parametrize(
    ("key", "width", "javascript"),
    [
        ("pointer", 1280, True),
        ("keyboard", 1280, True),
        ("phone", 320, True),
        ("plain", 320, False),
    ],
)
def test_from_registration_to_an_answered_request(
    windows: Windows, site: Site, photo: Path, key: str, width: int, *, javascript: bool
) -> None:
    page = windows.open(width=width, javascript=javascript)
    hands: Hands = Keyboard(page) if key == "keyboard" else Pointer(page)
    email = f"{key}@tischlerei.example"
    title = f"Kantenleimgerät {key}"

    register(hands, site, email, name=f"Tischlerei {key}")
    confirm(hands, site, email)
    check_as_staff(windows, site, f"Tischlerei {key}")
    wait_for_mail(site, email, "kann jetzt veröffentlichen")
    sign_in_by_form(hands, site, email)
    listing = offer(hands, site, photo, title)
    asked = ask_from_the_next_town(windows, site, title, width=width, javascript=javascript)
    answer(hands, site, email, title)

    asked.reload()
    expect(asked.locator(".conversation")).to_contain_text("Gern, ab sieben Uhr.")
    asked.goto(site.url(SLUG, "/desk"))
    expect(
        asked.locator("[aria-labelledby=asked-by-us] .desk-line", has_text=title)
    ).to_contain_text("vereinbart")
    assert listing.startswith("/listings/")


def register(hands: Hands, site: Site, email: str, *, name: str) -> None:
    hands.page.goto(site.url(SLUG, "/register"))
    hands.fill("name", name)
    hands.choose("kind", "firm")
    hands.fill("street", "Am Markt 1")
    hands.fill("postcode", "14822")
    hands.fill("place", "Brück")
    hands.press("Weiter")
    expect(hands.page.locator("h1")).to_have_text("Standort und Zugang")
    hands.fill("person_name", "Inhaberin")
    hands.fill("email", email)
    hands.fill("password", PASSWORD)
    hands.tick("terms")
    hands.press("Anmelden")
    expect(hands.page.locator("h1")).to_have_text("Bitte sehen Sie in Ihr Postfach")


def confirm(hands: Hands, site: Site, email: str) -> None:
    mail = wait_for_mail(site, email, "bestätigen")
    link = re.search(r"http://\S+/confirm/\S+", mail)
    assert link is not None
    hands.page.goto(link.group(0))
    hands.press("Adresse bestätigen")
    expect(hands.page.locator(".notice")).to_contain_text("bestätigt")


def check_as_staff(windows: Windows, site: Site, name: str) -> None:
    staff = windows.open()
    sign_in(staff, site, "moderator")
    staff.goto(site.url(SLUG, "/moderation"))
    staff.locator(".desk-line", has_text=name).get_by_role("link").click()
    expect(staff.locator("h1")).to_have_text(name)
    staff.fill("[name=seen]", "Handwerksrolle, abgerufen heute")
    staff.get_by_role("button", name="Als geprüft freigeben").click()
    expect(staff.locator(".notice")).to_contain_text("Geprüft")


def sign_in_by_form(hands: Hands, site: Site, email: str) -> None:
    hands.page.goto(site.url(SLUG, "/login?next=/listings/new/machine"))
    hands.fill("email", email)
    hands.fill("password", PASSWORD)
    hands.press("Anmelden")
    expect(hands.page.locator("h1")).to_have_text("Maschine anbieten")


def offer(hands: Hands, site: Site, photo: Path, title: str) -> str:
    page = hands.page
    upload(page, "photos", photo)
    hands.fill("title", title)
    hands.press("Entwurf anlegen")
    expect(page.locator("main img").first).to_be_visible()
    hands.fill("description", "Mit Einweisung.")
    hands.fill("start", "2027-03-01")
    hands.fill("end", "2027-03-31")
    hands.choose("mode", "rent")
    hands.fill("amount", "18,50")
    per = page.locator("[name=per]")
    if isinstance(hands, Keyboard):
        hands._reach(per)
        page.keyboard.type("je Tag")
    else:
        per.select_option("day")
    hands.press("Veröffentlichen")
    expect(page.locator(".notice")).to_contain_text("Veröffentlicht")
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("main")).to_contain_text("18,50 € je Tag")
    return page.url.removeprefix(site.url(SLUG, ""))


def ask_from_the_next_town(
    windows: Windows, site: Site, title: str, *, width: int, javascript: bool
) -> Page:
    visitor = windows.open(width=width, javascript=javascript)
    visitor.goto(site.url(SLUG, "/search"))
    visitor.fill("[name=q]", title)
    visitor.fill("[name=place]", "Beelitz")
    visitor.fill("[name=available_from]", "2027-03-08")
    visitor.fill("[name=available_to]", "2027-03-12")
    visitor.get_by_role("button", name="Suchen").click()
    first = visitor.locator(".listing-card").first
    expect(first).to_contain_text(title)
    expect(first).to_contain_text("km")
    first.get_by_role("link").click()
    expect(visitor.locator("main")).to_contain_text("von Beelitz")
    visitor.get_by_role("link", name="Anmelden und anfragen").click()
    actor = site.demo["actors"]["nonprofit"]  # type: ignore[index]
    visitor.fill("[name=email]", actor["email"])
    visitor.fill("[name=password]", actor["password"])
    visitor.press("[name=password]", "Enter")
    form = visitor.locator("#ask")
    form.locator("[name=start]").fill("2027-03-08")
    form.locator("[name=end]").fill("2027-04-12")
    form.locator("[name=message]").fill("Für unsere Bühne.")
    form.get_by_role("button", name="Anfrage senden").click()
    expect(visitor.locator("#ask")).to_contain_text("31. März 2027")
    expect(visitor.locator("#ask [name=message]")).to_have_value("Für unsere Bühne.")
    visitor.locator("#ask [name=end]").fill("2027-03-12")
    visitor.locator("#ask").get_by_role("button", name="Anfrage senden").click()
    expect(visitor.locator(".conversation")).to_contain_text("Für unsere Bühne.")
    return visitor


def answer(hands: Hands, site: Site, email: str, title: str) -> None:
    mail = wait_for_mail(site, email, f"fragt an: {title}")
    link = re.search(r"http://\S+/messages/\S+", mail)
    assert link is not None
    assert "Für unsere Bühne." in mail
    hands.page.goto(link.group(0))
    hands.press("Zusagen")
    expect(hands.page.locator("[aria-labelledby=request-title]")).to_contain_text("vereinbart")
    hands.fill("message", "Gern, ab sieben Uhr.")
    hands.press("Senden")
    expect(hands.page.locator(".conversation")).to_contain_text("Gern, ab sieben Uhr.")
