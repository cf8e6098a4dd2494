"""A firm writes an offer, shows it to others, and takes it back."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from marketplace.accounts.models import Person
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.geo.rules.points import Point
from tests.factories.accounts import make_organisation, make_person, sign_in
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation


@pytest.fixture
def owner(installation: Installation) -> Person:
    with installation.work() as work:
        person = make_person(work, organisation=make_organisation(work, name="Tischlerei"))
        work.session.expunge_all()
        return person


@pytest.fixture
def firm(installation: Installation, owner: Person) -> Visitor:
    visitor = installation.visitor()
    sign_in(visitor, owner)
    return visitor


def start_draft(firm: Visitor, title: str = "Minibagger, 1,8 t", kind: str = "machine") -> str:
    page = firm.send(f"/listings/new/{kind}", {"title": title})
    assert page.path.endswith("/edit"), page.words
    return page.path.removesuffix("/edit")


def publish(firm: Visitor, listing: str, **changes: object) -> Page:
    return firm.send(f"{listing}/edit", {"mode": "lend", "action": "publish", **changes})


def picture(width: int = 640, height: int = 480, kind: str = "JPEG", **info: object) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#7a4").save(file, kind, **info)
    file.seek(0)
    return file


def test_a_title_is_enough_for_a_draft_that_nobody_else_sees(
    installation: Installation, firm: Visitor
) -> None:
    listing = start_draft(firm)

    assert "Entwurf" in firm.get(listing).words
    assert installation.visitor().get(listing).status == 404
    assert "Minibagger" not in installation.visitor().get("/search").words


def test_a_published_offer_is_found_and_shown_to_everybody(
    installation: Installation, firm: Visitor
) -> None:
    listing = start_draft(firm)

    publish(firm, listing, amount="", description="Mit drei Löffeln.")

    assert "Minibagger" in installation.visitor().get("/search?q=minibagger").words
    page = installation.visitor().get(listing)
    assert "Mit drei Löffeln." in page.words
    assert "Tischlerei" in page.words
    assert "Hauptstraße 1" not in page.text


def test_what_is_missing_for_publishing_is_said_and_the_rest_stays_saved(
    firm: Visitor,
) -> None:
    listing = start_draft(firm, title="")

    page = firm.send(f"{listing}/edit", {"description": "Neu.", "action": "publish"})

    assert page.status == 422
    assert "zu welchen Bedingungen" in page.words
    assert firm.get(f"{listing}/edit").form_values(f"{listing}/edit")["description"] == "Neu."


def test_an_organisation_that_waits_for_its_check_keeps_a_draft_and_learns_why(
    installation: Installation,
) -> None:
    with installation.work() as work:
        waiting = make_organisation(work, state=VerificationState.SUBMITTED)
        person = make_person(work, organisation=waiting)
        work.session.expunge_all()
    visitor = installation.visitor()
    sign_in(visitor, person)
    listing = start_draft(visitor)

    page = publish(visitor, listing)

    assert "wird noch geprüft" in page.words
    assert "Entwurf" in page.words


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("attributes.power", "viel", "Das ist keine Zahl"),
        ("attributes.power", "9000", "Möglich sind 0 bis 5.000 kW."),
        ("attributes.year_of_make", "1492", "Bitte geben Sie ein Jahr von 1900 bis 2027 an."),
        ("attributes.next_inspection", "bald", "Monat und Jahr"),
        ("amount", "zehn", "Das ist keine Zahl"),
        ("quantity", "0", "Bitte geben Sie eine Menge ab 1 an."),
        ("quantity", "99999999999999999999", "Menge"),
        ("valid_until", "31.2.2027", "Das ist kein Tag"),
        ("valid_until", "9999-12-31", "Das ist kein Tag"),
        ("valid_until", "2020-01-01", "Dieser Tag liegt in der Vergangenheit."),
        ("valid_until", "2099-01-01", "höchstens zwölf Monate"),
        ("title", "x" * 121, "Höchstens 120 Zeichen."),
        ("unit", "hovercraft", "Bitte wählen Sie eine der Einheiten."),
        ("mode", "steal", "Bitte wählen Sie eine der Möglichkeiten."),
    ],
)
def test_wrong_input_is_explained_and_stays_in_its_field(
    firm: Visitor, field: str, typed: str, sentence: str
) -> None:
    listing = start_draft(firm)

    page = firm.send(f"{listing}/edit", {field: typed, "action": "save"})

    assert page.status == 422
    assert sentence in page.words
    if field not in ("unit", "mode"):
        assert page.form_values(f"{listing}/edit")[field] == typed


def test_free_times_keep_what_was_typed_and_name_the_wrong_row(firm: Visitor) -> None:
    listing = start_draft(firm)

    page = firm.send(
        f"{listing}/edit",
        {"start": ["2026-10-05", "2026-11-09"], "end": ["2026-10-09", "2026-11-01"]},
    )

    assert page.status == 422
    assert "Zeile 2: Der letzte Tag liegt vor dem ersten." in page.words
    assert page.form_values(f"{listing}/edit")["end"][:2] == ["2026-10-09", "2026-11-01"]


def test_an_unusual_value_is_asked_about_once_and_may_be_kept(firm: Visitor) -> None:
    listing = start_draft(firm)

    asked = publish(firm, listing, **{"attributes.power": "900"})
    kept = firm.post(
        f"{listing}/edit",
        {
            **asked.form_values(f"{listing}/edit"),
            "confirm_unusual": "y",
            "action": "publish",
        },
    )

    assert asked.status == 422
    assert "Ungewöhnlicher Wert" in asked.words
    assert "Veröffentlicht" in kept.words


def test_who_saves_over_a_newer_version_sees_both_and_loses_nothing(
    installation: Installation, firm: Visitor, owner: Person
) -> None:
    listing = start_draft(firm)
    late = firm.get(f"{listing}/edit").form_values(f"{listing}/edit")
    firm.send(f"{listing}/edit", {"title": "Minibagger, 2 t", "action": "save"})

    refused = firm.post(f"{listing}/edit", {**late, "title": "Radlader", "action": "save"})
    knowingly = firm.post(
        f"{listing}/edit", {**refused.form_values(f"{listing}/edit"), "action": "save"}
    )

    assert refused.status == 409
    assert "Minibagger, 2 t" in refused.words
    assert refused.form_values(f"{listing}/edit")["title"] == "Radlader"
    assert "Radlader" in knowingly.words


def test_a_paused_offer_is_gone_for_others_until_it_is_published_again(
    installation: Installation, firm: Visitor
) -> None:
    listing = start_draft(firm)
    publish(firm, listing)

    firm.send(f"{listing}/pause", form_at=listing)
    while_paused = installation.visitor().get(listing).status
    firm.send(f"{listing}/publish", form_at=listing)

    assert while_paused == 404
    assert installation.visitor().get(listing).status == 200


def test_an_archived_offer_is_for_its_organisation_to_read_only(
    installation: Installation, firm: Visitor
) -> None:
    listing = start_draft(firm)
    publish(firm, listing)

    page = firm.send(f"{listing}/archive", form_at=listing)

    assert "abgelegt" in page.words
    assert installation.visitor().get(listing).status == 404
    assert "Minibagger" not in installation.visitor().get("/search").words
    assert firm.get(f"{listing}/edit").path == listing


def test_an_offer_that_has_run_out_is_found_no_longer(
    installation: Installation, firm: Visitor
) -> None:
    listing = start_draft(firm)
    publish(firm, listing, valid_until="2026-09-03")

    installation.clock.advance(timedelta(days=3))

    assert installation.visitor().get(listing).status == 404
    assert "Minibagger" not in installation.visitor().get("/search").words


def test_a_photo_is_shown_without_what_the_camera_wrote_into_it(
    installation: Installation, firm: Visitor
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Aufgenommen im Hof"
    page = firm.post(
        "/listings/new/machine",
        {
            **firm.get("/listings/new/machine").form_values("/listings/new/machine"),
            "title": "Walze",
            "photos": (picture(exif=exif), "hof.jpg"),
        },
    )
    listing = page.path.removesuffix("/edit")
    publish(firm, listing)

    sources = [image.get("src") for image in installation.visitor().get(listing).all("img")]
    photo = next(source for source in sources if source.startswith("/media/"))
    answer = installation.visitor().get(photo).response

    assert answer.mimetype == "image/webp"
    assert b"Aufgenommen im Hof" not in answer.data
    assert not Image.open(io.BytesIO(answer.data)).getexif()


def test_a_photo_of_a_draft_is_for_its_organisation_only(
    installation: Installation, firm: Visitor
) -> None:
    listing = start_draft(firm)
    page = firm.send(f"{listing}/edit", {"photos": (picture(), "hof.jpg"), "action": "save"})

    photo = next(
        image.get("src") for image in page.all("img") if image.get("src").startswith("/media/")
    )

    assert firm.get(photo).status == 200
    assert installation.visitor().get(photo).status == 404


def test_a_file_that_is_no_picture_is_refused_by_name_and_the_rest_is_kept(firm: Visitor) -> None:
    listing = start_draft(firm)

    page = firm.send(
        f"{listing}/edit",
        {
            "description": "Mit Anhänger.",
            "photos": (io.BytesIO(b"<svg onload=alert(1)>"), "hof.jpg"),
            "action": "save",
        },
    )

    assert "hof.jpg" in page.words
    assert firm.get(f"{listing}/edit").form_values(f"{listing}/edit")["description"] == (
        "Mit Anhänger."
    )


def test_a_picture_survives_a_form_that_is_refused(firm: Visitor) -> None:
    listing = start_draft(firm)

    page = firm.send(
        f"{listing}/edit",
        {"photos": (picture(), "hof.jpg"), "quantity": "keine", "action": "save"},
    )

    assert page.status == 422
    assert "Bild 1 entfernen" in page.words


def test_a_removed_picture_is_gone_with_its_files(
    installation: Installation, firm: Visitor
) -> None:
    listing = start_draft(firm)
    firm.send(f"{listing}/edit", {"photos": (picture(), "hof.jpg"), "action": "save"})
    page = firm.get(f"{listing}/edit")
    button = next(
        each for each in page.all("button") if (each.get("value") or "").startswith("remove:")
    )

    firm.send(f"{listing}/edit", {"action": button.get("value")})
    installation.run_jobs()

    assert "Bild 1 entfernen" not in firm.get(f"{listing}/edit").words
    assert not list(installation.services.settings.files_dir.rglob("*.webp"))


def test_an_offer_at_another_place_stands_there_on_the_map(
    installation: Installation, firm: Visitor
) -> None:
    listing = start_draft(firm)

    publish(firm, listing, location="other", place="14547 Beelitz")

    found = installation.visitor().get("/api/v1/listings", audit=False).json["items"][0]
    assert found["location"]["place"] == "Beelitz"
    assert found["location"]["postcode"] == "14547"


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("", "Bitte nennen Sie Postleitzahl und Ort."),
        ("99999 Nirgendwo", "Diesen Ort kennen wir nicht"),
        ("Hamburg", "liegt außerhalb"),
    ],
)
def test_a_place_that_cannot_be_used_is_refused_with_the_reason(
    firm: Visitor, place: str, sentence: str
) -> None:
    listing = start_draft(firm)

    page = publish(firm, listing, location="other", place=place)

    assert page.status == 422
    assert sentence in page.words


def test_the_point_of_a_place_is_never_drawn_again(
    installation: Installation, firm: Visitor
) -> None:
    listing = start_draft(firm)
    publish(firm, listing, location="other", place="14547 Beelitz")
    before = installation.visitor().get("/api/v1/listings", audit=False).json["items"][0]

    firm.send(f"{listing}/edit", {"title": "Minibagger, frisch geprüft", "action": "save"})

    after = installation.visitor().get("/api/v1/listings", audit=False).json["items"][0]
    assert after["title"] == "Minibagger, frisch geprüft"
    assert after["location"] == before["location"]


def test_the_exact_place_of_a_firm_stays_private(installation: Installation) -> None:
    exact = Point(52.14181, 12.59273)
    with installation.work() as work:
        organisation = make_organisation(
            work, point=exact, public_lat=52.1461, public_lon=12.5991, precision="address"
        )
        person = make_person(work, organisation=organisation)
        work.session.expunge_all()
    visitor = installation.visitor()
    sign_in(visitor, person)
    listing = start_draft(visitor)
    publish(visitor, listing)

    stranger = installation.visitor()
    pages = [
        stranger.get(path, audit=False).text
        for path in (listing, "/search", "/", "/api/v1/listings")
    ]

    assert all("52.14181" not in page and "12.59273" not in page for page in pages)
    assert any("52.1461" in page for page in pages)


def test_another_organisation_cannot_touch_it(installation: Installation, firm: Visitor) -> None:
    listing = start_draft(firm)
    publish(firm, listing)
    with installation.work() as work:
        stranger = make_person(work, organisation=make_organisation(work))
        work.session.expunge_all()
    visitor = installation.visitor()
    sign_in(visitor, stranger)
    token = visitor.get("/listings/new/machine").form_values("/listings/new/machine")

    for step in ("edit", "pause", "archive", "publish"):
        assert visitor.post(f"{listing}/{step}", {"csrf_token": token["csrf_token"]}).status == 404
    assert installation.visitor().get(listing).status == 200


def test_a_visitor_who_wants_to_offer_is_led_to_sign_in(installation: Installation) -> None:
    page = installation.visitor().get("/listings/new", audit=False)

    assert page.path.startswith("/login")
