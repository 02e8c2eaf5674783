"""Drawing lots that nobody can steer and everybody can recompute.

Once the encrypted tally stands, every trustee multiplies one point P by its private key. P comes
from hashing, so nobody knows its logarithm; put together, the shares are P times the election's
private key. Nobody can choose that (the keys and P are fixed before) nor foresee it without as
many trustees as decryption needs. A share is proved like a partial decryption, and its secret is
the same: whoever can decrypt can draw the lot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Final

from vote.election import jsontext
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_hex, parse_hash
from vote.election.group import IDENTITY, Point, RandomScalar, mul_base, random_scalar
from vote.election.proofs import Proof, prove_equality, verify_equality
from vote.election.trustee import Trustees

_MAX_SHARE_BYTES: Final = 1024


def base_point(fingerprint: str, event_hash: str) -> Point:
    """P: a point whose logarithm nobody knows, for an election and its EncryptedTally event's hash.

    For n = 0, 1, 2…, take the SHA-256 of `lot|FINGERPRINT|EVENT_HASH|n` as the 64 digits of a
    compressed point. The first one that is on the curve, times the cofactor 8, is P.
    Raises "hash-syntax".
    """
    statement = f"lot|{fingerprint}|{parse_hash(event_hash)}|"
    candidates = (Point.claim(hash_hex(f"{statement}{n}".encode())) for n in count())
    multiples = (_times_cofactor(candidate) for candidate in candidates)
    return next(point for point in multiples if point != IDENTITY)


def _times_cofactor(candidate: Point) -> Point:
    """Eight times the point, which lies in the subgroup; the neutral element off the curve."""
    try:
        for _ in range(3):
            candidate = candidate.add(candidate)
    except ProtocolError:
        return IDENTITY
    return candidate


@dataclass(frozen=True, slots=True)
class LotShare:
    """One trustee's multiple of P and the proof that it is its private key's."""

    factor: Point
    proof: Proof

    @classmethod
    def parse(cls, data: bytes) -> LotShare:
        """Read without verifying. Raises "json-…", "point-…", "number-syntax", "scalar-…"."""
        return jsontext.parse(data, _MAX_SHARE_BYTES, cls._from_json, cls.encode)

    @classmethod
    def _from_json(cls, value: object) -> LotShare:
        found = jsontext.fields(value, ("factor", "proof"))
        return cls(Point.from_hex(jsontext.text(found["factor"])), Proof.from_json(found["proof"]))

    def encode(self) -> bytes:
        """The share's bytes."""
        return f'{{"factor":"{self.factor.hex()}","proof":{self.proof.to_json()}}}'.encode()


def _prefix(fingerprint: str, public_key: Point, base: Point) -> str:
    return f"lot|{fingerprint}|{public_key.hex()}|{base.hex()}|"


def lot_share(
    private_key: int,
    fingerprint: str,
    event_hash: str,
    random_scalar: RandomScalar = random_scalar,
) -> bytes:
    """A trustee's share of the lot. One random number is drawn. Raises "hash-syntax"."""
    base = base_point(fingerprint, event_hash)
    prefix = _prefix(fingerprint, mul_base(private_key), base)
    proof = prove_equality(prefix, base, private_key, random_scalar)
    return LotShare(base.mul(private_key), proof).encode()


def verify_lot_share(public_key: Point, fingerprint: str, event_hash: str, data: bytes) -> Point:
    """The factor in a share, once it is proved to be by the owner of `public_key`.

    Raises "lot-proof", "hash-syntax", "json-…", "point-…", "number-syntax", "scalar-…".
    """
    share = LotShare.parse(data)
    base = base_point(fingerprint, event_hash)
    prefix = _prefix(fingerprint, public_key, base)
    verify_equality("lot-proof", prefix, public_key, (base, share.factor), share.proof)
    return share.factor


def combine(
    trustees: Trustees, fingerprint: str, event_hash: str, shares: Mapping[int, bytes]
) -> Point:
    """The election's lot from its trustees' shares, by owner; each of them is verified.

    Raises "owner-unknown", "shares-missing", and what `verify_lot_share` raises.
    """
    factors = {
        owner: verify_lot_share(trustees.key_of(owner), fingerprint, event_hash, data)
        for owner, data in shares.items()
    }
    return trustees.combine(factors)


def seed(points: Iterable[Point]) -> bytes:
    """The seed of a ballot paper's lots: 32 bytes from the lots of all its elections, in order."""
    return sha256(f"vote-lot|{','.join(point.hex() for point in points)}".encode()).digest()
