"""Steps 12 to 14: the ballot log: its key and checkpoint, its tiles, the events in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from vote.audit.errors import AuditError, Finding, findings_of, in_file, refuse, refuse_if
from vote.audit.source import Source, read
from vote.audit.witnesses import WITNESSES, cosigners, in_order, parse_witnesses
from vote.election.archive import Event, EventType
from vote.election.check import Scan
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_hex
from vote.tlog import entry as own_entries
from vote.tlog.checkpoint import Checkpoint, open_checkpoint
from vote.tlog.cosignature import CosignerKey, cosignatures
from vote.tlog.entry import OwnEntry
from vote.tlog.errors import LogError
from vote.tlog.merkle import Tree
from vote.tlog.note import MAX_NOTE_SIZE, MAX_SIGNATURES, VerifierKey
from vote.tlog.tiles import (
    TILE_WIDTH,
    Tile,
    decode_hashes,
    parse_tile_path,
    tiles_of,
    verify_tiles,
)

KEY: Final = "log/key"
CHECKPOINT: Final = "log/checkpoint"
PREFIX: Final = "log/"
TILES_PREFIX: Final = "log/tile/"
_MAX_KEY: Final = 4096
_MAX_TILES: Final = 2**30  # bytes of all of them, which are held in memory


@dataclass(frozen=True, slots=True)
class SignedLog:
    """The key of a log, the tree that it signed and the signed note, and who witnessed it."""

    key: VerifierKey
    checkpoint: Checkpoint
    note: bytes
    witnesses: tuple[CosignerKey, ...]

    def facts(self) -> dict[str, object]:
        """What a report tells of it."""
        return {
            "key": self.key.encode(),
            "size": self.checkpoint.size,
            "root": self.checkpoint.root.base64(),
            "witnesses": [witness.encode() for witness in self.witnesses],
        }


def check_checkpoint(source: Source, expected: VerifierKey | None) -> SignedLog:
    """Step 12: the key is the `expected` one, if any; it signed the checkpoint, once.

    Others may have cosigned it: witnesses whose keys stand in `log/witnesses`, in that order, and
    nobody else. A signature by a key that is not in the bundle could be changed unseen.
    """
    key = read_key(source)
    if expected is not None and key != expected:
        raise refuse("other-key", f"the log's key is another one: {key.encode()}", KEY)
    witnesses = read_witnesses(source)
    data = read(source, CHECKPOINT, MAX_NOTE_SIZE)
    with in_file(CHECKPOINT):
        checkpoint = open_checkpoint(data, key)
        cosignatures(data, witnesses)
        if in_order(data, key, witnesses) != data:
            message = "others than the log and its witnesses signed, or twice, or in another order"
            raise refuse("signers-differ", message, CHECKPOINT)
        return SignedLog(key, checkpoint, data, cosigners(data, witnesses))


def read_key(source: Source) -> VerifierKey:
    """The key in the bundle. Raises AuditError."""
    with in_file(KEY):
        return VerifierKey.from_line(read(source, KEY, _MAX_KEY))


def read_witnesses(source: Source) -> tuple[CosignerKey, ...]:
    """The keys in the bundle's `log/witnesses`, a line for each; without the file, none."""
    if WITNESSES not in source.names:
        return ()
    with in_file(WITNESSES):
        return parse_witnesses(read(source, WITNESSES, _MAX_KEY * MAX_SIGNATURES))


def check_tiles(source: Source, log: SignedLog) -> tuple[bytes, ...]:
    """Step 13: all tiles of the tree are there and no others, and lead to the signed root.

    The log's entries, in order.
    """
    size, root = log.checkpoint.size, log.checkpoint.root
    _check_names(source, size)
    last_read = CHECKPOINT

    def read_tile(path: str) -> bytes:
        nonlocal last_read
        last_read = PREFIX + path
        return read(source, last_read, _MAX_TILES)

    try:
        return verify_tiles(size, root, read_tile)
    except LogError as error:
        at_fault = CHECKPOINT if error.code == "root-mismatch" else last_read
        if error.code == "tile-mismatch":
            at_fault = _at_fault(source, log, at_fault)
        raise AuditError(findings_of(error, at_fault)) from error


def _check_names(source: Source, size: int) -> None:
    present = {name for name in source.names if name.startswith(PREFIX)} - {
        KEY,
        CHECKPOINT,
        WITNESSES,
    }
    if sum(source.size(name) for name in present) > _MAX_TILES:
        raise refuse("log-too-large", f"the tiles have more than {_MAX_TILES} bytes")
    # A signed size can be anything: count before enumerating.
    if size > len(present) * TILE_WIDTH:
        raise refuse("tile-missing", f"there are not nearly enough tiles for {size} entries")
    wanted = {PREFIX + tile.path for tile in tiles_of(size)}
    refuse_if(
        [Finding("tile-missing", "the tile is missing", name) for name in sorted(wanted - present)]
        + [
            Finding("tile-surplus", f"a log of {size} entries has no such tile", name)
            for name in sorted(present - wanted)
        ]
    )


