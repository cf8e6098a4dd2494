"""In CI nothing is skipped: a part that is missing (browser, database) fails the test instead.

Loaded by ./test as a plug-in of pytest, so that it holds for every process of a run.
"""

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

_IN_CI = os.environ.get("CI") == "true"


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one."""
    report = yield
    return _without_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped file into a failed one."""
    report = yield
    return _without_skip(report)


def _without_skip(report: Report) -> Report:
    if _IN_CI and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"In CI nothing may be missing: {report.longrepr}"
    return report
