"""No mail is missing when the worker is killed; `tools/prove kill` is the large size."""

from tests.foundation.mails_under_kills import deliver_under_kills
from tests.support.installation import Installation


def test_each_mail_arrives_though_the_worker_is_killed(installation: Installation) -> None:
    report = deliver_under_kills(installation, mails=30, kills=2, seed=4)

    assert report.kills == 2
    assert (report.missing, report.under_another_id) == (0, 0)
    assert report.again <= report.kills
