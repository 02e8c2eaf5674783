"""What a monitor remembers, in a folder, so that a restart goes on where it was.

    monitor.json     what is watched, and the log's key as it was at first sight
    watched/         the copy, laid out as a bundle
    progress.json    up to which entry the ballots are checked and kept
    alarms.json      what was found
    evidence/        proofs of misbehaviour, and checkpoints that contradict each other

`watched/log/checkpoint` says how far the log itself has been copied.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from vote.service import durable
from vote.service.errors import Unreadable

FORMAT: Final = 1
MOST_OF_A_KIND: Final = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """The good part of an election's archive: its length in bytes, its events, and the payload of
    the first of them."""

    length: int
    events: int
    setup: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How many entries of the log have been checked and kept, and the archives by UUID."""

    checked: int = 0
    archives: Mapping[str, Kept] | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that an auditor has to know.

    `time` in ISO 8601; `proof` the name of a file in `evidence/`; `lasting`: it stays true, as a
    changed ballot does and a service that was silent for a while does not; `told`: to those who
    are to be told.
    """

    time: str
    code: str
    message: str
    proof: str | None = None
    lasting: bool = True
    told: bool = False


class State:
    """The folder. `key` is the vkey of the log, once it is known."""

    def __init__(self, folder: Path, address: str, key: str | None) -> None:
        self.folder = folder
        self.watched = folder / "watched"
        self.key = self._identify(address, key)
        self.progress = self._load_progress()
        self.alarms = [Alarm(**each) for each in self._load("alarms.json", [])]

    def _identify(self, address: str, key: str | None) -> str | None:
        known = self._load("monitor.json", None)
        if known is None:
            self._save("monitor.json", {"format": FORMAT, "address": address, "key": key})
            return key
        if known["address"] != address or (key and known["key"] not in (None, key)):
            raise Unreadable(
                "other-assembly",
                "“{folder}” belongs to a monitor of {address} with another key or address. Choose "
                "another --state folder.",
                {"folder": str(self.folder), "address": known["address"]},
            )
        if known["key"] is None and key is not None:
            self._save("monitor.json", known | {"key": key})
        found: str | None = known["key"] or key
        return found

    def keep_key(self, key: str) -> None:
        """From now on, the log is that of this key."""
        self._save("monitor.json", self._load("monitor.json", {}) | {"key": key})
        self.key = key

    def _load_progress(self) -> Progress:
        found = self._load("progress.json", {"checked": 0, "archives": {}})
        archives = {uuid: Kept(**kept) for uuid, kept in found["archives"].items()}
        return Progress(found["checked"], archives)

    def keep_progress(self, checked: int, archives: Mapping[str, Kept]) -> None:
        """The archives have been written up to here."""
        self.progress = Progress(checked, dict(archives))
        rows = {uuid: asdict(kept) for uuid, kept in archives.items()}
        self._save("progress.json", {"checked": checked, "archives": rows})

    def alarm(
        self, code: str, message: str, *, proof: bytes | None = None, lasting: bool = True
    ) -> Alarm | None:
        """Write an alarm down; None if it is known already.

        Of very many alarms of one kind the first are listed, and one more says that there are.
        """
        if sum(each.code == code for each in self.alarms) >= MOST_OF_A_KIND:
            message = "there are more alarms like these"
        if any((each.code, each.message) == (code, message) for each in self.alarms):
            return None
        name = None
        if proof is not None:
            name = f"{code}-{sha256(proof).hexdigest()[:12]}.misbehaviour.json"
            self.keep_evidence(name, proof)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        alarm = Alarm(now, code, message, name, lasting)
        self.alarms.append(alarm)
        self._save_alarms()
        return alarm

    def keep_evidence(self, name: str, content: bytes) -> None:
        """A file for whoever looks into it later."""
        (self.folder / "evidence").mkdir(exist_ok=True)
        durable.write(self.folder / "evidence" / name, content, mode=0o644)

    def mark_told(self, alarm: Alarm) -> None:
        """Somebody has been told."""
        self.alarms = [replace(each, told=True) if each is alarm else each for each in self.alarms]
        self._save_alarms()

    def forget(self, code: str) -> None:
        """Something that does not last is over."""
        if any(each.code == code for each in self.alarms):
            self.alarms = [each for each in self.alarms if each.code != code]
            self._save_alarms()

    def _save_alarms(self) -> None:
        self._save("alarms.json", [asdict(each) for each in self.alarms])

    def _load(self, name: str, default: object) -> Any:
        path = self.folder / name
        if not path.exists():
            return default
        try:
            return json.loads(path.read_bytes())
        except ValueError as error:
            raise Unreadable(
                "copy-damaged",
                "“{file}” is damaged. Start again with another --state folder.",
                {"file": str(path)},
            ) from error

    def _save(self, name: str, value: object) -> None:
        content = json.dumps(value, indent=1, ensure_ascii=False)
        durable.write(self.folder / name, content.encode(), mode=0o644)


@contextmanager
def opened(folder: Path, address: str, key: str | None = None) -> Iterator[State]:
    """The state in `folder`, which nobody else may use until the block ends. Raises Unreadable."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    with durable.held(folder) as free:
        if not free:
            raise Unreadable(
                "monitor-running",
                "Another monitor is at work in “{folder}”.",
                {"folder": str(folder)},
            )
        yield State(folder, address, key)
