"""The service's own secrets: files outside the database, so that no backup of it holds them."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vote.tlog.note import SigningKey


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The newest tree that the log key has signed: never sign a smaller or another one."""

    size: int
    root: bytes


class Vault:
    """A folder readable by the service alone.

    It holds the key of each ballot log, the service's own trustee key of each election, the key of
    each assembly's mandates, that of the web sessions, and beside each log key the last head that
    it signed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def session_key(self) -> bytes:
        return self._read_or_make("sessions.key")

    def mandate_key(self, assembly: str) -> bytes:
        """What the tickets of an assembly's mandates are made with."""
        return self._read_or_make(f"mandates-{assembly}.key")

    def make_log_key(self, assembly: str, name: str) -> SigningKey:
        key = SigningKey.generate(name)
        _write(self._path(f"log-{assembly}.key"), f"{name}\n{key.seed().hex()}\n".encode())
        return key

    def log_key(self, assembly: str) -> SigningKey:
        name, seed = self._path(f"log-{assembly}.key").read_text().splitlines()
        return SigningKey.from_seed(name, bytes.fromhex(seed))

    def keep_election_key(self, uuid: str, private_key: int) -> None:
        _write(self._path(f"election-{uuid}.key"), str(private_key).encode())

    def election_key(self, uuid: str) -> int:
        return int(self._path(f"election-{uuid}.key").read_text())

    def destroy(self, assembly: str, uuids: Iterable[str]) -> None:
        """Destroy what could decrypt, link or sign for an assembly: it cannot be undone.

        The files are overwritten first; what a disk or a backup keeps of them is beyond our reach.
        """
        names = [*(f"election-{uuid}.key" for uuid in uuids), f"mandates-{assembly}.key"]
        for name in [*names, f"log-{assembly}.key"]:
            path = self._path(name)
            if path.exists():
                _write_over(path)
                path.unlink()
        _sync(self._folder)

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Only one thread of one process at a time is inside, on this machine."""
        handle = os.open(self._path(f"{name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    @contextmanager
    def try_locked(self, name: str) -> Iterator[bool]:
        """As `locked`, but says at once whether the place was free."""
        handle = os.open(self._path(f"{name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(handle)

    def signed_head(self, assembly: str) -> SignedHead | None:
        path = self._path(f"log-{assembly}.head")
        if not path.exists():
            return None
        content = json.loads(path.read_text())
        return SignedHead(content["size"], bytes.fromhex(content["root"]))

    def keep_signed_head(self, assembly: str, head: SignedHead) -> None:
        content = {"size": head.size, "root": head.root.hex()}
        _write(self._path(f"log-{assembly}.head"), json.dumps(content).encode())

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _read_or_make(self, name: str) -> bytes:
        path = self._path(name)
        with self.locked(name):
            if not path.exists():
                _write(path, secrets.token_bytes(32))
        return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    """Replace a file so that after a crash it has either the old content or the new."""
    temporary = path.with_name(path.name + ".new")
    handle = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    temporary.replace(path)
    _sync(path.parent)


def _write_over(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY)
    try:
        os.write(handle, secrets.token_bytes(path.stat().st_size))
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    """Have the folder's own entries on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
