"""Numbers have no gap, whoever is killed while issuing; ten times under load."""

from tests.donations.receipts_under_kills import issue_under_kills
from tests.support.installation import Installation


def test_numbers_have_no_gap_when_those_who_issue_are_killed(installation: Installation) -> None:
    report = issue_under_kills(installation, issuers=2, kills=10, seed=5)

    assert report.holds, report
    assert report.standing <= 2
