"""Nothing acknowledged is lost when processes are killed; `tools/prove kill` is the large size."""

from tests.bookings.writers_under_kills import write_under_kills
from tests.support.installation import Installation


def test_nothing_acknowledged_is_lost_and_nothing_is_half_done(installation: Installation) -> None:
    report = write_under_kills(installation, writers=4, kills=2, seed=3)

    assert report.holds, report
