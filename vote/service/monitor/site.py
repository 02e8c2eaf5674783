"""What a monitor asks of the service that it watches; nothing that comes back is believed here."""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Lock, local
from typing import Final

from vote.election.archive import MAX_MEMBER_BYTES
from vote.service.client import Client, UnreachableError
from vote.service.errors import Unreadable
from vote.tlog.note import MAX_NOTE_SIZE
from vote.tlog.tiles import MAX_ENTRY_SIZE, TILE_WIDTH, Tile

SECONDS: Final = 30.0  # for one answer
DOWNLOAD_SECONDS: Final = 3600.0  # for the whole bundle
_MAX_KEY: Final = 4096
_MAX_TILE: Final = TILE_WIDTH * (MAX_ENTRY_SIZE + 2)
_MAX_FILE: Final = 64 * 2**20
_MAX_BUNDLE: Final = 2**40
_PLACES: Final = ("a", "log")  # …/a/ASSEMBLY/… or …/log/ASSEMBLY/…


class SilentError(Exception):
    """The service does not answer, or says that it cannot; an English sentence."""


class MissingError(Exception):
    """The service answers, but does not give what it must have; an English sentence."""


class ReservedError(MissingError):
    """The service keeps something back, and says so."""


class Site:
    """An assembly at its address. For several threads, each with a connection of its own."""

    def __init__(self, base: str, assembly: str) -> None:
        self.base = base
        self.assembly = assembly
        self._own = local()
        self._clients: list[Client] = []
        self._lock = Lock()

    @classmethod
    def at(cls, address: str) -> Site:
        """The assembly whose page or log is at `address`. Raises Unreadable."""
        parts = urllib.parse.urlsplit(address)
        segments = parts.path.split("/")
        for number in range(len(segments) - 2, -1, -1):
            if segments[number] in _PLACES and segments[number + 1]:
                base = f"{parts.scheme}://{parts.netloc}{'/'.join(segments[:number])}"
                try:
                    Client(base, SECONDS).close()
                except ValueError:
                    break
                return cls(base, segments[number + 1])
        raise Unreadable(
            "bad-address",
            "“{address}” is not the address of an assembly: https://HOST/a/ASSEMBLY/ or "
            "https://HOST/log/ASSEMBLY.",
            {"address": address},
        )

    @property
    def address(self) -> str:
        """The assembly's page."""
        return f"{self.base}/a/{self.assembly}/"

    def exists(self) -> bool:
        """Whether the service knows the assembly. Raises SilentError."""
        return self._find(f"/api/assemblies/{self.assembly}", _MAX_FILE) is not None

    def checkpoint(self) -> bytes | None:
        """The newest checkpoint; None before opening."""
        return self._find(f"/log/{self.assembly}/checkpoint", MAX_NOTE_SIZE)

    def key(self) -> bytes:
        """The log's verifier key."""
        return self._need(f"/log/{self.assembly}/key", _MAX_KEY)

    def definition(self) -> bytes:
        """`assembly.json`."""
        return self._need(f"/api/assemblies/{self.assembly}", _MAX_FILE)

    def elections(self) -> bytes:
        """`elections.json`."""
        return self._need(f"/api/assemblies/{self.assembly}/elections", _MAX_FILE)

    def tile(self, tile: Tile) -> bytes:
        """A tile of the log."""
        return self._need(f"/log/{self.assembly}/{tile.path}", _MAX_TILE)

    def header(self, uuid: str) -> bytes:
        """The first file of an election's archive."""
        return self._need(f"/api/elections/{uuid}/archive-header", _MAX_KEY)

    def object(self, uuid: str, digest: str, limit: int = MAX_MEMBER_BYTES) -> bytes:
        """A file of an election's archive that has this SHA-256, in hexadecimal."""
        path = f"/api/elections/{uuid}/objects/{digest}"
        data = self._need(path, limit)
        if sha256(data).hexdigest() != digest:
            raise MissingError(f"{path}: what is served has another SHA-256")
        return data

    def download_bundle(self, place: Path) -> None:
        """The whole bundle, as a zip, to the file `place`."""
        temporary = place.with_name(f"{place.name}.new")
        path = f"/a/{self.assembly}/bundle.zip"
        with (
            Client(self.base, DOWNLOAD_SECONDS) as client,
            temporary.open("wb") as file,
            _silent(),
        ):
            status = client.download(path, file, _MAX_BUNDLE)
            os.fsync(file.fileno())
        if status != 200:
            raise _unexpected(path, status)
        temporary.replace(place)

    def _need(self, path: str, limit: int) -> bytes:
        found = self._find(path, limit)
        if found is None:
            raise MissingError(f"{path}: the service does not have it")
        return found

    def _find(self, path: str, limit: int) -> bytes | None:
        client: Client | None = getattr(self._own, "client", None)
        if client is None:
            client = self._own.client = Client(self.base, SECONDS)
            with self._lock:
                self._clients.append(client)
        with _silent():
            answer = client.get(urllib.parse.quote(path), limit)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise _unexpected(path, answer.status)
        return answer.body

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for client in self._clients:
                client.close()


def _unexpected(path: str, status: int) -> Exception:
    if status >= 500 or status == 429:
        return SilentError(f"the service answers {status} to {path}")
    if status == 403:
        return ReservedError(f"{path}: the service keeps it back")
    return MissingError(f"{path}: the service answers {status}")


@contextmanager
def _silent() -> Iterator[None]:
    try:
        yield
    except UnreachableError as error:
        raise SilentError(str(error)) from error
