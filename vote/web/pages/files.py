"""The files of a finished assembly's bundle: their sizes and SHA-256, and the bundle as a zip."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import BinaryIO, cast

from vote.service import box, bundle
from vote.service.house import House

_IN_MEMORY = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BundleFile:
    """A file of the bundle; `sha256` in hexadecimal, `size` in bytes."""

    path: str
    sha256: str
    size: int


class _Hasher(io.RawIOBase):
    """A file that is hashed instead of kept."""

    def __init__(self) -> None:
        self.digest = sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        content = bytes(data)  # type: ignore[call-overload]
        self.digest.update(content)
        self.size += len(content)
        return len(content)


class _Hashes:
    """A place for a bundle of which only the hashes are kept."""

    def __init__(self) -> None:
        self.files: dict[str, _Hasher] = {}

    def open(self, path: str) -> BinaryIO:
        self.files[path] = _Hasher()
        return self.files[path]  # type: ignore[return-value]


def listing(house: House, assembly: str) -> tuple[BundleFile, ...]:
    """Every file of the bundle, the tiles of the log last. Raises Refusal before the decision.

    They are hashed once: after the decision only the log's checkpoint changes, when a witness
    cosigns it late.
    """
    return _listing(house, assembly, box.last_checkpoint(house, assembly))


@lru_cache(maxsize=32)
def _listing(house: House, assembly: str, _checkpoint: bytes) -> tuple[BundleFile, ...]:
    place = _Hashes()
    bundle.write(house, assembly, place)
    return tuple(
        BundleFile(path, file.digest.hexdigest(), file.size)
        for path, file in sorted(place.files.items(), key=lambda item: _order(item[0]))
    )


def zipped(house: House, assembly: str) -> BinaryIO:
    """The whole bundle as a zip, to be read from the start; on disk when it is large."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the answer closes it
    with zipfile.ZipFile(file, "w") as archive:
        bundle.write(house, assembly, bundle.Zip(archive))
    file.seek(0)
    return cast(BinaryIO, file)


def _order(path: str) -> tuple[int, str]:
    first = ("assembly.json", "elections.json", "outcome.json")
    if path in first:
        return first.index(path), path
    places = ("elections/", "minutes/", "log/key", "log/checkpoint", "photos/")
    for place, prefix in enumerate(places, start=len(first)):
        if path.startswith(prefix):
            return place, path
    return len(first) + len(places), path
