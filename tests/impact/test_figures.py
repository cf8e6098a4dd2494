"""Everybody sees the figures of a year, and the staff the deals behind each of them."""

import csv
import io

import pytest

from marketplace.donations.operations.allocating import allocate
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.rules.states import ClaimAction
from marketplace.foundation.errors import InvalidInput
from marketplace.impact.rules.emissions import (
    Factor,
    FactorEntry,
    Range,
    RoundedRange,
    factor_for,
    rounded,
    saved,
    settled_factor,
)
from marketplace.listings.models import Listing
from tests.factories.accounts import make_moderator, sign_in
from tests.factories.gifts import Given, make_given
from tests.impact.handed_over import administrator, hand_over, rename
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation

FACTORS = "/moderation/impact/factors"
TYPED = {
    "category": "furniture",
    "low": "1,05",
    "high": "1,45",
    "displacement_low": "20",
    "displacement_high": "80",
    "source_title": "Benefits of reuse, domestic furniture",
    "source_url": "https://example.org/furniture",
    "year": "2011",
    "licence": "frei",
}


@pytest.fixture
def gift(installation: Installation) -> Given:
    gift = make_given(installation, quantity=60, attributes={"weight": 21})
    with installation.work() as work:
        work.session.get_one(Listing, gift.listing_id).category = "furniture.chair"
    gift.add("Grundschule")
    gift.add("Sportverein")
    return gift


def rows_of(page: Page) -> list[dict[str, str]]:
    text = page.response.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def enter(browser: Visitor, **typed: str) -> Page:
    return browser.send(FACTORS, {**TYPED, **typed})


def test_an_empty_year_says_so(installation: Installation) -> None:
    page = installation.visitor().get("/impact")

    assert "2026 ist noch nichts abgeschlossen" in page.words
    assert installation.visitor().get("/impact.csv").text.count("\n") == 1


def test_text_chart_table_and_csv_say_the_same(gift: Given) -> None:
    rename(gift, gift.giver, place="Beelitz")
    hand_over(gift, "Grundschule", 24)
    hand_over(gift, "Sportverein", 20)

    page = gift.installation.visitor().get("/impact?year=2026")
    rows = rows_of(gift.installation.visitor().get("/impact.csv?year=2026", audit=False))

    assert "2 Vorgänge sind abgeschlossen" in page.words
    assert "Weitergegeben: 44 Stück, 924 kg" in page.words
    assert "Bisher abgeschlossen: 2 von 2 Vereinbarungen dieses Jahres (100 %)" in page.words
    assert "September: 2" in page.words
    assert "Stuhl" in page.words
    assert "Beelitz" in page.words
    by_feature = {row["merkmal"]: row for row in rows}
    for feature in ("insgesamt", "art", "kategorie", "ort", "monat"):
        assert (by_feature[feature]["vorgaenge"], by_feature[feature]["kg"]) == ("2", "924")
    assert by_feature["ort"]["auspraegung"] == "Beelitz"
    assert by_feature["insgesamt"]["davon_abgeschlossen"] == "2"


def test_the_rate_of_confirmation_stands_beside(gift: Given) -> None:
    hand_over(gift, "Grundschule", 24)
    other = gift.claim("Sportverein", 20)
    with gift.installation.work(actor=gift.giver) as work:
        allocate(work, gift.listing_id, {other: 20})
    with gift.installation.work(actor=gift.claimants["Sportverein"]) as work:
        act_on_claim(work, other, ClaimAction.ACCEPT)

    page = gift.installation.visitor().get("/impact")

    assert "1 Vorgang ist abgeschlossen" in page.words
    assert "Bisher abgeschlossen: 1 von 2 Vereinbarungen dieses Jahres (50 %)" in page.words


def test_missing_weights_are_told(installation: Installation) -> None:
    gift = make_given(installation, quantity=3)
    gift.add("Grundschule")
    hand_over(gift, "Grundschule", 3)

    words = installation.visitor().get("/impact").words

    assert "Weitergegeben: 3 Stück, 0 kg" in words
    assert "Bei 1 Abgabe hat niemand ein Gewicht angegeben" in words


def test_a_place_that_looks_like_a_formula_stays_text(gift: Given) -> None:
    rename(gift, gift.giver, place="=1+1")
    hand_over(gift, "Grundschule", 1)

    rows = rows_of(gift.installation.visitor().get("/impact.csv", audit=False))

    assert "'=1+1" in [row["auspraegung"] for row in rows]


def test_without_a_factor_there_are_kilograms_only(gift: Given) -> None:
    hand_over(gift, "Grundschule", 24)

    words = gift.installation.visitor().get("/impact").words

    assert "Schätzung" not in words
    assert "504 kg" in words


def test_a_factor_gives_a_range_with_its_source_and_goes_again(gift: Given) -> None:
    hand_over(gift, "Grundschule", 60)
    admin = administrator(gift.installation)

    entered = enter(admin)
    page = gift.installation.visitor().get("/impact")
    rows = rows_of(gift.installation.visitor().get("/impact.csv", audit=False))
    remove = next(
        str(form.get("action"))
        for form in entered.all("form")
        if str(form.get("action")).endswith("/remove")
    )
    removed = admin.send(remove, form_at=FACTORS)

    # 1260 kg × 1.05 × 0.2 = 264.6 and × 1.45 × 0.8 = 1461.6
    assert "ca. 0,2–1,5 t CO2e, Schätzung" in page.words
    assert "Benefits of reuse, domestic furniture (2011, frei)" in page.words
    assert "Fahrten sind nicht abgezogen" in page.words
    assert (rows[0]["co2e_kg_von"], rows[0]["co2e_kg_bis"]) == ("200", "1500")
    assert "Noch keiner eingetragen" in removed.words
    assert "Schätzung" not in gift.installation.visitor().get("/impact").words


