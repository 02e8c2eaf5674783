"""The ballot box: the log that every event goes into, its signatures and its receipts.

The order is always: store durably, then remember what will be signed outside the database, then
publish, then answer. A crash between any two of these is made good by the next publication.
"""

from __future__ import annotations

import time
from functools import partial

from sqlalchemy.orm import Session

from vote.audit.witnesses import WITNESSES
from vote.service.errors import Refusal, log_not_started, unknown_assembly
from vote.service.house import House
from vote.service.keys import SignedHead
from vote.store import log as store
from vote.store.log import Head, Published
from vote.tlog.checkpoint import Checkpoint as TreeHead
from vote.tlog.checkpoint import sign_checkpoint
from vote.tlog.errors import LogError
from vote.tlog.merkle import Hash, inclusion_proof, leaf_hash, reads, root, verify_inclusion
from vote.tlog.proof import TlogProof
from vote.tlog.tiles import TILE_HEIGHT, Tile, encode_entries, parse_tile_path

_AT_HAND = 64  # new entries, at most, whose receipts are made without reading the database again


def start(house: House, session: Session, assembly: str) -> Head:
    """A new, empty log with a key of its own."""
    origin = f"{house.settings.origin}/log/{assembly}"
    key = house.vault.make_log_key(assembly, origin)
    head = Head(assembly, origin, key.verifier.encode(), 0)
    store.start(session, head)
    return head


def publish(house: House, assembly: str) -> Published:
    """Sign the log as it is stored and publish the checkpoint; the newest checkpoint."""
    here = house.publishing(assembly)
    with here.turn, house.vault.locked(f"publish-{assembly}"):
        published = here.newest = _publish(house, assembly)
    house.witnessing.nudge(assembly)
    return published


def _publish(house: House, assembly: str) -> Published:
    with house.database.reading_rows() as connection:
        head = store.head(connection, assembly)
        if head is None:
            raise unknown_assembly(assembly)
        newest = store.latest_checkpoint(connection, assembly)
        nodes = store.Nodes(connection, assembly)
        _refuse_rollback(house, head, newest, nodes)
        if newest is not None and newest.size == head.size:
            return newest
        before = newest.size if newest is not None else 0
        nodes.load(reads(partial(root, head.size)) | _of_receipts(before, head.size))
        tree = TreeHead(head.origin, head.size, root(head.size, nodes))
    house.vault.keep_signed_head(assembly, SignedHead(tree.size, bytes(tree.root)))
    published = Published(tree.size, sign_checkpoint(tree, house.vault.log_key(assembly)))
    with house.database.writing_rows() as connection:
        store.keep_checkpoint(connection, assembly, published)
    house.publishing(assembly).hashes = nodes.known
    return published


def lock(house: House, session: Session, assembly: str) -> Head:
    """The head of the log, locked for appending. Raises Refusal where it is behind."""
    head = store.lock_head(session, assembly)
    refuse_behind(house, head)
    return head


def refuse_behind(house: House, head: Head) -> None:
    """Refuse to go on with a log that has fewer entries than were once signed."""
    signed = house.vault.signed_head(head.assembly)
    if signed is not None and head.size < signed.size:
        raise _rolled_back(head, signed)


def _refuse_rollback(
    house: House, head: Head, newest: Published | None, nodes: store.Nodes
) -> None:
    """Never sign a tree that does not continue the last one that was signed."""
    signed = house.vault.signed_head(head.assembly)
    if signed is None or (newest is not None and _is_of(newest, signed)):
        return
    if head.size < signed.size or bytes(root(signed.size, nodes)) != signed.root:
        raise _rolled_back(head, signed)


def _is_of(published: Published, signed: SignedHead) -> bool:
    tree = TreeHead.of_note(published.note)
    return (tree.size, bytes(tree.root)) == (signed.size, signed.root)


def _rolled_back(head: Head, signed: SignedHead) -> Refusal:
    return Refusal(
        "log-rolled-back",
        "The ballot log of “{assembly}” in the database is not the one that was signed last "
        "({signed} entries were signed, the database has {stored}). It was probably restored "
        "from an old backup. Nothing is signed or accepted until the newest database is back.",
        {"assembly": head.assembly, "signed": signed.size, "stored": head.size},
        status=503,
    )


def await_checkpoint(house: House, assembly: str, index: int) -> Published:
    """A published checkpoint that covers entry `index`.

    Whoever comes first waits a moment, so that ballots cast together share one checkpoint.
    """
    here = house.publishing(assembly)
    with here.turn:
        if here.newest is None or here.newest.size <= index:
            here.newest = _next_checkpoint(house, assembly, index)
        return here.newest


