"""Every file of a bundle, damaged in many ways: refused, the file named, and never a traceback."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audit.forging import Stages
from tests.audit.workshop import Files, write
from vote.audit.errors import UnreadableError
from vote.audit.report import Report
from vote.audit.verify import verify

Rng = random.Random
ROUNDS = 8


def flip(rng: Rng, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ rng.randrange(1, 256)]) + data[at + 1 :]


def cut(rng: Rng, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def take_out(rng: Rng, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.choice([1, 32, 512]) :]


def repeat(rng: Rng, data: bytes) -> bytes:
    at, length = rng.randrange(len(data)), rng.choice([1, 32, 512, 1024])
    return data[: at + length] + data[at:]


def insert(rng: Rng, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + rng.choice([b"\0", b" ", b"[" * 100_000, b"9" * 5000]) + data[at:]


def append(rng: Rng, data: bytes) -> bytes:
    return data + rng.choice([b"\n", b"\0", b" ", bytes(512), bytes(1024), b"{}"])


DAMAGES = (flip, flip, flip, cut, take_out, repeat, insert, append)


def check(report: Report, file: str) -> None:
    assert report.exit_code == 1
    found = {(each.file, each.code) for check in report.checks for each in check.findings}
    assert file in {name for name, _ in found}, found
    assert "unexpected" not in {code for _, code in found}
    assert report.to_text()
    assert report.to_json()


def kinds(files: Files) -> list[str]:
    """A name of each kind: UUIDs differ from run to run, so archives go by their place."""
    archives = sorted(name for name in files if name.endswith(".bel"))
    return [name for name in files if name not in archives[1:]]


@pytest.mark.parametrize("number", range(11))
def test_a_damaged_file_is_named(number: int, files: Files, tmp_path: Path) -> None:
    name = kinds(files)[number]
    rng = random.Random(number)
    bundle = write(files, tmp_path)
    for damage in DAMAGES * (ROUNDS // len(DAMAGES)):
        damaged = damage(rng, files[name])
        if damaged == files[name]:
            continue
        (bundle / name).write_bytes(damaged)
        check(verify(bundle), name)


def test_there_are_no_more_kinds_of_files(files: Files) -> None:
    assert len(kinds(files)) == 11


def test_a_missing_file_is_named(files: Files, tmp_path: Path) -> None:
    bundle = write(files, tmp_path / "bundle")
    for name in kinds(files):
        (bundle / name).rename(tmp_path / "aside")
        report = verify(bundle)
        (tmp_path / "aside").rename(bundle / name)
        check(report, name)


def test_a_file_in_the_place_of_another_is_named(files: Files, tmp_path: Path) -> None:
    bundle = write(files, tmp_path)
    names = kinds(files)
    for name, other in zip(names, names[1:] + names[:1], strict=True):
        (bundle / name).write_bytes(files[other])
        check(verify(bundle), name)
        (bundle / name).write_bytes(files[name])


@pytest.mark.parametrize("name", ["more", "log/more", "log/tile/1/000.p/1", "elections/x.bel"])
def test_a_further_file_is_named(name: str, files: Files, tmp_path: Path) -> None:
    check(verify(write({**files, name: b"made up"}, tmp_path)), name)


def verdict(path: Path) -> int:
    try:
        return verify(path).exit_code
    except UnreadableError:
        return 2


def contents(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {each.filename: archive.read(each) for each in archive.infolist()}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_damaged_zip_never_holds_other_contents(files: Files, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    honest = path.read_bytes()
    directory = honest.index(b"PK\x01\x02")
    rng = random.Random(1)
    for number in range(40):
        damage: Callable[[Rng, bytes], bytes] = rng.choice(DAMAGES)
        # Half of the damage goes to the list of files at the end.
        split = directory if number % 2 else 0
        path.write_bytes(honest[:split] + damage(rng, honest[split:]))
        if verdict(path) == 0:
            assert contents(path) == files


def test_a_damaged_archive_alone(stages: Stages, tmp_path: Path) -> None:
    path = tmp_path / "election.bel"
    honest = stages.decided.box().archive()
    rng = random.Random(2)
    for number in range(40):
        damaged = DAMAGES[number % len(DAMAGES)](rng, honest)
        path.write_bytes(damaged)
        # Cut between two events, an archive is an archive: of an earlier stage.
        whole = honest.startswith(damaged) and len(damaged) % 512 == 0
        assert verdict(path) in ((0, 1) if whole else (1, 2))
