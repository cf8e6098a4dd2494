"""A district is opened from a readable folder, and kept as the folder says."""

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from marketplace.districts.models import District, DistrictText
from marketplace.districts.operations import ImportReport, UnusableFolder, import_district
from tests.support.browser import Visitor
from tests.support.installation import Installation, TestDistrict

EXAMPLES = Path("marketplace/districts/examples")
SQUARE = (
    '{"type": "Polygon", "coordinates": '
    "[[[12.5, 52.0], [12.7, 52.0], [12.7, 52.2], [12.5, 52.2], [12.5, 52.0]]]}"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES / "teltow-flaeming", tmp_path / "my-district"))


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "district.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def run_import(installation: Installation, folder: Path) -> ImportReport:
    with installation.platform_work() as work:
        return import_district(work, folder)


def problems(installation: Installation, folder: Path) -> str:
    with pytest.raises(UnusableFolder) as refused:
        run_import(installation, folder)
    return str(refused.value)


def page(installation: Installation, path: str = "/") -> str:
    return Visitor(installation.app, "teltow-flaeming.localhost").get(path, audit=False).text


@pytest.mark.parametrize(
    "synonyms", ["'Hänger'", "[['Hänger']]", "[['Hänger', 'ein Anhänger']]", "[['Hänger', 7]]"]
)
def test_synonyms_that_are_no_groups_of_words_are_refused(
    installation: Installation, folder: Path, synonyms: str
) -> None:
    change(folder, "[colours]", f"synonyms = {synonyms}\n[colours]")

    assert "district.toml, synonyms" in problems(installation, folder)


def test_both_example_districts_open_with_brands_of_their_own(installation: Installation) -> None:
    for slug in ("potsdam-mittelmark", "teltow-flaeming"):
        assert run_import(installation, EXAMPLES / slug).created

    with installation.platform_work() as work:
        colours = work.session.scalars(
            select(District.brand_light).where(District.slug.contains("-"))
        ).all()
    assert len(set(colours)) == 2
    assert "--district-brand-light: #7a1f4f;" in page(installation, "/brand.css")
    assert "Fläming teilt" in page(installation)


def test_importing_the_same_folder_again_changes_nothing(
    installation: Installation, folder: Path
) -> None:
    run_import(installation, folder)

    again = run_import(installation, folder)

    assert (again.created, again.changed) == (False, ())


def test_only_what_differs_is_changed_and_named(installation: Installation, folder: Path) -> None:
    run_import(installation, folder)
    change(folder, 'site_name = "Fläming teilt"', 'site_name = "Wir teilen"')
    (folder / "texts" / "imprint.md").write_text("Neue Anschrift", encoding="utf-8")

    report = run_import(installation, folder)

    assert report.changed == ("site_name", "texts/imprint.md")
    assert "Wir teilen" in page(installation)
    assert "Neue Anschrift" in page(installation, "/imprint")


def test_an_english_page_says_that_a_text_is_german(
    installation: Installation, folder: Path
) -> None:
    run_import(installation, folder)
    visitor = Visitor(installation.app, "teltow-flaeming.localhost")
    german = visitor.get("/imprint")

    english = visitor.post("/language", {"language": "en", "next": "/imprint"})

    assert "only in German" not in german.words
    assert "This text exists only in German." in english.words
    assert [each.get("lang") for each in english.all("div") if each.get("lang")] == ["de"]


def test_an_older_version_of_a_text_is_kept(installation: Installation, folder: Path) -> None:
    report = run_import(installation, folder)
    (folder / "texts" / "terms.md").write_text("Neue Bedingungen", encoding="utf-8")
    run_import(installation, folder)

    district = TestDistrict(report.district_id, report.slug, "")
    with installation.work(district) as work:
        versions = work.session.scalars(
            select(DistrictText.version)
            .where(DistrictText.key == "terms")
            .order_by(DistrictText.version)
        ).all()
    assert versions == [1, 2]


