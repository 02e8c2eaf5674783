"""Bundles with a single defect, everything else consistent with it: each is found, and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit import forged_ballots, forged_definitions, forged_logs, forged_outcomes
from tests.audit.forging import Forgery, Stages
from tests.audit.workshop import write
from vote.audit.verify import verify

FORGERIES = [
    *forged_definitions.FORGERIES,
    *forged_ballots.FORGERIES,
    *forged_logs.FORGERIES,
    *forged_outcomes.FORGERIES,
]


def test_forgeries_have_different_names() -> None:
    assert len({forgery.defect for forgery in FORGERIES}) == len(FORGERIES)


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.defect)
def test_is_refused(forgery: Forgery, stages: Stages, tmp_path: Path) -> None:
    files = forgery.files(stages)
    report = verify(write(files, tmp_path))
    assert report.exit_code == 1
    found = {
        (check.step.number, finding.file, finding.code)
        for check in report.checks
        for finding in check.findings
    }
    expected = forgery.file_in(files)
    matching = {each for each in found if each[0] == forgery.number and each[2] == forgery.code}
    assert expected in {file for _, file, _ in matching} or (expected is None and matching), found
    assert "unexpected" not in {code for _, _, code in found}
