"""The archives of the elections in the database: what `elections/UUID.bel` is written from."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple, cast

from sqlalchemy import bindparam, insert, select, true, update
from sqlalchemy.orm import Session, aliased

from vote.election.archive import BLOCK, Event, EventType, Header, Kind
from vote.store.log import append_entries
from vote.store.models import Credential, Election, LogHead, Record

_INSERT_RECORDS = insert(Record.table())


class SetupParts(NamedTuple):
    """The election, its trustees and its public credentials."""

    election: bytes
    trustees: bytes
    credentials: bytes


_STAGE = select(Election.stage).where(Election.uuid == bindparam("uuid"))


def stage_of(session: Session, uuid: str) -> str:
    """How far an election is: "open" while it takes ballots."""
    return session.execute(_STAGE, {"uuid": uuid}).scalar_one()


class Appended(NamedTuple):
    """An event's position in the ballot log, and its bytes."""

    log_index: int
    event: bytes


def elections(session: Session, assembly: str, ballot: str | None = None) -> list[Election]:
    """The elections of an assembly (or of one ballot paper), in the order of the definition."""
    statement = select(Election).where(Election.assembly == assembly).order_by(Election.position)
    if ballot is not None:
        statement = statement.where(Election.ballot == ballot)
    return list(session.execute(statement).scalars())


def append_event(
    session: Session, log: LogHead, election: Election, kind: EventType, data: list[bytes]
) -> Appended:
    """Append `data` and an event of type `kind` whose payload is the last of them.

    The event goes into the archive and, with the same bytes, into the ballot log, whose head must
    be locked.
    """
    payload = sha256(data[-1]).hexdigest() if data else None
    event = Event(
        parent=election.last_event, height=election.height + 1, type=kind, payload=payload
    ).encode()
    [log_index] = append_entries(session, log, [event])
    rows = [_row(election, offset, "data", content) for offset, content in enumerate(data)]
    row = _row(election, len(data), "event", event)
    rows.append(row | {"event": kind, "payload": payload, "log_index": log_index})
    session.execute(_INSERT_RECORDS, rows)
    election.records += len(rows)
    election.size += sum(map(_size_in_archive, [*data, event]))
    election.height += 1
    election.last_event = sha256(event).hexdigest()
    session.flush()
    return Appended(log_index, event)


def _size_in_archive(content: bytes) -> int:
    return BLOCK + len(content) + -len(content) % BLOCK


def begin(
    session: Session, log: LogHead, election: Election, timestamp: int, setup: list[bytes]
) -> None:
    """Begin an election's archive with its header and its set-up."""
    election.timestamp = timestamp
    election.size = _size_in_archive(Header(timestamp).encode())
    append_event(session, log, election, "Setup", setup)


def _row(election: Election, offset: int, kind: str, content: bytes) -> dict[str, object]:
    return {
        "election": election.uuid,
        "position": election.records + offset,
        "kind": kind,
        "sha256": sha256(content).hexdigest(),
        "content": content,
        "event": None,
        "payload": None,
        "log_index": None,
    }


def find_object(session: Session, uuid: str, digest: str) -> Record | None:
    statement = select(Record).where(Record.election == uuid, Record.sha256 == digest)
    return session.execute(statement).scalar_one_or_none()


_EVENT_OF = select(Record.log_index, Record.content).where(
    Record.election == bindparam("election"), Record.payload == bindparam("payload")
)
_COUNT_BALLOT = (
    update(Credential.table())
    .where(Credential.election == bindparam("of"), Credential.public_key == bindparam("key"))
    .values(last_ballot=bindparam("position"))
)


def find_event_of(session: Session, uuid: str, payload: str) -> Appended | None:
    """The event by which a payload (its SHA-256 in hexadecimal) was recorded."""
    found = session.execute(_EVENT_OF, {"election": uuid, "payload": payload}).one_or_none()
    return None if found is None else Appended(found.log_index or 0, found.content)


def count_ballot(session: Session, uuid: str, public_key: str, position: int) -> None:
    """From now on, the ballot in record `position` is the one that counts for this credential."""
    session.execute(_COUNT_BALLOT, {"of": uuid, "key": public_key, "position": position})


def last_ballots(session: Session, uuid: str) -> Iterator[bytes]:
    """The ballots that count, one for each credential that voted, in the archive's order."""
    statement = (
        select(Record.content)
        .join(
            Credential,
            (Credential.election == Record.election) & (Credential.last_ballot == Record.position),
        )
        .where(Record.election == uuid)
        .order_by(Record.position)
        .execution_options(yield_per=100)
    )
    yield from session.execute(statement).scalars()


def records(session: Session, uuid: str, end: int | None = None) -> Iterator[tuple[Kind, bytes]]:
    """The files of an archive as (kind, content), in order; those before record `end`, if given."""
    statement = (
        select(Record.kind, Record.content)
        .where(Record.election == uuid, true() if end is None else Record.position < end)
        .order_by(Record.position)
        .execution_options(yield_per=100)
    )
    for kind, content in session.execute(statement):
        yield cast(Kind, kind), content


def payloads(session: Session, uuid: str, kind: str) -> list[bytes]:
    """The payloads of all events of type `kind`, in order."""
    data = aliased(Record)
    statement = (
        select(data.content)
        .join(Record, (Record.election == data.election) & (Record.payload == data.sha256))
        .where(Record.election == uuid, Record.event == kind)
        .order_by(Record.position)
    )
    return list(session.execute(statement).scalars())


def setup_parts(session: Session, uuid: str) -> SetupParts:
    """What an opened election's archive begins with, as the exact bytes."""
    statement = select(Record.content).where(Record.election == uuid, Record.position < 3)
    found = session.execute(statement.order_by(Record.position)).scalars().all()
    return SetupParts(*found)


def find_event(session: Session, uuid: str, kind: str) -> Record | None:
    """The first event of type `kind`, if there is one."""
    statement = (
        select(Record)
        .where(Record.election == uuid, Record.event == kind)
        .order_by(Record.position)
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none()


def find_event_hash(session: Session, uuid: str, kind: str) -> str | None:
    """The hash of the first event of type `kind`, if there is one."""
    found = find_event(session, uuid, kind)
    return None if found is None else found.sha256