@pytest.mark.parametrize(
    ("role", "colour"),
    [("brand_light", "#ffd54a"), ("brand_dark", "#20252b"), ("accent_light", "#333333")],
)
def test_a_colour_that_cannot_be_read_is_refused_with_the_nearest_that_can(
    installation: Installation, folder: Path, role: str, colour: str
) -> None:
    text = (folder / "district.toml").read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith(role))
    change(folder, old, f'{role} = "{colour}"')

    said = problems(installation, folder)
    suggested = said.rsplit("#", 1)[1][:6]
    change(folder, f'{role} = "{colour}"', f'{role} = "#{suggested}"')

    assert f"colours.{role}" in said
    assert "4,5 zu 1" in said
    assert run_import(installation, folder).created


def test_all_problems_are_named_at_once_and_nothing_is_stored(
    installation: Installation, folder: Path
) -> None:
    change(folder, 'ags = "12072"', 'ags = "99999"')
    change(folder, 'hosts = ["teltow-flaeming.localhost"]', 'hosts = ["a.localhost"]')
    (folder / "texts" / "impressum.md").write_text("x", encoding="utf-8")
    (folder / "logo.png").write_bytes(b"no picture")

    said = problems(installation, folder)

    for expected in (
        "Zu diesem Schlüssel kennen wir keinen Landkreis.",
        "a.localhost gehört schon zu einem anderen Landkreis.",
        "texts/impressum.md",
        "logo.png",
    ):
        assert expected in said
    with installation.platform_work() as work:
        assert len(work.session.scalars(select(District)).all()) == 2


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('name = "Teltow-Fläming"', "", "name: Bitte füllen Sie dieses Feld aus."),
        ('slug = "teltow-flaeming"', 'slug = "Teltow Fläming"', "slug: Nur kleine Buchstaben"),
        ('ags = "12072"', "ags = 12072", "ags: Bitte füllen Sie dieses Feld aus."),
        ('hosts = ["teltow-flaeming.localhost"]', 'hosts = ["https://x"]', "kein Hostname"),
        ("[colours]", "colour = 1\n[colours]", "Dieses Feld gibt es nicht"),
        ('brand_light = "#7a1f4f"', 'brand_light = "violet"', "Bitte als #rrggbb schreiben"),
        ('name = "Teltow-Fläming"', "name = ", "kein gültiges TOML"),
    ],
)
def test_a_wrong_line_is_named_with_what_would_be_right(
    installation: Installation, folder: Path, old: str, new: str, sentence: str
) -> None:
    change(folder, old, new)

    assert sentence in problems(installation, folder)


def test_an_outline_of_its_own_goes_before_the_official_one(
    installation: Installation, folder: Path
) -> None:
    (folder / "boundary.geojson").write_text(SQUARE, encoding="utf-8")

    run_import(installation, folder)

    outline = page(installation, "/map/district.geojson")
    assert '"key":"own:teltow-flaeming"' in outline
    assert "12.5,52.0" in outline


def test_a_logo_is_served_without_what_was_hidden_in_it(
    installation: Installation, folder: Path
) -> None:
    file = io.BytesIO()
    info = Image.Exif()
    info[0x010E] = "geheim"
    Image.new("RGB", (200, 200), "#7a1f4f").save(file, "JPEG", exif=info)
    (folder / "logo.png").unlink()
    (folder / "logo.jpg").write_bytes(file.getvalue())
    run_import(installation, folder)

    answer = Visitor(installation.app, "teltow-flaeming.localhost").get("/logo").response

    assert answer.mimetype == "image/png"
    assert b"geheim" not in answer.data


def test_an_unknown_host_is_answered_with_421(installation: Installation) -> None:
    assert Visitor(installation.app, "elsewhere.example").get("/", audit=False).status == 421


def test_no_page_of_a_district_names_the_other(installation: Installation) -> None:
    for slug in ("potsdam-mittelmark", "teltow-flaeming"):
        run_import(installation, EXAMPLES / slug)

    for path in ("/", "/search", "/imprint", "/login", "/register", "/brand.css"):
        assert "Starke Region" not in page(installation, path)
        assert "#00543c" not in page(installation, path)
