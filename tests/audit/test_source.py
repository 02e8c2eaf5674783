"""What is not a bundle, or only looks like one: refused in words, whatever it is."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audit.workshop import Files, write
from vote.audit import source as sources
from vote.audit.errors import AuditError, UnreadableError
from vote.audit.source import open_source, read
from vote.audit.verify import verify


def codes(path: Path) -> set[tuple[str | None, str]]:
    """Every finding's file and code."""
    report = verify(path)
    assert report.exit_code == 1
    return {(each.file, each.code) for check in report.checks for each in check.findings}


def zipped(path: Path, files: Files, *more: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*files.items(), *more]:
            archive.writestr(name, data)
    return path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "bundle.zip"


def unreadable(path: Path) -> str:
    with pytest.raises(UnreadableError) as refusal:
        verify(path)
    return refusal.value.code


def test_what_cannot_be_read(tmp_path: Path, files: Files) -> None:
    assert unreadable(tmp_path / "nothing here") == "unreadable"
    assert unreadable(tmp_path / ("x" * 5000)) == "unreadable"
    assert unreadable(Path("a\0b")) == "unreadable"
    assert unreadable(tmp_path) == "not-a-bundle"
    for name, data in {"empty": b"", "text": b"hello", "json": files["assembly.json"]}.items():
        (tmp_path / name).write_bytes(data)
        assert unreadable(tmp_path / name) == "not-a-bundle"
    (tmp_path / "zip").write_bytes(b"PK\x03\x04 is not enough")
    assert unreadable(tmp_path / "zip") == "not-a-zip"
    os.mkfifo(tmp_path / "pipe")
    assert unreadable(tmp_path / "pipe") == "not-a-file"
    assert unreadable(Path("/dev/zero")) == "not-a-file"
    zipped(tmp_path / "other.zip", {"readme.txt": b"hello"})
    assert unreadable(tmp_path / "other.zip") == "not-a-bundle"


def test_links_and_devices_in_a_folder(files: Files, tmp_path: Path) -> None:
    bundle = write(files, tmp_path / "bundle")
    (tmp_path / "real").write_bytes((bundle / "outcome.json").read_bytes())
    (bundle / "outcome.json").unlink()
    (bundle / "outcome.json").symlink_to(tmp_path / "real")
    (bundle / "loop").symlink_to(bundle, target_is_directory=True)
    os.mkfifo(bundle / "photos/pipe")
    found = codes(bundle)
    assert {("outcome.json", "not-a-file"), ("loop", "not-a-file")} <= found
    assert ("photos/pipe", "not-a-file") in found


def test_folders_without_end(files: Files, tmp_path: Path) -> None:
    bundle = write(files, tmp_path / "bundle")
    deep = bundle.joinpath(*["deep"] * 40)
    deep.mkdir(parents=True)
    (deep / "file").write_bytes(b"")
    assert ("/".join(["deep"] * 17), "too-deep") in codes(bundle)


@pytest.mark.parametrize("name", [b"line\nbreak", b"esc\x1b[2J", b"not utf-8 \xff", b"back\\slash"])
def test_strange_names(name: bytes, files: Files, tmp_path: Path) -> None:
    bundle = write(files, tmp_path / "bundle")
    Path(os.fsdecode(os.fsencode(bundle) + b"/" + name)).write_bytes(b"")
    report = verify(bundle)
    assert report.exit_code == 1
    assert "path-not-plain" in {f.code for check in report.checks for f in check.findings}
    report.to_text().encode("utf-8")
    assert "\x1b" not in report.to_text()
    assert report.to_json().isascii()


@pytest.mark.parametrize(
    "name",
    ["../outside.txt", "/etc/made-up", "a/../../b", "./x", "a//b", "a\\b", "C:\\x", "photos/.."],
)
def test_paths_that_lead_out_of_a_zip(name: str, files: Files, place: Path) -> None:
    entry = zipfile.ZipInfo("placeholder")
    entry.filename = name
    found = codes(zipped(place, files, (entry, b"made up")))
    assert "path-not-plain" in {code for _, code in found}
    assert [each.name for each in place.parent.iterdir()] == [place.name]


