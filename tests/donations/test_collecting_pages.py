"""On the pages: one of the giver's hours is chosen, and in the yard it is written down."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.accounts.models import Person
from marketplace.donations.rules.states import ClaimAction
from marketplace.foundation.identifiers import ClaimId
from marketplace.listings.models import AvailabilityWindow
from tests.factories.accounts import sign_in
from tests.factories.files import make_picture
from tests.factories.gifts import Given, make_given
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation

SEEN = "Zwei haben Kratzer."


@pytest.fixture
def gift(installation: Installation) -> Given:
    return make_given(installation)


@pytest.fixture
def claim_id(gift: Given) -> ClaimId:
    return promised(gift, "Tafel")


def promised(gift: Given, name: str) -> ClaimId:
    gift.add(name)
    claim_id = gift.claim(name, 10)
    gift.offer(claim_id, 10)
    gift.act(name, claim_id, ClaimAction.ACCEPT)
    return claim_id


def visitor_for(gift: Given, name: str | None = None) -> Visitor:
    """Open a browser for who claims, or for the giver."""
    actor = gift.claimants[name] if name else gift.giver
    visitor = gift.installation.visitor()
    with gift.installation.work() as work:
        person = work.session.get_one(Person, actor.person_id)
    sign_in(visitor, person)
    return visitor


def open_at(gift: Given, start: datetime, *, hours: int) -> None:
    """Let the giver be there."""
    with gift.installation.work() as work:
        work.session.add(
            AvailabilityWindow(
                listing_id=gift.listing_id,
                starts_at=start,
                ends_at=start + timedelta(hours=hours),
            )
        )


def legends(page: Page) -> list[str]:
    return ["".join(each.itertext()).strip() for each in page.all("legend")]


def test_the_hours_in_which_the_giver_is_there_stand_below_their_day(
    gift: Given, claim_id: ClaimId
) -> None:
    open_at(gift, datetime(2026, 9, 7, 6, tzinfo=UTC), hours=3)
    open_at(gift, datetime(2026, 9, 9, 12, tzinfo=UTC), hours=1)

    page = visitor_for(gift, "Tafel").get(f"/claims/{claim_id}/pickup")

    assert legends(page) == [
        "Wann kommen Sie?",
        "Mo, 7. September 2026",
        "Mi, 9. September 2026",
    ]
    assert "Mo, 7. September 2026 8:00 Uhr 9:00 Uhr 10:00 Uhr Mi, 9. September" in page.words


def test_an_hour_that_was_chosen_is_gone_for_others(gift: Given, claim_id: ClaimId) -> None:
    start = datetime(2026, 9, 7, 6, tzinfo=UTC)
    open_at(gift, start, hours=2)
    other = promised(gift, "Sportverein")
    path = f"/claims/{claim_id}/pickup"
    chosen = visitor_for(gift, "Tafel").send(path, {"start": start.isoformat()})

    late = visitor_for(gift, "Sportverein")
    refused = late.send(f"/claims/{other}/pickup", {"start": start.isoformat()})

    assert "Eingetragen." in chosen.words
    assert gift.look_at(claim_id).pickup_starts_at == start
    assert refused.status == 409
    assert "Dann kommt schon jemand anderes." in refused.words
    assert "8:00 Uhr" not in refused.words
    assert "9:00 Uhr" in refused.words


@pytest.mark.parametrize(
    "sent", ["", "morgen", "2026-09-07", "2026-09-07T08:00", "9999-12-31T23:30:00+00:00"]
)
def test_what_is_none_of_the_hours_is_asked_again(
    gift: Given, claim_id: ClaimId, sent: str
) -> None:
    open_at(gift, datetime(2026, 9, 7, 6, tzinfo=UTC), hours=2)

    page = visitor_for(gift, "Tafel").send(f"/claims/{claim_id}/pickup", {"start": sent})

    assert page.status == 422
    assert "Bitte wählen Sie eine Zeit." in page.words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day": "2026-09-07", "start": "25 Uhr"}, "Das ist keine Uhrzeit."),
        ({"day": "7.9.", "start": "9:00"}, "Das ist kein Tag."),
        ({"day": "2026-08-03", "start": "9:00"}, "Diese Zeit ist vorbei."),
        ({"day": "2026-10-25", "start": "2:30"}, "Die Uhr wird dann umgestellt."),
    ],
)
def test_where_no_hours_are_named_a_wrong_time_keeps_what_was_typed(
    gift: Given, claim_id: ClaimId, typed: dict[str, str], sentence: str
) -> None:
    path = f"/claims/{claim_id}/pickup"

    page = visitor_for(gift, "Tafel").send(path, typed)

    assert page.status == 422
    assert sentence in page.words
    assert page.form_values(path)["day"] == typed["day"]


def test_who_comes_too_late_with_a_time_reads_why(gift: Given, claim_id: ClaimId) -> None:
    path = f"/claims/{claim_id}/pickup"
    visitor = visitor_for(gift, "Tafel")
    typed = {**visitor.get(path).form_values(path), "day": "2026-09-07", "start": "9:00"}
    gift.act(gift.giver, claim_id, ClaimAction.HAND_OVER)

    page = visitor.post(path, typed)

    assert page.status == 409
    assert "Einen Termin gibt es erst, wenn beide zugesagt haben." in page.words


def test_what_was_handed_over_is_kept_with_a_picture(gift: Given, claim_id: ClaimId) -> None:
    path = f"/claims/{claim_id}/handover"
    picture = (io.BytesIO(make_picture()), "hof.jpg")

    page = visitor_for(gift).send(path, {"quantity": "9", "condition": SEEN, "photo": picture})

    assert "Festgehalten." in page.words
    assert gift.look_at(claim_id).granted == 9
    shown = visitor_for(gift, "Tafel").get(f"{path}/photo", audit=False)
    assert shown.response.mimetype == "image/webp"


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [("", "Bitte geben Sie die Menge an."), ("zehn", ""), ("11", "Möglich sind 1 bis 10.")],
)
def test_a_wrong_quantity_keeps_the_words_and_asks_again_for_the_picture(
    gift: Given, claim_id: ClaimId, quantity: str, sentence: str
) -> None:
    path = f"/claims/{claim_id}/handover"
    picture = (io.BytesIO(make_picture()), "hof.jpg")
    typed = {"quantity": quantity, "condition": SEEN, "photo": picture}

    page = visitor_for(gift).send(path, typed)

    assert page.status == 422
    assert sentence in page.words
    assert "Bitte wählen Sie die Datei noch einmal aus." in page.words
    assert page.form_values(path)["condition"].strip() == SEEN
    assert page.form_values(path)["quantity"] == quantity


def test_a_picture_that_cannot_be_kept_is_refused_at_its_field(
    gift: Given, claim_id: ClaimId
) -> None:
    path = f"/claims/{claim_id}/handover"
    typed = {"quantity": "10", "condition": SEEN, "photo": (io.BytesIO(b"kein Bild"), "hof.jpg")}

    page = visitor_for(gift).send(path, typed)

    assert page.status == 422
    assert page.words.count("Das ist kein lesbares Bild.") == 2  # in the summary, and at the field
    assert page.form_values(path)["condition"].strip() == SEEN


def test_what_the_other_side_wrote_down_first_loses_no_words(
    gift: Given, claim_id: ClaimId
) -> None:
    path = f"/claims/{claim_id}/handover"
    visitor = visitor_for(gift)
    typed = {**visitor.get(path).form_values(path), "condition": SEEN}
    gift.act("Tafel", claim_id, ClaimAction.HAND_OVER)

    page = visitor.post(path, typed)

    assert page.status == 409
    assert "Der Stand hat sich inzwischen geändert." in page.words
    assert SEEN in page.words


def test_only_the_two_sides_come_to_these_pages(gift: Given, claim_id: ClaimId) -> None:
    gift.add("Sportverein")
    stranger = visitor_for(gift, "Sportverein")

    for page in ("pickup", "handover"):
        assert stranger.get(f"/claims/{claim_id}/{page}").status == 404
