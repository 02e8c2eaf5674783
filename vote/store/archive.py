"""The archives of the elections in the database: what `elections/UUID.bel` is written from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import NamedTuple, cast

from sqlalchemy import bindparam, insert, select, true, update
from sqlalchemy.orm import Session, aliased

from vote.election.archive import BLOCK, Event, EventType, Header, Kind
from vote.store.database import Transaction
from vote.store.log import Head, append_entries
from vote.store.models import Credential, Election, Record

_elections, _records, _credentials = (
    each.table().columns for each in (Election, Record, Credential)
)
_INSERT_RECORDS = insert(Record.table())
_ARCHIVE = select(
    _elections.uuid,
    _elections.stage,
    _elections.records,
    _elections.size,
    _elections.height,
    _elections.last_event,
).where(_elections.uuid == bindparam("of"))
_ARCHIVE_WITH = _ARCHIVE.add_columns(_records.log_index, _records.content).outerjoin_from(
    Election.table(),
    Record.table(),
    (_records.election == _elections.uuid) & (_records.payload == bindparam("payload")),
)
_SET = update(Election.table()).where(_elections.uuid == bindparam("of"))


class SetupParts(NamedTuple):
    """The election, its trustees and its public credentials."""

    election: bytes
    trustees: bytes
    credentials: bytes


class Appended(NamedTuple):
    """An event's position in the ballot log, and its bytes."""

    log_index: int
    event: bytes


@dataclass(slots=True)
class Archive:
    """How far an election is, and its archive: how many files, their bytes, the newest event."""

    uuid: str
    stage: str
    records: int
    size: int
    height: int
    last_event: str | None


def archive_of(session: Transaction, uuid: str) -> Archive:
    return Archive(*session.execute(_ARCHIVE, {"of": uuid}).one())


def archive_with(session: Transaction, uuid: str, payload: str) -> tuple[Archive, Appended | None]:
    """As `archive_of`, and the event by which a payload (its SHA-256, hexadecimal) was recorded."""
    *archive, index, event = session.execute(_ARCHIVE_WITH, {"of": uuid, "payload": payload}).one()
    return Archive(*archive), None if event is None else Appended(index, event)


def elections(session: Session, assembly: str) -> list[Election]:
    """The elections of an assembly, in the order of the definition."""
    statement = select(Election).where(Election.assembly == assembly).order_by(Election.position)
    return list(session.execute(statement).scalars())


def append_event(
    session: Transaction,
    log: Head,
    archive: Archive,
    kind: EventType,
    data: list[bytes],
    *,
    stage: str | None = None,
) -> Appended:
    """Append `data` and an event of type `kind` whose payload is the last of them.

    The event goes into the archive and, with the same bytes, into the ballot log, whose head must
    be locked. `stage`: the election's from now on, where the event changes it.
    """
    payload = sha256(data[-1]).hexdigest() if data else None
    event = Event(
        parent=archive.last_event, height=archive.height + 1, type=kind, payload=payload
    ).encode()
    [log_index] = append_entries(session, log, [event])
    rows = [_row(archive, offset, "data", content) for offset, content in enumerate(data)]
    row = _row(archive, len(data), "event", event)
    rows.append(row | {"event": kind, "payload": payload, "log_index": log_index})
    session.execute(_INSERT_RECORDS, rows)
    archive.stage = stage or archive.stage
    archive.records += len(rows)
    archive.size += sum(map(_size_in_archive, [*data, event]))
    archive.height += 1
    archive.last_event = sha256(event).hexdigest()
    values = asdict(archive)
    session.execute(_SET, {"of": values.pop("uuid")} | values)
    return Appended(log_index, event)


def _size_in_archive(content: bytes) -> int:
    return BLOCK + len(content) + -len(content) % BLOCK


def begin(session: Session, log: Head, uuid: str, timestamp: int, setup: list[bytes]) -> None:
    """Begin an election's archive with its header and its set-up: the election is open."""
    session.execute(_SET, {"of": uuid, "timestamp": timestamp})
    archive = archive_of(session, uuid)
    archive.size = _size_in_archive(Header(timestamp).encode())
    append_event(session, log, archive, "Setup", setup, stage="open")


def _row(archive: Archive, offset: int, kind: str, content: bytes) -> dict[str, object]:
    return {
        "election": archive.uuid,
        "position": archive.records + offset,
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


_COUNT_BALLOT = (
    update(Credential.table())
    .where(_credentials.election == bindparam("of"), _credentials.public_key == bindparam("key"))
    .values(last_ballot=bindparam("position"))
)


def count_ballot(session: Transaction, uuid: str, public_key: str, position: int) -> None:
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
