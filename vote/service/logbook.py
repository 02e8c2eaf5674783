"""The ballot log for readers: what each entry is, in the order in which it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from vote.election.archive import Event, EventType
from vote.election.fingerprint import tracker_of
from vote.service.errors import log_not_started
from vote.service.house import House
from vote.service.prepare import get
from vote.store import log as log_store
from vote.store.archive import elections
from vote.store.models import Election, Record
from vote.tlog import entry as own_entries

Kind = EventType | Literal["definition", "closed", "lot", "outcome"]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, its `index` from 0.

    `ballot` is the ballot paper and `college` the college of its election, where it has one;
    `tracker` that of a ballot.
    """

    index: int
    kind: Kind
    ballot: str | None
    college: str | None
    tracker: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some consecutive entries of a log of which `size` are published."""

    size: int
    lines: tuple[Line, ...]


def read(house: House, assembly: str, first: int, count: int) -> Page:
    """Up to `count` published entries from `first` on. Raises Refusal before the log is begun."""
    with house.database.reading() as session:
        get(session, assembly)
        newest = log_store.latest_checkpoint(session, assembly)
        if newest is None:
            raise log_not_started(assembly)
        wanted = max(0, min(count, newest.size - first))
        contents = log_store.read_entries(session, assembly, first, wanted) if wanted else []
        owners = _elections(session, assembly, contents)
        lines = tuple(
            _line(first + offset, content, owners) for offset, content in enumerate(contents)
        )
    return Page(newest.size, lines)


def size(house: House, assembly: str) -> int:
    """How many entries are published."""
    return read(house, assembly, 0, 0).size


def _elections(session: Session, assembly: str, contents: Sequence[bytes]) -> dict[str, Election]:
    """By the hash of an event, the election that it belongs to."""
    known = {row.uuid: row for row in elections(session, assembly)}
    statement = select(Record.election, Record.sha256).where(
        Record.election.in_(known), Record.sha256.in_(map(_hash, contents))
    )
    return {digest: known[uuid] for uuid, digest in session.execute(statement)}


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _line(index: int, content: bytes, owners: dict[str, Election]) -> Line:
    if own_entries.is_own(content):
        return _own(index, own_entries.parse(content))
    event = Event.parse(content)
    election = owners.get(_hash(content))
    return Line(
        index,
        event.type,
        election.ballot if election else None,
        election.college if election else None,
        tracker_of(event.payload) if event.type == "Ballot" and event.payload else None,
    )


def _own(index: int, entry: own_entries.OwnEntry) -> Line:
    match entry:
        case own_entries.Definition():
            return Line(index, "definition", None, None, None)
        case own_entries.Closed(ballot=ballot):
            return Line(index, "closed", ballot, None, None)
        case own_entries.Lot():
            return Line(index, "lot", None, None, None)
        case own_entries.Outcome():
            return Line(index, "outcome", None, None, None)
