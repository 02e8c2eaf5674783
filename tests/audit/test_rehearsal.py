"""What the service writes, the verifier holds: rehearsed assemblies, by their bundles."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests import small
from vote.audit import steps
from vote.audit.receipts import verify_receipt
from vote.audit.report import Report
from vote.audit.verify import verify
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.service import bundle, casting, closing, overview, rehearse, signing_in, tally
from vote.service.folder import AssemblyFolder, read_folder
from vote.service.house import Settings

SAMPLES = Path(__file__).parents[2] / "vote/samples"


def play(folder: AssemblyFolder, place: bundle.Place, data: Path, turnout: float) -> None:
    casts = rehearse.draw_casts(folder, turnout, seed=1)
    settings = Settings.in_folder(data)
    rehearse.rehearse(settings, folder, casts, place, report=lambda *_: None, workers=1)


def holds(report: Report) -> bool:
    assert not [check for check in report.checks if check.findings], report.to_text()
    return {check.step for check in report.checks} == set(steps.STEPS) and report.exit_code == 0


def test_a_sample_with_colleges_quotas_lots_and_photos(tmp_path: Path) -> None:
    folder = read_folder(SAMPLES / "rails-buissonniers-2026")
    play(folder, bundle.Folder(tmp_path / "bundle"), tmp_path / "data", turnout=0.02)
    assert holds(verify(tmp_path / "bundle"))


def test_a_small_assembly_zipped(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        play(small.folder(), bundle.Zip(archive), tmp_path / "data", turnout=0.5)
    assert holds(verify(path))


def test_a_receipt_of_the_service_is_good_to_the_end(tmp_path: Path) -> None:
    opened = small.open_assembly(tmp_path / "data")
    house, assembly, code = opened.house, opened.assembly, opened.codes["persons-1"]
    token = sign_in_token(assembly, code)
    [paper] = signing_in.sign_in(house, assembly, token).papers
    receipts = []
    for number, answers in enumerate([((1, 0, 0), (0, 1, 0, 0)), ((0, 1, 0), (1, 0, 0, 0))]):
        ballot = encrypt(overview.election_bytes(house, paper.uuid), code, answers)
        receipts.append(tmp_path / f"{number}.tlog-proof")
        receipts[-1].write_bytes(casting.cast(house, paper.uuid, token, ballot))
    closing.close(house, assembly)
    tally.advance(house, assembly)
    rehearse.decrypt(house, assembly, opened.bureau)
    tally.advance(house, assembly)
    bundle.write(house, assembly, bundle.Folder(tmp_path / "bundle"))
    house.close()
    for receipt, words in zip(receipts, ["a later one of the same code", "counts"], strict=True):
        report = verify_receipt(receipt, bundle=tmp_path / "bundle").report
        assert report.exit_code == 0
        assert words in report.to_text()
