"""Archives that belenios-tool made, and ours in its hands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit.forged_ballots import FORGERIES, signed
from tests.audit.forging import Stages
from tests.election.tool import Tool, ToolElection
from vote.audit import steps
from vote.audit.report import Report
from vote.audit.verify import verify

QUESTIONS: list[dict[str, object]] = [
    {"answers": ["for", "against", "abstain"], "min": 1, "max": 1, "question": "A"},
    {"answers": ["ada", "bela"], "blank": True, "min": 0, "max": 2, "question": "B"},
]
WEIGHTS = {"ann": 1, "bob": 40_000, "cleo": 3}
VOTES = {"ann": [[1, 0, 0], [0, 1, 1]], "bob": [[0, 1, 0], [1, 0, 0]]}
RESULT = [[1, 40_000, 0], [40_000, 1, 1]]


@pytest.fixture
def tool(belenios_tool: Path, tmp_path: Path) -> Tool:
    return Tool(belenios_tool, tmp_path)


def statuses(report: Report) -> dict[int, str]:
    return {check.step.number: check.status for check in report.checks}


def voted(tool: Tool, singles: int, threshold: tuple[int, int] | None = None) -> ToolElection:
    election = ToolElection(tool, QUESTIONS, WEIGHTS, singles=singles, threshold=threshold)
    election.event("Ballot", election.ballot("ann", [[0, 0, 1], [0, 0, 0]]))
    for name, answers in VOTES.items():
        election.event("Ballot", election.ballot(name, answers))
    return election


@pytest.mark.parametrize(("singles", "threshold"), [(3, None), (1, (2, 3))])
def test_its_archives_hold(singles: int, threshold: tuple[int, int] | None, tool: Tool) -> None:
    """Several trustees, weights, a blank ballot and a ballot replaced; with a threshold."""
    election = voted(tool, singles, threshold)
    report = verify(election.archive)
    assert report.exit_code == 0
    assert statuses(report)[11] == "not-reached"
    election.close()
    election.decrypt([1, 3] if threshold else [])
    election.publish()
    report = verify(election.archive)
    assert report.exit_code == 0
    assert set(statuses(report).values()) == {"passed"}
    [facts] = json.loads(report.to_json())["facts"]["elections"]
    assert facts["stage"] == "decided"
    assert (facts["ballots"], facts["counted"], facts["result"]) == (3, 2, RESULT)


def test_its_archive_with_a_broken_proof(tool: Tool) -> None:
    """Its own `election verify` passes it, as a rule; ours names the ballot."""
    election = voted(tool, 1)
    value = json.loads(election.ballot("cleo", [[1, 0, 0], [0, 1, 0]]))
    value["answers"][1]["blank_proof"][0]["response"] = "7"
    election.event("Ballot", signed(election.uuid, value, election.codes["cleo"]))
    accepted, complaint = tool.verifies_all_but_ballots()
    assert accepted, complaint
    report = verify(election.archive)
    [failed] = [check for check in report.checks if check.status == "failed"]
    assert (failed.step, failed.findings[0].code) == (steps.BALLOTS, "blank-proof")
    assert failed.findings[0].message.startswith("ballot 4, tracker ")


def test_our_archives_hold_there(stages: Stages, tool: Tool) -> None:
    for box in stages.decided.boxes:
        tool.write(f"{box.uuid}.bel", box.archive())
        accepted, complaint = tool.verifies()
        assert accepted, complaint
        (tool.folder / f"{box.uuid}.bel").unlink()


def test_our_forgery_that_holds_there(stages: Stages, tool: Tool) -> None:
    """A whole assembly with a broken proof: consistent in all that it looks at."""
    forgery = next(each for each in FORGERIES if each.defect == "a broken proof")
    files = forgery.files(stages)
    name = forgery.file_in(files) or ""
    tool.write(Path(name).name, files[name])
    accepted, complaint = tool.verifies_all_but_ballots()
    assert accepted, complaint
    assert statuses(verify(tool.folder / Path(name).name))[8] == "failed"
