"""A request that is sent again has one effect; `tools/prove idempotency` is the large size."""

from tests.bookings.repeated_requests import repeat_requests
from tests.support.installation import Installation


def test_repeated_requests_have_one_effect_and_one_answer(installation: Installation) -> None:
    report = repeat_requests(installation, keys=20, repeats=3, kills=1, seed=7)

    assert (report.effects, report.refused, report.differing) == (20, 0, 0)
    assert report.kills == 1
