"""What becomes of an offer, and that what it sets free goes to whoever waits."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.donations.models import ClaimStep
from marketplace.donations.operations.allocating import allocate
from marketplace.donations.queries.claims import steps_of
from marketplace.donations.rules.states import ClaimAction, Side
from marketplace.foundation.errors import Conflict, InvalidInput, NotAllowed
from marketplace.foundation.identifiers import ClaimId
from marketplace.listings.models import Listing
from marketplace.listings.operations.life import approve_listing, hide_listing, publish_listing
from marketplace.listings.operations.listings import draft_of, update_listing
from marketplace.listings.rules.states import ListingState
from tests.factories.gifts import Given, make_given
from tests.support.installation import Installation

HOLD = timedelta(hours=48)


@pytest.fixture
def gift(installation: Installation) -> Given:
    return filled(make_given(installation, quantity=10))


def filled(gift: Given) -> Given:
    for name in ("Tafel", "Sportverein", "Heimatverein"):
        gift.add(name, has_proof=name != "Heimatverein")
    return gift


def offered_and_waiting(gift: Given, quantity: int = 10) -> tuple[ClaimId, ClaimId]:
    """All of the gift is offered to the food bank, and the sports club waits."""
    food_bank = gift.claim("Tafel", 10)
    gift.offer(food_bank, 10)
    return food_bank, gift.claim("Sportverein", quantity)


def state(gift: Given, claim_id: ClaimId) -> tuple[str, int]:
    claim = gift.look_at(claim_id)
    return claim.state, claim.granted


def last_step(gift: Given, claim_id: ClaimId) -> ClaimStep:
    with gift.installation.work(gift.district) as work:
        return steps_of(work, claim_id)[-1]


def test_what_is_not_accepted_goes_to_whoever_waits(gift: Given) -> None:
    food_bank, sports = offered_and_waiting(gift)

    gift.act("Tafel", food_bank, ClaimAction.ACCEPT, quantity=7)

    assert (state(gift, food_bank), state(gift, sports)) == (("accepted", 7), ("offered", 3))
    step = last_step(gift, sports)
    assert (step.side, step.rule) == (None, {"place": 1, "quantity": 3, "outcome": "part"})
    assert gift.left() == 0


@pytest.mark.parametrize("quantity", [0, 11])
def test_only_what_is_offered_can_be_accepted(gift: Given, quantity: int) -> None:
    food_bank, _ = offered_and_waiting(gift)

    with pytest.raises(InvalidInput, match="Möglich sind 1 bis 10"):
        gift.act("Tafel", food_bank, ClaimAction.ACCEPT, quantity=quantity)


@pytest.mark.parametrize(
    ("attributes", "quantity", "words"),
    [
        ({"may_split": False}, 9, "Möglich sind 10 bis 10"),
        ({"smallest_lot": 4}, 3, "Möglich sind 4 bis 10"),
    ],
)
def test_nothing_is_split_by_accepting_less_than_the_giver_allows(
    installation: Installation, attributes: dict[str, Any], quantity: int, words: str
) -> None:
    gift = filled(make_given(installation, quantity=10, attributes=attributes))
    food_bank = gift.claim("Tafel", 10)
    gift.offer(food_bank, 10)

    with pytest.raises(InvalidInput, match=words):
        gift.act("Tafel", food_bank, ClaimAction.ACCEPT, quantity=quantity)
    gift.act("Tafel", food_bank, ClaimAction.ACCEPT)

    assert state(gift, food_bank) == ("accepted", 10)


def test_whoever_has_nothing_offered_hears_that_all_is_given(gift: Given) -> None:
    _, sports = offered_and_waiting(gift)

    with pytest.raises(Conflict) as refusal:
        gift.act("Sportverein", sports, ClaimAction.ACCEPT)
    with pytest.raises(Conflict) as others:
        gift.act(gift.giver, sports, ClaimAction.ACCEPT)

    assert refusal.value.code == "already_claimed"
    assert others.value.code == "illegal_transition"


@pytest.mark.parametrize(
    ("action", "is_accepted", "expected"),
    [
        (ClaimAction.DECLINE, False, "declined"),
        (ClaimAction.WITHDRAW, False, "withdrawn"),
        (ClaimAction.WITHDRAW, True, "withdrawn"),
    ],
)
def test_who_gives_it_back_sets_it_free(
    gift: Given, action: ClaimAction, is_accepted: bool, expected: str
) -> None:
    food_bank, sports = offered_and_waiting(gift, 6)
    if is_accepted:
        gift.act("Tafel", food_bank, ClaimAction.ACCEPT)

    gift.act("Tafel", food_bank, action)

    assert (state(gift, food_bank), state(gift, sports)) == ((expected, 0), ("offered", 6))
    assert gift.left() == 4


@pytest.mark.parametrize("action", [ClaimAction.DECLINE, ClaimAction.NO_SHOW])
def test_who_takes_it_back_owes_a_reason_that_stays(gift: Given, action: ClaimAction) -> None:
    food_bank, sports = offered_and_waiting(gift)
    gift.act("Tafel", food_bank, ClaimAction.ACCEPT)

    with pytest.raises(InvalidInput) as refusal:
        gift.act(gift.desk, food_bank, action)
    gift.act(gift.desk, food_bank, action, note="Nach zwei Erinnerungen nicht abgeholt.")

    assert set(refusal.value.errors) == {"reason"}
    assert gift.look_at(food_bank).reason == "Nach zwei Erinnerungen nicht abgeholt."
    assert last_step(gift, food_bank).side == Side.DESK
    assert state(gift, sports) == ("offered", 10)


def test_an_offer_that_nobody_answers_goes_on_to_whoever_waits(gift: Given) -> None:
    food_bank, sports = offered_and_waiting(gift)
    gift.installation.clock.advance(HOLD - timedelta(seconds=1))
    gift.installation.run_jobs()
    assert state(gift, food_bank) == ("offered", 10)

    gift.installation.clock.advance(timedelta(seconds=1))
    gift.installation.run_jobs()

    assert (state(gift, food_bank), state(gift, sports)) == (("declined", 0), ("offered", 10))
    assert gift.look_at(food_bank).reason == "Niemand hat rechtzeitig geantwortet."
    assert last_step(gift, food_bank).side is None
    gift.installation.clock.advance(HOLD)
    gift.installation.run_jobs()
    assert (state(gift, sports), gift.left()) == (("declined", 0), 10)


def test_an_answer_after_the_deadline_comes_too_late_also_before_the_worker(gift: Given) -> None:
    food_bank, sports = offered_and_waiting(gift)
    gift.installation.clock.advance(HOLD)

    with pytest.raises(Conflict) as refusal:
        gift.act("Tafel", food_bank, ClaimAction.ACCEPT)
    gift.offer(sports, 10)

    assert refusal.value.code == "illegal_transition"
    assert (state(gift, food_bank), state(gift, sports)) == (("declined", 0), ("offered", 10))


def test_nobody_on_the_list_overtakes_who_came_before_and_was_not_decided(gift: Given) -> None:
    food_bank = gift.claim("Tafel", 10)
    undecided = gift.claim("Heimatverein", 6)
    gift.offer(food_bank, 10)
    waiting = gift.claim("Sportverein", 6)

    gift.act("Tafel", food_bank, ClaimAction.WITHDRAW)

    assert (state(gift, undecided), state(gift, waiting)) == (("submitted", 0), ("offered", 4))
    gift.offer(undecided, 6)
    assert gift.left() == 0


@pytest.mark.parametrize(
    "put_away", [ListingState.ARCHIVED, ListingState.DRAFT, ListingState.IN_REVIEW]
)
def test_what_was_put_away_or_hidden_is_not_offered_by_itself(
    gift: Given, put_away: ListingState
) -> None:
    food_bank, sports = offered_and_waiting(gift)
    with gift.installation.work() as work:
        work.session.get_one(Listing, gift.listing_id).state = put_away

    gift.act("Tafel", food_bank, ClaimAction.WITHDRAW)

    assert state(gift, sports) == ("waitlisted", 0)


def test_when_it_is_no_longer_kept_for_some_the_others_move_up(installation: Installation) -> None:
    terms = {"recognised_first_until": "2026-09-15"}
    gift = filled(make_given(installation, quantity=10, attributes=terms))
    waiting = gift.claim("Heimatverein", 5)
    with installation.work(actor=gift.desk) as work:
        allocate(work, gift.listing_id, {})
    until_midnight_in_berlin = timedelta(days=14, hours=14)
    installation.clock.advance(until_midnight_in_berlin - timedelta(seconds=1))
    installation.run_jobs()
    assert state(gift, waiting) == ("waitlisted", 0)

    installation.clock.advance(timedelta(seconds=1))
    installation.run_jobs()

    assert state(gift, waiting) == ("offered", 5)


def test_what_was_not_handed_over_goes_back_and_the_other_side_confirms(gift: Given) -> None:
    food_bank, sports = offered_and_waiting(gift)
    gift.act("Tafel", food_bank, ClaimAction.ACCEPT)

    gift.act(gift.giver, food_bank, ClaimAction.HAND_OVER, quantity=9)
    with pytest.raises(NotAllowed, match="bestätigt die andere Seite"):
        gift.act(gift.giver, food_bank, ClaimAction.CONFIRM)
    gift.act("Tafel", food_bank, ClaimAction.CONFIRM)

    assert (state(gift, food_bank), state(gift, sports)) == (("confirmed", 9), ("offered", 1))


def found(gift: Given, quantity: int) -> bool:
    when = f"available_from=2026-10-05&available_to=2026-10-06&quantity={quantity}"
    answer = gift.installation.visitor().get(f"/api/v1/listings?{when}", audit=False).json
    return bool(answer["total"])


def free(gift: Given) -> set[int]:
    path = f"/api/v1/listings/{gift.listing_id}/availability"
    answer = gift.installation.visitor().get(path, audit=False).json
    return {each["free"] for each in answer}


def test_search_and_availability_show_what_is_left(gift: Given) -> None:
    food_bank = gift.claim("Tafel", 7)
    assert (found(gift, 10), free(gift)) == (True, {10})

    gift.offer(food_bank, 7)
    assert (found(gift, 3), found(gift, 4), free(gift)) == (True, False, {3})

    gift.act("Tafel", food_bank, ClaimAction.ACCEPT, quantity=5)
    assert (found(gift, 5), found(gift, 6), free(gift)) == (True, False, {5})

    gift.installation.clock.advance(HOLD)
    gift.act("Tafel", food_bank, ClaimAction.WITHDRAW)
    assert (found(gift, 10), free(gift)) == (True, {10})


def change(gift: Given, **changes: Any) -> None:  # noqa: ANN401 (any field of a draft)
    with gift.installation.work(actor=gift.giver) as work:
        listing = work.session.get_one(Listing, gift.listing_id)
        draft = replace(draft_of(work, listing), **changes)
        update_listing(work, gift.listing_id, draft, version=listing.version)


@pytest.fixture
def ready_gift(installation: Installation) -> Given:
    """A gift that is complete, so that it can be changed while it is published."""
    gift = filled(make_given(installation, quantity=10, attributes={"condition": "good"}))
    with installation.work() as work:
        listing = work.session.get_one(Listing, gift.listing_id)
        listing.category, listing.description = "furniture.chair", "Zehn Stühle."
    return gift


def test_a_giver_cannot_take_away_what_is_given(ready_gift: Given) -> None:
    food_bank = ready_gift.claim("Tafel", 7)
    ready_gift.offer(food_bank, 7)

    with pytest.raises(Conflict, match="schon 7 angeboten oder vergeben") as less:
        change(ready_gift, quantity=6)
    with pytest.raises(Conflict, match="Hier haben sich Organisationen angemeldet") as lent:
        change(ready_gift, terms_mode="lend")
    change(ready_gift, quantity=7)

    assert (less.value.code, lent.value.code) == ("capacity_in_use", "capacity_in_use")
    assert ready_gift.left() == 0


def test_more_of_a_gift_goes_to_whoever_waits(ready_gift: Given) -> None:
    _, sports = offered_and_waiting(ready_gift, 6)

    change(ready_gift, quantity=14)
    assert (state(ready_gift, sports), ready_gift.left()) == (("offered", 4), 0)

    change(ready_gift, quantity=20)
    assert (state(ready_gift, sports), ready_gift.left()) == (("offered", 4), 6)


def test_a_change_of_the_words_alone_offers_nothing_anew(ready_gift: Given) -> None:
    _, sports = offered_and_waiting(ready_gift, 6)

    change(ready_gift, description="Zehn Stühle, fünf davon rot.")

    assert state(ready_gift, sports) == ("waitlisted", 0)


def test_what_became_free_while_it_was_hidden_is_offered_once_it_is_back(
    ready_gift: Given,
) -> None:
    food_bank, sports = offered_and_waiting(ready_gift)
    with ready_gift.installation.work(actor=ready_gift.desk) as work:
        hide_listing(work, ready_gift.listing_id, "Bitte das Bild tauschen.")
    ready_gift.act("Tafel", food_bank, ClaimAction.WITHDRAW)
    change(ready_gift, quantity=12)
    with ready_gift.installation.work(actor=ready_gift.giver) as work:
        publish_listing(work, ready_gift.listing_id)
    assert state(ready_gift, sports) == ("waitlisted", 0)  # the staff look at it first

    with ready_gift.installation.work(actor=ready_gift.desk) as work:
        approve_listing(work, ready_gift.listing_id)

    assert (state(ready_gift, sports), ready_gift.left()) == (("offered", 10), 2)


@pytest.mark.parametrize(("moved_to", "days"), [("2026-09-20", 19), ("2026-09-10", 9)])
def test_the_day_from_which_all_may_have_it_can_be_moved(
    ready_gift: Given, moved_to: str, days: int
) -> None:
    with ready_gift.installation.work() as work:
        listing = work.session.get_one(Listing, ready_gift.listing_id)
        listing.attributes = {**listing.attributes, "recognised_first_until": "2026-09-15"}
        attributes = listing.attributes
    waiting = ready_gift.claim("Heimatverein", 5)
    with ready_gift.installation.work(actor=ready_gift.desk) as work:
        allocate(work, ready_gift.listing_id, {})

    change(ready_gift, attributes={**attributes, "recognised_first_until": moved_to})

    ready_gift.installation.clock.advance(timedelta(days=days, hours=13, minutes=59))
    ready_gift.installation.run_jobs()
    assert state(ready_gift, waiting) == ("waitlisted", 0)
    ready_gift.installation.clock.advance(timedelta(minutes=2))
    ready_gift.installation.run_jobs()
    assert state(ready_gift, waiting) == ("offered", 5)


def test_what_is_open_to_all_at_once_is_offered_at_once(ready_gift: Given) -> None:
    change(ready_gift, attributes={"condition": "good", "recognised_first_until": "2026-09-15"})
    waiting = ready_gift.claim("Heimatverein", 5)
    with ready_gift.installation.work(actor=ready_gift.desk) as work:
        allocate(work, ready_gift.listing_id, {})

    change(ready_gift, attributes={"condition": "good"})

    assert state(ready_gift, waiting) == ("offered", 5)


def test_what_is_over_does_not_stand_in_the_way_of_a_change(ready_gift: Given) -> None:
    food_bank = ready_gift.claim("Tafel", 7)
    ready_gift.act("Tafel", food_bank, ClaimAction.WITHDRAW)

    change(ready_gift, terms_mode="lend", quantity=1)

    with ready_gift.installation.work() as work:
        assert work.session.get_one(Listing, ready_gift.listing_id).terms_mode == "lend"


def test_a_need_that_is_over_is_still_answered(gift: Given) -> None:
    food_bank = gift.claim("Tafel", 7, need_by=date(2026, 9, 2))
    gift.installation.clock.advance(timedelta(days=5))

    gift.offer(food_bank, 7)

    assert state(gift, food_bank) == ("offered", 7)
