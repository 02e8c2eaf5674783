"""The service's own secrets: files outside the database, so that no backup of it holds them."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from vote.service import durable
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
        durable.write(self._path(f"log-{assembly}.key"), f"{name}\n{key.seed().hex()}\n".encode())
        return key

    def log_key(self, assembly: str) -> SigningKey:
        name, seed = self._path(f"log-{assembly}.key").read_text().splitlines()
        return SigningKey.from_seed(name, bytes.fromhex(seed))

    def keep_election_key(self, uuid: str, private_key: int) -> None:
        durable.write(self._path(f"election-{uuid}.key"), str(private_key).encode())

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
        durable.sync_folder(self._folder)

    def locked(self, name: str) -> AbstractContextManager[None]:
        """Only one thread of one process at a time is inside, on this machine."""
        return durable.locked(self._path(f"{name}.lock"))

    def try_locked(self, name: str) -> AbstractContextManager[bool]:
        """As `locked`, but says at once whether the place was free."""
        return durable.try_locked(self._path(f"{name}.lock"))

    def signed_head(self, assembly: str) -> SignedHead | None:
        try:
            content = json.loads(self._path(f"log-{assembly}.head").read_bytes())
        except FileNotFoundError:
            return None
        return SignedHead(content["size"], bytes.fromhex(content["root"]))

    def keep_signed_head(self, assembly: str, head: SignedHead) -> None:
        content = {"size": head.size, "root": head.root.hex()}
        durable.write(self._path(f"log-{assembly}.head"), json.dumps(content).encode())

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _read_or_make(self, name: str) -> bytes:
        path = self._path(name)
        with self.locked(name):
            if not path.exists():
                durable.write(path, secrets.token_bytes(32))
        return path.read_bytes()


def _write_over(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY)
    try:
        os.write(handle, secrets.token_bytes(path.stat().st_size))
        os.fsync(handle)
    finally:
        os.close(handle)
