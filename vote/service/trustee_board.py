"""An assembly's signed log as a trustee sees it: read whole, and believed only where it binds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from vote.audit.log import Contents, read_entries
from vote.election.archive import Event
from vote.election.election import Election
from vote.election.errors import ProtocolError
from vote.election.setup import SetupData
from vote.service.errors import Refusal
from vote.tlog.checkpoint import open_checkpoint
from vote.tlog.entry import Definition
from vote.tlog.errors import LogError
from vote.tlog.merkle import Tree, leaf_hash
from vote.tlog.note import MAX_NOTE_SIZE, VerifierKey
from vote.tlog.tiles import MAX_ENTRY_SIZE, TILE_WIDTH, verify_tiles

_MAX_KEY: Final = 4096
_MAX_ENTRIES: Final = 10_000_000  # a signed size can be anything: count before enumerating
_MAX_TILE: Final = TILE_WIDTH * (MAX_ENTRY_SIZE + 2)
_MAX_LIST: Final = 2**20
_MAX_ELECTION: Final = 16 * 2**20
_SAYS: Final = "{reason} So nothing was decrypted. Tell the bureau."

Read = Callable[[str, int], bytes | None]
"""Gives what the service has at a path, at most so many bytes; None: it has no such thing."""


@dataclass(frozen=True, slots=True)
class Head:
    """A tree of the log: its size, and its root in base64."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Board:
    """A log whose entries lead to its signed root, and how each listed election begins in it.

    `starts`: by an election's UUID, what its only Setup event stands for. `sums`: of the tree up to
    and including the last sum, which trustees compare: whoever has the same one decrypts the same
    sums, and what comes afterwards differs with the moment.
    """

    definition: Definition
    contents: Contents
    tree: Tree
    sums: Head
    starts: Mapping[str, SetupData]

    @property
    def head(self) -> Head:
        """Of the whole tree."""
        return _head(self.tree, self.tree.size)


def refused(code: str, reason: str) -> Refusal:
    """A refusal for the command, which speaks English: `reason` is a sentence."""
    return Refusal(code, _SAYS, {"reason": reason})


def read_board(assembly: str, read: Read) -> Board:
    """Read and check the log of an assembly and its list of elections. Raises Refusal."""
    with _in_words():
        log = f"/log/{assembly}"
        key = VerifierKey.from_line(_need(read, f"{log}/key", _MAX_KEY))
        checkpoint = open_checkpoint(_need(read, f"{log}/checkpoint", MAX_NOTE_SIZE), key)
        if checkpoint.size > _MAX_ENTRIES:
            raise refused("log-too-large", f"The log has {checkpoint.size} entries.")
        entries = verify_tiles(
            checkpoint.size, checkpoint.root, lambda path: _need(read, f"{log}/{path}", _MAX_TILE)
        )
        listed = _need(read, f"/api/assemblies/{assembly}/elections", _MAX_LIST)
        return check_board(assembly, entries, listed, read)


def check_board(assembly: str, entries: Sequence[bytes], listed: bytes, read: Read) -> Board:
    """Check what a log binds: the list of elections, each of which begins in it exactly once.

    `listed`: elections.json. `read` gives files of archives by their hash. Raises Refusal
    `other-agenda`, `other-elections`, `setup-twice`, `setup-missing`, `event-stray` and others of
    entries that belong to nothing, `not-tallied` before there is a sum.
    """
    contents = read_entries(entries)
    first = contents.at(0)
    definition = first.own if first else None
    if not isinstance(definition, Definition) or definition.assembly != assembly:
        raise refused("other-agenda", "The log begins with another agenda than this assembly's.")
    if definition.elections_sha256 != sha256(listed).hexdigest():
        raise refused("other-elections", "The log was begun for another list of elections.")
    uuids = _uuids(listed)
    begun = sum(_is_setup(entry) for entry in entries)
    if begun > len(uuids):
        raise refused("setup-twice", "The log begins more elections than are listed.")
    if begun < len(uuids):
        raise refused("setup-missing", "The log does not begin all elections that are listed.")
    if contents.strays:
        stray = contents.strays[0]
        raise refused(stray.code, f"In the log, {stray.message}.")
    starts = _starts(contents, uuids, read)
    tree = Tree(leaf_hash(entry) for entry in entries)
    return Board(definition, contents, tree, _head(tree, _sums(contents)), starts)


def check_continues(board: Board, before: Head) -> None:
    """Check that a log goes on from where it was before. Raises Refusal."""
    if board.tree.size < before.size:
        raise refused("log-shorter", "The log is shorter than it was before.")
    if before.size < 0 or _head(board.tree, before.size) != before:
        raise refused("log-changed", "The log is not the one that it was before.")


def _head(tree: Tree, size: int) -> Head:
    return Head(size, tree.root(size).base64())


def _sums(contents: Contents) -> int:
    """How many entries there are up to and including the last sum."""
    sums = [item.number for item in contents.items if item.event == "EncryptedTally"]
    if not sums:
        raise refused("not-tallied", "The log does not hold a sum to be decrypted.")
    return sums[-1] + 1


def _is_setup(entry: bytes) -> bool:
    try:
        return Event.parse(entry).type == "Setup"
    except ProtocolError:
        return False


def _uuids(listed: bytes) -> list[str]:
    try:
        found = [str(each["uuid"]) for each in json.loads(listed)]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise refused("other-elections", "The list of elections cannot be read.") from error
    if len(set(found)) != len(found) or not all(u.isascii() and u.isalnum() for u in found):
        raise refused("other-elections", "The list of elections is not one.")
    return found


def _starts(contents: Contents, uuids: Sequence[str], read: Read) -> dict[str, SetupData]:
    """Which election each Setup event is for: a second chain of one would take another's place."""
    starts: dict[str, SetupData] = {}
    for payload in contents.chains:
        for uuid in uuids:
            data = None if uuid in starts else _object(read, uuid, payload, _MAX_KEY)
            if data is not None:
                start = SetupData.parse(data)
                _check_begins(read, uuid, start)
                starts[uuid] = start
                break
        else:
            raise refused("setup-twice", "The log begins an election that is not listed, or twice.")
    return starts


def _check_begins(read: Read, uuid: str, start: SetupData) -> None:
    data = _object(read, uuid, start.election, _MAX_ELECTION)
    if data is None:
        raise refused("not-served", "The service does not give an election that the log begins.")
    if Election.parse(data).uuid != uuid:
        raise refused("setup-twice", "The log begins an election in the place of another.")


def _object(read: Read, uuid: str, digest: str, limit: int) -> bytes | None:
    data = read(f"/api/elections/{uuid}/objects/{digest}", limit)
    if data is not None and sha256(data).hexdigest() != digest:
        raise refused("member-hash", "A file of an archive is not what its name says.")
    return data


def _need(read: Read, path: str, limit: int) -> bytes:
    data = read(path, limit)
    if data is None:
        raise refused("not-served", f"The service does not have {path}.")
    return data


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (LogError, ProtocolError) as error:
        raise refused(error.code, f"The log does not hold: {error.message}.") from error
