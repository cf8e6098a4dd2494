"""An hour is chosen, what is in the yard is written down: by keyboard, on a phone, in the dark."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from marketplace.donations.rules.states import ClaimAction
from marketplace.foundation.identifiers import ClaimId
from marketplace.foundation.photos import LARGEST_BYTES
from marketplace.listings.models import AvailabilityWindow
from tests.browser.conftest import SLUG, Site, Windows
from tests.browser.hands import Keyboard, upload
from tests.browser.people import sign_in_as
from tests.browser.test_every_page import LOOKS, violations
from tests.factories.files import make_picture
from tests.factories.gifts import Given, make_given
from tests.support.installation import Installation

OPENS = datetime(2026, 11, 26, 8, tzinfo=ZoneInfo("Europe/Berlin"))
SEEN = "Zwei haben Kratzer."


def promised(installation: Installation) -> tuple[Given, ClaimId]:
    """Let somebody be promised ten chairs of a giver who is there on two mornings."""
    gift = make_given(installation, title="Bürostühle im Hof")
    name = "Tafel am Hof"
    gift.add(name)
    claim_id = gift.claim(name, 10)
    gift.offer(claim_id, 10)
    gift.act(name, claim_id, ClaimAction.ACCEPT)
    with installation.work() as work:
        for start in (OPENS, OPENS + timedelta(days=4)):
            work.session.add(
                AvailabilityWindow(
                    listing_id=gift.listing_id,
                    starts_at=start,
                    ends_at=start + timedelta(hours=5),
                )
            )
    return gift, claim_id


def test_the_keyboard_alone_chooses_an_hour(
    windows: Windows,
    site: Site,
    on_site: Installation,
) -> None:
    gift, claim_id = promised(on_site)
    page = windows.open()
    sign_in_as(page, site, on_site, gift.claimants["Tafel am Hof"])
    page.goto(site.url(SLUG, f"/claims/{claim_id}/pickup"))
    hands = Keyboard(page)
    wanted = (OPENS + timedelta(days=4, hours=2)).astimezone(ZoneInfo("UTC"))

    hands.choose("start", wanted.isoformat())
    hands.press("Termin eintragen")

    expect(page.locator("main")).to_contain_text("Mo, 30. November 2026, 10:00 bis 11:00 Uhr")
    assert gift.look_at(claim_id).pickup_starts_at == wanted


def test_a_picture_that_is_too_large_loses_no_words(
    windows: Windows,
    site: Site,
    on_site: Installation,
    tmp_path: Path,
) -> None:
    gift, claim_id = promised(on_site)
    large, fitting = tmp_path / "riesig.jpg", tmp_path / "hof.jpg"
    large.write_bytes(make_picture() + bytes(LARGEST_BYTES))
    fitting.write_bytes(make_picture())
    page = windows.open(width=320)
    sign_in_as(page, site, on_site, gift.giver)
    page.goto(site.url(SLUG, f"/claims/{claim_id}/handover"))
    page.fill("[name=condition]", SEEN)

    upload(page, "photo", large)
    page.get_by_role("button", name="Übergabe festhalten").click()
    expect(page.locator("#photo-error")).to_have_text(
        "Das Bild ist größer als 10 MB. Bitte wählen Sie ein kleineres."
    )
    expect(page.locator("[name=condition]")).to_have_value(SEEN)
    upload(page, "photo", fitting)
    page.get_by_role("button", name="Übergabe festhalten").click()

    expect(page.locator("main")).to_contain_text("Festgehalten.")
    assert gift.look_at(claim_id).state == "collected"


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_pages_of_collecting_have_no_violation(
    windows: Windows,
    site: Site,
    on_site: Installation,
    width: int,
    *,
    dark: bool,
) -> None:
    gift, claim_id = promised(on_site)
    wrong: dict[str, list[str]] = {}
    giver, claimant = (windows.open(width=width, dark=dark, for_axe=True) for _ in range(2))
    sign_in_as(giver, site, on_site, gift.giver)
    sign_in_as(claimant, site, on_site, gift.claimants["Tafel am Hof"])

    for page, path, button in (
        (claimant, f"/claims/{claim_id}/pickup", "Termin eintragen"),
        (giver, f"/claims/{claim_id}/handover", "Übergabe festhalten"),
        (giver, f"/listings/{gift.listing_id}/lines", "Posten speichern"),
    ):
        page.goto(site.url(SLUG, path))
        if found := violations(page):
            wrong[path] = found
        if page is giver:
            page.locator("[name=quantity]").fill("0")
        page.get_by_role("button", name=button).click()
        expect(page.locator("[role=alert]")).to_be_focused()
        if found := violations(page):
            wrong[f"{path}, refused"] = found

    assert wrong == {}
