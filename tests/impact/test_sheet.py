"""The figures of a year fit on one sheet for the council, whatever the year was like."""

import re
from pathlib import Path

from flask_babel import force_locale

from marketplace.impact.models import EmissionFactor
from marketplace.impact.queries.figures import Confirmation, Figures, Measures, Saving
from marketplace.impact.rules.emissions import LONGEST_TEXT, Range
from marketplace.impact.web.sheet import sheet_of
from marketplace.listings.models import Listing
from tests.factories.gifts import Given, make_given
from tests.impact.handed_over import administrator, hand_over, rename
from tests.impact.test_figures import FACTORS, TYPED
from tests.support.installation import Installation
from tests.support.pdf import faults_in, pages_of, promises_of, unembedded_fonts


def given_chairs(installation: Installation) -> Given:
    gift = make_given(installation, quantity=60, attributes={"weight": 21})
    with installation.work() as work:
        work.session.get_one(Listing, gift.listing_id).category = "furniture.chair"
    rename(gift, gift.giver, place="Beelitz")
    gift.add("Grundschule")
    hand_over(gift, "Grundschule", 24)
    return gift


def test_the_sheet_says_what_the_page_says(installation: Installation, tmp_path: Path) -> None:
    gift = given_chairs(installation)
    administrator(installation).send(FACTORS, TYPED)

    page = gift.installation.visitor().get("/impact")
    content = gift.installation.visitor().get("/impact.pdf?year=2026", audit=False).response.data

    (sheet,) = pages_of(content)
    assert "/impact.pdf?year=2026" in page.response.get_data(as_text=True)
    for said in (
        "Was 2026 zusammenkam",
        "1 Vorgang ist abgeschlossen",
        "24 Stück, 504 kg",
        "Stuhl",
        "Beelitz",
        "CO2e, Schätzung",
        "Benefits of reuse",
        "2011",
    ):
        assert said in page.words
        assert said in sheet
    assert promises_of(content) == {
        "pdfaid:part": "2",
        "pdfaid:conformance": "A",
        "pdfuaid:part": "1",
        "language": "de-DE",
        "marked": "True",
    }
    assert faults_in(content, tmp_path) == []
    assert unembedded_fonts(content) == []


def test_a_year_with_many_places_still_fits_and_leaves_nothing_out(
    installation: Installation,
) -> None:
    measures = Measures(deals=1, pieces=3, kilograms=12.5, hours=4, person_days=2)
    places = {
        f"Ortsteil {number:03d} an der langen Straße nach Süden": measures for number in range(90)
    }
    categories = {f"own.{number}": measures for number in range(50)}
    figures = Figures(
        year=2026,
        total=sum([measures] * 90, Measures()),
        by_kind={"goods": measures, "staff": measures, "space": measures},
        by_category=categories,
        by_place=places,
        by_month={},
        saving=None,
        confirmation=Confirmation(agreed=120, closed=90),
    )

    with (
        installation.app.test_request_context(),
        force_locale("de"),
        installation.work() as work,
    ):
        (sheet,) = pages_of(sheet_of(work, figures))

    shown = sheet.count("Ortsteil")
    others = [tuple(map(int, row)) for row in re.findall(r"(\d+) weitere (\d+) (\d+)", sheet)]
    assert shown > 0
    assert (90 - shown, 90 - shown, 3 * (90 - shown)) in others
    assert len(others) == 2


def factor(number: int, title: str) -> EmissionFactor:
    """Give a factor whose source is as long to name as it may be."""
    return EmissionFactor(
        category=f"own.{number}",
        low=1.0,
        high=2.0,
        displacement_low=0.1,
        displacement_high=0.9,
        source_title=title.ljust(LONGEST_TEXT, "m"),
        source_url="https://quelle.example/".ljust(LONGEST_TEXT, "w"),
        year=2011,
        licence="CC BY-SA 4.0".ljust(LONGEST_TEXT, "m"),
    )


def test_many_long_sources_fit_too_and_the_sheet_says_how_many_it_leaves_out(
    installation: Installation, tmp_path: Path
) -> None:
    measures = Measures(deals=1, pieces=3, kilograms=12.5)
    titles = [f"Bericht {number:02d} " for number in range(40)]
    factors = tuple(factor(number, title) for number, title in enumerate([*titles, titles[0]]))
    figures = Figures(
        year=2026,
        total=measures,
        by_kind={"goods": measures},
        by_category={each.category: measures for each in factors},
        by_place={f"Ort {number}": measures for number in range(90)},
        by_month={},
        saving=Saving(range=Range(low=1.0, high=2.0), kilograms=500.0, factors=factors),
        confirmation=Confirmation(agreed=1, closed=1),
    )

    with (
        installation.app.test_request_context(),
        force_locale("de"),
        installation.work() as work,
    ):
        content = sheet_of(work, figures)

    (sheet,) = pages_of(content)
    shown = len(set(re.findall(r"Bericht \d\d", sheet)))
    assert shown > 0
    assert f"Weitere Quellen, die auf der Seite „Was zusammenkam“ stehen: {40 - shown}." in sheet
    assert faults_in(content, tmp_path) == []
    assert unembedded_fonts(content) == []


def test_a_year_without_a_deal_has_a_sheet_too(installation: Installation) -> None:
    content = installation.visitor().get("/impact.pdf?year=2019", audit=False).response.data

    (sheet,) = pages_of(content)
    assert "Was 2019 zusammenkam" in sheet
