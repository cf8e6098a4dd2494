"""Named is who wants it, and nobody else: on no page, in no file, in no picture."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from marketplace.listings.models import Listing
from tests.factories.gifts import Given, make_given
from tests.impact.handed_over import (
    administrator,
    browser_of,
    hand_over,
    let_be_named,
    organisation_of,
    rename,
)
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation
from tests.support.pdf import read_text

CHOICES = "/account/engagement"
PAGES = ("/impact", "/impact?year=2026", "/engagement", "/engagement?year=2026")


def given(installation: Installation, *, is_anonymous: bool = False) -> Given:
    gift = make_given(
        installation, quantity=60, attributes={"weight": 7, "is_anonymous": is_anonymous}
    )
    rename(gift, gift.giver, name="Klinik am Wald", place="Beelitz")
    gift.add("Tafel am Markt")
    rename(gift, gift.claimants["Tafel am Markt"], place="Brück")
    hand_over(gift, "Tafel am Markt", 60)
    return gift


def badge(gift: Given, query: str = "") -> Page:
    organisation_id = organisation_of(gift.giver)
    return gift.installation.visitor().get(f"/engagement/{organisation_id}/badge.svg{query}")


def crawled(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Open everything that pages of effects and thanks lead to, their files too."""
    waiting, seen = list(PAGES), set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        page = visitor.get(path)
        yield path, read_text(page.response)
        if page.response.mimetype == "text/html":
            links = [str(link.get("href")) for link in page.all("a")]
            waiting += [link for link in links if link.startswith(("/impact", "/engagement"))]


def test_nobody_is_named_without_wanting_it(installation: Installation) -> None:
    gift = given(installation)

    found = dict(crawled(installation.visitor()))

    assert {"/impact.csv?year=2026", "/engagement", "/impact"} <= set(found)
    for name in ("Klinik am Wald", "Tafel am Markt", organisation_of(gift.giver)):
        assert [path for path, text in found.items() if name in text] == []
    assert "Für 2026 möchte bisher niemand genannt werden" in found["/engagement"]
    assert badge(gift).status == 404


def test_a_gift_marked_as_unnamed_is_named_nowhere_though_its_giver_wants_to_be(
    installation: Installation,
) -> None:
    gift = given(installation, is_anonymous=True)
    let_be_named(gift, gift.giver, as_giver=True)
    let_be_named(gift, gift.claimants["Tafel am Markt"], as_recipient=True)

    found = dict(crawled(installation.visitor()))

    for word in ("Klinik am Wald", "Tafel am Markt", "Beelitz"):
        assert [path for path, text in found.items() if word in text] == []
    assert "ohne Ort, da ungenannt gegeben" in found["/impact"]
    assert "60 Stück, 420 kg" in found["/impact"]
    assert badge(gift).status == 404
    deals = administrator(installation).get("/moderation/impact/deals?year=2026&place=").words
    assert "ungenannt" in deals
    assert "Klinik am Wald" in deals


def test_who_becomes_unnamed_later_is_named_no_longer(installation: Installation) -> None:
    gift = given(installation)
    let_be_named(gift, gift.giver, as_giver=True)
    before = badge(gift).status
    with installation.work() as work:
        listing = work.session.get_one(Listing, gift.listing_id)
        listing.attributes = {**listing.attributes, "is_anonymous": True}

    found = dict(crawled(installation.visitor()))

    assert before == 200
    assert [path for path, text in found.items() if "Klinik am Wald" in text] == []
    assert badge(gift).status == 404


def test_the_receiver_is_named_only_where_both_want_it(installation: Installation) -> None:
    gift = given(installation)
    receiver = gift.claimants["Tafel am Markt"]

    let_be_named(gift, receiver, as_recipient=True)
    only_receiver = installation.visitor().get("/engagement").words
    let_be_named(gift, gift.giver, as_giver=True)
    both = installation.visitor().get("/engagement").words
    let_be_named(gift, receiver, as_recipient=False)
    only_giver = installation.visitor().get("/engagement").words

    assert "Tafel am Markt" not in only_receiver
    assert "Klinik am Wald" not in only_receiver
    assert "1 Überlassung, 420 kg, seit 09/2026, bestätigt durch die Empfänger" in both
    assert "An: Tafel am Markt" in both
    assert "Tafel am Markt" not in only_giver
    assert "Klinik am Wald" in only_giver
    assert "An: eine Organisation aus Brück" in only_giver


def test_to_be_named_as_one_is_not_to_be_named_as_the_other(installation: Installation) -> None:
    gift = given(installation)
    let_be_named(gift, gift.giver, as_recipient=True)
    let_be_named(gift, gift.claimants["Tafel am Markt"], as_giver=True)

    words = installation.visitor().get("/engagement").words

    assert "Klinik am Wald" not in words
    assert "Tafel am Markt" not in words