def test_a_factor_entered_again_takes_the_place_of_the_first(installation: Installation) -> None:
    admin = administrator(installation)

    enter(admin)
    page = enter(admin, high="2")

    assert "1,05 bis 2 kg CO2e je kg" in page.words
    assert page.words.count("domestic furniture") == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"source_title": " "}, "Bitte füllen Sie dieses Feld aus"),
        ({"source_url": "siehe Ordner"}, "Adresse an, unter der die Quelle steht"),
        ({"source_url": "javascript:alert(1)"}, "Adresse an, unter der die Quelle steht"),
        ({"year": "2030"}, "Jahr von 1990 bis 2026"),
        ({"year": "neulich"}, "Jahr von 1990 bis 2026"),
        ({"category": "staff"}, "Bitte wählen Sie eine Kategorie"),
        ({"low": "2"}, "Das obere Ende liegt unter dem unteren"),
        ({"low": "viel"}, "Das ist keine Zahl"),
        ({"displacement_high": "120"}, "Zahl von 0 bis 100"),
        (
            {"low": "1", "high": "1", "displacement_low": "50", "displacement_high": "50"},
            "Gezeigt wird immer eine Spanne",
        ),
    ],
)
def test_a_factor_that_cannot_stay_so_says_why_and_keeps_what_was_typed(
    installation: Installation, typed: dict[str, str], sentence: str
) -> None:
    page = enter(administrator(installation), **typed)

    assert page.status == 422
    assert sentence in page.words
    values = page.form_values(FACTORS)
    assert values["licence"] == "frei"
    for name, value in typed.items():
        if name != "category":
            assert values[name] == value


def test_only_administrators_enter_factors_and_see_deals(installation: Installation) -> None:
    visitor = installation.visitor()
    with installation.work() as work:
        moderator = make_moderator(work)
    sign_in(visitor, moderator)

    assert visitor.get(FACTORS).status == 403
    assert visitor.get("/moderation/impact/deals").status == 403
    assert "Vorgänge dahinter" not in visitor.get("/impact").words


def test_every_line_of_the_figures_leads_to_its_deals(gift: Given) -> None:
    claim_id = hand_over(gift, "Grundschule", 24)
    other = make_given(gift.installation, title="Regal", quantity=2)
    other.add("Tafel")
    other_id = hand_over(other, "Tafel", 2)
    admin = administrator(gift.installation)
    links = {
        str(link.get("href"))
        for link in admin.get("/impact").all("a")
        if str(link.get("href")).startswith("/moderation/impact/deals")
    }

    pages = {link: admin.get(link).words for link in links}

    assert {link.partition("?year=2026")[2] for link in links} == {
        "",
        "&kind=goods",
        "&category=furniture.chair",
        "&category=",
        "&place=Bad+Belzig",
    }
    for link, words in pages.items():
        assert (claim_id in words) == ("category=" not in link or "chair" in link)
        assert (other_id in words) == ("chair" not in link)


def test_many_deals_come_page_by_page(installation: Installation) -> None:
    gift = make_given(installation, quantity=60)
    for number in range(3):
        gift.add(f"Verein {number}")
        hand_over(gift, f"Verein {number}", 1)

    page = administrator(installation).get("/moderation/impact/deals?page=2")

    assert "3 abgeschlossene Vorgänge" in page.words
    assert "Neuere" in page.words
    assert "Verein 0" not in page.words


def test_ranges_are_rounded_outwards_and_no_finer_than_two_figures() -> None:
    def written(low: float, high: float) -> tuple[float, float, bool]:
        found: RoundedRange = rounded(Range(low=low, high=high))
        return found.low, found.high, found.is_in_tonnes

    assert written(400, 1_500) == (0.4, 1.5, True)
    assert written(449, 1_401) == (0.4, 1.5, True)
    assert written(12_345, 67_890) == (12.0, 68.0, True)
    assert written(3.21, 87.6) == (3.0, 88.0, False)
    assert written(0, 0.333) == (0.0, 0.34, False)
    assert written(20, 1_000) == (0.0, 1.0, True)


def test_an_own_factor_comes_before_that_of_the_group() -> None:
    factor = Factor(low=1, high=2, displacement_low=0.2, displacement_high=0.8)

    assert factor_for("furniture.chair", {"furniture": factor}) == "furniture"
    both = {"furniture": factor, "furniture.chair": factor}
    assert factor_for("furniture.chair", both) == "furniture.chair"
    assert factor_for("furniture", {"furniture.chair": factor}) is None
    assert factor_for("", both) is None
    assert saved(100, factor) == Range(low=20.0, high=160.0)


def test_nothing_saved_is_no_range() -> None:
    entry = FactorEntry(
        category="furniture",
        low=0,
        high=0,
        displacement_low=0,
        displacement_high=0,
        source_title="Quelle",
        source_url="https://example.org",
        year=2020,
        licence="frei",
    )

    with pytest.raises(InvalidInput) as refused:
        settled_factor(entry, this_year=2026)

    assert set(refused.value.errors) == {"high", "displacement_high"}
