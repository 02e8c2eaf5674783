"""The verification of one archive, in steps that a caller can number, report and spread out.

1. `scan`: the tar is canonical, every hash and every link of the chain holds, events come in a
   legal order, each with its own payloads and nothing else. One pass, one event in memory.
2. `check_setup`: election, trustees with their proofs, credentials; the election's key is theirs.
3. `check_roll`: every ballot comes from a credential on the list.
4. `chunks` and `verify_chunk`: every ballot's proofs and signature. A second pass; chunks may be
   verified in any order and by any number of processes, and give the sums of what counts.
5. `check_tally`: the encrypted tally is the weighted sum of the last ballot of each credential.
6. `check_partial_decryption`: each trustee's proofs.
7. `check_result`: the result is what the shares give.

`verify_archive` does all of it in one process. An archive may stop after any event: `Scan.stage`
says how far it has come, and steps that have nothing to check pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO, Final, Literal

from vote.election import ballot as ballots_
from vote.election import tally as tally_
from vote.election.archive import Event, EventType, Header, Member, read
from vote.election.election import Election, election_hash
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_hex
from vote.election.setup import Setup, SetupData
from vote.election.sums import Sums, ciphertexts_of
from vote.election.tally import Owned, SizedTally

Stage = Literal["voting", "ended", "tallied", "decided"]
"""Set up and perhaps voted; no more ballots; encrypted tally there; result there."""

Open = Callable[[], BinaryIO]
"""Opens the archive from its start, each time it is called."""

_CREDENTIAL: Final = re.compile(
    rb'\{"election_uuid":"[^"\\]*","election_hash":"[^"\\]*","credential":"([0-9a-f]{64})",'
)

# What may stand before each event, and how many data belong to it (specification, "Public data").
_PREDECESSORS: Final[dict[EventType, tuple[EventType | None, ...]]] = {
    "Setup": (None,),
    "Ballot": ("Setup", "Ballot"),
    "EndBallots": ("Setup", "Ballot"),
    "EncryptedTally": ("EndBallots",),
    "EndShuffles": ("EncryptedTally",),
    "PartialDecryption": ("EncryptedTally", "EndShuffles", "PartialDecryption"),
    "Result": ("PartialDecryption",),
}
_DATA: Final[dict[EventType, int]] = {
    "Setup": 4,
    "Ballot": 1,
    "EndBallots": 0,
    "EncryptedTally": 2,
    "EndShuffles": 0,
    "PartialDecryption": 2,
    "Result": 1,
}
_MOST_DATA: Final = max(_DATA.values())
_STAGES: Final[dict[EventType, Stage]] = {
    "Setup": "voting",
    "Ballot": "voting",
    "EndBallots": "ended",
    "EncryptedTally": "tallied",
    "EndShuffles": "tallied",
    "PartialDecryption": "tallied",
    "Result": "decided",
}


@dataclass(slots=True)
class Scan:
    """What one pass over an archive found, for reading only.

    `ballots`: the hash of each ballot and its number, from 0, in the order of the archive.
    `last_event` and `tally_event`: hashes of the last event and of the EncryptedTally event.
    `last_ballot`: for each credential that voted (hexadecimal), the number of its last ballot.
    `shares`: the files of the partial decryptions by owner.
    """

    timestamp: int
    events: int = 0
    last_event: str = ""
    stage: Stage = "voting"
    election: bytes = b""
    trustees: bytes = b""
    credentials: bytes = b""
    ballots: dict[str, int] = field(default_factory=dict)
    last_ballot: dict[str, int] = field(default_factory=dict)
    tally: bytes | None = None
    sized: SizedTally | None = None
    tally_event: str | None = None
    shares: dict[int, bytes] = field(default_factory=dict)
    result: bytes | None = None


def scan(stream: BinaryIO) -> Scan:
    """Step 1. Raises what `archive.read` and `Event.parse` raise, and, with the event's height as
    index: "event-parent", "event-height", "event-order", "event-payload", "data-surplus",
    "setup-missing", "setup-data", "ballot-syntax", "ballot-twice", "tally-reference",
    "share-reference", "owner-twice", "shuffles-not-supported".
    """
    members = read(stream)
    found = Scan(Header.parse(next(members).data).timestamp)
    pending: list[bytes] = []
    last: Event | None = None
    for member in members:
        if member.kind == "data":
            pending.append(member.data)
            if len(pending) > _MOST_DATA:
                raise ProtocolError("data-surplus", "more data than any event has", found.events)
            continue
        last = _follow(found, last, member, pending)
        pending = []
    if last is None:
        raise ProtocolError("setup-missing", "the archive has no event")
    if pending:
        raise ProtocolError("data-surplus", "data stand at the end that no event refers to")
    return found


def _follow(found: Scan, last: Event | None, member: Member, data: Sequence[bytes]) -> Event:
    height = found.events
    try:
        event = Event.parse(member.data)
        _check_link(found, last, event)
        _check_payload(event, data)
        _take(found, event, data, hash_hex(member.data))
    except ProtocolError as error:
        raise error.at(height) from error
    found.events += 1
    found.last_event = hash_hex(member.data)
    found.stage = _STAGES[event.type]
    return event


def _check_link(found: Scan, last: Event | None, event: Event) -> None:
    if event.type == "Shuffle":
        raise ProtocolError("shuffles-not-supported", "only homomorphic questions are supported")
    if (last.type if last else None) not in _PREDECESSORS[event.type]:
        raise ProtocolError("event-order", f"{event.type} cannot stand here")
    if event.parent != (found.last_event if last else None):
        raise ProtocolError("event-parent", "an event does not refer to the one before")
    if event.height != found.events:
        raise ProtocolError("event-height", "an event's height is not one more than before")


def _check_payload(event: Event, data: Sequence[bytes]) -> None:
    if len(data) != _DATA[event.type]:
        raise ProtocolError("data-surplus", f"{len(data)} data before {event.type}")
    if event.payload != (hash_hex(data[-1]) if data else None):
        raise ProtocolError("event-payload", "an event's payload is not the data before it")


def _take(found: Scan, event: Event, data: Sequence[bytes], event_hash: str) -> None:
    match event.type:
        case "Setup":
            found.election, found.trustees, found.credentials, payload = data
            if SetupData.parse(payload) != SetupData.of(*data[:3]):
                raise ProtocolError("setup-data", "the set-up refers to other files")
        case "Ballot":
            _take_ballot(found, data[0])
        case "EncryptedTally":
            found.tally, found.sized, found.tally_event = (
                data[0],
                SizedTally.parse(data[1]),
                event_hash,
            )
            if found.sized.encrypted_tally != hash_hex(data[0]):
                raise ProtocolError("tally-reference", "the size belongs to another tally")
        case "PartialDecryption":
            _take_share(found, Owned.parse(data[1]), data[0])
        case "Result":
            found.result = data[0]


def _take_ballot(found: Scan, data: bytes) -> None:
    match = _CREDENTIAL.match(data)
    if match is None:
        raise ProtocolError("ballot-syntax", "the ballot does not start as a ballot does")
    number = len(found.ballots)
    if found.ballots.setdefault(hash_hex(data), number) != number:
        raise ProtocolError("ballot-twice", "the same ballot was cast before")
    found.last_ballot[match[1].decode()] = number


def _take_share(found: Scan, owned: Owned, data: bytes) -> None:
    if owned.owner in found.shares:
        raise ProtocolError("owner-twice", f"trustee number {owned.owner} decrypted twice")
    if owned.payload != hash_hex(data):
        raise ProtocolError("share-reference", "the owner belongs to another partial decryption")
    found.shares[owned.owner] = data


def check_setup(found: Scan) -> Setup:
    """Step 2. Raises what `Setup.from_parts` raises."""
    return Setup.from_parts(found.election, found.trustees, found.credentials)


def check_roll(found: Scan, setup: Setup) -> None:
    """Step 3. Raises "credential-unknown" with the number of a ballot as index."""
    for credential, number in found.last_ballot.items():
        if credential not in setup.weights:
            raise ProtocolError(
                "credential-unknown", "a ballot's credential is not on the list", number
            )


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive ballots. `first`: the number of the first one. `weights`: with what each of them
    counts in the tally, 0 when a later one replaces it."""

    first: int
    ballots: tuple[bytes, ...]
    weights: tuple[int, ...]


