"""Sample elections, made from fixed numbers, and archives of them. All names are made up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha512
from io import BytesIO
from typing import BinaryIO

from vote.election import archive, ballot, credential, setup, tally, trustee
from vote.election.archive import Event, EventType, Kind
from vote.election.election import Election, Question
from vote.election.fingerprint import hash_hex
from vote.election.group import Q
from vote.election.setup import Setup, SetupData

TIMESTAMP = 1749628800
UUID = "AssembLyVecTor1"
RESOLUTION = Question(("for", "against", "abstain"), False, 1, 1, "Do you approve the accounts?")
BOARD = Question(("ada", "bela"), True, 0, 2, 'Who joins the board? «Dé "quoted" \\ \t\x7f»')
CODES = (
    "AAAAA-BBBBBB-CCCCC-DDDDDD",
    "12345-6789AB-CDEFG-HJKLMN",
    "zzzzz-yyyyyy-xxxxx-wwwwww",
    "Share-dCofee-Brea1-ksFun9",
)
STRANGER = "Nobod-yKnows-Thisx-Code11"
WEIGHTS = (1, 1, 3, 1)


class Scalars:
    """A reproducible source of scalars that remembers what it gave."""

    def __init__(self, label: str) -> None:
        self._label = label
        self.draws: list[int] = []

    def __call__(self) -> int:
        seed = f"{self._label}|{len(self.draws)}".encode()
        self.draws.append(int.from_bytes(sha512(seed).digest(), "big") % Q)
        return self.draws[-1]


@dataclass
class Sample:
    """A set-up together with its secrets."""

    private_keys: tuple[int, ...]
    codes: tuple[str, ...]
    election: bytes
    trustees: bytes
    credentials: bytes
    setup: Setup = field(init=False)

    def __post_init__(self) -> None:
        self.setup = Setup.from_parts(self.election, self.trustees, self.credentials)

    def encrypt(self, voter: int, answers: Sequence[Sequence[int]], label: str = "") -> bytes:
        scalars = Scalars(f"ballot {voter} {answers} {label}")
        return ballot.encrypt(self.setup, self.codes[voter], answers, scalars)


def make_sample(
    questions: Sequence[Question] = (RESOLUTION, BOARD),
    *,
    trustees: int = 2,
    codes: Sequence[str] = CODES,
    weights: Sequence[int] = WEIGHTS,
    uuid: str = UUID,
) -> Sample:
    scalars = Scalars(f"set-up {uuid}")
    private_keys = tuple(trustee.generate_private_key(scalars) for _ in range(trustees))
    keys = [
        trustee.parse_public_key(trustee.public_key_json(private, scalars))
        for private in private_keys
    ]
    holders = trustee.Trustees.singles(keys)
    election = Election(
        description="sha256:" + "00" * 32,
        name="Assemblée d'essai",
        public_key=holders.election_public_key(),
        questions=tuple(questions),
        uuid=uuid,
        administrator="Nobody",
        credential_authority="server",
    )
    voters = zip((credential.public_key(code, uuid) for code in codes), weights, strict=True)
    return Sample(
        private_keys,
        tuple(codes),
        election.encode(),
        holders.encode(),
        setup.encode_credentials(voters),
    )


class Chain:
    """An archive as it grows."""

    def __init__(self) -> None:
        self.items: list[tuple[Kind, bytes]] = []
        self.last: Event | None = None

    def data(self, *files: bytes) -> Chain:
        self.items += [("data", data) for data in files]
        return self

    def event(self, kind: EventType, *files: bytes) -> Chain:
        """Append the data and the event whose payload is the last of them."""
        payload = hash_hex(files[-1]) if files else None
        self.data(*files)
        self.last = self.last.next(kind, payload) if self.last else Event(None, 0, kind, payload)
        self.items.append(("event", self.last.encode()))
        return self

    def set_up(self, sample: Sample) -> Chain:
        files = (sample.election, sample.trustees, sample.credentials)
        return self.event("Setup", *files, SetupData.of(*files).encode())

    def share(self, owner: int, data: bytes) -> Chain:
        return self.event("PartialDecryption", data, tally.Owned(owner, hash_hex(data)).encode())

    def encode(self) -> bytes:
        return b"".join(archive.write(self.items, TIMESTAMP))

    def open(self) -> BinaryIO:
        return BytesIO(self.encode())


def vote(chain: Chain, ballots: Iterable[bytes]) -> Chain:
    for data in ballots:
        chain.event("Ballot", data)
    return chain


def finish(chain: Chain, sample: Sample, ballots: Iterable[bytes]) -> list[list[int]]:
    """Close, add up, decrypt, publish."""
    total = tally.Accumulator(sample.setup)
    for data in ballots:
        total.add(ballot.parse(data))
    encrypted = total.encrypted_tally()
    chain.event("EndBallots").event("EncryptedTally", encrypted, total.sized())
    shares = {
        owner: tally.partial_decryption(sample.setup, encrypted, key, Scalars(f"share {owner}"))
        for owner, key in enumerate(sample.private_keys, 1)
    }
    for owner, data in shares.items():
        chain.share(owner, data)
    result, sums = tally.result(sample.setup, encrypted, shares, total.sums.total_weight)
    chain.event("Result", result)
    return sums


BALLOTS = (
    (0, ((1, 0, 0), (0, 1, 1))),
    (1, ((0, 1, 0), (1, 0, 0))),
    (2, ((0, 0, 1), (0, 0, 0))),
    (0, ((0, 1, 0), (0, 0, 1))),  # voted before: this one counts
)
SUMS = [[0, 2, 3], [1, 0, 1]]


def whole_archive(sample: Sample | None = None) -> Chain:
    """An election from beginning to end."""
    sample = sample or make_sample()
    ballots = [sample.encrypt(voter, answers) for voter, answers in BALLOTS]
    chain = vote(Chain().set_up(sample), ballots)
    finish(chain, sample, ballots)
    return chain
