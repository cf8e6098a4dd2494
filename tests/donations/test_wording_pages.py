"""The district enters the words of the official forms itself; earlier ones stay readable."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from marketplace.donations.rules.wordings import FormVariant, sample_wording
from tests.factories.accounts import make_moderator, make_person, sign_in
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation
from tests.support.pdf import text_of

OVERVIEW = "/moderation/receipt-wordings"
ASSOCIATION = f"{OVERVIEW}/association"
NAMED = {"version": "Fassung 2026", "source": "Amtlicher Vordruck vom 2. Januar 2026"}
OWN = {**NAMED, "liability": "Hinweis nach dem Vordruck des Landkreises."}


@dataclass
class Office:
    """An administrator of the district with a browser."""

    installation: Installation
    browser: Visitor

    def sees(self, path: str = OVERVIEW) -> Page:
        return self.browser.get(path)

    def enters(self, **changes: str) -> Page:
        return self.browser.send(ASSOCIATION, {**OWN, **changes})


@pytest.fixture
def office(installation: Installation) -> Office:
    with installation.work() as work:
        admin = make_person(work, staff_role="district_admin")  # type: ignore[arg-type]
        work.session.flush()
        work.session.expunge(admin)
    browser = installation.visitor()
    sign_in(browser, admin)
    return Office(installation, browser)


def test_the_queue_leads_to_the_words_and_says_that_they_are_a_sample(office: Office) -> None:
    queue = office.sees("/moderation")
    page = office.sees()

    assert "Wortlaut der Bestätigungen Ohne eigenen Wortlaut gibt es nur Entwürfe. Muster" in (
        queue.words
    )
    assert f'href="{OVERVIEW}"' in queue.text
    assert "Das ist ein mitgeliefertes Muster und nicht der amtliche Vordruck." in page.words
    assert "Fassung Muster 1 – vor Gebrauch prüfen Quelle Muster nach dem Aufbau" in page.words
    assert f'href="{ASSOCIATION}"' in page.text


def test_own_words_are_entered_with_version_and_source(office: Office) -> None:
    page = office.enters()

    assert page.path == OVERVIEW
    assert "Neue Bestätigungen tragen ab jetzt diese Fassung." in page.words
    assert "eigener Wortlaut Fassung Fassung 2026 Quelle Amtlicher Vordruck vom 2. Januar" in (
        page.words
    )
    assert "Eingetragen am Di, 1. September 2026" in page.words
    values = office.sees(ASSOCIATION).form_values(ASSOCIATION)
    assert values["liability"].strip() == OWN["liability"]
    assert (values["version"], values["source"]) == ("", "")


def test_earlier_versions_stay_readable(office: Office) -> None:
    office.enters()
    office.installation.clock.advance(timedelta(minutes=1))
    page = office.enters(version="Fassung 2027", liability="Ein neuer Hinweis.")
    assert "Fassung 2027 , Di, 1. September 2026 (gilt jetzt)" in page.words

    (earlier,) = [
        link.get("href", "") for link in page.all("a") if "".join(link.itertext()) == "Fassung 2026"
    ]
    old = office.sees(earlier)

    assert "Hinweis nach dem Vordruck des Landkreises." in old.words
    assert "Ein neuer Hinweis." not in old.words


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"version": " "}, "Fassung : Möglich sind 1 bis 120 Zeichen."),
        ({"source": "x" * 301}, "Quelle : Möglich sind 1 bis 300 Zeichen."),
        ({"title": " "}, "Titel : Dieser Text fehlt."),
        ({"liability": "x" * 1501}, "Hinweis zur Haftung : Höchstens 1500 Zeichen."),
        (
            {"purpose": "Für gute Zwecke."},
            "Wofür es verwendet wird : In geschweiften Klammern muss genau das stehen: purposes.",
        ),
        ({"version": " ", "title": ""}, "Titel : Dieser Text fehlt."),
    ],
)
def test_what_cannot_stay_so_is_said_and_what_was_typed_stays(
    office: Office, change: dict[str, str], sentence: str
) -> None:
    page = office.enters(**change)

    assert page.status == 422
    assert sentence in page.words
    values = page.form_values(ASSOCIATION)
    for name, value in {**OWN, **change}.items():
        assert values[name].strip() == value.strip(), name
    assert "Muster 1" in office.sees().words


def test_a_version_is_entered_once(office: Office) -> None:
    office.enters()

    page = office.enters(liability="Ein neuer Hinweis.")

    assert page.status == 422
    assert "Fassung : Diese Fassung gibt es schon." in page.words


@pytest.mark.parametrize(
    ("status", "words"),
    [("exemption", "nach dem Freistellungsbescheid"), ("section_60a", "nach § 60a AO gesondert")],
)
def test_a_draft_shows_what_was_typed_and_keeps_nothing(
    office: Office, status: str, words: str
) -> None:
    answer = office.browser.send(ASSOCIATION, {**OWN, "preview": status}).response

    text = text_of(answer.get_data())
    assert answer.mimetype == "application/pdf"
    assert "ENTWURF" in text
    assert OWN["liability"] in text
    assert words in text
    assert "Wortlaut: Fassung 2026" in text
    assert "Muster 1" in office.sees().words


def test_a_draft_of_what_cannot_stay_so_is_refused(office: Office) -> None:
    page = office.enters(preview="exemption", title="")

    assert page.status == 422
    assert "Titel : Dieser Text fehlt." in page.words


def test_the_other_form_has_its_own_words(office: Office) -> None:
    texts = sample_wording(FormVariant.PUBLIC).texts
    office.browser.send(f"{OVERVIEW}/public", {**NAMED, **texts})

    page = office.sees()

    assert page.words.count("eigener Wortlaut") == 1
    assert page.words.count("Das ist ein mitgeliefertes Muster") == 1


def test_only_administrators_come_here(installation: Installation) -> None:
    with installation.work() as work:
        moderator = make_moderator(work)
        work.session.flush()
        work.session.expunge(moderator)
    visitor = installation.visitor()
    sign_in(visitor, moderator)

    assert "Wortlaut der Bestätigungen" not in visitor.get("/moderation").words
    for path in (OVERVIEW, ASSOCIATION):
        assert visitor.get(path).status == 403
