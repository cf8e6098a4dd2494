"""Rows of a file become offers of one organisation, each whole or refused with its reason."""

import pytest

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import organisation_called
from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import OrganisationId
from marketplace.listings.operations.imports import Importer, ImportOutcome
from marketplace.listings.queries import listings_of
from marketplace.listings.rules.csv_mapping import read_header, read_mapping, read_rows
from tests.factories.accounts import make_organisation
from tests.support.installation import Installation

# The defects of real files: semicolons, lost zeros, an unknown place, a doubled row.
FILE = """OSM-ID;Straße;Hausnummer;PLZ;Ort
1;Hauptstraße;1;14806;Bad Belzig
2;Am Markt;2;14547;Beelitz
3;Ring;3;3046;Cottbus
4;Weg;4;99999;Nirgendwo
5;Weg;5;;
2;Am Markt;2;14547;Beelitz
6;Weg;6;14822
"""
MAPPING = """
row_key = "OSM-ID"
[fields]
kind = "space"
title = "Gemeinschaftsraum in {Ort}"
street = "{Straße} {Hausnummer}"
postcode = "{PLZ}"
place = "{Ort}"
mode = "rent"
[attributes]
space_kind = "meeting_room"
"""


@pytest.fixture
def organisation_id(installation: Installation) -> OrganisationId:
    with installation.work() as work:
        return make_organisation(work).id


def run_import(
    installation: Installation,
    organisation_id: OrganisationId,
    *,
    file: str = FILE,
    mapping: str = MAPPING,
    publishes: bool = True,
    dry_run: bool = False,
    batch: int = 3,
) -> ImportOutcome:
    read = read_mapping(mapping)
    rows = list(read_rows(file, read, read_header(file)))
    importer = Importer(organisation_id=organisation_id, publishes=publishes, dry_run=dry_run)
    for start in range(0, len(rows), batch):
        with installation.work() as work:
            importer.take(work, rows[start : start + batch])
    return importer.outcome


def stored_titles(installation: Installation, organisation_id: OrganisationId) -> list[str]:
    with installation.work() as work:
        return sorted(listing.title for listing in listings_of(work, organisation_id))


def test_what_lies_inside_is_taken_and_the_rest_refused_by_row_and_reason(
    installation: Installation, organisation_id: OrganisationId
) -> None:
    outcome = run_import(installation, organisation_id)

    reasons = {row.number: str(row.reason) for row in outcome.refused}
    assert (outcome.rows, outcome.added) == (7, 2)
    assert sorted(reasons) == [4, 5, 6, 7, 8]
    assert "03046 Cottbus" in reasons[4]
    assert "liegt außerhalb von: Landkreis Potsdam-Mittelmark" in reasons[4]
    assert "99999 Nirgendwo" in reasons[5]
    assert reasons[6] == "Es fehlen Postleitzahl und Ort."
    assert "steht schon in Zeile 3" in reasons[7]
    assert "andere Zahl von Spalten" in reasons[8]


def test_a_second_run_adds_nothing(
    installation: Installation, organisation_id: OrganisationId
) -> None:
    run_import(installation, organisation_id)

    again = run_import(installation, organisation_id)

    assert (again.added, again.present) == (0, 2)
    assert stored_titles(installation, organisation_id) == [
        "Gemeinschaftsraum in Bad Belzig",
        "Gemeinschaftsraum in Beelitz",
    ]


def test_a_run_that_was_cut_off_and_repeated_gives_the_same(
    installation: Installation, organisation_id: OrganisationId
) -> None:
    first_line, *lines = FILE.splitlines(keepends=True)
    run_import(installation, organisation_id, file=first_line + lines[0])

    rest = run_import(installation, organisation_id)

    assert (rest.added, rest.present) == (1, 1)
    assert len(stored_titles(installation, organisation_id)) == 2


def test_a_dry_run_says_the_same_and_stores_nothing(
    installation: Installation, organisation_id: OrganisationId
) -> None:
    dry = run_import(installation, organisation_id, dry_run=True)
    real = run_import(installation, organisation_id)

    assert (dry.added, dry.refused) == (real.added, real.refused)
    assert real.added == 2


def test_without_publishing_the_rows_become_drafts(
    installation: Installation, organisation_id: OrganisationId
) -> None:
    run_import(installation, organisation_id, publishes=False)

    assert stored_titles(installation, organisation_id)
    assert "Gemeinschaftsraum" not in installation.visitor().get("/search").words


def test_imported_rooms_are_found_by_distance_and_the_nearest_outside_is_named(
    installation: Installation, organisation_id: OrganisationId
) -> None:
    run_import(installation, organisation_id)

    answer = installation.visitor().get(
        "/api/v1/listings?near=52.1418,12.5927&radius_km=25", audit=False
    )

    assert [item["location"]["postcode"] for item in answer.json["items"]] == ["14806"]
    assert answer.json["nearest_outside"]["place"] == "Beelitz"
    assert 27_000 < answer.json["nearest_outside"]["distance_m"] < 29_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('amount = "viel"', "amount: Das ist keine Zahl"),
        ('quantity = "1,5"', "quantity: Bitte geben Sie eine ganze Zahl an."),
        ('available_from = "irgendwann"', "available_from: Bitte den Tag so schreiben"),
        ('valid_until = "1.1.2020"', "valid_until: Dieser Tag liegt in der Vergangenheit."),
        ('lat = "95"\nlon = "12"', "lat: Das ist keine Zahl"),
        ('unit = "Sack"', "unit: Bitte wählen Sie eine der Einheiten."),
    ],
)
def test_a_field_that_cannot_be_read_is_named(
    installation: Installation, organisation_id: OrganisationId, line: str, reason: str
) -> None:
    mapping = MAPPING.replace("[attributes]", f"{line}\n[attributes]")

    outcome = run_import(installation, organisation_id, mapping=mapping)

    assert outcome.added == 0
    assert str(outcome.refused[0].reason).startswith(reason)


def test_a_row_with_its_own_point_keeps_the_exact_one_private(
    installation: Installation, organisation_id: OrganisationId
) -> None:
    mapping = MAPPING.replace("[attributes]", 'lat = "52,14181"\nlon = "12,59273"\n[attributes]')

    run_import(installation, organisation_id, mapping=mapping)

    answer = installation.visitor().get("/api/v1/listings", audit=False).json
    place = answer["items"][0]["location"]
    assert place["precision"] == "address"
    assert (place["lat"], place["lon"]) != (52.14181, 12.59273)


def test_the_organisation_of_a_neighbour_cannot_be_imported_for(
    installation: Installation,
) -> None:
    with installation.work(installation.b) as work:
        foreign = make_organisation(work).id

    with pytest.raises(NotFound):
        run_import(installation, foreign)


def test_an_organisation_keeps_its_name_for_the_command_line(installation: Installation) -> None:
    with installation.work() as work:
        made: Organisation = make_organisation(work, name="Werkhof")
        make_organisation(work, name="Doppelt")
        make_organisation(work, name="Doppelt")

        assert organisation_called(work, "Werkhof") is made
        assert organisation_called(work, made.id) is made
        assert organisation_called(work, "Doppelt") is None
