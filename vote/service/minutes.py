"""The minutes: made with the decision, sealed by the log's last entry, and set again at will."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vote.assembly.minutes import FILE, Evidence, LogHead, SealedBox, minutes_json
from vote.assembly.record import Closing, Record
from vote.audit.errors import AuditError, UnreadableError
from vote.audit.source import open_source, read
from vote.documents import minutes as document
from vote.documents.typesetting import DocumentError
from vote.service import incidents, proceedings
from vote.service.counting import Counted
from vote.service.errors import Refusal, Unreadable
from vote.service.house import House
from vote.service.prepare import definition_of, get
from vote.store import people
from vote.store.archive import elections, find_event_hash
from vote.store.log import Nodes, head
from vote.store.models import Assembly, Attachment, Attendance, Election
from vote.store.models import Record as ArchiveRecord
from vote.tlog.merkle import root

MOST = 64 * 2**20  # bytes of a minutes.json that is read

_log = logging.getLogger(__name__)


def make(session: Session, counted: Counted, record: Record, log_size: int) -> dict[str, bytes]:
    """The bundle's files: `minutes.json`, and `minutes/LANG.pdf` in each of its languages.

    :param log_size: of the log that the minutes state: all that is in it so far

    A PDF that cannot be set is left out and said in the log: nothing may keep seven hundred people
    from their decision, and it can be set later from `minutes.json`.
    """
    assembly = counted.definition.assembly
    evidence = _evidence(session, assembly.id, log_size)
    data = minutes_json(counted.definition, counted.counts, counted.outcome, evidence, record)
    files = {FILE: data}
    for language in assembly.languages:
        try:
            files[path(language)] = document.render(data, language)
        except DocumentError:
            _log.exception("the minutes of %s could not be set in %s", assembly.id, language)
    return files


def path(language: str) -> str:
    """Where the minutes in a language stand in the bundle."""
    return f"minutes/{language}.pdf"


def record_of(house: House, session: Session, row: Assembly) -> Record:
    """What has been recorded of an assembly, as of now."""
    said = proceedings.read(session, row.id)
    origin = house.settings.origin
    return Record(
        made=incidents.stamp(house.clock()),
        rehearsal=row.rehearsal,
        address=None if origin == "localhost" else f"https://{origin}/a/{row.id}/audit",
        place=said.place,
        summoned_by=said.summoned_by,
        chair=said.chair,
        secretary=said.secretary,
        scrutineers=said.scrutineers,
        trustees=tuple(each.name for each in people.trustees(session, row.id)),
        in_the_room=said.in_the_room,
        represented=_represented(session, row),
        appeals_until=said.appeals_until,
        roll=None,
        privacy=said.privacy,
        incidents=incidents.read(session, row.id),
        closed=_closed(session, row.id),
    )


def _closed(session: Session, assembly: str) -> tuple[Closing, ...]:
    """When each ballot paper was closed: all its elections at once."""
    times = {each.ballot: each.closed_at for each in elections(session, assembly)}
    return tuple(Closing(ballot, at) for ballot, at in times.items() if at)


def same_but_time(one: Record, other: Record) -> bool:
    """Whether two records say the same, apart from when they were made and the roll's seal."""
    return replace(one, made="", roll=None) == replace(other, made="", roll=None)


def _represented(session: Session, row: Assembly) -> int | None:
    """How many members were represented by another on some ballot paper; None without proxies."""
    if definition_of(row).proxies is None:
        return None
    statement = select(func.count(Attendance.member.distinct())).where(
        Attendance.assembly == row.id, Attendance.voted, Attendance.represented_by.is_not(None)
    )
    return session.execute(statement).scalar_one()


def _evidence(session: Session, assembly: str, log_size: int) -> Evidence:
    row, log = get(session, assembly), head(session, assembly)
    if row.elections_json is None or log is None:
        raise RuntimeError(f"{assembly} is decided and was never opened")
    return Evidence(
        elections_sha256=sha256(row.elections_json).hexdigest(),
        boxes=tuple(_box(session, each) for each in elections(session, assembly)),
        log=LogHead(log.key, log_size, root(log_size, Nodes(session, assembly)).base64()),
    )


def _box(session: Session, election: Election) -> SealedBox:
    cast = select(func.count()).where(
        ArchiveRecord.election == election.uuid, ArchiveRecord.event == "Ballot"
    )
    sealed = find_event_hash(session, election.uuid, "EndBallots")
    if sealed is None:
        raise RuntimeError(f"election {election.uuid} was never closed")
    ballots = session.execute(cast).scalar_one()
    return SealedBox(election.ballot, election.college, election.uuid, ballots, sealed)


def languages(house: House, assembly: str) -> tuple[str, ...]:
    """In which languages there are minutes, in the assembly's order; none before the decision."""
    with house.database.reading() as session:
        definition = definition_of(get(session, assembly))
        paths = select(Attachment.path).where(Attachment.assembly == assembly)
        there = set(session.execute(paths).scalars())
    return tuple(each for each in definition.assembly.languages if path(each) in there)


def pdf(house: House, assembly: str, language: str) -> bytes:
    """The minutes in a language, as they stand in the bundle. Raises Refusal."""
    return _file(house, assembly, path(language))


def data(house: House, assembly: str) -> bytes:
    """`minutes.json`, which the PDFs are set from. Raises Refusal."""
    return _file(house, assembly, FILE)


def _file(house: House, assembly: str, name: str) -> bytes:
    with house.database.reading() as session:
        get(session, assembly)
        found = session.get(Attachment, (assembly, name))
    if found is None:
        raise Refusal(
            "no-such-minutes",
            "There are no minutes in this language yet. They are made with the decision.",
            status=404,
        )
    return found.content


@dataclass(frozen=True, slots=True)
class SetAgain:
    """Minutes set again from `minutes.json`; `same`: as the bundle's PDF, None if it has none."""

    language: str
    path: str
    content: bytes
    same: bool | None


def set_again(bundle: Path) -> Iterator[SetAgain]:
    """Set the PDFs of a bundle's minutes again. Raises Refusal.

    They are the same bytes as long as the typesetter is the same version.
    """
    try:
        with closing(open_source(bundle)) as source:
            data = read(source, FILE, MOST)
            present = [name for name in source.names if name.startswith("minutes/")]
            found = {name: read(source, name, MOST) for name in present}
    except UnreadableError as error:
        raise Unreadable(error.code, "{reason}", {"reason": error.message}) from error
    except AuditError as error:
        message = "This bundle has no minutes ({file})."
        raise Unreadable("no-minutes", message, {"file": FILE}) from error
    for name, content in _render_all(data).items():
        given = found.get(path(name))
        yield SetAgain(name, path(name), content, None if given is None else given == content)


def _render_all(data: bytes) -> Mapping[str, bytes]:
    try:
        return {name: document.render(data, name) for name in document.languages(data)}
    except DocumentError as error:
        raise Unreadable("bad-minutes", "{reason}", {"reason": str(error)}) from error
