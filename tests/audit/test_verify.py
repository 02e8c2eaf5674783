"""What the verifier says of honest bundles, and how it reports one that is not."""

from __future__ import annotations

import json
import os
import re
import zipfile
from pathlib import Path

import pytest

from tests.audit.forging import Stages
from tests.audit.workshop import Files, Workshop, write
from vote.audit import archives, receipts, steps, verify
from vote.audit.errors import UnreadableError
from vote.audit.keys import known_key
from vote.audit.pool import spread
from vote.audit.report import Check, Ledger, Report, Step
from vote.tlog.cosignature import CosignerSigningKey

CHECKPOINT = "log/checkpoint"


def statuses(report: Report) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for check in report.checks:
        found.setdefault(check.step.number, set()).add(check.status)
    return found


def test_an_honest_bundle_holds(bundle: Path) -> None:
    report = verify.verify(bundle)
    assert report.verdict == "holds"
    assert report.exit_code == 0
    assert statuses(report) == {step.number: {"passed"} for step in steps.STEPS}


def test_an_honest_bundle_holds_as_a_zip(files: Files, tmp_path: Path) -> None:
    for number, folder in enumerate(["", "assembly-2026/"]):
        path = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(f"{folder}{name}", data)
        assert verify.verify(path).exit_code == 0


def test_a_bundle_with_a_witness_holds(stages: Stages, tmp_path: Path) -> None:
    one, two = (CosignerSigningKey.generate(f"{name}.example") for name in ("one", "two"))
    workshop = stages.published.witnessed(one.verifier, two.verifier).decide()
    for number, present in enumerate([[], [one], [two], [one, two]]):
        files = workshop.bundle() | {CHECKPOINT: workshop.cosigned(*present)}
        report = verify.verify(write(files, tmp_path / str(number)))
        assert report.exit_code == 0
        facts = json.loads(report.to_json())["facts"]["log"]
        assert facts["witnesses"] == [each.verifier.encode() for each in present]


def test_an_assembly_where_nobody_voted_holds(stages: Stages, tmp_path: Path) -> None:
    workshop = stages.opened.close().sum_up().decrypt().publish_results().decide()
    assert verify.verify(write(workshop.bundle(), tmp_path)).exit_code == 0


def test_the_log_key_may_be_known_from_elsewhere(bundle: Path, files: Files) -> None:
    assert verify.verify(bundle, key=known_key(files["log/key"].decode())).exit_code == 0
    assert verify.verify(bundle, key=known_key(str(bundle / "log/key"))).exit_code == 0


def test_an_assembly_forged_as_a_whole_is_told_by_its_key(files: Files, tmp_path: Path) -> None:
    forged = write(
        Workshop().open().vote().close().sum_up().decrypt().publish_results().decide().bundle(),
        tmp_path,
    )
    assert verify.verify(forged).exit_code == 0
    report = verify.verify(forged, key=known_key(files["log/key"].decode()))
    assert report.exit_code == 1
    [failed] = [check for check in report.checks if check.status == "failed"]
    assert (failed.step, failed.findings[0].code) == (steps.CHECKPOINT, "other-key")


@pytest.mark.parametrize("text", ["", "no such file", "a+b", "a+b+c", "x" * 5000, "a\0b"])
def test_a_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError) as refusal:
        known_key(text)
    assert refusal.value.code == "key-unreadable"