def _next_checkpoint(house: House, assembly: str, index: int) -> Published:
    """As `await_checkpoint`; another process may have published what covers the entry."""
    with house.vault.locked(f"publish-{assembly}"):
        with house.database.reading_rows() as connection:
            newest = store.latest_checkpoint(connection, assembly)
            if newest is not None and newest.size > index:
                nodes = store.Nodes(connection, assembly)
                nodes.load(_of_receipts(index, newest.size))
                house.publishing(assembly).hashes = nodes.known
                return newest
        time.sleep(house.settings.batch_seconds)
        return _publish(house, assembly)


def _of_receipts(first: int, size: int) -> set[store.Place]:
    """Where the hashes are that the receipts of entries `first` to `size` - 1 are made of."""
    entries = range(max(first, size - _AT_HAND), size)
    return set().union(*(reads(partial(inclusion_proof, index, size)) for index in entries))


def receipt(house: House, assembly: str, index: int, event: bytes) -> bytes:
    """The signed receipt for one entry, as a C2SP tlog-proof file.

    It has been verified. Raises Refusal `receipt-later` while a quorum of witnesses that the host
    asks for is missing.
    """
    try:
        return _receipt(house, assembly, index, event)
    except LogError:  # another database than the one that this process published from: look there
        house.publishing(assembly).forget()
        return _receipt(house, assembly, index, event)


def _receipt(house: House, assembly: str, index: int, event: bytes) -> bytes:
    published = await_checkpoint(house, assembly, index)
    published = house.witnessing.covering(assembly, published, index)
    path = _path(house, assembly, index, published.size)
    tree = TreeHead.of_note(published.note)
    verify_inclusion(leaf_hash(event), index, tree.size, path, tree.root)
    return TlogProof(extra=event, index=index, path=path, checkpoint=published.note).encode()


def _path(house: House, assembly: str, index: int, size: int) -> tuple[Hash, ...]:
    """The path from an entry to the root, from memory where it was just published."""
    hashes = house.publishing(assembly).hashes
    try:
        return inclusion_proof(index, size, lambda *place: hashes[place])
    except KeyError:
        with house.database.reading_rows() as connection:
            nodes = store.Nodes(connection, assembly)
            nodes.load(reads(partial(inclusion_proof, index, size)))
            return inclusion_proof(index, size, nodes)


def checkpoint(house: House, assembly: str) -> bytes:
    """The newest published checkpoint, with the cosignatures of witnesses."""
    with house.database.reading() as session:
        newest = house.witnessing.newest(session, assembly)
    return _started(assembly, newest).note


def last_checkpoint(house: House, assembly: str) -> bytes:
    """The newest checkpoint as it stands in a bundle."""
    with house.database.reading() as session:
        newest = house.witnessing.last(session, assembly)
    return _started(assembly, newest).note


def _started(assembly: str, newest: Published | None) -> Published:
    if newest is None:
        raise log_not_started(assembly)
    return newest


def witnesses(house: House) -> bytes:
    """The keys of the witnesses who are asked to cosign, one a line; empty where there are none."""
    return house.witnessing.files().get(WITNESSES, b"")


def verifier_key(house: House, assembly: str) -> str:
    with house.database.reading() as session:
        head = store.head(session, assembly)
    if head is None:
        raise unknown_assembly(assembly)
    return head.key


def tile(house: House, assembly: str, path: str) -> bytes:
    """A tile by its C2SP path ("tile/0/x001/067.p/8"); only what a checkpoint covers is served."""
    try:
        place = parse_tile_path(path)
    except LogError as error:
        raise _no_such_tile(path) from error
    level = 0 if place.level == "entries" else place.level
    with house.database.reading() as session:
        newest = store.latest_checkpoint(session, assembly)
        if newest is None or place.start + place.width > newest.size >> (TILE_HEIGHT * level):
            raise _no_such_tile(path)
        return read_tile(session, assembly, place)


def read_tile(session: Session, assembly: str, tile: Tile) -> bytes:
    """The bytes of a tile that a published checkpoint covers."""
    if tile.level == "entries":
        return encode_entries(store.read_entries(session, assembly, tile.start, tile.width))
    level = TILE_HEIGHT * tile.level
    return b"".join(store.read_hashes(session, assembly, level, tile.start, tile.width))


def _no_such_tile(path: str) -> Refusal:
    return Refusal(
        "no-such-tile", "The ballot log has no tile “{path}” yet.", {"path": path}, status=404
    )
