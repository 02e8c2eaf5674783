"""The ballot log in the database: entries, the hashes above them, published checkpoints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from vote.store.models import Checkpoint, LogEntry, LogHead, LogNode
from vote.tlog.errors import LogError
from vote.tlog.merkle import Hash, append, leaf_hash


def lock_head(session: Session, assembly: str) -> LogHead:
    """The head of the log, locked until the transaction ends: appending happens one at a time."""
    statement = select(LogHead).where(LogHead.assembly == assembly).with_for_update()
    return session.execute(statement).scalar_one()


def head(session: Session, assembly: str) -> LogHead | None:
    return session.get(LogHead, assembly)


class Nodes:
    """Reads the hashes of one log's complete subtrees: the `node` argument of `vote.tlog`."""

    def __init__(self, session: Session, assembly: str) -> None:
        self._session = session
        self._assembly = assembly
        self._known: dict[tuple[int, int], Hash] = {}

    def __call__(self, level: int, index: int) -> Hash:
        place = (level, index)
        if place not in self._known:
            self._known[place] = self._read(level, index)
        return self._known[place]

    def remember(self, level: int, index: int, value: Hash) -> None:
        self._known[level, index] = value

    def _read(self, level: int, index: int) -> Hash:
        statement = select(LogNode.hash).where(
            LogNode.assembly == self._assembly,
            LogNode.level == level,
            LogNode.position == index,
        )
        found = self._session.execute(statement).scalar_one_or_none()
        if found is None:
            raise LogError("log-node-missing", f"The log has no hash {level}/{index}.")
        return Hash(found)


def append_entries(session: Session, log: LogHead, entries: Iterable[bytes]) -> list[int]:
    """Append to a log whose head is locked; the positions that the entries got."""
    nodes = Nodes(session, log.assembly)
    size = log.size
    positions = []
    rows, hashes = [], []
    for entry in entries:
        rows.append({"assembly": log.assembly, "position": size, "content": entry})
        for level, index, value in append(size, leaf_hash(entry), nodes):
            nodes.remember(level, index, value)
            hashes.append(
                {"assembly": log.assembly, "level": level, "position": index, "hash": bytes(value)}
            )
        positions.append(size)
        size += 1
    if rows:
        session.execute(insert(LogEntry), rows)
        session.execute(insert(LogNode), hashes)
        session.execute(update(LogHead).where(LogHead.assembly == log.assembly).values(size=size))
        log.size = size
    return positions


def read_entries(session: Session, assembly: str, first: int, count: int) -> Sequence[bytes]:
    statement = (
        select(LogEntry.content)
        .where(
            LogEntry.assembly == assembly,
            LogEntry.position >= first,
            LogEntry.position < first + count,
        )
        .order_by(LogEntry.position)
    )
    return session.execute(statement).scalars().all()


def read_hashes(
    session: Session, assembly: str, level: int, first: int, count: int
) -> Sequence[bytes]:
    """Consecutive hashes of one level of the tree; fewer than `count` where the tree ends."""
    statement = (
        select(LogNode.hash)
        .where(
            LogNode.assembly == assembly,
            LogNode.level == level,
            LogNode.position >= first,
            LogNode.position < first + count,
        )
        .order_by(LogNode.position)
    )
    return session.execute(statement).scalars().all()


def latest_checkpoint(session: Session, assembly: str) -> Checkpoint | None:
    statement = (
        select(Checkpoint)
        .where(Checkpoint.assembly == assembly)
        .order_by(Checkpoint.size.desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none()
