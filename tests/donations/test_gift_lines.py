"""A mixed lot names each thing: its condition, its age, its weight, whether data are on it."""

import pytest

from tests.factories.accounts import make_organisation, make_person, sign_in
from tests.factories.listings import make_listing
from tests.support.browser import Visitor
from tests.support.installation import Installation

CHAIR = {"name": "Drehstuhl", "quantity": "40", "condition": "used", "year_of_make": "2017"}


@pytest.fixture
def visitor(installation: Installation) -> Visitor:
    return installation.visitor()


@pytest.fixture
def lot(installation: Installation, visitor: Visitor) -> str:
    """Sign the visitor in as who gives a lot, and give the path of its page."""
    with installation.work() as work:
        organisation = make_organisation(work)
        person = make_person(work, organisation=organisation)
        listing = make_listing(
            work, organisation, kind="goods", title="Büromöbel", quantity=60, terms_mode="give"
        )
    sign_in(visitor, person)
    return f"/listings/{listing.id}"


def test_everybody_reads_what_belongs_to_a_lot(
    installation: Installation, visitor: Visitor, lot: str
) -> None:
    sent = {**CHAIR, "weight": "12,5", "is_weight_estimated": "y", "dimensions": "60 × 60 cm"}
    page = visitor.send(f"{lot}/lines", sent, form_at=f"{lot}/lines")

    assert "Die Posten ergeben 40 Stück, das Angebot nennt 60 Stück." in page.words
    shown = installation.visitor().get(lot).words
    assert "Drehstuhl: 40 Stück, gebraucht, Baujahr 2017, 60 × 60 cm" in shown
    assert "etwa 12,5 kg je Stück" in shown


def test_a_line_is_changed_and_taken_away(visitor: Visitor, lot: str) -> None:
    page = visitor.send(f"{lot}/lines", CHAIR, form_at=f"{lot}/lines")
    change = next(
        str(link.get("href")) for link in page.all("a") if "/lines/" in str(link.get("href"))
    )
    changed = visitor.send(change, {"quantity": "60"}, form_at=change)
    removal = next(
        str(form.get("action"))
        for form in changed.all("form")
        if str(form.get("action")).endswith("/remove")
    )
    empty = visitor.send(removal, {}, form_at=f"{lot}/lines")

    assert "60 Stück, gebraucht" in changed.words
    assert "60 Stück, gebraucht" not in empty.words


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Bitte schreiben Sie, was es ist."),
        ({"quantity": "0"}, "Bitte geben Sie eine Menge ab 1 an."),
        ({"condition": ""}, "Bitte wählen Sie den Zustand."),
        ({"year_of_make": "1850"}, "Bitte prüfen Sie das Jahr."),
        ({"weight": "schwer"}, "Das ist keine Zahl."),
        ({"weight": "-1"}, "Bitte geben Sie das Gewicht in kg an"),
        ({"data_carriers": "not_wiped"}, "Bitte erst löschen oder ausbauen."),
        ({"inspected_on": "2031-01-01"}, "Dieser Tag liegt in der Zukunft."),
    ],
)
def test_what_cannot_stay_so_is_said_beside_it(
    visitor: Visitor, lot: str, wrong: dict[str, str], sentence: str
) -> None:
    page = visitor.send(f"{lot}/lines", {**CHAIR, **wrong}, form_at=f"{lot}/lines")

    assert page.status == 422
    assert sentence in page.words
    assert page.form_values(f"{lot}/lines")["year_of_make"] == {**CHAIR, **wrong}["year_of_make"]


def test_who_changes_a_line_finds_its_form_and_no_list_before_it(
    visitor: Visitor, lot: str
) -> None:
    visitor.send(f"{lot}/lines", {**CHAIR, "name": "Besucherstuhl"}, form_at=f"{lot}/lines")
    page = visitor.send(f"{lot}/lines", CHAIR, form_at=f"{lot}/lines")
    names = {
        "".join(link.itertext()): str(link.get("href"))
        for link in page.all("a")
        if "/lines/" in str(link.get("href"))
    }

    change = names["Ändern (Drehstuhl)"]
    changing = visitor.get(change)

    assert set(names) == {"Ändern (Besucherstuhl)", "Ändern (Drehstuhl)"}
    assert changing.form_values(change)["name"] == "Drehstuhl"
    assert "Besucherstuhl" not in changing.words


def test_nobody_else_writes_lines(installation: Installation, lot: str) -> None:
    with installation.work() as work:
        stranger = make_person(work, organisation=make_organisation(work))
    other = installation.visitor()
    sign_in(other, stranger)

    assert other.get(f"{lot}/lines").status == 404
