"""Trustees: private keys, public keys, and how shares combine (specification, "Trustees").

Trustees are numbered from 1 in the order of the file, members of a threshold group one by one: a
partial decryption names its trustee by this number, its *owner*.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from vote.election import jsontext
from vote.election.errors import ProtocolError
from vote.election.group import Point, Q, RandomScalar, parse_scalar, random_scalar, total
from vote.election.threshold import ThresholdParameters, lagrange
from vote.election.trustee_key import TrusteePublicKey

MAX_TRUSTEES_BYTES: Final = 4 * 2**20
MAX_KEY_BYTES: Final = 4096


def generate_private_key(random_scalar: RandomScalar = random_scalar) -> int:
    """A new private key: a number from 1 to Q - 1."""
    while True:
        if private_key := random_scalar():
            return private_key


def private_key_json(private_key: int) -> bytes:
    """The file in which `belenios-tool` keeps a private key."""
    return f'"{private_key}"'.encode()


def parse_private_key(data: bytes) -> int:
    """Read such a file; a line's end is tolerated. Raises "json-…", "number-syntax", "scalar-…"."""
    text = jsontext.text(jsontext.read(data.rstrip(b"\r\n"), MAX_KEY_BYTES))
    return parse_scalar(text)


def public_key_json(private_key: int, random_scalar: RandomScalar = random_scalar) -> bytes:
    """The `trustee_public_key` to publish: the key and the proof that its owner knows it."""
    return TrusteePublicKey.prove(private_key, random_scalar).to_json().encode()


def parse_public_key(data: bytes) -> TrusteePublicKey:
    """Read and verify a `trustee_public_key`.

    Raises "trustee-proof", "key-is-neutral", "json-…", "point-…", "number-syntax", "scalar-…".
    """
    key = jsontext.parse(
        data, MAX_KEY_BYTES, TrusteePublicKey.from_json, lambda k: k.to_json().encode()
    )
    key.verify()
    return key


@dataclass(frozen=True, slots=True)
class Trustees:
    """Who holds the election's key: single trustees, all needed, and threshold groups."""

    kinds: tuple[TrusteePublicKey | ThresholdParameters, ...]

    @classmethod
    def parse(cls, data: bytes) -> Trustees:
        """Read and verify the file `trustees`.

        Raises "no-trustee", "trustee-twice", "trustee-…", "threshold-shape", "key-is-neutral",
        "json-…", "point-…", "number-syntax", "scalar-out-of-range", "too-large".
        """
        trustees = jsontext.parse(data, MAX_TRUSTEES_BYTES, cls._from_json, cls.encode)
        trustees.verify()
        return trustees

    @classmethod
    def singles(cls, keys: Collection[TrusteePublicKey]) -> Trustees:
        """Trustees of whom every one is needed."""
        return cls(tuple(keys))

    @classmethod
    def _from_json(cls, value: object) -> Trustees:
        return cls(tuple(_kind(item) for item in jsontext.array(value)))

    def encode(self) -> bytes:
        """The file's bytes."""
        return jsontext.encode_text(f"[{','.join(_kind_json(kind) for kind in self.kinds)}]")

    def verify(self) -> None:
        """Check every proof and signature. Raises as `parse` does."""
        for kind in self.kinds:
            kind.verify()
        keys = self.keys
        if not keys:
            raise ProtocolError("no-trustee", "nobody holds the key")
        if len(set(keys)) != len(keys):
            raise ProtocolError("trustee-twice", "the same key stands for two trustees")

    @property
    def keys(self) -> tuple[Point, ...]:
        """The public keys against which shares are checked; that of owner n stands at n - 1."""
        return tuple(key.public_key for kind in self.kinds for key in _members(kind))

    def key_of(self, owner: int) -> Point:
        """The public key of the trustee numbered `owner`, from 1. Raises "owner-unknown"."""
        keys = self.keys
        if not 1 <= owner <= len(keys):
            raise ProtocolError("owner-unknown", f"there is no trustee number {owner}")
        return keys[owner - 1]

    def election_public_key(self) -> Point:
        """The election's public key y: the product of the sub-keys."""
        return total(
            kind.public_key() if isinstance(kind, ThresholdParameters) else kind.public_key
            for kind in self.kinds
        )

    def coefficients(self, owners: Collection[int]) -> dict[int, int]:
        """For each owner whose share is used, the multiple to add (specification, "Result").

        Of a threshold group's members the first ones among `owners` are used, as many as are
        needed. Raises "shares-missing".
        """
        used: dict[int, int] = {}
        first = 1
        for kind in self.kinds:
            size = len(_members(kind))
            present = [i for i in range(1, size + 1) if first + i - 1 in owners]
            needed = kind.threshold if isinstance(kind, ThresholdParameters) else 1
            if len(present) < needed:
                raise ProtocolError(
                    "shares-missing", f"{len(present)} of {needed} shares from owner {first} on"
                )
            used |= {first + i - 1: c for i, c in lagrange(present[:needed]).items()}
            first += size
        return used

    def combine(self, shares: Mapping[int, Point]) -> Point:
        """The whole factor from the shares of owners: what the election's private key would give.

        Raises "shares-missing".
        """
        return total(
            shares[owner] if coefficient == 1 else shares[owner].mul(coefficient % Q)
            for owner, coefficient in self.coefficients(shares).items()
        )


def _members(kind: TrusteePublicKey | ThresholdParameters) -> tuple[TrusteePublicKey, ...]:
    return kind.verification_keys if isinstance(kind, ThresholdParameters) else (kind,)


def _kind(value: object) -> TrusteePublicKey | ThresholdParameters:
    match jsontext.array(value):
        case ["Single", item]:
            return TrusteePublicKey.from_json(item)
        case ["Pedersen", item]:
            return ThresholdParameters.from_json(item)
    raise ProtocolError("json-type", 'expected ["Single", …] or ["Pedersen", …]')


def _kind_json(kind: TrusteePublicKey | ThresholdParameters) -> str:
    name = "Pedersen" if isinstance(kind, ThresholdParameters) else "Single"
    return f'["{name}",{kind.to_json()}]'
