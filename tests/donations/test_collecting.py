"""What was promised is collected at a time of its own, confirmed by both, or goes to others."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketplace.donations.operations.allocating import offer_claim
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.operations.collecting import (
    NOT_COLLECTED,
    choose_pickup,
    confirm_handover,
    note_handover,
)
from marketplace.donations.queries.claims import claim_by_id
from marketplace.donations.queries.pickups import handover_of, pickup_times
from marketplace.donations.rules.pickups import free_slots, is_free
from marketplace.donations.rules.states import ClaimAction
from marketplace.foundation.errors import Conflict, InvalidInput, NotAllowed
from marketplace.foundation.identifiers import ClaimId
from marketplace.search.rules.windows import Window
from tests.factories.gifts import Given, make_given
from tests.support.installation import Installation

BERLIN = ZoneInfo("Europe/Berlin")


def hours(day: int, start: int, end: int) -> Window:
    return Window(
        datetime(2026, 10, day, start, tzinfo=BERLIN), datetime(2026, 10, day, end, tzinfo=BERLIN)
    )


def promised(gift: Given, name: str, quantity: int) -> ClaimId:
    claim_id = gift.claim(name, quantity)
    with gift.installation.work(gift.district, actor=gift.giver) as work:
        offer_claim(work, claim_id, quantity)
    with gift.installation.work(gift.district, actor=gift.claimants[name]) as work:
        act_on_claim(work, claim_id, ClaimAction.ACCEPT)
    return claim_id


def test_hours_in_which_somebody_else_comes_are_no_choice() -> None:
    slots = free_slots([hours(5, 8, 12)], [hours(5, 9, 10)], hours(5, 0, 20))

    assert slots == (hours(5, 8, 9), hours(5, 10, 11), hours(5, 11, 12))
    assert is_free([hours(5, 8, 12)], [hours(5, 9, 10)], hours(5, 10, 11))
    assert not is_free([hours(5, 8, 12)], [hours(5, 9, 10)], hours(5, 9, 11))
    assert not is_free([hours(5, 8, 12)], [], hours(5, 11, 13))


def test_two_do_not_come_at_the_same_time(installation: Installation) -> None:
    gift = make_given(installation)
    first, second = (
        promised(gift, name, 10) for name in ("Sportverein", "Tafel") if gift.add(name)
    )
    with installation.work() as work:
        tomorrow = work.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    wanted = Window(tomorrow, tomorrow + timedelta(hours=1))
    with installation.work(actor=gift.claimants["Sportverein"]) as work:
        choose_pickup(work, first, wanted)

    with (
        pytest.raises(Conflict, match="schon jemand"),
        installation.work(actor=gift.claimants["Tafel"]) as work,
    ):
        choose_pickup(work, second, wanted)

    with installation.work(actor=gift.claimants["Tafel"]) as work:
        choose_pickup(work, second, Window(wanted.end, wanted.end + timedelta(hours=1)))
    assert gift.look_at(second).pickup_starts_at == wanted.end


def test_a_time_that_is_past_is_no_choice(installation: Installation) -> None:
    gift = make_given(installation)
    gift.add("Tafel")
    claim_id = promised(gift, "Tafel", 10)

    with (
        pytest.raises(InvalidInput, match="vorbei"),
        installation.work(actor=gift.claimants["Tafel"]) as work,
    ):
        past = work.now() - timedelta(hours=2)
        choose_pickup(work, claim_id, Window(past, past + timedelta(hours=1)))


def test_both_sides_confirm_what_was_handed_over(installation: Installation) -> None:
    gift = make_given(installation, quantity=60)
    gift.add("Tafel")
    gift.add("Sportverein")
    claim_id = promised(gift, "Tafel", 60)
    waiting = gift.claim("Sportverein", 5)
    assert gift.look_at(waiting).state == "waitlisted"

    with installation.work(actor=gift.giver) as work:
        note_handover(work, claim_id, quantity=56, condition="Vier blieben stehen.")
    with (
        pytest.raises(NotAllowed, match="andere Seite"),
        installation.work(actor=gift.giver) as work,
    ):
        confirm_handover(work, claim_id)
    with installation.work(actor=gift.claimants["Tafel"]) as work:
        confirm_handover(work, claim_id)

    with installation.work() as work:
        stored = handover_of(work, claim_id)
        assert stored is not None
        assert (stored.quantity, stored.condition) == (56, "Vier blieben stehen.")
        assert stored.confirmed_at is not None
    assert (gift.look_at(claim_id).state, gift.look_at(claim_id).granted) == ("confirmed", 56)
    assert (gift.look_at(waiting).state, gift.look_at(waiting).granted) == ("offered", 4)


def test_what_nobody_collects_goes_to_others_with_the_reason(installation: Installation) -> None:
    gift = make_given(installation, quantity=10)
    gift.add("Tafel")
    gift.add("Sportverein")
    claim_id = promised(gift, "Tafel", 10)
    waiting = gift.claim("Sportverein", 10)

    installation.clock.advance(timedelta(days=14 + 5))
    installation.run_jobs()
    reminded = [str(mail["Subject"]) for mail in installation.mails()]
    installation.clock.advance(timedelta(days=2, hours=1))
    installation.run_jobs()

    assert reminded.count("Noch nicht abgeholt: Bürostühle") == 2
    assert reminded.count("Noch nicht abgeholt von Tafel: Bürostühle") == 2
    missed = gift.look_at(claim_id)
    assert (missed.state, missed.reason, missed.granted) == ("no_show", NOT_COLLECTED, 0)
    assert gift.look_at(waiting).state == "offered"


def test_who_chose_a_later_time_is_not_late_before(installation: Installation) -> None:
    gift = make_given(installation, quantity=10)
    gift.add("Tafel")
    claim_id = promised(gift, "Tafel", 10)
    with installation.work(actor=gift.claimants["Tafel"]) as work:
        later = work.now() + timedelta(days=20)
        choose_pickup(work, claim_id, Window(later, later + timedelta(hours=1)))

    installation.clock.advance(timedelta(days=14 + 7, hours=1))
    installation.run_jobs()

    assert gift.look_at(claim_id).state == "accepted"


def test_the_giver_says_when_somebody_is_there(installation: Installation) -> None:
    gift = make_given(installation)
    gift.add("Tafel")
    claim_id = promised(gift, "Tafel", 10)

    with installation.work() as work:
        assert pickup_times(work, claim_by_id(work, claim_id)).is_unlimited
