"""From the search hit to a claim on a phone, and sixty pieces shared out among five, counted."""

from datetime import date

import pytest
from playwright.sync_api import expect

from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.foundation.identifiers import ClaimId
from tests.browser.conftest import SLUG, Site, Windows
from tests.browser.hands import Finger
from tests.browser.people import sign_in, sign_in_as
from tests.browser.test_every_page import LOOKS, seeded, violations
from tests.factories.gifts import Given, make_given
from tests.support.installation import Installation

MOST_TAPS, MOST_FIELDS, MOST_ACTIONS = 6, 2, 12
SENTENCE = "Für unseren Vereinsraum."


def five_claim(installation: Installation, title: str) -> tuple[Given, dict[str, ClaimId]]:
    """Let five organisations want sixty chairs, more than there are."""
    given = make_given(
        installation,
        quantity=60,
        title=title,
        attributes={"recipients": "recognised", "apply_until": "2026-12-15"},
    )
    given.add("Grundschule am Bach", kind=OrganisationKind.PUBLIC_SERVICE, has_proof=False)
    for name in ("Sportverein am Bach", "Tafel am Bach", "Chor am Bach"):
        given.add(name)
    given.add("Heimatverein am Bach", has_proof=False)
    wanted = {"Heimatverein": 10, "Tafel": 30, "Sportverein": 20, "Chor": 6, "Grundschule": 24}
    return given, {
        name: given.claim(
            f"{name} am Bach",
            quantity,
            need_by=date(2026, 12, 20) if name == "Sportverein" else None,
        )
        for name, quantity in wanted.items()
    }


def test_a_claim_takes_six_taps_and_two_fields_on_a_phone(windows: Windows, site: Site) -> None:
    page = windows.open(width=320)
    sign_in(page, site, "nonprofit")
    page.goto(site.url(SLUG, "/search?kind=goods"))
    card = page.locator(f".listing-card a[href*='{seeded(site, 'chairs_60')}']")
    finger, fields = Finger(page), {"quantity": "24", "justification": SENTENCE}

    finger.tap(card)
    finger.tap(page.locator(".action-bar a").first)
    for name, text in fields.items():
        finger.write(name, text)
    finger.tap(page.locator("#claim").get_by_role("button", name="Bedarf anmelden"))

    expect(page.locator("main")).to_contain_text("Ihre Anmeldung ist da.")
    expect(page.locator("main")).to_contain_text("24 Stück")
    print(f"{finger.taps} taps, {len(fields)} fields")
    assert finger.taps <= MOST_TAPS
    assert len(fields) <= MOST_FIELDS
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Anmeldung zurückziehen").click()
    expect(page.locator("main")).to_contain_text("zurückgezogen")


def test_the_desk_shares_sixty_out_among_five_with_few_actions(
    windows: Windows, site: Site, on_site: Installation
) -> None:
    given, claims = five_claim(on_site, "Bürostühle aus dem Altbau")
    page = windows.open()
    sign_in(page, site, "moderator")
    page.goto(site.url(SLUG, "/moderation"))
    desk = Finger(page)

    desk.tap(page.locator(f"main a[href$='/listings/{given.listing_id}/claims']"))
    # The school gets four less than by the rule, the choir gets them: two quantities, two reasons.
    desk.write(f"quantity-{claims['Grundschule']}", "20")
    desk.write(f"reason-{claims['Grundschule']}", "Vier hat die Schule schon.")
    desk.write(f"quantity-{claims['Chor']}", "4")
    desk.write(f"reason-{claims['Chor']}", "Sonst ginge der Chor leer aus.")
    desk.tap(page.get_by_role("button", name="So anbieten"))

    expect(page.locator("main")).to_contain_text("Angeboten. Alle erfahren es per Mail")
    print(f"{desk.taps} actions of the desk")
    assert desk.taps <= MOST_ACTIONS
    granted = {name: given.look_at(each).granted for name, each in claims.items()}
    assert sum(granted.values()) == 60
    assert (granted["Grundschule"], granted["Chor"], granted["Heimatverein"]) == (20, 4, 0)


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_pages_of_claims_have_no_violation(
    windows: Windows, site: Site, on_site: Installation, width: int, *, dark: bool
) -> None:
    given, claims = five_claim(on_site, f"Regale, {width} cm")
    wrong: dict[str, list[str]] = {}
    desk = windows.open(width=width, dark=dark, for_axe=True)
    sign_in(desk, site, "moderator")
    member = windows.open(width=width, dark=dark, for_axe=True)
    sign_in_as(member, site, on_site, given.claimants["Tafel am Bach"])
    gift, conversation = (
        f"/listings/{given.listing_id}",
        f"/messages/{given.look_at(claims['Tafel']).thread_id}",
    )

    for page, path in (
        (desk, "/moderation/gifts"),
        (desk, f"{gift}/claims"),
        (member, gift),
        (member, conversation),
        (member, f"/listings/{seeded(site, 'chairs_60')}"),
        (member, "/desk"),
    ):
        page.goto(site.url(SLUG, path))
        page.wait_for_load_state()
        if found := violations(page):
            wrong[path] = found
    desk.goto(site.url(SLUG, f"{gift}/claims"))
    desk.fill(f"[name=quantity-{claims['Chor']}]", "6")
    desk.get_by_role("button", name="So anbieten").click()
    if found := violations(desk):
        wrong["refused"] = found

    assert wrong == {}
