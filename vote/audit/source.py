"""Reading a bundle: a folder, the same zipped, or a single archive; with limits, without trust.

Names are those inside the bundle, with `/` between folders. What a careful host never writes (a
link, a device, a path that leads out, the same name twice, an entry that unpacks to a thousand
times its size) is listed in `faults` and cannot be opened.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import RawIOBase
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, Literal, Protocol, cast

from vote.audit.errors import AuditError, Finding, UnreadableError, refuse

MAX_FILES: Final = 200_000
MAX_DEPTH: Final = 16
MAX_NAME: Final = 1024
_BLOCK: Final = 1 << 20
_LARGEST_RATIO: Final = 100  # archives pack about 2 to 1; deflate reaches 1032 to 1
_FREE_RATIO: Final = 1 << 20  # bytes below which the ratio does not matter
_ZIP_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
_TOP: Final = "assembly.json"  # stands at the top of every bundle
_PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNPACKING: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Source(Protocol):
    """The files that are to be verified."""

    @property
    def kind(self) -> Literal["bundle", "archive"]: ...

    @property
    def names(self) -> frozenset[str]: ...

    @property
    def faults(self) -> tuple[Finding, ...]: ...

    def size(self, name: str) -> int: ...

    def open(self, name: str) -> BinaryIO: ...

    def close(self) -> None: ...


def open_source(path: Path) -> Source:
    """The bundle or archive at `path`, told apart by what it is and not by its name.

    Raises UnreadableError.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return FolderSource(path)
        if not stat.S_ISREG(mode):
            raise UnreadableError("not-a-file", f"{path} is neither a file nor a folder.")
        with path.open("rb") as file:
            magic = file.read(8)
        if magic.startswith(_ZIP_MAGIC):
            return ZipSource(path)
        if magic == b"BELENIOS":
            return FileSource(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is not the name of a file"
        raise UnreadableError("unreadable", f"{path} cannot be read: {reason}.") from error
    raise UnreadableError(
        "not-a-bundle", f"{path} is neither a bundle (a folder or a zip) nor a .bel archive."
    )


def read(source: Source, name: str, limit: int) -> bytes:
    """A whole file of at most `limit` bytes. Raises AuditError, or OSError."""
    if name not in source.names:
        raise refuse("file-missing", "the bundle has no such file", name)
    with source.open(name) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise refuse("file-too-large", f"the file has more than {limit} bytes", name)
    return data


def digest(source: Source, name: str) -> str:
    """A file's SHA-256 in lower-case hex, read piece by piece."""
    state = sha256()
    with source.open(name) as file:
        while block := file.read(_BLOCK):
            state.update(block)
    return state.hexdigest()


class FolderSource:
    """A bundle as a folder."""

    kind: Final = "bundle"

    def __init__(self, root: Path) -> None:
        self._root = root
        found = list(islice(_walk(root, "", 0), MAX_FILES + 1))
        if len(found) > MAX_FILES:
            raise UnreadableError("too-many-files", f"{root} has more than {MAX_FILES} files.")
        self._sizes = dict(each for each in found if not isinstance(each, Finding))
        self.names = frozenset(self._sizes)
        self.faults = tuple(each for each in found if isinstance(each, Finding))

    def size(self, name: str) -> int:
        """In bytes."""
        return self._sizes[name]

    def open(self, name: str) -> BinaryIO:
        """From its start."""
        return _open(self._root / name)

    def close(self) -> None:
        """Nothing to do."""


def _walk(root: Path, inner: str, depth: int) -> Iterator[tuple[str, int] | Finding]:
    """Every file below with its size, or what is wrong with it."""
    with os.scandir(root / inner) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        name = f"{inner}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if depth == MAX_DEPTH:
                yield Finding("too-deep", f"folders lie deeper than {MAX_DEPTH}", name)
            else:
                yield from _walk(root, f"{name}/", depth + 1)
        elif not entry.is_file(follow_symlinks=False):
            yield Finding("not-a-file", "a bundle holds files, not links or devices", name)
        elif not _is_plain(name):
            yield Finding("path-not-plain", "the path is not plain", name)
        else:
            yield name, entry.stat(follow_symlinks=False).st_size


def _open(path: Path) -> BinaryIO:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags), "rb")


