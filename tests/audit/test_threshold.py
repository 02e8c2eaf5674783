"""Assemblies of whose trustees only some come to decrypt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.threshold import WITH_THRESHOLD, ThresholdWorkshop
from tests.audit.workshop import write
from vote.audit.report import Report
from vote.audit.verify import verify


def failures(report: Report) -> set[tuple[int, str]]:
    return {(check.step.number, each.code) for check in report.checks for each in check.findings}


@pytest.fixture(scope="module")
def summed() -> ThresholdWorkshop:
    return ThresholdWorkshop().open().vote().close().sum_up()


@pytest.mark.parametrize("owners", [{1, 2, 3}, {1, 2, 4}, {1, 3, 4}, {1, 2, 3, 4}])
def test_any_two_of_three_will_do(
    owners: set[int], summed: ThresholdWorkshop, tmp_path: Path
) -> None:
    workshop = summed.copy().decrypt_by(owners).publish_results().decide()
    report = verify(write(workshop.bundle(), tmp_path))
    assert report.exit_code == 0, report.to_text()


@pytest.mark.parametrize("owners", [{1, 3}, {2, 3, 4}])
def test_one_of_three_or_a_bureau_without_the_service_will_not(
    owners: set[int], summed: ThresholdWorkshop, tmp_path: Path
) -> None:
    workshop = summed.copy().decrypt_by(owners).publish_results().decide()
    found = failures(verify(write(workshop.bundle(), tmp_path)))
    assert (11, "shares-missing") in found
    assert (16, "shares-missing") in found


def test_another_threshold_than_the_definition_has(tmp_path: Path) -> None:
    workshop = ThresholdWorkshop(WITH_THRESHOLD.replace("threshold = 2", "threshold = 3"))
    workshop.open().vote().close().sum_up().decrypt().publish_results().decide()
    found = failures(verify(write(workshop.bundle(), tmp_path)))
    assert found == {(6, "trustees-differ")}
