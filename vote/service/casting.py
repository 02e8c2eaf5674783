"""Casting: one ballot is checked, stored, marked on the roll and logged, all or nothing."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from vote.assembly.definition import Definition, from_json
from vote.election import ballot as ballots
from vote.election.ballot import Ballot
from vote.election.election import Election as ElectionData
from vote.election.election import election_hash
from vote.election.errors import ProtocolError
from vote.service import box, mandates
from vote.service.errors import Refusal, unknown_election
from vote.service.house import House
from vote.service.mandates import Voter
from vote.service.tokens import binding_hash, roll_hash
from vote.service.window import paper_state, voting_window
from vote.store import people
from vote.store.archive import append_event, archive_with, count_ballot, setup_parts
from vote.store.log import lock_head
from vote.store.models import Assembly


@dataclass(frozen=True, slots=True)
class OpenElection:
    """What every ballot of an election is checked against; it never changes once opened."""

    uuid: str
    assembly: str
    ballot: str
    data: ElectionData
    fingerprint: str
    definition: Definition


@dataclass(frozen=True, slots=True)
class Cast:
    """A stored ballot: where its event is in the log, and the event's bytes."""

    assembly: str
    log_index: int
    event: bytes


class _Cache:
    """The elections seen lately, by database and UUID."""

    def __init__(self, capacity: int = 256) -> None:
        self._capacity = capacity
        self._known: OrderedDict[tuple[str, str], OpenElection] = OrderedDict()
        self._lock = Lock()

    def get(self, house: House, uuid: str) -> OpenElection:
        key = (house.database.url, uuid)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = _load(house, uuid)
        with self._lock:
            self._known[key] = found
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)
        return found


_cache = _Cache()

# With a process for each processor, threads that check at once would only take turns: one checks,
# the others wait for it, for the database or for a client, and each ballot is done sooner.
_checking = Lock()


def _load(house: House, uuid: str) -> OpenElection:
    with house.database.reading() as session:
        row = people.election_by_uuid(session, uuid)
        if row is None or row.stage == "prepared":
            raise unknown_election(uuid)
        setup = setup_parts(session, uuid).election
        assembly = session.get_one(Assembly, row.assembly)
        return OpenElection(
            uuid=uuid,
            assembly=row.assembly,
            ballot=row.ballot,
            data=ElectionData.parse(setup),
            fingerprint=election_hash(setup),
            definition=from_json(assembly.definition),
        )


def cast(house: House, uuid: str, token: str, data: bytes) -> bytes:
    """Cast a ballot; the signed receipt, a C2SP tlog-proof file.

    The very same bytes sent again are not a second vote: they get their receipt again.

    Raises Refusal (unknown code, not open, not a valid ballot, another's credential); then
    nothing is stored.
    """
    stored = store(house, uuid, token, data)
    return box.receipt(house, stored.assembly, stored.log_index, stored.event)


def store(house: House, uuid: str, token: str, data: bytes) -> Cast:
    """As `cast`, without waiting for a checkpoint.

    Strangers and latecomers are turned away before the work of checking proofs is done for them;
    what that was decided by is looked at again under the log's lock.
    """
    election = _cache.get(house, uuid)
    ballot = _parsed(data)
    digest = sha256(data).hexdigest()
    with house.database.reading_rows() as connection:
        voter = _voter(house, connection, election, token, ballot)
        archive, recorded = archive_with(connection, uuid, digest)
        if recorded is None:
            _require_open(election, archive.stage, house.clock())
    if recorded is None:
        _verify(election, ballot)
    with house.database.writing_rows() as connection:
        log = lock_head(connection, election.assembly)
        if voter.mandate is not None:  # a member's own credential stays the member's
            voter = _voter(house, connection, election, token, ballot)
        archive, recorded = archive_with(connection, uuid, digest)
        if recorded is not None:
            return Cast(election.assembly, *recorded)
        box.refuse_behind(house, log)
        _require_open(election, archive.stage, house.clock())
        if election.definition.proxies is not None:
            mandates.settle(connection, voter)
        count_ballot(connection, uuid, ballot.credential.hex(), archive.records)
        appended = append_event(connection, log, archive, "Ballot", [data])
        people.mark_voted(connection, voter.assembly, election.ballot, voter.member, voter.holder)
        return Cast(election.assembly, *appended)


def _parsed(data: bytes) -> Ballot:
    try:
        return ballots.parse(data)
    except ProtocolError as error:
        raise _invalid(error) from error


def _verify(election: OpenElection, ballot: Ballot) -> None:
    try:
        with _checking:
            ballots.verify(election.data, election.fingerprint, ballot)
    except ProtocolError as error:
        raise _invalid(error) from error


def _invalid(error: ProtocolError) -> Refusal:
    return Refusal(
        f"ballot-{error.code}",
        "This ballot is not valid, so it was not recorded. Load the page again and vote anew. "
        "({reason})",
        {"reason": error.message},
        status=422,
    )


def _voter(
    house: House, connection: Connection, election: OpenElection, token: str, ballot: Ballot
) -> Voter:
    """Whose ballot it is: the bearer's own, or one that a mandate lets the bearer cast."""
    if mandates.is_mandates(token):
        signed_by = {"uuid": election.uuid, "credential": ballot.credential.hex()}
        with Session(connection) as session:
            return mandates.voter(house, session, election.assembly, token, **signed_by)
    _require_own_credential(connection, election, token, ballot)
    token_hash = roll_hash(election.assembly, token)
    member = people.name_by_token(connection, election.assembly, token_hash)
    if member is None:
        raise unknown_code()
    return Voter(election.assembly, member)


def _require_own_credential(
    connection: Connection, election: OpenElection, token: str, ballot: Ballot
) -> None:
    """The ballot must be signed with the credential of whoever bears this token."""
    binding = binding_hash(election.uuid, token)
    found = people.credential_by_binding(connection, election.uuid, binding)
    if found is None:
        raise unknown_code()
    if found != ballot.credential.hex():
        raise Refusal(
            "another-credential",
            "This ballot was made with another code than the one you signed in with. "
            "It was not recorded. Load the page again and vote with your own link.",
            status=403,
        )


def unknown_code() -> Refusal:
    return Refusal(
        "unknown-code",
        "This code is not known for this vote. Check it against your invitation, or ask the "
        "organisers for help.",
        status=401,
    )


def _require_open(election: OpenElection, stage: str, now: datetime) -> None:
    state = paper_state(election.definition, election.ballot, stage, now)
    window = voting_window(election.definition, election.ballot)
    if state == "before":
        raise Refusal(
            "not-open-yet",
            "Voting opens on {opens}. Nothing was recorded; come back then.",
            {"opens": window.opens.isoformat()},
            status=403,
        )
    if state == "closed":
        raise Refusal(
            "closed",
            "Voting is closed. This ballot came too late and was not recorded.",
            status=403,
        )