def chunks(stream: BinaryIO, found: Scan, setup: Setup, size: int) -> Iterator[Chunk]:
    """Step 4, first half: the ballots of an archive that `scan` and `check_roll` have passed.

    Raises "archive-changed" if it is no longer the same, and what `archive.read` raises.
    """
    tallied = {number: setup.weights[key] for key, number in found.last_ballot.items()}
    batch: list[bytes] = []
    first = 0
    for number, data in enumerate(_ballots(stream, found)):
        batch.append(data)
        if len(batch) == size or number + 1 == len(found.ballots):
            weights = tuple(tallied.get(n, 0) for n in range(first, number + 1))
            yield Chunk(first, tuple(batch), weights)
            batch, first = [], number + 1


def _ballots(stream: BinaryIO, found: Scan) -> Iterator[bytes]:
    hashes = iter(found.ballots)
    wanted = next(hashes, None)
    for member in read(stream):
        if wanted is None:
            return
        if member.kind == "data" and member.name.startswith(wanted):
            yield member.data
            wanted = next(hashes, None)
    if wanted is not None:
        raise ProtocolError("archive-changed", "the archive changed while it was being verified")


@lru_cache(maxsize=8)
def _election(data: bytes) -> tuple[Election, str]:
    return Election.parse(data), election_hash(data)


