"""An offer is asked for, promised and handed over by people who have nothing but a keyboard."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site, Windows
from tests.browser.hands import Keyboard
from tests.browser.people import sign_in
from tests.browser.test_every_page import seeded

SLUG = "potsdam-mittelmark"
TITLE = "Holzhäcksler bis 15 cm, auf Anhänger"
# An outline of at least two pixels is what the style sheet promises wherever the keyboard stands.
_IS_OUTLINED = """() => {
  const style = getComputedStyle(document.activeElement);
  return document.activeElement.matches(":focus-visible")
    && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


def test_a_request_is_sent_promised_and_handed_over_without_a_mouse(
    windows: Windows, site: Site
) -> None:
    asker, owner = windows.open(), windows.open()
    sign_in(asker, site, "nonprofit")
    asker.goto(site.url(SLUG, f"/listings/{seeded(site, 'wood_chipper')}"))
    skip_the_menu(asker)
    pick_two_days(asker)
    send_and_be_told_what_is_missing(asker)

    sign_in(owner, site, "bauhof")
    find_the_request_on_the_desk(owner)
    decline_and_be_told_what_is_missing(owner)
    press_and_see(owner, "Zusagen", "vereinbart")
    press_and_see(owner, "Übergabe festhalten", "übergeben")

    asker.reload()
    expect(agreement(asker)).to_contain_text("übergeben")
    expect(agreement(asker)).to_contain_text("Bitte geben Sie es bis Do, 14. Januar 2027 zurück.")


def skip_the_menu(page: Page) -> None:
    page.keyboard.press("Tab")
    expect_focus(page, page.get_by_role("link", name="Zum Inhalt springen"))
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def pick_two_days(page: Page) -> None:
    hands = Keyboard(page)
    hands.press("Januar 2027")
    for name, field, iso in (("Di, 12.", "start", "2027-01-12"), ("Do, 14.", "end", "2027-01-14")):
        hands.press(f"{name} Januar: frei")
        expect(page.locator(f"#ask [name={field}]")).to_have_value(iso)
        expect_focus(page, page.locator(f"#picker a[data-day='{iso}']"))


def send_and_be_told_what_is_missing(page: Page) -> None:
    hands = Keyboard(page)
    hands.press("Anfrage senden")
    expect_focus(page, page.locator("#ask .notice--wrong"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_focus(page, page.locator("#ask [name=message]"))
    page.keyboard.type("Für den Schnitt am Sportplatz.")
    page.keyboard.press("Tab")
    expect_focus(page, page.get_by_role("button", name="Anfrage senden"))
    page.keyboard.press("Space")
    expect(page.locator("main")).to_contain_text("Ihre Anfrage ist unterwegs.")


def find_the_request_on_the_desk(page: Page) -> None:
    hands = Keyboard(page)
    expect(page.locator("h1")).to_be_visible()
    hands.press(f"Antworten : {TITLE}")
    expect(agreement(page)).to_contain_text("Di, 12. Januar 2027 bis Do, 14. Januar 2027")


def decline_and_be_told_what_is_missing(page: Page) -> None:
    hands = Keyboard(page)
    hands.unfold("Absagen")
    hands.press("Absagen")
    expect_focus(page, page.locator(".booking__actions .notice--wrong"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_focus(page, page.locator("[name=reason]"))


def press_and_see(page: Page, label: str, state: str) -> None:
    Keyboard(page).press(label)
    expect(page.locator(".notice[role=status]")).to_contain_text("Festgehalten.")
    expect(agreement(page)).to_contain_text(state)


def agreement(page: Page) -> Locator:
    return page.locator("[aria-labelledby=request-title]")


def expect_focus(page: Page, element: Locator) -> None:
    """The keyboard stands there, and who looks at the page sees it."""
    expect(element).to_be_focused()
    assert page.evaluate(_IS_OUTLINED)
    expect(element).to_be_in_viewport()