class FileSource:
    """A single archive."""

    kind: Final = "archive"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = path.stat().st_size
        self.names = frozenset({path.name})
        self.faults: tuple[Finding, ...] = ()

    def size(self, name: str) -> int:
        """In bytes."""
        return self._size

    def open(self, name: str) -> BinaryIO:
        """From its start."""
        return self._path.open("rb")

    def close(self) -> None:
        """Nothing to do."""


class ZipSource:
    """A bundle as a zip; one folder around the bundle is tolerated.

    Only the contents count: times, attributes and comments of a zip are no part of a bundle.
    """

    kind: Final = "bundle"

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
            packed = path.stat().st_size
        except (*_UNPACKING, OSError, ValueError, OverflowError) as error:
            raise UnreadableError("not-a-zip", f"{path} cannot be read as a zip.") from error
        if len(entries) > MAX_FILES:
            raise UnreadableError("too-many-files", f"{path} has more than {MAX_FILES} files.")
        if sum(entry.file_size for entry in entries) > _FREE_RATIO + packed * _LARGEST_RATIO:
            raise UnreadableError("zip-bomb", f"{path} would unpack to far more than it holds.")
        root = _common_root([entry.filename for entry in entries])
        self._entries: dict[str, zipfile.ZipInfo] = {}
        faults = []
        for entry in entries:
            name = entry.filename.removeprefix(root)
            fault = _entry_fault(name, entry, known=name in self._entries)
            if not entry.filename.startswith(root):
                fault = Finding("file-surplus", "it lies outside the bundle's folder", name)
            if fault is None:
                self._entries[name] = entry
            else:
                faults.append(fault)
        self.names = frozenset(self._entries)
        self.faults = tuple(faults)

    def size(self, name: str) -> int:
        """In bytes, unpacked."""
        return self._entries[name].file_size

    def open(self, name: str) -> BinaryIO:
        """From its start. Reading raises AuditError where the zip is damaged."""
        try:
            return cast("BinaryIO", _Unpacking(name, self._zip.open(self._entries[name])))
        except _UNPACKING as error:
            raise _damaged(name) from error

    def close(self) -> None:
        """Close the zip."""
        self._zip.close()


def _common_root(names: list[str]) -> str:
    """The folder around the bundle, with its slash; "" if the bundle is at the top."""
    roots = [name.removesuffix(_TOP) for name in names if name.endswith(f"/{_TOP}")]
    if _TOP not in names and len(roots) == 1 and roots[0].count("/") == 1:
        return roots[0]
    return ""


def _entry_fault(name: str, entry: zipfile.ZipInfo, *, known: bool) -> Finding | None:
    """What is wrong with an entry of a zip, if anything."""
    mode = entry.external_attr >> 16
    if not _is_plain(name):
        return Finding("path-not-plain", "the path leads out of the bundle or is not plain", name)
    if known:
        return Finding("file-twice", "the zip has two files of this name", name)
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return Finding("not-a-file", "a bundle holds files, not links or devices", name)
    if entry.flag_bits & 0x1 or entry.compress_type not in _PACKED:
        return Finding("packed-strangely", "the file is encrypted or packed in a rare way", name)
    if entry.file_size > max(_FREE_RATIO, entry.compress_size * _LARGEST_RATIO):
        return Finding("zip-bomb", "the file would unpack to far more than it holds", name)
    return None


def _is_plain(name: str) -> bool:
    parts = name.split("/")
    return (
        0 < len(name) <= MAX_NAME
        and len(parts) <= MAX_DEPTH + 1
        and not any(part in ("", ".", "..") for part in parts)
        and not any(letter < " " or letter in "\x7f\\" for letter in name)
        and not any("\ud800" <= letter <= "\udfff" for letter in name)  # what is not UTF-8
    )


def _damaged(name: str) -> AuditError:
    return refuse("file-unreadable", "the zip is damaged at this file", name)


class _Unpacking(RawIOBase):
    """A file inside a zip; damage is reported in our words."""

    def __init__(self, name: str, file: object) -> None:
        super().__init__()
        self._name = name
        self._file = cast("BinaryIO", file)

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, fewer only at the end."""
        try:
            return self._file.read(size)
        except (*_UNPACKING, OSError) as error:
            raise _damaged(self._name) from error

    def close(self) -> None:
        """Close the file, not the zip."""
        self._file.close()
        super().close()