def verify_chunk(election: bytes, chunk: Chunk) -> Sums:
    """Step 4, second half: verify ballots and add up those that count.

    A function of its arguments alone, for any process: the election is parsed once in each.
    Raises what `ballot.parse` and `ballot.verify` raise, with the ballot's number as index.
    """
    parsed, fingerprint = _election(election)
    sums = Sums.empty(sum(question.width for question in parsed.questions))
    for offset, (data, weight) in enumerate(zip(chunk.ballots, chunk.weights, strict=True)):
        try:
            ballot = ballots_.parse(data)
            ballots_.verify(parsed, fingerprint, ballot)
        except ProtocolError as error:
            raise error.at(chunk.first + offset) from error
        if weight:
            sums.add(ciphertexts_of(ballot), weight)
    return sums


def add_up(setup: Setup, parts: Iterable[Sums]) -> Sums:
    """The sums of all chunks."""
    sums = Sums.empty(sum(question.width for question in setup.election.questions))
    for part in parts:
        sums.merge(part)
    return sums


def check_tally(found: Scan, setup: Setup, sums: Sums) -> None:
    """Step 5. Raises "tally-wrong", "tally-size"."""
    if found.tally is None or found.sized is None:
        return
    if found.tally != tally_.encrypted_tally(setup.election, sums):
        raise ProtocolError("tally-wrong", "the encrypted tally is not the sum of the ballots")
    if found.sized != SizedTally.of(sums, found.tally):
        raise ProtocolError("tally-size", "the number of ballots or their weight is wrong")


def check_partial_decryption(found: Scan, setup: Setup, owner: int) -> None:
    """Step 6, for one of `found.shares`. Raises what `verify_partial_decryption` raises, with the
    owner as index."""
    if found.tally is None:
        return
    try:
        tally_.verify_partial_decryption(setup, found.tally, owner, found.shares[owner])
    except ProtocolError as error:
        raise error.at(owner) from error


def check_result(found: Scan, setup: Setup) -> list[list[int]] | None:
    """Step 7: the published sums, None before there are any. Raises as `verify_result` does."""
    if found.result is None or found.tally is None or found.sized is None:
        return None
    return tally_.verify_result(
        setup, found.tally, found.shares, found.sized.total_weight, found.result
    )


def verify_archive(open_archive: Open, chunk_size: int = 64) -> Scan:
    """All steps in this process. Raises what they raise."""
    with open_archive() as stream:
        found = scan(stream)
    setup = check_setup(found)
    check_roll(found, setup)
    with open_archive() as stream:
        parts = (
            verify_chunk(found.election, chunk)
            for chunk in chunks(stream, found, setup, chunk_size)
        )
        sums = add_up(setup, parts)
    check_tally(found, setup, sums)
    for owner in found.shares:
        check_partial_decryption(found, setup, owner)
    check_result(found, setup)
    return found
