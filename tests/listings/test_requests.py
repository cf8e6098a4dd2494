"""What somebody looks for: beside the offers that fit, and the other way round."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.geo.rules.points import Point
from marketplace.listings.queries import parts_of
from marketplace.listings.rules.matching import fits
from marketplace.listings.rules.states import Direction
from marketplace.listings.search_documents import document_of
from marketplace.search.interfaces import SearchDocument, Window
from tests.factories.accounts import make_organisation, make_person, sign_in
from tests.factories.listings import make_listing
from tests.support.installation import Installation

BEELITZ, TELTOW = Point(52.2381, 12.9714), Point(52.4031, 13.2601)
OCTOBER = Window(datetime(2026, 10, 5, tzinfo=UTC), datetime(2026, 10, 9, tzinfo=UTC))
NOVEMBER = Window(datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("request_", "offer", "expected"),
    [
        ({}, {}, True),
        ({"category": "furniture.chair"}, {"category": "furniture.chair"}, True),
        ({"category": "furniture"}, {"category": "furniture.chair"}, True),
        ({"category": "furniture.table"}, {"category": "furniture.chair"}, False),
        ({"category": "furniture.chair"}, {"category": None}, True),
        ({"title": "Sitzgelegenheit"}, {}, False),
        ({"title": "Sitzmöbel", "category": "furniture.chair"}, {"category": "furniture"}, True),
        ({"title": "24 Dinge"}, {"title": "24 Sachen"}, False),
        ({"title": "Stuhl"}, {"title": "Sechs Stühle"}, True),
        ({"terms_mode": "give"}, {"terms_mode": "rent"}, False),
        ({"terms_mode": "lend"}, {"terms_mode": "give"}, True),
        ({"terms_mode": "rent"}, {"terms_mode": "give"}, True),
        ({"terms_mode": None}, {"terms_mode": "rent"}, True),
        ({"windows": [OCTOBER]}, {"windows": [OCTOBER, NOVEMBER]}, True),
        ({"windows": [OCTOBER]}, {"windows": [NOVEMBER]}, False),
        ({"windows": [OCTOBER]}, {}, True),
        ({"quantity": 24}, {"quantity": 6}, True),
        ({"kind": "machine"}, {}, False),
    ],
)
def test_an_offer_fits_a_request(
    installation: Installation,
    request_: dict[str, object],
    offer: dict[str, object],
    expected: bool,
) -> None:
    def document(direction: Direction, changes: dict[str, object]) -> SearchDocument:
        values: dict[str, object] = {"kind": "goods", "title": "Stühle", "terms_mode": "give"}
        with installation.work() as work:
            listing = make_listing(
                work,
                make_organisation(work),
                direction=direction,
                **{**values, **changes},  # type: ignore[arg-type]
            )
            return document_of(work, parts_of(work, listing))

    wanted = document(Direction.REQUEST, request_)
    offered = document(Direction.OFFER, offer)

    assert fits(wanted, offered) == expected


def test_nobody_helps_themselves(installation: Installation) -> None:
    with installation.work() as work:
        organisation = make_organisation(work)
        wanted = make_listing(work, organisation, direction=Direction.REQUEST, title="Stuhl")
        offered = make_listing(work, organisation, title="Stuhl")
        documents = [document_of(work, parts_of(work, each)) for each in (wanted, offered)]

    assert not fits(*documents)


def test_both_pages_show_what_fits_nearest_first(installation: Installation) -> None:
    with installation.work() as work:
        club = make_organisation(work, point=BEELITZ, place="Beelitz")
        far = make_organisation(work, point=TELTOW, place="Teltow")
        near = make_organisation(work, point=BEELITZ, place="Beelitz")
        wanted = make_listing(
            work, club, kind="goods", direction=Direction.REQUEST, title="Stühle für den Verein"
        )
        far_offer = make_listing(work, far, kind="goods", title="60 Stühle weit weg")
        make_listing(work, near, kind="goods", title="6 Stühle nebenan")
        make_listing(work, near, kind="goods", title="Kühlschrank")
        ids = wanted.id, far_offer.id
    visitor = installation.visitor()

    request_page = visitor.get(f"/listings/{ids[0]}").words
    offer_page = visitor.get(f"/listings/{ids[1]}").words

    assert "Angebote, die passen" in request_page
    assert request_page.index("6 Stühle nebenan") < request_page.index("60 Stühle weit weg")
    assert "Kühlschrank" not in request_page
    assert "Das sucht gerade jemand" in offer_page
    assert "Stühle für den Verein" in offer_page


def test_the_start_page_shows_what_is_wanted_near_the_visitor(installation: Installation) -> None:
    with installation.work() as work:
        club = make_organisation(work, point=TELTOW, place="Teltow")
        other = make_organisation(work, point=BEELITZ, place="Beelitz")
        make_listing(work, other, direction=Direction.REQUEST, title="Häcksler in Beelitz")
        make_listing(work, club, direction=Direction.REQUEST, title="Bagger in Teltow")
        here = make_person(work, organisation=make_organisation(work, point=TELTOW))
    member = installation.visitor()
    sign_in(member, here)

    page = member.get("/").words

    assert "Gesucht wird" in page
    assert page.index("Bagger in Teltow") < page.index("Häcksler in Beelitz")
    assert "Häcksler in Beelitz" in installation.visitor().get("/").words


def test_requests_are_searched_apart_from_offers(installation: Installation) -> None:
    with installation.work() as work:
        organisation = make_organisation(work)
        make_listing(work, organisation, title="Bagger zu haben")
        make_listing(work, organisation, direction=Direction.REQUEST, title="Bagger gesucht")
    visitor = installation.visitor()

    assert "1 Angebot" in visitor.get("/search?q=Bagger").words
    requests = visitor.get("/search?q=Bagger&direction=request").words
    assert "1 Gesuch" in requests
    assert "Bagger zu haben" not in requests


def test_who_can_help_writes_and_names_an_offer(installation: Installation) -> None:
    with installation.work() as work:
        club = make_organisation(work, name="Sportverein")
        treasurer = make_person(work, organisation=club, email="kasse@verein.example")
        firm = make_organisation(work, name="Tischlerei")
        joiner = make_person(work, organisation=firm)
        wanted = make_listing(
            work, club, kind="goods", direction=Direction.REQUEST, title="24 Stühle"
        )
        offer = make_listing(work, firm, kind="goods", title="60 Bürostühle")
        ids = wanted.id, offer.id
    helper, member = installation.visitor(), installation.visitor()
    sign_in(helper, joiner)
    sign_in(member, treasurer)

    sent = helper.send(
        f"/listings/{ids[0]}/help",
        {"message": "Kommen Sie vorbei.", "offer": ids[1]},
        form_at=f"/listings/{ids[0]}",
    )

    assert "Kommen Sie vorbei." in sent.words
    assert "60 Bürostühle" in sent.words
    (mail,) = installation.mails("kasse@verein.example")
    assert mail["Subject"] == "Tischlerei kann helfen: 24 Stühle"
    thread = member.get(sent.path)
    assert "Zum Gesuch" in thread.words


def test_helping_is_refused_with_its_reason(installation: Installation) -> None:
    with installation.work() as work:
        club = make_organisation(work)
        owner = make_person(work, organisation=club)
        other = make_person(work, organisation=make_organisation(work))
        foreign = make_listing(work, make_organisation(work), kind="goods", title="Fremd")
        wanted = make_listing(
            work, club, kind="goods", direction=Direction.REQUEST, title="24 Stühle"
        )
        path, foreign_id = f"/listings/{wanted.id}", foreign.id
    helper, own = installation.visitor(), installation.visitor()
    sign_in(helper, other)
    sign_in(own, owner)

    empty = helper.send(f"{path}/help", {"message": " "}, form_at=path)
    strange = helper.send(f"{path}/help", {"message": "Gern", "offer": foreign_id}, form_at=path)

    assert (empty.status, strange.status) == (422, 422)
    assert "womit und wann" in empty.words
    assert "eines Ihrer Angebote" in strange.words
    assert "Ich kann helfen" not in own.get(path).words


def test_a_request_says_until_when_and_how_many(installation: Installation) -> None:
    with installation.work() as work:
        person = make_person(work, organisation=make_organisation(work))
    member = installation.visitor()
    sign_in(member, person)
    start = member.send(
        "/listings/new/goods",
        {"title": "24 Stühle"},
        form_at="/listings/new/goods?direction=request",
    )

    refused = member.send(start.path, {"action": "publish", "quantity": "24"})
    published = member.send(
        start.path,
        {
            "action": "publish",
            "quantity": "24",
            "description": "Für den Vereinsraum",
            "valid_until": (installation.clock.now() + timedelta(days=30)).date().isoformat(),
        },
    )

    assert refused.status == 422
    assert "wofür Sie es brauchen" in refused.words
    assert "24 Stück" in published.words
    assert "Wer sucht?" in published.words
    found = installation.visitor().get("/search?direction=request").words
    assert "bis 1. Okt." in found
