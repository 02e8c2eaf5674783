"""The monitor's own copy of the elections' archives, appended to as the events come."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from vote.election.archive import Header, Kind, member
from vote.service import durable
from vote.service.errors import Unreadable


class ArchiveCopy:
    """An archive's file, `length` bytes and `events` events of which are known to be good."""

    def __init__(self, path: Path, length: int = 0, events: int = 0) -> None:
        self._path = path
        self.length = length
        self.events = events
        self._timestamp: int | None = None
        self._synced = True
        if not length:
            return
        if not path.exists() or path.stat().st_size < length:
            raise Unreadable(
                "copy-damaged",
                "The copy in “{folder}” is damaged. Start again with another --state folder.",
                {"folder": str(path.parent)},
            )
        with path.open("rb") as file:
            header = file.read(512 + 128)[512:].partition(b"\0")[0]
        self._timestamp = Header.parse(header).timestamp

    def begin(self, header: bytes) -> bytes:
        """The first member, for `header`, the bytes of the file BELENIOS. Raises ProtocolError."""
        self._timestamp = Header.parse(header).timestamp
        return member("header", header, self._timestamp)

    def event(self, data: Sequence[bytes], event: bytes) -> bytes:
        """The members for an event and the data that belong to it."""
        if self._timestamp is None:
            raise RuntimeError("an archive begins with its header")
        kinds: list[tuple[Kind, bytes]] = [("data", each) for each in data]
        kinds.append(("event", event))
        return b"".join(member(kind, each, self._timestamp) for kind, each in kinds)

    def append(self, members: bytes, events: int) -> None:
        """Write so many events after what is good; `sync` has it on the disk."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o644)
        with os.fdopen(handle, "r+b") as file:
            file.truncate(self.length)
            file.seek(self.length)
            file.write(members)
        self.length += len(members)
        self.events += events
        self._synced = False

    def sync(self) -> None:
        """Have on the disk what was appended."""
        if not self._synced:
            with self._path.open("rb") as file:
                os.fsync(file.fileno())
            durable.sync_folder(self._path.parent)
            self._synced = True
