"""The ballot log beside the proofs: its part of a cast, a monitor's work, the size of a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median

from benchmarks.assembly import CIPHERTEXTS, NAME, Opened, open_assembly
from benchmarks.casting import serve
from benchmarks.measure import Row, in_turns, milliseconds, own_cpu
from benchmarks.proofs import LOG_SIZE, Checker
from vote.election.archive import Event
from vote.service import box, casting
from vote.service.monitor.duty import Duty, Orders, Voice
from vote.service.monitor.logcopy import LogCopy
from vote.service.monitor.site import Site
from vote.service.monitor.state import opened as opened_state
from vote.store.log import append_entries, lock_head
from vote.tlog.checkpoint import Checkpoint, sign_checkpoint
from vote.tlog.cosignature import CosignerSigningKey, add_signatures
from vote.tlog.merkle import Tree, leaf_hash
from vote.tlog.note import SigningKey
from vote.tlog.proof import TlogProof
from vote.tlog.tiles import Tile, encode_entries, tile_hashes

SHARED = 10  # ballots that come within a batch
MONITORED = 500
NEW_ENTRIES = 10_000
BEFORE = 30_000
TURNS = 20


def rows(place: Path, ballots: int = MONITORED) -> Iterator[Row]:
    """All of them. What a monitor checks is measured with `ballots` ballots: 10,000 would only
    take longer, for each costs the same."""
    yield from in_the_service(place / "service")
    yield consistency(place / "copy")
    yield from monitor(place / "monitored", ballots)
    yield receipts()


def event(number: int) -> bytes:
    """As long as a ballot's event is."""
    digest = sha256(b"%d" % number).hexdigest()
    return Event(digest, number, "Ballot", digest).encode()


def in_the_service(place: Path) -> Iterator[Row]:
    """On the embedded database, with a log of 40,000 entries; the transaction itself is the cast's.

    With one checkpoint for each ballot, and as it is when ten ballots share one.
    """
    opened = open_assembly(place, 3)
    checker, made = Checker.of(opened), opened.ballots(3)
    _append(opened, LOG_SIZE)
    box.publish(opened.house, NAME)
    appending, signing, proofs = in_turns(
        lambda: _append(opened, 1),
        lambda: own_cpu(lambda: box.publish(opened.house, NAME)),
        lambda: checker.cpu_per_ballot(made),
        times=TURNS,
    )
    opened.house.close()
    against = f"the ballot's bare proof check: {milliseconds(proofs)}"
    alone, shared = appending + signing, appending + signing / SHARED
    what = "append to the log in the database, sign and publish a checkpoint, CPU"
    yield Row(f"{what}, {SHARED} ballots share one", milliseconds(shared), against).at_most(
        shared / proofs, 0.05
    )
    yield Row(f"{what}, for each ballot alone", milliseconds(alone), against, alone / proofs)


def _append(opened: Opened, count: int) -> float:
    """Seconds of CPU for appending, without the transaction around it."""
    with opened.house.database.writing() as session:
        log = lock_head(session, NAME)
        entries = [event(log.size + number) for number in range(count)]
        return own_cpu(lambda: append_entries(session, log, entries))


class _Tiles:
    """Serves the tiles of a log from memory."""

    def __init__(self, entries: list[bytes]) -> None:
        self._entries = entries
        self.tree = Tree(map(leaf_hash, entries))

    def tile(self, tile: Tile) -> bytes:
        if tile.level == "entries":
            return encode_entries(self._entries[tile.start : tile.start + tile.width])
        return tile_hashes(tile, self.tree.node)


def consistency(place: Path) -> Row:
    """What a monitor does with 10,000 new entries before it looks at a single ballot: tiles are
    decoded, compared and kept, every hash and the signed root computed."""
    (place / "log").mkdir(parents=True)
    key = SigningKey.generate("vote.example/log/bench")
    tiles = _Tiles([event(number) for number in range(BEFORE + NEW_ENTRIES)])
    copy = LogCopy(place, key.verifier)
    spent = []
    for size in (BEFORE, BEFORE + NEW_ENTRIES):
        head = Checkpoint(key.name, size, tiles.tree.root(size))
        note = sign_checkpoint(head, key)
        spent.append(own_cpu(lambda: copy.extend(note, head, tiles)))  # type: ignore[arg-type] # noqa: B023
    return Row(
        f"a monitor's check of {NEW_ENTRIES:,} new entries of the log for consistency, CPU",
        f"{spent[1]:.2f} s, {milliseconds(spent[1] / NEW_ENTRIES)} an entry",
    )


def monitor(place: Path, ballots: int) -> Iterator[Row]:
    """A monitor that has seen the opening catches up with so many ballots of a running service,
    over HTTP, in one process; its bare proof checks before and after."""
    opened = open_assembly(place / "data", ballots)
    checker, made = Checker.of(opened), opened.ballots(ballots)
    sample = made[:: max(1, ballots // 60)]
    with serve(opened) as server:
        address = f"http://127.0.0.1:{server.port}/a/{NAME}/"
        _watch(address, place / "monitor")
        for token, data in zip(opened.tokens(), made, strict=True):
            casting.store(opened.house, opened.uuid, token, data)
        box.publish(opened.house, NAME)
        before = checker.cpu_per_ballot(sample)
        spent = own_cpu(lambda: _watch(address, place / "monitor")) / ballots
        after = checker.cpu_per_ballot(sample)
        again = own_cpu(lambda: _watch(address, place / "monitor"))
    opened.house.close()
    proofs = median([before, after])
    yield Row(
        f"a monitor fetches, checks and keeps {ballots} new ballots, CPU for each",
        milliseconds(spent),
        f"the bare proof check: {milliseconds(proofs)}",
    ).at_most(spent / proofs, 1.2)
    yield Row(f"a monitor that starts again after {ballots} ballots, CPU", f"{again:.2f} s")


def _watch(address: str, folder: Path) -> None:
    site = Site.at(address)

    def complain(line: str) -> None:
        if "ALARM" in line or "answer" in line:
            raise RuntimeError(line)

    voice = Voice(complain, lambda _: None, lambda _: None)
    with opened_state(folder, site.address) as state:
        if Duty(site, state, Orders(once=True, jobs=1), voice).run() != 0:
            raise RuntimeError("the monitor does not hold what it saw for right")


def receipts() -> Row:
    """In a log of 40,000 entries; each cosignature adds its line."""
    key = SigningKey.generate(f"vote.example/log/{NAME}")
    tree = Tree(leaf_hash(event(number)) for number in range(LOG_SIZE))
    head = Checkpoint(key.name, LOG_SIZE, tree.root())
    note = sign_checkpoint(head, key)
    sizes = []
    for witnesses in (0, 2):
        signers = [
            CosignerSigningKey.generate(f"witness{number}.example") for number in range(witnesses)
        ]
        cosigned = add_signatures(note, [each.cosign(head, 1_780_000_000) for each in signers])
        index = LOG_SIZE // 3
        path = tree.inclusion_proof(index)
        sizes.append(len(TlogProof(event(index), index, path, cosigned).encode()))
    return Row(
        f"a receipt in a log of {LOG_SIZE:,} entries (ballots of {CIPHERTEXTS} ciphertexts)",
        f"{sizes[0]:,} bytes; with two cosignatures {sizes[1]:,}",
    )