def test_what_a_computer_adds_to_a_zip(files: Files, place: Path) -> None:
    """A bundle packed again by hand: the bundle is found, and what does not belong to it."""
    around = {f"assembly/{name}": data for name, data in files.items()}
    added = {"__MACOSX/assembly/._assembly.json": b"", "assembly/.DS_Store": b""}
    found = codes(zipped(place, around | added))
    assert found == {
        ("__MACOSX/assembly/._assembly.json", "file-surplus"),
        (".DS_Store", "file-surplus"),
    }


def test_the_same_name_twice_in_a_zip(files: Files, place: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        zipped(place, files, ("outcome.json", files["outcome.json"]))
    assert ("outcome.json", "file-twice") in codes(place)


def test_a_link_in_a_zip(files: Files, place: Path) -> None:
    link = zipfile.ZipInfo("photos/link.png")
    link.external_attr = 0o120777 << 16
    assert ("photos/link.png", "not-a-file") in codes(zipped(place, files, (link, b"/etc/passwd")))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_rare_way_of_packing(method: int, files: Files, place: Path) -> None:
    entry = zipfile.ZipInfo("notes.txt")
    entry.compress_type = method
    assert ("notes.txt", "packed-strangely") in codes(zipped(place, files, (entry, b"made up")))


def test_an_encrypted_file(files: Files, place: Path) -> None:
    data = bytearray(zipped(place, files).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.index(signature + b"", data.index(b"outcome.json") - 60)
        at = data.rindex(signature, 0, data.index(b"outcome.json", start) + 1)
        data[at + offset] |= 1
    place.write_bytes(data)
    assert "outcome.json" in {file for file, _ in codes(place)}


def test_a_file_that_unpacks_without_end(files: Files, place: Path) -> None:
    bomb = b"\0" * (60 << 20)
    zipped(place, {**files, "photos/more.png": os.urandom(2 << 20)}, ("photos/bomb.png", bomb))
    assert ("photos/bomb.png", "zip-bomb") in codes(place)


def test_a_zip_that_unpacks_without_end(files: Files, place: Path) -> None:
    zipped(place, files, *((f"photos/{n}.png", b"\0" * (1 << 20)) for n in range(40)))
    assert unreadable(place) == "zip-bomb"


def test_a_size_that_is_a_lie(files: Files, place: Path) -> None:
    """The file is larger than the zip says: what is beyond is not read."""
    data = bytearray(zipped(place, files).read_bytes())
    at = data.rindex(b"outcome.json") - 46
    [size] = struct.unpack_from("<I", data, at + 24)
    struct.pack_into("<I", data, at + 24, size - 1)
    place.write_bytes(data)
    assert ("outcome.json", "file-unreadable") in codes(place)


def test_damage_inside_a_zip(files: Files, place: Path, stages: object) -> None:
    data = bytearray(zipped(place, files).read_bytes())
    file = next(name for name in files if name.endswith(".bel"))
    data[data.index(file.encode()) + len(file) + 2000] ^= 0xFF
    place.write_bytes(data)
    assert file in {found for found, _ in codes(place)}


@pytest.mark.parametrize("edit", [lambda d: d[:-30], lambda d: d[:1000] + d[1010:]])
def test_a_zip_cut_short(edit: Callable[[bytes], bytes], files: Files, place: Path) -> None:
    place.write_bytes(edit(zipped(place, files).read_bytes()))
    try:
        assert verify(place).exit_code == 1
    except UnreadableError as error:
        assert error.code == "not-a-zip"  # noqa: PT017 -- either is a refusal


def test_too_many_files(files: Files, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_FILES", 5)
    assert unreadable(zipped(place, files)) == "too-many-files"
    assert unreadable(write(files, place.with_suffix(""))) == "too-many-files"


def test_a_file_larger_than_it_may_be(bundle: Path) -> None:
    source = open_source(bundle)
    with pytest.raises(AuditError) as refusal:
        read(source, "outcome.json", 10)
    assert refusal.value.findings[0].code == "file-too-large"


def test_a_file_that_may_not_be_read(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root every file may be read, so the system's answer is played."""

    def refuse(_: object, name: str) -> None:
        raise PermissionError(13, "Permission denied", name)

    monkeypatch.setattr(sources.FolderSource, "open", refuse)
    report = verify(bundle)
    assert report.exit_code == 1
    assert not {f.code for c in report.checks for f in c.findings} - {"file-unreadable"}
