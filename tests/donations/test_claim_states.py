"""What each side can do with a claim, in the order in which it is offered to them."""

from itertools import product

import pytest

from marketplace.donations.rules.states import (
    ClaimAction,
    ClaimState,
    Side,
    Standing,
    actions_for,
    leading_action,
)

Do = ClaimAction
ENDING = {Do.DECLINE, Do.WITHDRAW, Do.NO_SHOW}


@pytest.mark.parametrize(("side", "state"), [*product(Side, ClaimState)])
def test_what_goes_on_stands_before_what_ends_it(side: Side, state: ClaimState) -> None:
    standing = Standing(state=state, handed_over_by=None)

    actions = actions_for(side, standing)

    assert sorted(actions, key=lambda each: each in ENDING) == list(actions)
    assert leading_action(side, standing) in (None, *actions[:1])


@pytest.mark.parametrize(
    ("side", "state", "actions"),
    [
        (Side.CLAIMANT, ClaimState.OFFERED, (Do.ACCEPT, Do.DECLINE, Do.WITHDRAW)),
        (Side.CLAIMANT, ClaimState.ACCEPTED, (Do.HAND_OVER, Do.WITHDRAW)),
        (Side.GIVER, ClaimState.SUBMITTED, (Do.OFFER, Do.DECLINE)),
        (Side.GIVER, ClaimState.ACCEPTED, (Do.HAND_OVER, Do.DECLINE, Do.NO_SHOW)),
        (Side.DESK, ClaimState.ACCEPTED, (Do.DECLINE, Do.NO_SHOW)),
    ],
)
def test_the_most_helpful_comes_first(
    side: Side, state: ClaimState, actions: tuple[ClaimAction, ...]
) -> None:
    assert actions_for(side, Standing(state=state, handed_over_by=None)) == actions
