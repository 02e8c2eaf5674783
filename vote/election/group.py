"""The group: the prime-order subgroup of Ed25519 (specification, "Elliptic curves").

The specification writes the group multiplicatively; libsodium, and this module, additively.
A point is written in JSON, and in every hash, as 64 hexadecimal digits of the *big-endian*
compressed point; libsodium's own bytes are little-endian and are what a `Point` holds.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Final

from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_core_ed25519_is_valid_point,
    crypto_core_ed25519_sub,
    crypto_scalarmult_ed25519_base_noclamp,
    crypto_scalarmult_ed25519_noclamp,
)
from nacl.exceptions import CryptoError

from vote.election.errors import ProtocolError
from vote.election.jsontext import parse_decimal

GROUP: Final = "Ed25519"
Q: Final = 2**252 + 27742317777372353535851937790883648493
"""The order of the group."""

RandomScalar = Callable[[], int]
"""Where the secrets and nonces come from: a uniform number below `Q` at each call."""

_SCALAR_DIGITS: Final = len(str(Q))
_POINT_HEX: Final = re.compile("[0-9a-f]{64}")
_IDENTITY_BYTES: Final = (1).to_bytes(32, "little")
# The generator plus the point of order two. libsodium before 1.0.20's fixes (CVE-2025-69277) takes
# it for a member of the subgroup, and then half of all broken proofs would verify.
_MIXED_ORDER: Final = bytes.fromhex("95" + "99" * 31)


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A group element. `data`: the 32 bytes of libsodium, little-endian.

    From outside, build it with `from_hex`, which checks everything, or `claim`. Ordered by `data`,
    which is the order of the public credentials in an election.
    """

    data: bytes

    @classmethod
    def from_hex(cls, text: str) -> Point:
        """Decode 64 lower-case hexadecimal digits of a member of the group.

        Raises "point-syntax"; "point-not-in-subgroup" when the encoding is not canonical, not on
        the curve, or outside the prime-order subgroup. The neutral element is a member.
        """
        return cls.claim(text).validated()

    @classmethod
    def claim(cls, text: str) -> Point:
        """Decode without checking that the point belongs to the group.

        For points that are multiplied before they are trusted: `mul` refuses a stranger, and
        checking twice would cost a ballot's verification a tenth of its time.
        Raises "point-syntax".
        """
        if not _POINT_HEX.fullmatch(text):
            raise ProtocolError("point-syntax", "a point is 64 lower-case hexadecimal digits")
        return cls(bytes.fromhex(text)[::-1])

    def validated(self) -> Point:
        """This point, once found to be a member of the group. Raises "point-not-in-subgroup"."""
        if self.data != _IDENTITY_BYTES and not crypto_core_ed25519_is_valid_point(self.data):
            raise _stranger()
        return self

    def hex(self) -> str:
        """The form used in JSON and in hashes: 64 hexadecimal digits, big-endian."""
        return self.data[::-1].hex()

    def add(self, other: Point) -> Point:
        """The sum (the specification's product). Raises "point-not-in-subgroup" off the curve."""
        try:
            return Point(crypto_core_ed25519_add(self.data, other.data))
        except CryptoError as error:
            raise _stranger() from error

    def sub(self, other: Point) -> Point:
        """The difference. Raises "point-not-in-subgroup" when one is not on the curve."""
        try:
            return Point(crypto_core_ed25519_sub(self.data, other.data))
        except CryptoError as error:
            raise _stranger() from error

    def mul(self, scalar: int) -> Point:
        """The multiple by 0 <= scalar < Q (the specification's power).

        Always validates: raises "point-not-in-subgroup" unless this point is a member, whatever the
        scalar. libsodium refuses to multiply by zero and to multiply the neutral element.
        """
        if self.data == _IDENTITY_BYTES or scalar == 0:
            self.validated()
            return IDENTITY
        try:
            return Point(
                crypto_scalarmult_ed25519_noclamp(scalar.to_bytes(32, "little"), self.data)
            )
        except CryptoError as error:
            raise _stranger() from error


def _stranger() -> ProtocolError:
    return ProtocolError("point-not-in-subgroup", "the point is not a member of the group")


def mul_base(scalar: int) -> Point:
    """The multiple of the generator by 0 <= scalar < Q."""
    if scalar == 0:
        return IDENTITY
    return Point(crypto_scalarmult_ed25519_base_noclamp(scalar.to_bytes(32, "little")))


IDENTITY: Final = Point(_IDENTITY_BYTES)
G: Final = mul_base(1)


def total(points: Iterable[Point]) -> Point:
    """The sum of any number of points."""
    return reduce(Point.add, points, IDENTITY)


def parse_scalar(text: str) -> int:
    """A number below `Q` in decimal, without sign or leading zeros.

    Raises "number-syntax", "scalar-out-of-range".
    """
    scalar = parse_decimal(text, _SCALAR_DIGITS)
    if scalar >= Q:
        raise ProtocolError("scalar-out-of-range", "a scalar is less than the order of the group")
    return scalar


def random_scalar() -> int:
    """A uniform number below `Q` from the system's generator."""
    return secrets.randbelow(Q)


if crypto_core_ed25519_is_valid_point(_MIXED_ORDER):  # pragma: no cover
    raise ImportError("this libsodium takes points outside the prime-order subgroup: update PyNaCl")
