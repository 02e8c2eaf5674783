"""One election of the workshop: its archive, its secrets, the ballots that came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vote.assembly.papers import Paper
from vote.election import archive, ballot, trustee
from vote.election.archive import Event, EventType, Kind
from vote.election.election import Election, election_hash
from vote.election.fingerprint import hash_hex
from vote.election.setup import Setup, parse_credentials

TIMESTAMP = 1_780_000_000

Answers = Sequence[Sequence[int]]


@dataclass
class Box:
    """One election as it grows: its archive, its secrets, the ballots that came."""

    paper: Paper
    uuid: str
    codes: Mapping[str, str]
    weights: Mapping[str, int]
    keys: list[int]
    files: tuple[bytes, bytes, bytes] = (b"", b"", b"")
    items: list[tuple[Kind, bytes]] = field(default_factory=list)
    last: Event | None = None
    ballots: list[bytes] = field(default_factory=list)
    tally: bytes = b""
    tally_event: str = ""
    voters: int = 0
    total_weight: int = 0
    shares: dict[int, bytes] = field(default_factory=dict)
    sums: list[list[int]] = field(default_factory=list)
    timestamp: int = TIMESTAMP

    @property
    def setup(self) -> Setup:
        """Not verified: a forger does not refuse what is forged."""
        election, trustees, credentials = self.files
        holders = trustee.Trustees(trustee.Trustees.parse(trustees).kinds)
        fingerprint = election_hash(election)
        return Setup(Election.parse(election), fingerprint, holders, parse_credentials(credentials))

    @property
    def sealed(self) -> str:
        """The hash of the event that ended the vote."""
        events = [data for kind, data in self.items if kind == "event"]
        return next(hash_hex(each) for each in events if Event.parse(each).type == "EndBallots")

    @property
    def file(self) -> str:
        return f"elections/{self.uuid}.bel"

    def encrypt(self, member: str, answers: Answers) -> bytes:
        return ballot.encrypt(self.setup, self.codes[member], answers)

    def event(self, kind: EventType, *data: bytes) -> bytes:
        """Append data and the event whose payload is the last of them; the event's bytes."""
        payload = hash_hex(data[-1]) if data else None
        self.last = self.last.next(kind, payload) if self.last else Event(None, 0, kind, payload)
        self.items += [*(("data", each) for each in data), ("event", self.last.encode())]
        return self.last.encode()

    def archive(self) -> bytes:
        return b"".join(archive.write(self.items, self.timestamp))

    def weighed(self) -> list[tuple[bytes, int]]:
        """The last ballot of each credential, with its weight."""
        last = {ballot.parse(data).credential.hex(): data for data in self.ballots}
        return [(data, self.setup.weights[key]) for key, data in last.items()]
