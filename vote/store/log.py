"""The ballot log in the database: entries, the hashes above them, published checkpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from vote.store.database import Transaction
from vote.store.models import Checkpoint, LogEntry, LogHead, LogNode
from vote.tlog.errors import LogError
from vote.tlog.merkle import Hash, append, leaf_hash

_heads, _nodes, _checkpoints = (each.table().columns for each in (LogHead, LogNode, Checkpoint))
_HEAD = select(_heads.assembly, _heads.origin, _heads.key, _heads.size).where(
    _heads.assembly == bindparam("assembly")
)
_LOCK_HEAD = _HEAD.with_for_update()
_SET = update(LogHead.table()).where(_heads.assembly == bindparam("of"))
_INSERT_ENTRIES = insert(LogEntry.table())
_INSERT_NODES = insert(LogNode.table())


Place = tuple[int, int]  # of a hash: its level in the tree, and its index there


@dataclass(slots=True)
class Head:
    """What a log is called, its verifier key, and how many entries it has."""

    assembly: str
    origin: str
    key: str
    size: int


def start(session: Session, head: Head) -> None:
    """A new log."""
    session.execute(insert(LogHead.table()), asdict(head))


def lock_head(session: Transaction, assembly: str) -> Head:
    """The head of the log, locked until the transaction ends: appending happens one at a time."""
    return Head(*session.execute(_LOCK_HEAD, {"assembly": assembly}).one())


def hold(session: Session, assembly: str) -> None:
    """Hold off whoever would append, until the transaction ends; nothing before the log begins."""
    session.execute(_LOCK_HEAD, {"assembly": assembly})


def head(session: Transaction, assembly: str) -> Head | None:
    found = session.execute(_HEAD, {"assembly": assembly}).one_or_none()
    return None if found is None else Head(*found)


_NODE = select(_nodes.hash).where(
    _nodes.assembly == bindparam("assembly"),
    _nodes.level == bindparam("level"),
    _nodes.position == bindparam("position"),
)


# Of all levels with all positions: a few more rows than wanted, but for pairs of both SQLite would
# read the whole log.
_NODES = select(_nodes.level, _nodes.position, _nodes.hash).where(
    _nodes.assembly == bindparam("assembly"),
    _nodes.level.in_(bindparam("levels", expanding=True)),
    _nodes.position.in_(bindparam("positions", expanding=True)),
)


class Nodes:
    """Reads the hashes of one log's complete subtrees: the `node` argument of `vote.tlog`.

    What was read once is remembered: such a hash never changes.
    """

    def __init__(self, session: Transaction, assembly: str) -> None:
        self._session = session
        self._assembly = assembly
        self._known: dict[Place, Hash] = {}

    @property
    def known(self) -> Mapping[Place, Hash]:
        """What was read, by level and index."""
        return self._known

    def __call__(self, level: int, index: int) -> Hash:
        place = (level, index)
        if place not in self._known:
            self._known[place] = self._read(level, index)
        return self._known[place]

    def remember(self, level: int, index: int, value: Hash) -> None:
        self._known[level, index] = value

    def load(self, places: Iterable[Place]) -> None:
        """Read all these hashes at once; the single ones are then at hand."""
        wanted = [place for place in places if place not in self._known]
        if wanted:
            levels, positions = (sorted(set(each)) for each in zip(*wanted, strict=True))
            of = {"assembly": self._assembly, "levels": levels, "positions": positions}
            found = self._session.execute(_NODES, of)
            for level, index, value in found:
                self._known[level, index] = Hash(value)

    def _read(self, level: int, index: int) -> Hash:
        place = {"assembly": self._assembly, "level": level, "position": index}
        found = self._session.execute(_NODE, place).scalar_one_or_none()
        if found is None:
            raise LogError("log-node-missing", f"The log has no hash {level}/{index}.")
        return Hash(found)


def append_entries(session: Transaction, log: Head, entries: Iterable[bytes]) -> list[int]:
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
        session.execute(_INSERT_ENTRIES, rows)
        session.execute(_INSERT_NODES, hashes)
        session.execute(_SET, {"of": log.assembly, "size": size})
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


_INSERT_CHECKPOINT = insert(Checkpoint.table())
_LATEST_CHECKPOINT = (
    select(_checkpoints.size, _checkpoints.note)
    .where(_checkpoints.assembly == bindparam("assembly"))
    .order_by(_checkpoints.size.desc())
    .limit(1)
)


class Published(NamedTuple):
    """A checkpoint that was published: the size of its tree, and the signed note."""

    size: int
    note: bytes


def keep_checkpoint(session: Transaction, assembly: str, published: Published) -> None:
    session.execute(_INSERT_CHECKPOINT, {"assembly": assembly} | published._asdict())


def latest_checkpoint(session: Transaction, assembly: str) -> Published | None:
    """The newest published checkpoint of a log."""
    found = session.execute(_LATEST_CHECKPOINT, {"assembly": assembly}).one_or_none()
    return None if found is None else Published(*found)
