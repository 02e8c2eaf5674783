"""What a trustee's computer remembers beside the key: the sums it decrypted, the logs it saw."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from vote.service import durable
from vote.service.errors import Unreadable
from vote.service.trustee_board import Board, Head, check_continues, refused

_DAMAGED: Final = (
    "“{file}” cannot be read. It says what was decrypted with this key: do not delete it, "
    "put it right from a copy."
)


@dataclass(frozen=True, slots=True)
class Memory:
    """`decrypted`: by an election's UUID, the hash of the EncryptedTally event that was decrypted.

    `logs`: by assembly, where its log was when it was last seen.
    """

    decrypted: Mapping[str, str] = field(default_factory=dict)
    logs: Mapping[str, Head] = field(default_factory=dict)

    def seen(self, board: Board) -> Memory:
        """With the log as it is now. Raises Refusal if it does not continue the one before."""
        assembly = board.definition.assembly
        before = self.logs.get(assembly)
        if before is not None:
            check_continues(board, before)
        return replace(self, logs={**self.logs, assembly: board.head})

    def with_tally(self, uuid: str, event_hash: str) -> Memory:
        """With one more sum. Raises Refusal `second-tally` after another one of this election."""
        if self.decrypted.get(uuid, event_hash) != event_hash:
            raise refused("second-tally", f"{uuid}: you decrypted another sum before.")
        return replace(self, decrypted={**self.decrypted, uuid: event_hash})


def beside(key: Path) -> Path:
    """Where the memory of a key's file is kept."""
    return key.with_name(f"{key.name}.decrypted")


def recall(place: Path) -> Memory:
    """What was kept; nothing at first. Raises Unreadable."""
    try:
        data = place.read_bytes()
    except FileNotFoundError:
        return Memory()
    try:
        found = json.loads(data)
        logs = {
            str(name): Head(int(head["size"]), str(head["root"]))
            for name, head in found["logs"].items()
        }
        decrypted = {str(uuid): str(event) for uuid, event in found["decrypted"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable("bad-memory", _DAMAGED, {"file": str(place)}) from error
    return Memory(decrypted, logs)


def keep(place: Path, memory: Memory) -> None:
    """Write it down, and return only once the disk has it."""
    durable.write(place, json.dumps(asdict(memory), indent=1).encode() + b"\n")
