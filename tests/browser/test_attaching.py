"""Files go with a message on a phone without scripts, and by keyboard; wrong ones are named."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Windows
from tests.browser.hands import Keyboard
from tests.browser.people import sign_in
from tests.browser.test_every_page import seeded, violations
from tests.factories.files import make_pdf, make_picture

SLUG = "potsdam-mittelmark"


def begin_conversation(page: Page, site: Site) -> None:
    sign_in(page, site, "nonprofit")
    page.goto(site.url(SLUG, f"/listings/{seeded(site, 'last_place')}"))
    page.get_by_text("Frage stellen", exact=True).click()
    page.locator("form[action$='/questions'] [name=message]").fill("Gibt es einen Plan?")
    page.locator("form[action$='/questions'] [type=submit]").click()
    page.locator("[name=files]").wait_for()


def write(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(("width", "javascript"), [(320, False), (1280, True)])
def test_wrong_files_are_named_the_words_are_kept_and_right_ones_arrive(
    windows: Windows, site: Site, tmp_path: Path, width: int, *, javascript: bool
) -> None:
    page = windows.open(width=width, javascript=javascript)
    script = write(tmp_path, "rechnung.pdf", make_pdf(b"/A << /S /#4AavaScript >>"))
    table = write(tmp_path, "liste.xlsx", b"PK")
    large = write(tmp_path, "riesig.pdf", make_pdf() + b" " * 5 * 1024 * 1024)
    plan = write(tmp_path, "Plan vom Hof.pdf", make_pdf())
    photo = write(tmp_path, "Scheune.jpg", make_picture())
    begin_conversation(page, site)

    page.fill("[name=message]", "Hier sind Plan und Bild.")
    page.set_input_files("[name=files]", [script, table, large])
    page.get_by_role("button", name="Senden").click()

    wrong = page.locator("#files-error")
    expect(wrong).to_contain_text("rechnung.pdf: Die PDF-Datei enthält Programme")
    expect(wrong).to_contain_text("liste.xlsx: Das ist weder ein Foto")
    expect(wrong).to_contain_text("riesig.pdf: Die Datei ist größer als 5 MB")
    expect(page.locator("[name=message]")).to_have_value("Hier sind Plan und Bild.")

    page.set_input_files("[name=files]", [plan, photo])
    page.get_by_role("button", name="Senden").click()

    sent = page.locator("#newest")
    expect(sent).to_contain_text("Hier sind Plan und Bild.")
    picture = sent.locator("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 480)
    with page.expect_download() as download:
        sent.get_by_role("link", name="Plan vom Hof.pdf herunterladen").click()
    assert download.value.suggested_filename == "Plan vom Hof.pdf"
    assert Path(download.value.path()).read_bytes() == make_pdf()


def test_the_keyboard_reaches_the_field_for_files_and_each_link(
    windows: Windows, site: Site, tmp_path: Path
) -> None:
    page = windows.open(width=320, for_axe=True)
    begin_conversation(page, site)
    hands = Keyboard(page)

    hands.fill("message", "Mit Bild.")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "files"
    page.set_input_files("[name=files]", write(tmp_path, "a.png", make_picture("PNG")))
    hands.press("Senden")
    page.locator("#newest img").wait_for()

    assert violations(page) == []
    hands.press("a.webp herunterladen")
