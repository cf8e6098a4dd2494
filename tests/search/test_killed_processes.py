from tests.search.killed_processes import kill_and_compare
from tests.support.installation import Installation


def test_after_kills_every_worker_answers_what_is_stored(installation: Installation) -> None:
    settings = installation.services.settings

    report = kill_and_compare(settings, installation.a.id, kills=3, seed=1)

    assert report.changes > 0
    assert report.workers > 0
    assert report.differences == 0
