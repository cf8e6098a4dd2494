"""A form that comes twice, too late or in vain has one effect, and what was typed stays."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.bookings.models import Booking
from marketplace.listings.models import Listing
from marketplace.listings.rules.states import ListingState
from marketplace.messaging.models import Thread
from tests.factories.offered import Offered, make_offered
from tests.support.browser import Page
from tests.support.installation import Installation

FIRST, LAST = date(2026, 10, 5), date(2026, 10, 9)
WORDS = "Zwei Plätze für unsere Kisten, wir kommen mit dem Stapler."
TYPED = {"start": "2026-10-05", "end": "2026-10-09", "quantity": "5", "message": WORDS}


@pytest.fixture
def shelf(installation: Installation) -> Offered:
    return make_offered(
        installation, kind="space", title="Hochregal", quantity=12, unit="pallet_place"
    )


def count(offered: Offered, model: type[Booking | Thread]) -> int:
    with offered.installation.work() as work:
        return work.session.scalar(select(func.count()).select_from(model)) or 0


def filled(offered: Offered, page: Page, **changes: str) -> dict[str, Any]:
    return {**page.form_values(f"{offered.page}/ask"), **TYPED, **changes}


def test_a_request_that_is_sent_twice_is_one_request(shelf: Offered) -> None:
    browser = shelf.browser_of("trader")
    values = filled(shelf, browser.get(shelf.page))
    answers = [browser.post(f"{shelf.page}/ask", values) for _ in range(2)]

    assert len({each.path for each in answers}) == 1
    assert (count(shelf, Booking), count(shelf, Thread)) == (1, 1)


def test_who_goes_back_and_chooses_other_days_asks_for_those_too(shelf: Offered) -> None:
    browser = shelf.browser_of("trader")
    values = filled(shelf, browser.get(shelf.page))
    browser.post(f"{shelf.page}/ask", values)
    browser.post(f"{shelf.page}/ask", {**values, "end": "2026-10-08"})

    assert count(shelf, Booking) == 2


def test_help_that_is_sent_twice_is_one_conversation(installation: Installation) -> None:
    wanted = make_offered(installation, kind="space", direction="request", title="Lagerplatz")
    browser = wanted.browser_of("trader")
    values = browser.get(wanted.page).form_values(f"{wanted.page}/help") | {"message": WORDS}
    answers = [browser.post(f"{wanted.page}/help", values) for _ in range(2)]

    assert len({each.path for each in answers}) == 1
    assert count(wanted, Thread) == 1


def test_a_suggestion_is_asked_for_with_the_message_that_was_typed(shelf: Offered) -> None:
    shelf.ask("grocer", 9, FIRST, LAST)
    browser = shelf.browser_of("trader")
    refused = browser.send(f"{shelf.page}/ask", TYPED, form_at=shelf.page)
    fewer = next(
        str(button.get("formaction"))
        for button in refused.all("button")
        if "quantity=3" in str(button.get("formaction"))
    )
    sent = browser.post(fewer, refused.form_values(f"{shelf.page}/ask"))

    assert "angefragt" in sent.words
    assert "3 Palettenplätze" in sent.words
    assert WORDS in sent.words


def test_what_is_free_is_told_for_the_days_that_matter_and_not_for_how_far_we_looked(
    shelf: Offered,
) -> None:
    shelf.ask("grocer", 9, FIRST, LAST)
    browser = shelf.browser_of("trader")
    refused = browser.send(f"{shelf.page}/ask", TYPED, form_at=shelf.page)
    too_much = {**TYPED, "quantity": "13", "start": "2026-11-02", "end": "2026-11-03"}
    more_than_there_is = browser.send(f"{shelf.page}/ask", too_much, form_at=shelf.page)

    assert "12 Palettenplätze frei: bis So, 4. Oktober 2026" in refused.words
    assert "3 Palettenplätze frei: Mo, 5. Oktober 2026 bis Fr, 9. Oktober 2026" in refused.words
    assert "12 Palettenplätze frei: ab Sa, 10. Oktober 2026" in refused.words
    assert (
        "12 Palettenplätze frei: Sa, 10. Oktober 2026 bis Di, 3. November"
        in more_than_there_is.words
    )


def test_enter_in_a_field_sends_what_was_typed_and_no_suggestion(shelf: Offered) -> None:
    shelf.ask("grocer", 9, FIRST, LAST)
    refused = shelf.browser_of("trader").send(f"{shelf.page}/ask", TYPED, form_at=shelf.page)

    (form,) = (form for form in refused.all("form") if form.get("action") == f"{shelf.page}/ask")
    first = next(each for each in form.iter() if each.get("type") == "submit")
    assert first.get("formaction") is None


def test_what_was_written_to_an_offer_that_is_gone_is_given_back(shelf: Offered) -> None:
    browser = shelf.browser_of("trader")
    values = filled(shelf, browser.get(shelf.page))
    with shelf.installation.work() as work:
        work.session.get_one(Listing, shelf.listing_id).state = ListingState.PAUSED
    gone = browser.post(f"{shelf.page}/ask", values)

    assert gone.status == 404
    assert WORDS in gone.words
    assert "Gesendet wurde nichts." in gone.words


@pytest.mark.parametrize(
    ("action", "typed"),
    [("decline", {"reason": WORDS}), ("counter", {"quantity": "2", "message": WORDS})],
)
def test_what_was_written_to_a_step_that_is_late_stands_in_the_field_for_a_message(
    shelf: Offered, action: str, typed: dict[str, str]
) -> None:
    conversation = shelf.ask("trader", 5, FIRST, LAST)
    owner = shelf.browser_of("owner")
    page = owner.get(conversation.path)
    path = next(
        str(form.get("action"))
        for form in page.all("form")
        if str(form.get("action")).endswith(f"/{action}")
    )
    values = page.form_values(path) | typed
    shelf.act("trader", conversation, "withdraw")
    late = owner.post(path, values)

    assert late.status == 409
    assert "Der Stand hat sich inzwischen geändert" in late.words
    assert late.form_values(conversation.path)["message"] == WORDS


def test_a_quantity_in_the_address_that_nobody_means_is_left_aside(shelf: Offered) -> None:
    page = shelf.browser_of("trader").get(f"{shelf.page}?quantity={'9' * 5000}")

    assert page.form_values(f"{shelf.page}/ask")["quantity"] == "1"
