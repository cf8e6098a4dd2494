"""The rule of allocation, for any claims: never too much, in order, and each line is true."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.donations.rules.allocation import (
    DEFAULT_RULE,
    Claimant,
    Criterion,
    Line,
    Lot,
    Outcome,
    in_order,
    proposed,
)
from marketplace.foundation.identifiers import ClaimId

ANY_RULE = st.permutations(list(Criterion)).flatmap(
    lambda criteria: st.integers(0, len(criteria)).map(lambda count: tuple(criteria[:count]))
)
ANY_LOT = st.builds(
    Lot,
    left=st.integers(0, 60),
    may_split=st.booleans(),
    smallest_lot=st.integers(1, 12),
)


@st.composite
def claims(draw: st.DrawFn) -> list[Claimant]:
    """Any claims, many of them alike in what the rule looks at."""
    return [
        Claimant(
            claim_id=ClaimId(f"claim-{number}"),
            wanted=draw(st.integers(1, 40)),
            is_public=draw(st.booleans()),
            is_eligible=draw(st.booleans()),
            need_by=draw(st.none() | st.dates(date(2026, 11, 1), date(2026, 11, 4))),
            distance_metres=draw(st.none() | st.sampled_from([0.0, 14_500.0, 14_500.5, 27_900.0])),
            order=draw(st.integers(0, 3)),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


def comes_first(one: Claimant, other: Claimant, rule: Sequence[Criterion]) -> bool:
    """Tell by a naive reading of the rule whether one comes before the other."""
    for criterion in rule:
        match criterion:
            case Criterion.PUBLIC:
                better, worse = one.is_public, other.is_public
            case Criterion.NEED_BY:
                better = one.need_by is not None and (
                    other.need_by is None or one.need_by < other.need_by
                )
                worse = other.need_by is not None and (
                    one.need_by is None or other.need_by < one.need_by
                )
            case Criterion.DISTANCE:
                near, far = one.distance_metres, other.distance_metres
                better = near is not None and (far is None or near < far)
                worse = far is not None and (near is None or far < near)
        if better != worse:
            return better
    return (one.order, one.claim_id) < (other.order, other.claim_id)


def is_true(line: Line, left: int, lot: Lot) -> bool:
    """Tell whether a line says what happened to it when so much was left."""
    wanted, got = line.claimant.wanted, line.quantity
    match line.outcome:
        case Outcome.NO_STATUS:
            return not line.claimant.is_eligible and got == 0
        case Outcome.ALL:
            return got == wanted <= left
        case Outcome.PART:
            return 0 < got == left < wanted
        case Outcome.NOTHING_LEFT:
            return got == 0 == left
        case Outcome.TOO_FEW_LEFT:
            return got == 0 and lot.may_split and 0 < left < min(wanted, lot.smallest_lot)
        case Outcome.NO_SPLIT:
            return got == 0 and not lot.may_split and wanted < left


@settings(max_examples=300, deadline=None)
@given(lot=ANY_LOT, claimants=claims(), rule=ANY_RULE)
def test_never_more_than_there_is_and_nobody_without_status(
    lot: Lot, claimants: list[Claimant], rule: tuple[Criterion, ...]
) -> None:
    lines = proposed(lot, claimants, rule)

    assert sum(line.quantity for line in lines) <= lot.left
    assert all(0 <= line.quantity <= line.claimant.wanted for line in lines)
    assert not any(line.quantity for line in lines if not line.claimant.is_eligible)


@settings(max_examples=300, deadline=None)
@given(lot=ANY_LOT, claimants=claims(), rule=ANY_RULE)
def test_the_order_of_the_rule_is_kept(
    lot: Lot, claimants: list[Claimant], rule: tuple[Criterion, ...]
) -> None:
    lines = proposed(lot, claimants, rule)
    served = [line for line in lines if line.claimant.is_eligible]

    assert [line.place for line in served] == list(range(1, len(served) + 1))
    assert all(comes_first(a.claimant, b.claimant, rule) for a, b in pairwise(served))
    assert [line.place for line in lines[len(served) :]] == [None] * (len(lines) - len(served))


@settings(max_examples=300, deadline=None)
@given(lot=ANY_LOT, claimants=claims(), rule=ANY_RULE, data=st.data())
def test_the_same_claims_in_any_order_give_the_same(
    lot: Lot, claimants: list[Claimant], rule: tuple[Criterion, ...], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(claimants))

    assert proposed(lot, shuffled, rule) == proposed(lot, claimants, rule)


@settings(max_examples=300, deadline=None)
@given(lot=ANY_LOT, claimants=claims(), rule=ANY_RULE)
def test_every_claim_has_one_line_and_every_line_a_reason_that_is_true(
    lot: Lot, claimants: list[Claimant], rule: tuple[Criterion, ...]
) -> None:
    lines = proposed(lot, claimants, rule)

    assert sorted(line.claimant.claim_id for line in lines) == sorted(
        each.claim_id for each in claimants
    )
    left = lot.left
    for line in lines:
        assert is_true(line, left, lot), (line, left)
        left -= line.quantity


@settings(max_examples=300, deadline=None)
@given(lot=ANY_LOT, claimants=claims())
def test_the_smallest_lot_and_what_is_given_as_a_whole_are_kept(
    lot: Lot, claimants: list[Claimant]
) -> None:
    shares = [line for line in proposed(lot, claimants) if line.quantity]

    if lot.may_split:
        assert all(line.quantity >= min(lot.smallest_lot, line.claimant.wanted) for line in shares)
    else:
        assert [line.quantity for line in shares] in ([], [lot.left])


def test_the_public_first_then_the_day_then_the_distance() -> None:
    def claimant(name: str, **changes: object) -> Claimant:
        values: dict[str, object] = {
            "wanted": 24,
            "is_public": False,
            "is_eligible": True,
            "need_by": None,
            "distance_metres": 1_000.0,
            "order": 0,
        }
        return Claimant(claim_id=ClaimId(name), **{**values, **changes})  # type: ignore[arg-type]

    far_school = claimant("school", is_public=True, distance_metres=50_000.0)
    urgent = claimant("urgent", need_by=date(2026, 11, 1), distance_metres=40_000.0)
    nearest = claimant("nearest")
    unknown = claimant("unknown", distance_metres=None)

    assert in_order([unknown, nearest, urgent, far_school], DEFAULT_RULE) == [
        far_school,
        urgent,
        nearest,
        unknown,
    ]