def test_thanks_stand_in_the_order_of_names_not_of_amounts(installation: Installation) -> None:
    large = given(installation)
    let_be_named(large, large.giver, as_giver=True)
    small = make_given(installation, quantity=1)
    rename(small, small.giver, name="Autohaus", place="Werder")
    small.add("Verein")
    hand_over(small, "Verein", 1)
    let_be_named(small, small.giver, as_giver=True)

    page = installation.visitor().get("/engagement")

    assert page.words.index("Autohaus") < page.words.index("Klinik am Wald")
    assert "1 Überlassung, seit 09/2026, bestätigt" in page.words
    assert "Beelitz: 1, Werder: 1" in page.words
    assert "€" not in page.words


def test_a_claim_that_is_not_confirmed_brings_no_thanks(installation: Installation) -> None:
    gift = make_given(installation)
    gift.add("Tafel")
    gift.claim("Tafel", 1)
    let_be_named(gift, gift.giver, as_giver=True)

    assert "Klinikbetreiber" not in installation.visitor().get("/engagement").words


def test_the_owner_chooses_on_the_account_page_and_it_counts_at_once(
    installation: Installation,
) -> None:
    gift = given(installation)
    browser = browser_of(gift, gift.giver)

    untouched = browser.get(CHOICES).form_values(CHOICES)
    chosen = browser.send(CHOICES, {"as_giver": "y"})
    named = installation.visitor().get("/engagement").words
    browser.post(CHOICES, {"csrf_token": chosen.form_values(CHOICES)["csrf_token"]})

    assert "as_giver" not in untouched
    assert "Das gilt ab sofort" in chosen.words
    assert chosen.form_values(CHOICES)["as_giver"] == "y"
    assert "Klinik am Wald" in named
    assert "Klinik am Wald" not in installation.visitor().get("/engagement").words
    assert badge(gift).status == 404
    assert CHOICES in [str(link.get("href")) for link in browser.get("/account").all("a")]


def test_the_badge_says_a_fact_its_year_and_the_district(installation: Installation) -> None:
    gift = given(installation)
    let_be_named(gift, gift.giver, as_giver=True)

    page = badge(gift)

    assert page.response.mimetype == "image/svg+xml"
    assert page.response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "2026: 1 Überlassung, 420 kg" in page.text
    assert "Potsdam-Mittelmark" in page.text
    for word in ("nachhaltig", "grün", "klimafreundlich", "zertifiziert", "Klinik", "Tafel"):
        assert word not in page.text
    assert "<path" not in page.text
    assert "<circle" not in page.text


def test_the_badge_ends_with_its_year(installation: Installation) -> None:
    gift = given(installation)
    let_be_named(gift, gift.giver, as_giver=True)
    during = badge(gift, "?year=2026").status
    installation.clock.advance(timedelta(days=122))  # 1 January 2027

    over = badge(gift, "?year=2026")

    assert during == 200
    assert over.status == 410
    assert over.response.mimetype == "image/svg+xml"
    assert "Diese Angabe galt für 2026." in over.text
    assert "420" not in over.text
    assert badge(gift).status == 404
    let_be_named(gift, gift.giver, as_giver=False)
    assert badge(gift, "?year=2026").status == 404


@pytest.mark.parametrize("query", ["?year=2027", "?year=bald", "?year=-1"])
def test_a_badge_of_no_year_is_not_found(installation: Installation, query: str) -> None:
    gift = given(installation)
    let_be_named(gift, gift.giver, as_giver=True)

    assert badge(gift, query).status == 404


def test_the_owner_finds_the_lines_for_the_own_website(installation: Installation) -> None:
    gift = given(installation)
    browser = browser_of(gift, gift.giver)
    not_chosen = browser.get(f"{CHOICES}/badge").words
    let_be_named(gift, gift.giver, as_giver=True)

    page = browser.get(f"{CHOICES}/badge")

    snippet = page.all("textarea")[0].text
    path = f"/engagement/{organisation_of(gift.giver)}/badge.svg?year=2026"
    assert "sobald Ihre Organisation als Gebende genannt werden will" in not_chosen
    assert f'<img src="http://a.localhost{path}"' in snippet
    assert '<a href="http://a.localhost/engagement">' in snippet
    assert badge(gift, "?year=2026").status == 200


def test_who_has_given_nothing_this_year_reads_why_there_is_no_badge(
    installation: Installation,
) -> None:
    gift = make_given(installation)
    let_be_named(gift, gift.giver, as_giver=True)

    page = browser_of(gift, gift.giver).get(f"{CHOICES}/badge")

    assert "noch keine Überlassung bestätigt" in page.words


def test_the_neighbours_thanks_are_not_ours(installation: Installation) -> None:
    gift = make_given(installation, district=installation.b)
    gift.add("Tafel")
    hand_over(gift, "Tafel", 1)
    let_be_named(gift, gift.giver, as_giver=True)

    assert "Klinikbetreiber" in installation.visitor(installation.b).get("/engagement").words
    assert "Klinikbetreiber" not in installation.visitor().get("/engagement").words
    organisation_id = organisation_of(gift.giver)
    assert installation.visitor().get(f"/engagement/{organisation_id}/badge.svg").status == 404
