"""What is fixed before the first ballot: election, trustees, list of public credentials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from vote.election import jsontext
from vote.election.election import Election, election_hash
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_hex, parse_hash
from vote.election.group import IDENTITY, Point
from vote.election.trustee import Trustees

MAX_CREDENTIALS_BYTES: Final = 256 * 2**20
_WEIGHT_DIGITS: Final = 12
_MAX_SETUP_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class Setup:
    """A verified set-up. `weights`: the hexadecimal public key of each voter, and its weight."""

    election: Election
    fingerprint: str
    trustees: Trustees
    weights: Mapping[str, int]

    @classmethod
    def from_parts(cls, election: bytes, trustees: bytes, credentials: bytes) -> Setup:
        """Read and verify the three files of the set-up (specification, "Elections").

        Raises "key-mismatch" when the election's key is not the product of the trustees', and
        what `Election.parse`, `Trustees.parse` and `parse_credentials` raise.
        """
        parsed = Election.parse(election)
        holders = Trustees.parse(trustees)
        if holders.election_public_key() != parsed.public_key:
            raise ProtocolError("key-mismatch", "the election's key is not that of its trustees")
        weights = MappingProxyType(parse_credentials(credentials))
        return cls(parsed, election_hash(election), holders, weights)

    def weight_of(self, credential: Point) -> int:
        """The weight of a voter. Raises "credential-unknown"."""
        weight = self.weights.get(credential.hex())
        if weight is None:
            raise ProtocolError("credential-unknown", "the credential is not on the list")
        return weight


def encode_credentials(voters: Iterable[tuple[Point, int]]) -> bytes:
    """The file of public credentials, sorted so that it tells nothing of the roll's order.

    Weights are written if one of them is not 1.
    """
    listed = sorted(voters)
    weighted = any(weight != 1 for _, weight in listed)
    return _credentials_json(
        f"{point.hex()},{weight}" if weighted else point.hex() for point, weight in listed
    )


def _credentials_json(lines: Iterable[str]) -> bytes:
    return ("[" + ",".join(f'"{line}"' for line in lines) + "]").encode()


def parse_credentials(data: bytes) -> dict[str, int]:
    """Public keys, in the file's order, and their weights (specification, "Credentials").

    Raises "credential-twice", "weight-not-positive", "key-is-neutral", "point-…", "json-…",
    "number-syntax", "too-large".
    """
    lines = jsontext.parse(
        data,
        MAX_CREDENTIALS_BYTES,
        lambda value: [jsontext.text(line) for line in jsontext.array(value)],
        _credentials_json,
    )
    weights = dict(_voter(line) for line in lines)
    if len(weights) != len(lines):
        raise ProtocolError("credential-twice", "a credential stands twice on the list")
    return weights


def _voter(line: str) -> tuple[str, int]:
    key, comma, digits = line.partition(",")
    if Point.from_hex(key) == IDENTITY:
        raise ProtocolError("key-is-neutral", "everybody knows the secret of this credential")
    weight = jsontext.parse_decimal(digits, _WEIGHT_DIGITS) if comma else 1
    if weight < 1:
        raise ProtocolError("weight-not-positive", "a weight is at least 1")
    return key, weight


@dataclass(frozen=True, slots=True)
class SetupData:
    """The payload of a Setup event: the hashes of the three files."""

    election: str
    trustees: str
    credentials: str

    @classmethod
    def of(cls, election: bytes, trustees: bytes, credentials: bytes) -> SetupData:
        """Refer to these files."""
        return cls(hash_hex(election), hash_hex(trustees), hash_hex(credentials))

    @classmethod
    def parse(cls, data: bytes) -> SetupData:
        """Raises "hash-syntax", "json-…"."""
        return jsontext.parse(data, _MAX_SETUP_BYTES, cls._from_json, cls.encode)

    @classmethod
    def _from_json(cls, value: object) -> SetupData:
        names = ("election", "trustees", "credentials")
        found = jsontext.fields(value, names)
        election, trustees, credentials = (parse_hash(jsontext.text(found[n])) for n in names)
        return cls(election, trustees, credentials)

    def encode(self) -> bytes:
        """The payload's bytes."""
        return (
            f'{{"election":"{self.election}","trustees":"{self.trustees}",'
            f'"credentials":"{self.credentials}"}}'
        ).encode()
