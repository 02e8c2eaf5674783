"""The decision: from the results of the elections to `outcome.json`, the log's last entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from vote.assembly.outcome import outcome_json
from vote.assembly.record import Record
from vote.service import box, counting, minutes, proceedings
from vote.service.bundle import archive_chunks, archive_path
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.store.archive import elections
from vote.store.log import append_entries
from vote.store.models import Attachment
from vote.tlog import entry


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The decision and its minutes, drawn up when the log had `log_size` entries."""

    outcome: bytes
    record: Record
    files: Mapping[str, bytes]
    archives: Mapping[str, str]
    log_size: int


def decide(house: House, assembly: str) -> bytes:
    """Compute the outcome by the definition's rules, draw up the minutes, and close the log with
    the hashes of both."""
    while (decided := _decided(house, assembly)) is None:
        _seal(house, assembly, _draw_up(house, assembly))
    box.publish(house, assembly)
    return decided


def _decided(house: House, assembly: str) -> bytes | None:
    with house.database.reading() as session:
        return get(session, assembly).outcome


def _draw_up(house: House, assembly: str) -> _Drawn:
    """Everything that takes its time, outside the transaction that closes the log."""
    published = box.publish(house, assembly)
    with house.database.writing() as session:
        roll = proceedings.seal_roll(session, assembly).seal
    with house.database.reading() as session:
        row = get(session, assembly)
        counted = counting.count(session, definition_of(row))
        record = replace(minutes.record_of(house, session, row), roll=roll)
        made = minutes.make(session, counted, record, published.size)
        files = {**made, **house.witnessing.files()}
        archives = _archives(session, assembly)
    return _Drawn(outcome_json(counted.outcome), record, files, archives, published.size)


def _archives(session: Session, assembly: str) -> Mapping[str, str]:
    """The SHA-256 of each election's archive, by its path in the bundle."""
    hashes = {}
    for row in elections(session, assembly):
        digest = sha256()
        for chunk in archive_chunks(session, row.uuid):
            digest.update(chunk)
        hashes[archive_path(row.uuid)] = digest.hexdigest()
    return hashes


def _seal(house: House, assembly: str, drawn: _Drawn) -> None:
    """Keep the decision, unless something was logged or recorded since it was drawn up."""
    with house.database.writing() as session:
        log = box.lock(house, session, assembly)
        row = get(session, assembly)
        recorded = minutes.record_of(house, session, row)
        if row.outcome is not None or log.size != drawn.log_size:
            return
        if not minutes.same_but_time(recorded, drawn.record):
            return
        row.outcome = drawn.outcome
        row.state = "decided"
        for path, content in drawn.files.items():
            session.add(Attachment(assembly=assembly, path=path, content=content))
        session.flush()
        last = entry.Outcome(
            outcome_sha256=sha256(row.outcome).hexdigest(),
            files={**_files(session, assembly), **drawn.archives},
        )
        append_entries(session, log, [last.encode()])


def _files(session: Session, assembly: str) -> Mapping[str, str]:
    """The bundle's further files (portraits, minutes) with their SHA-256."""
    statement = select(Attachment).where(Attachment.assembly == assembly)
    found = session.execute(statement).scalars()
    return {each.path: sha256(each.content).hexdigest() for each in found}
