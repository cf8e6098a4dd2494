"""Wrong input in every form: a message that says what to do, and nothing typed is lost."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Windows
from tests.browser.hands import upload
from tests.browser.people import sign_in

SLUG = "potsdam-mittelmark"


def send(page: Page, button: str) -> None:
    page.locator("main").get_by_role("button", name=button, exact=True).last.click()


def expect_refusal(page: Page, sentence: str, **kept: str) -> None:
    summary = page.locator(".notice--wrong[role=alert]").first
    expect(summary).to_be_visible()
    expect(page.locator("main")).to_contain_text(sentence)
    for name, value in kept.items():
        expect(page.locator(f"main [name={name}]:not([type=hidden])").first).to_have_value(value)


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (320, False)])
def test_visitors_are_told_what_to_change(
    windows: Windows, site: Site, width: int, *, javascript: bool
) -> None:
    page = windows.open(width=width, javascript=javascript)

    page.goto(site.url(SLUG, "/register"))
    page.fill("[name=name]", "Zimmerei am Wald")
    page.check("[name=kind][value=firm]")
    page.fill("[name=street]", "Waldweg 3")
    page.fill("[name=postcode]", "148")
    page.fill("[name=place]", "Niemegk")
    send(page, "Weiter")
    expect_refusal(page, "Bitte fünf Ziffern", name="Zimmerei am Wald", street="Waldweg 3")
    page.fill("[name=postcode]", "14823")
    send(page, "Weiter")
    page.fill("[name=person_name]", "Zimmerin")
    page.fill("[name=email]", "zimmerei")
    page.fill("[name=password]", "kurz")
    send(page, "Anmelden")
    expect_refusal(page, "Das ist keine E-Mail-Adresse", person_name="Zimmerin", email="zimmerei")

    page.goto(site.url(SLUG, "/login"))
    page.fill("[name=email]", "zimmerei@wald.example")
    page.fill("[name=password]", "nicht das richtige")
    send(page, "Anmelden")
    expect_refusal(page, "E-Mail-Adresse oder Passwort stimmt nicht", email="zimmerei@wald.example")

    page.goto(site.url(SLUG, "/forgot-password"))
    page.fill("[name=email]", "zimmerei")
    send(page, "Link schicken")
    expect_refusal(page, "Das ist keine E-Mail-Adresse", email="zimmerei")

    page.goto(site.url(SLUG, "/search"))
    page.fill("[name=q]", "Halle")
    page.fill("[name=place]", "Nirgendwo am See")
    send_search = page.get_by_role("button", name="Suchen")
    send_search.click()
    expect(page.locator("main")).to_contain_text("Diesen Ort kennen wir nicht")
    expect(page.locator("[name=q]")).to_have_value("Halle")
    expect(page.locator("[name=place]")).to_have_value("Nirgendwo am See")


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (320, False)])
def test_members_are_told_what_to_change(
    windows: Windows, site: Site, tmp_path: Path, width: int, *, javascript: bool
) -> None:
    page = windows.open(width=width, javascript=javascript)
    sign_in(page, site, "nonprofit")
    photo = tmp_path / "saal.png"
    Image.new("RGB", (800, 600), "#446").save(photo)
    no_photo = tmp_path / "saal.txt"
    no_photo.write_text("kein Bild")

    page.goto(site.url(SLUG, "/listings/new/space"))
    page.fill("[name=title]", "Probenraum im Hof")
    upload(page, "photos", no_photo)
    send(page, "Entwurf anlegen")
    expect(page.locator("main")).to_contain_text("saal.txt")
    expect(page.locator("[name=title]")).to_have_value("Probenraum im Hof")
    page.fill("[name=description]", "Mit Klavier.")
    upload(page, "photos", photo)
    page.fill("[name=amount]", "zehn")
    send(page, "Veröffentlichen")
    expect_refusal(page, "Das ist keine Zahl", amount="zehn", description="Mit Klavier.")
    expect(page.locator("main img").first).to_be_visible()
    page.fill("[name=amount]", "10")
    send(page, "Veröffentlichen")
    expect_refusal(page, "zu welchen Bedingungen", description="Mit Klavier.")

    page.goto(site.url(SLUG, "/account/organisation"))
    page.fill("[name=website]", "ftp://verein")
    page.fill("[name=description]", "Neu und lesbar.")
    send(page, "Speichern")
    expect_refusal(page, "Das ist keine Internetseite", description="Neu und lesbar.")

    page.goto(site.url(SLUG, "/account"))
    page.fill("[name=current_password]", "falsch geraten")
    page.fill("[name=password]", "ein langer neuer Satz")
    send(page, "Passwort ändern")
    expect_refusal(page, "Das ist nicht Ihr jetziges Passwort")

    page.goto(site.url(SLUG, "/search?q=minibagger"))
    page.locator(".listing-card a").first.click()
    page.locator("#ask [name=message]").fill("Für den Festplatz.")
    page.get_by_role("button", name="Anfrage senden").click()
    expect_refusal(page, "Bitte geben Sie den ersten Tag an", message="Für den Festplatz.")


def test_the_staff_are_told_what_to_change(windows: Windows, site: Site) -> None:
    page = windows.open(width=320)
    sign_in(page, site, "moderator_b", slug="teltow-flaeming")
    page.goto(site.url("teltow-flaeming", "/moderation"))
    page.locator("section[aria-labelledby=waiting]").get_by_role("link").first.click()

    send(page, "Als geprüft freigeben")
    expect_refusal(page, "Bitte schreiben Sie, was Sie eingesehen haben.")
    send(page, "Mit diesem Grund ablehnen")
    expect_refusal(page, "Bitte schreiben Sie den Grund auf.")
    assert re.search(r"/refuse$", page.url)


def test_a_conversation_takes_no_empty_message(windows: Windows, site: Site) -> None:
    page = windows.open()
    sign_in(page, site, "bauhof")
    page.goto(site.url(SLUG, "/search?q=minibagger"))
    page.locator(".listing-card a").first.click()
    page.locator("#ask [name=start]").fill("2026-12-01")
    page.locator("#ask [name=message]").fill("Für den Weg.")
    page.get_by_role("button", name="Anfrage senden").click()
    expect(page.locator(".conversation")).to_contain_text("Für den Weg.")

    page.fill("[name=message]", "   ")
    send(page, "Senden")

    expect_refusal(page, "Bitte schreiben Sie eine Nachricht.")