def test_processes_find_the_same(
    files: Files, stages: Stages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_WORTH_PROCESSES", 0)
    monkeypatch.setattr(archives, "_CHUNK_CIPHERTEXTS", 1)
    box = stages.decided.box()
    data = files[box.file].replace(box.ballots[1][-90:], b"7" * 90)
    assert data != files[box.file]
    broken = write(files, tmp_path)
    honest = [verify.verify(broken, jobs=jobs).to_json() for jobs in (1, 2)]
    assert honest[0] == honest[1]
    workshop = stages.voted
    for member in ("p2", "p3"):
        value = workshop.box().encrypt(member, ((1, 0, 0), (0, 1, 0)))
        workshop.record(workshop.box(), value.replace(b'"response":"', b'"response":"1', 1))
    # Not counted by the forger: the rest is consistent.
    workshop.box().ballots[-2:] = []
    forged = workshop.close().sum_up().decrypt().publish_results().decide().bundle()
    broken = write(forged, tmp_path / "forged")
    reports = [verify.verify(broken, jobs=jobs) for jobs in (1, 2)]
    assert reports[0].to_json() == reports[1].to_json()
    [failed] = [check for check in reports[0].checks if check.status == "failed"]
    assert (failed.step, len(failed.findings)) == (steps.BALLOTS, 2)


def die(_: int) -> int:
    os._exit(3)


def test_a_process_that_dies_is_no_verdict() -> None:
    with pytest.raises(UnreadableError) as refusal:
        list(spread(die, [1, 2, 3], 2))
    assert refusal.value.code == "process-died"


def test_what_does_not_need_a_failed_check_is_checked(files: Files, tmp_path: Path) -> None:
    report = verify.verify(write(files | {CHECKPOINT: b"nothing\n"}, tmp_path))
    found = statuses(report)
    assert [number for number, status in found.items() if status == {"passed"}] == list(
        range(1, 12)
    )
    assert found[12] == {"failed"}
    assert all(found[number] == {"not-checked"} for number in range(13, 20))
    assert report.exit_code == 1


def test_nothing_but_the_log_can_be_checked_without_a_definition(
    files: Files, tmp_path: Path
) -> None:
    left = {name: data for name, data in files.items() if name != "assembly.json"}
    found = statuses(verify.verify(write(left, tmp_path)))
    assert found[1] == found[2] == found[17] == {"failed"}
    passed = [number for number, status in found.items() if status == {"passed"}]
    assert passed == [4, 5, 8, 9, 10, 11, 12, 13, 14]


def test_one_bad_archive_does_not_stop_the_others(
    files: Files, stages: Stages, tmp_path: Path
) -> None:
    file = stages.decided.box().file
    report = verify.verify(write(files | {file: files[file][:-512]}, tmp_path))
    failed = [check for check in report.checks if check.status == "failed"]
    assert [(check.step, check.file) for check in failed] == [(steps.ARCHIVE, file)]
    for check in report.checks:
        if check.step.number in (8, 9, 10, 11, 14):
            assert check.status == ("not-checked" if check.file == file else "passed")


def test_the_prose_and_the_report_have_the_same_numbers() -> None:
    for module, listed in ((verify, steps.STEPS), (receipts, steps.RECEIPT_STEPS)):
        numbers = re.findall(r"^(\d+)\. ", module.__doc__ or "", re.MULTILINE)
        assert [int(number) for number in numbers] == [step.number for step in listed]


def test_the_json_is_as_documented(bundle: Path) -> None:
    report = json.loads(verify.verify(bundle).to_json())
    assert list(report) == ["format", "subject", "verdict", "checks", "facts"]
    assert (report["format"], report["subject"], report["verdict"]) == (1, "bundle", "holds")
    for check in report["checks"]:
        assert list(check) == ["number", "name", "file", "status", "detail", "findings"]
    facts = report["facts"]
    assert list(facts) == ["assembly", "log", "elections"]
    assert facts["assembly"]["id"] == "atelier-2026"
    assert [each["ballots"] for each in facts["elections"]] == [4, 1, 1, 0]
    assert [each["counted"] for each in facts["elections"]] == [3, 1, 1, 0]
    assert facts["elections"][0]["result"] == [[4, 0, 1], [3, 1, 1]]
    assert {each["stage"] for each in facts["elections"]} == {"decided"}


def test_the_report_in_words(bundle: Path, files: Files, tmp_path: Path) -> None:
    text = verify.verify(bundle).to_text()
    assert "[ 8] ok           Every ballot's credential, signature and proofs · 4 archives" in text
    assert "4 elections, 6 ballots cast, 5 of them count." in text
    text = verify.verify(write(files | {"notes\u202e.txt": b""}, tmp_path)).to_text()
    assert "[17] FAILED" in text
    assert r"notes\u202e.txt" in text
    assert "DOES NOT HOLD: 1 of " in text


def test_a_check_that_breaks_off_has_failed() -> None:
    ledger = Ledger()
    assert ledger.attempt(Step(1, "one", "One"), "file", lambda: 1 // 0) is None
    [check] = ledger.checks
    assert check.status == "failed"
    assert check.findings[0].code == "unexpected"
    assert Report("bundle", (check,), {}).exit_code == 1


def test_a_report_without_checks_holds_nothing() -> None:
    assert Report("bundle", (), {}).verdict == "fails"
    unchecked = Check(Step(1, "one", "One"), None, "not-checked")
    assert Report("bundle", (unchecked,), {}).verdict == "fails"


@pytest.mark.parametrize(
    ("stage", "reached"),
    [("opened", []), ("voted", []), ("closed", []), ("summed", [9, 10]), ("decided", [9, 10, 11])],
)
def test_a_single_archive_at_any_stage(
    stage: str, reached: list[int], stages: Stages, tmp_path: Path
) -> None:
    path = tmp_path / "election.bel"
    path.write_bytes(getattr(stages, stage).box().archive())
    report = verify.verify(path)
    assert report.exit_code == 0
    found = statuses(report)
    assert [number for number in (9, 10, 11) if found[number] == {"passed"}] == reached
    assert set(found) == {4, 5, 8, 9, 10, 11}
    said = {"opened": "voting", "voted": "voting", "closed": "ended", "summed": "tallied"}
    [election] = json.loads(report.to_json())["facts"]["elections"]
    assert election["stage"] == said.get(stage, "decided")
    assert "Stage: " in report.to_text()


def test_a_single_archive_with_a_flaw(stages: Stages, tmp_path: Path) -> None:
    path = tmp_path / "election.bel"
    path.write_bytes(stages.decided.box().archive() + b"\0")
    report = verify.verify(path)
    assert report.exit_code == 1
    assert statuses(report)[4] == {"failed"}
    assert report.checks[0].findings[0].file == "election.bel"
