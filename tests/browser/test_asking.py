"""From the search hit to a request that is sent: on a phone, by keyboard, and without scripts."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site, Windows
from tests.browser.hands import Finger, Keyboard
from tests.browser.people import sign_in
from tests.browser.test_every_page import seeded

SLUG = "potsdam-mittelmark"
MOST_TAPS = 6
THUMB = 44  # CSS pixels, WCAG 2.2, 2.5.5
MESSAGE = "Wir brauchen sie für das Dach."


def hit(page: Page, site: Site, query: str = "") -> Locator:
    """Search, and give the card of the offer that there is one of."""
    page.goto(site.url(SLUG, f"/search?{query}"))
    return page.locator(f".listing-card a[href*='{seeded(site, 'last_place')}']")


def day(page: Page, iso: str) -> Locator:
    return page.locator(f"#picker a[data-day='{iso}']")


@pytest.mark.parametrize("query", ["", "available_from=2026-12-02&available_to=2026-12-04"])
def test_a_request_takes_six_taps_and_one_text_on_a_phone(
    windows: Windows, site: Site, query: str
) -> None:
    page = windows.open(width=320)
    sign_in(page, site, "nonprofit")
    card = hit(page, site, query)
    finger = Finger(page)

    finger.tap(card)
    finger.tap(page.locator(".action-bar a").first)
    if not query:
        page.locator("#ask [name=message]").wait_for()
        finger.tap(day(page, "2026-11-26"))
        expect(page.locator("#ask [name=start]")).to_have_value("2026-11-26")
        finger.tap(day(page, "2026-11-27"))
        expect(page.locator("#ask [name=end]")).to_have_value("2026-11-27")
    finger.write("message", MESSAGE)
    finger.tap(page.get_by_role("button", name="Anfrage senden"))

    expect(page.locator("main")).to_contain_text("Ihre Anfrage ist unterwegs.")
    expect(page.locator("main")).to_contain_text("2026 bis ")
    print(f"{finger.taps} taps")
    assert finger.taps <= MOST_TAPS
    page.get_by_role("button", name="Anfrage zurückziehen").click()
    expect(page.locator("main")).to_contain_text("zurückgezogen")


def test_days_are_large_enough_for_a_thumb_and_nothing_sticks_out(
    windows: Windows, site: Site
) -> None:
    for width in (320, 390, 1280):
        page = windows.open(width=width)
        sign_in(page, site, "nonprofit")
        page.goto(site.url(SLUG, f"/listings/{seeded(site, 'last_place')}?month=2026-12"))
        boxes = [each.bounding_box() for each in page.locator("#picker a").all()]

        assert len(boxes) > 20
        assert all(
            box and box["width"] >= THUMB - 0.5 and box["height"] >= THUMB - 0.5 for box in boxes
        ), width
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("javascript", [True, False])
def test_the_way_to_the_form_stays_in_sight_and_never_lies_over_the_form(
    windows: Windows, site: Site, *, javascript: bool
) -> None:
    page = windows.open(width=320, javascript=javascript)
    sign_in(page, site, "nonprofit")
    page.goto(site.url(SLUG, f"/listings/{seeded(site, 'last_place')}"))
    bar = page.locator(".action-bar a").first
    expect(bar).to_be_in_viewport(ratio=1)

    bar.click()

    form = page.locator("#ask")
    expect(form).to_be_in_viewport()
    form.get_by_role("button", name="Anfrage senden").scroll_into_view_if_needed()
    expect(bar).not_to_be_in_viewport()
    top, end = (each.bounding_box() for each in (form, page.locator(".action-bar").first))
    assert top
    assert end
    assert end["y"] + end["height"] <= top["y"]


def test_the_keyboard_picks_days_and_keeps_its_place_and_what_was_typed(
    windows: Windows, site: Site
) -> None:
    page = windows.open()
    sign_in(page, site, "nonprofit")
    page.goto(site.url(SLUG, f"/listings/{seeded(site, 'last_place')}"))
    page.fill("#ask [name=message]", MESSAGE)
    page.locator("h1").click()
    hands = Keyboard(page)

    hands.press("Dezember 2026")
    expect(day(page, "2026-12-08")).to_be_visible()
    hands.press("Di, 8. Dezember: frei")
    expect(page.locator("#ask [name=start]")).to_have_value("2026-12-08")
    expect(day(page, "2026-12-08")).to_be_focused()
    hands.press("Do, 10. Dezember: frei")
    expect(page.locator("#ask [name=end]")).to_have_value("2026-12-10")

    expect(page.locator("#ask [name=message]")).to_have_value(MESSAGE)
    expect(page.locator(".picker__chosen")).to_contain_text("Di, 8. Dezember 2026 bis Do, 10.")


def test_the_second_day_may_be_picked_before_the_first_has_come(
    windows: Windows, site: Site
) -> None:
    page = windows.open()
    sign_in(page, site, "nonprofit")
    # Before its script has come a link leads to a page: what two clicks do then is not meant here.
    page.goto(
        site.url(SLUG, f"/listings/{seeded(site, 'last_place')}?month=2026-12"),
        wait_until="networkidle",
    )

    page.evaluate(
        """days => days.forEach(each => document.querySelector(`[data-day="${each}"]`).click())""",
        ["2026-12-08", "2026-12-10"],
    )

    expect(page.locator("#ask [name=end]")).to_have_value("2026-12-10")
    expect(page.locator("#ask [name=start]")).to_have_value("2026-12-08")


def test_a_time_that_is_suggested_instead_is_asked_for_with_what_was_typed(
    windows: Windows, site: Site
) -> None:
    page = windows.open()
    sign_in(page, site, "nonprofit")
    page.goto(site.url(SLUG, f"/listings/{seeded(site, 'pallets_40')}"))
    form = page.locator("#ask")
    form.locator("[name=start]").fill("2026-12-08")
    form.locator("[name=quantity]").fill("55")
    form.locator("[name=message]").fill(MESSAGE)
    form.locator("[name=quantity]").press("Enter")
    expect(form.locator(".notice--wrong")).to_contain_text("So viel ist dann nicht frei")

    form.locator(".notice--wrong").get_by_role("button", name="40 Palettenplätze").first.click()

    expect(page.locator("main")).to_contain_text("8. Dezember 2026")
    expect(page.locator("main")).to_contain_text("40 Palettenplätze")
    expect(page.locator("main")).to_contain_text(MESSAGE)


@pytest.mark.parametrize("language", ["de", "en"])
def test_on_a_phone_the_name_of_each_day_stands_on_one_line(
    windows: Windows, site: Site, language: str
) -> None:
    page = windows.open(width=320)
    sign_in(page, site, "obsthof")
    page.goto(site.url(SLUG, f"/listings/{seeded(site, 'last_place')}/calendar?month=2026-12"))
    if language != "de":
        page.locator(f".site-footer button[value={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)

    heights = page.locator(".day__weekday").evaluate_all(
        "names => names.map(name => name.getBoundingClientRect().height)"
    )

    assert len(heights) == 31
    assert max(heights) < 2 * 16  # px, a line of text


def test_links_alone_pick_days_where_there_are_no_scripts(windows: Windows, site: Site) -> None:
    page = windows.open(width=320, javascript=False)
    sign_in(page, site, "nonprofit")
    hit(page, site).click()
    page.get_by_role("link", name="Dezember 2026").click()
    day(page, "2026-12-08").click()
    day(page, "2026-12-10").click()

    expect(page.locator("#ask [name=start]")).to_have_value("2026-12-08")
    expect(page.locator("#ask [name=end]")).to_have_value("2026-12-10")
