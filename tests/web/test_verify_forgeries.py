"""What `vote verify` refuses the browser refuses too, but for what it says that it leaves out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.audit.forging import Stages
from tests.audit.test_forgeries import FORGERIES
from tests.audit.workshop import Files
from vote.tlog.cosignature import CosignerSigningKey

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / "tests/js/verify_bundles.mjs"

# What the law makes of the figures, and the minutes: left to `vote verify`, as the page says.
LEFT_OUT = {
    "another outcome, whose hash is in the log",
    "an outcome with the candidates exchanged",
    *(forgery.defect for forgery in FORGERIES if forgery.number == 19),
}
# Found, but one step earlier or later than there.
ELSEWHERE = {
    "a definition whose shares exceed one": 18,
    "a log that claims a million million entries": 12,
}

Report = dict[str, Any]


def zipped(files: Files, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """What the JavaScript verifier says of the honest bundle, a witnessed one and every forgery."""
    folder = tmp_path_factory.mktemp("bundles")
    stages = Stages()
    zipped(stages.decided.bundle(), folder / "honest.zip")
    witness = CosignerSigningKey.generate("witness.example/1")
    witnessed = stages.published.witnessed(witness.verifier).decide()
    cosigned = {"log/checkpoint": witnessed.cosigned(witness)}
    zipped(witnessed.bundle() | cosigned, folder / "witnessed.zip")
    spoilt = cosigned["log/checkpoint"].replace(b"witness.example/1 ", b"witness.example/1 ", 1)
    at = spoilt.rindex(b" ") + 30
    spoilt = spoilt[:at] + (b"A" if spoilt[at : at + 1] != b"A" else b"B") + spoilt[at + 1 :]
    zipped(witnessed.bundle() | {"log/checkpoint": spoilt}, folder / "spoilt.zip")
    for number, forgery in enumerate(FORGERIES):
        zipped(forgery.files(stages), folder / f"{number}.zip")
    node = os.environ.get("PLAYWRIGHT_NODEJS_PATH") or shutil.which("node")
    assert node, "node is missing: make setup"
    ran = subprocess.run([node, PROGRAM, folder], capture_output=True, text=True, check=True)
    found: dict[str, Report] = json.loads(ran.stdout)
    return found


def failed(report: Report) -> set[int]:
    assert "crashed" not in report, report["crashed"]
    return {step["number"] for step in report["steps"] if step["state"] == "failed"}


def test_an_honest_bundle_holds(reports: dict[str, Report]) -> None:
    report = reports["honest.zip"]
    assert failed(report) == set()
    assert report["holds"]
    assert {step["number"] for step in report["steps"]} == set(range(1, 19))
    assert report["assembly"] == "atelier-2026"


def test_witnesses_count_and_a_false_one_is_found(reports: dict[str, Report]) -> None:
    assert reports["witnessed.zip"]["holds"]
    steps = {step["number"]: step for step in reports["witnessed.zip"]["steps"]}
    assert steps[12]["facts"]["witnesses"] == 1
    assert failed(reports["spoilt.zip"]) == {12}


@pytest.mark.parametrize("number", range(len(FORGERIES)), ids=lambda i: FORGERIES[i].defect)
def test_is_refused(reports: dict[str, Report], number: int) -> None:
    forgery, report = FORGERIES[number], reports[f"{number}.zip"]
    if forgery.defect in LEFT_OUT:
        assert report["holds"]
        return
    assert not report["holds"]
    assert ELSEWHERE.get(forgery.defect, forgery.number) in failed(report)