def _at_fault(source: Source, log: SignedLog, file: str) -> str:
    """Which file was changed when a tile of hashes disagrees with the tiles of entries.

    If the lowest tiles lead to the signed root, the entries are what does not belong to it.
    """
    tile = parse_tile_path(file.removeprefix(PREFIX))
    if tile.level != 0:
        return file
    tree = Tree()
    for lowest in tiles_of(log.checkpoint.size):
        if lowest.level == 0:
            name = PREFIX + lowest.path
            with in_file(name):
                hashes = decode_hashes(read(source, name, _MAX_TILES), lowest.width)
            for value in hashes:
                tree.append(value)
    if tree.root() != log.checkpoint.root:
        return file
    return PREFIX + Tile("entries", tile.index, tile.width).path


def entries_file(index: int, size: int) -> str:
    """The file with entry `index` of a log of `size` entries."""
    number = index // TILE_WIDTH
    return PREFIX + Tile("entries", number, min(TILE_WIDTH, size - number * TILE_WIDTH)).path


@dataclass(slots=True)
class Chain:
    """The events of one election as they follow each other in the log.

    `setup`: the payload of the first. `last`: the hash of the last one so far. `sealed`: that of
    the end of the vote.
    """

    setup: str
    last: str = ""
    sealed: str | None = None
    events: int = 0


class Item(NamedTuple):
    """An entry: one of the log's own, or an event of an election."""

    number: int
    own: OwnEntry | None
    chain: Chain | None
    event: EventType | None


@dataclass(slots=True)
class Contents:
    """What stands in a log. `strays`: entries that belong to nothing."""

    entries: Sequence[bytes]
    items: list[Item] = field(default_factory=list)
    chains: dict[str, Chain] = field(default_factory=dict)
    strays: list[Finding] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self.entries)

    def own(self) -> Iterator[tuple[int, OwnEntry]]:
        """The log's own entries with their index."""
        for item in self.items:
            if item.own is not None:
                yield item.number, item.own

    def at(self, number: int) -> Item | None:
        """Entry `number`; None if it is a stray or there is none."""
        return next((item for item in self.items if item.number == number), None)

    def finding(self, index: int, code: str, message: str) -> Finding:
        """Something about one entry."""
        return Finding(code, f"entry {index}: {message}", entries_file(index, self.size))


def read_entries(entries: Sequence[bytes]) -> Contents:
    """Take a log apart: its own entries, and the elections' events linked to chains."""
    contents = Contents(entries)
    ends: dict[str, Chain] = {}  # by the hash that the next event has to refer to
    for index, data in enumerate(entries):
        try:
            if own_entries.is_own(data):
                item = Item(index, own_entries.parse(data), None, None)
            else:
                event = Event.parse(data)
                chain = _link(contents, ends, event, hash_hex(data))
                item = Item(index, None, chain, event.type)
        except LogError as error:
            contents.strays.append(contents.finding(index, error.code, error.message))
        except ProtocolError as error:
            message = f"neither an event nor one of the log's own entries ({error.message})"
            contents.strays.append(contents.finding(index, "unknown-entry", message))
        except AuditError as error:
            code, message = error.findings[0].code, error.findings[0].message
            contents.strays.append(contents.finding(index, code, message))
        else:
            contents.items.append(item)
    return contents


def _link(contents: Contents, ends: dict[str, Chain], event: Event, event_hash: str) -> Chain:
    if event.parent is None:
        setup = event.payload or ""
        if event.type != "Setup" or setup in contents.chains:
            raise refuse("event-stray", "the first event of an election, misplaced or repeated")
        chain = contents.chains[setup] = Chain(setup)
    else:
        found = ends.pop(event.parent, None)
        if found is None:
            raise refuse("event-stray", "the event does not follow the last one of any election")
        chain = found
    ends[event_hash] = chain
    chain.last = event_hash
    chain.events += 1
    if event.type == "EndBallots":
        chain.sealed = event_hash
    return chain


def check_logged(contents: Contents, scan: Scan, setup_payload: str) -> int:
    """Step 14: the log has the events of this archive, each once, in order, and no others.

    An event names the hash of the one before: chains that end alike are alike.
    """
    chain = contents.chains.get(setup_payload)
    if chain is None:
        raise refuse("not-logged", "the log does not have the election's first event")
    if chain.events < scan.events:
        raise refuse(
            "not-logged", f"the log has only {chain.events} of the archive's {scan.events} events"
        )
    if chain.events > scan.events:
        raise refuse(
            "not-in-archive", f"the log has {chain.events} events, the archive {scan.events}"
        )
    if chain.last != scan.last_event:
        raise refuse("events-differ", "the events in the log are not those of the archive")
    return chain.events
