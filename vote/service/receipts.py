"""Where a ballot is in the box, for whoever has its tracker or its receipt.

Nothing here asks who it is: a tracker is public, and a receipt names nobody.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from vote.election.archive import Event
from vote.election.errors import ProtocolError
from vote.service.errors import Refusal
from vote.service.house import House
from vote.service.prepare import get
from vote.store import log as log_store
from vote.store.archive import archive_with, elections
from vote.store.models import Credential, Election, Record
from vote.tlog.errors import LogError
from vote.tlog.note import VerifierKey
from vote.tlog.proof import TlogProof

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Logged:
    """An event of an archive and its place in the ballot log, counted from 0."""

    index: int
    event: str


@dataclass(frozen=True, slots=True)
class Newest:
    """The last ballot of a code so far: its SHA-256 in hexadecimal, and its event."""

    digest: str
    index: int
    event: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ballot is, and what a reader needs to prove it and what became of it.

    `election` is a UUID, `ballot` the ballot paper, `newest` the last ballot of the same code,
    maybe this one; `tally` and `result` are there once the election is decided.
    """

    election: str
    ballot: str
    logged: Logged
    newest: Newest
    tally: Logged | None
    result: Logged | None
    archive_bytes: int


def find(house: House, assembly: str, digest: str) -> Place:
    """The place of the ballot with this SHA-256 in hexadecimal. Raises Refusal."""
    if _DIGEST.fullmatch(digest) is None:
        raise _no_such_ballot()
    with house.database.reading() as session:
        get(session, assembly)
        for election in elections(session, assembly):
            found = _ballot(session, election.uuid, digest)
            if found is not None:
                return _place(session, election, digest, found)
    raise _no_such_ballot()


def _ballot(session: Session, uuid: str, digest: str) -> Logged | None:
    """The event by which a ballot was recorded; None for another kind of payload."""
    _, found = archive_with(session, uuid, digest)
    if found is None or Event.parse(found.event).type != "Ballot":
        return None
    return Logged(found.log_index, found.event.decode())


def _place(session: Session, election: Election, digest: str, logged: Logged) -> Place:
    newest = _newest(session, election.uuid, digest)
    event = logged if newest == digest else _ballot(session, election.uuid, newest)
    if event is None:
        raise LookupError(f"the credential's last ballot is not in the archive of {election.uuid}")
    decided = election.stage == "decided"
    return Place(
        election=election.uuid,
        ballot=election.ballot,
        logged=logged,
        newest=Newest(newest, event.index, event.event),
        tally=_event(session, election.uuid, "EncryptedTally") if decided else None,
        result=_event(session, election.uuid, "Result") if decided else None,
        archive_bytes=election.size,
    )


def _newest(session: Session, uuid: str, digest: str) -> str:
    """The hash of the last ballot of the code that a ballot was made with."""
    content = session.execute(
        select(Record.content).where(Record.election == uuid, Record.sha256 == digest)
    ).scalar_one()
    statement = (
        select(Record.sha256)
        .join(
            Credential,
            (Credential.election == Record.election) & (Credential.last_ballot == Record.position),
        )
        .where(
            Credential.election == uuid, Credential.public_key == json.loads(content)["credential"]
        )
    )
    return session.execute(statement).scalar_one()


def _event(session: Session, uuid: str, kind: str) -> Logged | None:
    statement = (
        select(Record.log_index, Record.content)
        .where(Record.election == uuid, Record.event == kind)
        .order_by(Record.position)
        .limit(1)
    )
    found = session.execute(statement).one_or_none()
    return None if found is None else Logged(found.log_index or 0, found.content.decode())


@dataclass(frozen=True, slots=True)
class Genuine:
    """A receipt that this service gave: `digest` is the ballot's SHA-256 in hexadecimal.

    `place` counts from 1, as people do, among the `size` entries that the log had then.
    """

    digest: str
    place: int
    size: int
    origin: str


def check(house: House, assembly: str, receipt: bytes) -> Genuine:
    """Verify a receipt with the ballot log's own key. Raises Refusal."""
    with house.database.reading() as session:
        get(session, assembly)
        head = log_store.head(session, assembly)
    if head is None:
        raise _not_genuine()
    try:
        proof = TlogProof.parse(receipt)
        tree = proof.verify(proof.entry(), VerifierKey.parse(head.key))
        event = Event.parse(proof.entry())
    except (LogError, ProtocolError) as error:
        raise _not_genuine() from error
    if event.type != "Ballot" or event.payload is None or proof.encode() != receipt:
        raise _not_genuine()
    return Genuine(event.payload, proof.index + 1, tree.size, tree.origin)


def _no_such_ballot() -> Refusal:
    return Refusal(
        "no-such-ballot",
        "There is no ballot with this number in the ballot box of this assembly.",
        status=404,
    )


def _not_genuine() -> Refusal:
    return Refusal(
        "not-a-receipt",
        "This is not a receipt of this ballot box, or it has been changed.",
        status=422,
    )
