"""Threshold groups of trustees (specification, "Threshold decryption support").

What stands in an election's `trustees` after Pedersen's key generation: enough for anybody to
check that each member's public key comes from the polynomials that the members signed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from vote.election import jsontext
from vote.election.errors import ProtocolError
from vote.election.group import GROUP, IDENTITY, Point, Q, total
from vote.election.proofs import Proof, verify_knowledge
from vote.election.trustee_key import TrusteePublicKey

_MAX_MESSAGE_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """A message and its Schnorr signature (specification, "Signing")."""

    message: str
    signature: Proof

    @classmethod
    def from_json(cls, value: object) -> SignedMessage:
        """Raises "json-…", "number-syntax", "scalar-out-of-range"."""
        found = jsontext.fields(value, ("message", "signature"))
        return cls(jsontext.text(found["message"]), Proof.from_json(found["signature"]))

    def to_json(self) -> str:
        """The compact JSON of the specification."""
        return (
            f'{{"message":{jsontext.quote(self.message)},"signature":{self.signature.to_json()}}}'
        )


def verify_signature(key: Point, message: str, signature: Proof) -> None:
    """Raises "trustee-signature" unless the owner of `key` signed `message`."""
    verify_knowledge("trustee-signature", f"sigmsg|{message}|", key, signature)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The keys with which a trustee signs and is written to, and the group's shape.

    `index` counts from 1 (specification, "Certificates").
    """

    size: int
    threshold: int
    index: int
    verification: Point
    encryption: Point

    @classmethod
    def parse(cls, message: str) -> Certificate:
        """Raises "group-not-supported", "json-…", "point-…"."""
        return jsontext.parse(
            jsontext.encode_text(message), _MAX_MESSAGE_BYTES, cls._from_json, cls._encode
        )

    @classmethod
    def _from_json(cls, value: object) -> Certificate:
        found = jsontext.fields(value, ("context", "verification", "encryption"))
        context = jsontext.fields(found["context"], ("group", "size", "threshold", "index"))
        if context["group"] != GROUP:
            raise ProtocolError("group-not-supported", "the certificate is for another group")
        return cls(
            size=jsontext.integer(context["size"]),
            threshold=jsontext.integer(context["threshold"]),
            index=jsontext.integer(context["index"]),
            verification=Point.from_hex(jsontext.text(found["verification"])),
            encryption=Point.from_hex(jsontext.text(found["encryption"])),
        )

    def _encode(self) -> bytes:
        return (
            f'{{"context":{{"group":"{GROUP}","size":{self.size},"threshold":{self.threshold},'
            f'"index":{self.index}}},"verification":"{self.verification.hex()}",'
            f'"encryption":"{self.encryption.hex()}"}}'
        ).encode()


def parse_coefexps(message: str) -> tuple[Point, ...]:
    """A member's exponentiated coefficients A_0 … A_t. Raises "json-…", "point-…"."""
    return jsontext.parse(
        jsontext.encode_text(message),
        _MAX_MESSAGE_BYTES,
        lambda value: tuple(
            Point.from_hex(jsontext.text(point))
            for point in jsontext.array(jsontext.fields(value, ("coefexps",))["coefexps"])
        ),
        lambda points: f'{{"coefexps":{_points_json(points)}}}'.encode(),
    )


def _points_json(points: Sequence[Point]) -> str:
    return "[" + ",".join(f'"{point.hex()}"' for point in points) + "]"


@dataclass(frozen=True, slots=True)
class ThresholdParameters:
    """A group of trustees of whom `threshold` must come together (field "Pedersen")."""

    threshold: int
    certs: tuple[SignedMessage, ...]
    coefexps: tuple[SignedMessage, ...]
    signatures: tuple[Proof, ...]
    verification_keys: tuple[TrusteePublicKey, ...]

    @classmethod
    def from_json(cls, value: object) -> ThresholdParameters:
        """Raises "json-…", "point-…", "number-syntax", "scalar-out-of-range"."""
        names = ("threshold", "certs", "coefexps", "signatures", "verification_keys")
        found = jsontext.fields(value, names)
        keys = jsontext.array(found["verification_keys"])
        return cls(
            threshold=jsontext.integer(found["threshold"]),
            certs=tuple(SignedMessage.from_json(m) for m in jsontext.array(found["certs"])),
            coefexps=tuple(SignedMessage.from_json(m) for m in jsontext.array(found["coefexps"])),
            signatures=tuple(Proof.from_json(p) for p in jsontext.array(found["signatures"])),
            verification_keys=tuple(TrusteePublicKey.from_json(key) for key in keys),
        )

    def to_json(self) -> str:
        """The compact JSON of the specification."""
        return (
            f'{{"threshold":{self.threshold},"certs":{self._certs_json()},'
            f'"coefexps":[{",".join(m.to_json() for m in self.coefexps)}],'
            f'"signatures":[{",".join(p.to_json() for p in self.signatures)}],'
            f'"verification_keys":[{",".join(k.to_json() for k in self.verification_keys)}]}}'
        )

    def _certs_json(self) -> str:
        return f"[{','.join(cert.to_json() for cert in self.certs)}]"

    def public_key(self) -> Point:
        """The group's sub-key: the sum of the members' constant coefficients ("Polynomials")."""
        return total(parse_coefexps(signed.message)[0] for signed in self.coefexps)

    def verify(self) -> None:
        """Check certificates, polynomials, signatures and that the keys follow from them.

        Raises "threshold-shape", "trustee-certificate", "trustee-signature", "trustee-proof",
        "trustee-key", "key-is-neutral", "json-…", "point-…".
        """
        self._check_shape()
        certificates = [self._verify_certificate(index) for index in range(len(self.certs))]
        polynomials = [
            self._verify_polynomial(certificate.verification, index)
            for index, certificate in enumerate(certificates)
        ]
        summed = [total(coefficients) for coefficients in zip(*polynomials, strict=True)]
        for certificate, key in zip(certificates, self.verification_keys, strict=True):
            key.verify()
            if key.public_key != _evaluate(summed, certificate.index):
                raise ProtocolError("trustee-key", "a key does not follow from the polynomials")
            if key.signature is None:
                raise ProtocolError("trustee-signature", "a member did not sign its key")
            verify_signature(certificate.verification, key.public_key.hex(), key.signature)

    def _check_shape(self) -> None:
        size = len(self.certs)
        lengths = {len(self.coefexps), len(self.signatures), len(self.verification_keys)}
        if lengths != {size} or not 1 <= self.threshold <= size:
            raise ProtocolError("threshold-shape", "the group's lists do not fit each other")

    def _verify_certificate(self, position: int) -> Certificate:
        signed = self.certs[position]
        certificate = Certificate.parse(signed.message)
        shape = (certificate.size, certificate.threshold, certificate.index)
        if shape != (len(self.certs), self.threshold, position + 1):
            raise ProtocolError("trustee-certificate", "a certificate is for another group")
        if IDENTITY in (certificate.verification, certificate.encryption):
            raise ProtocolError("key-is-neutral", "a certificate's key hides nothing")
        verify_signature(certificate.verification, signed.message, signed.signature)
        return certificate

    def _verify_polynomial(self, key: Point, position: int) -> tuple[Point, ...]:
        signed = self.coefexps[position]
        verify_signature(key, signed.message, signed.signature)
        coefexps = parse_coefexps(signed.message)
        if len(coefexps) != self.threshold:
            raise ProtocolError("threshold-shape", "a polynomial is not of the group's degree")
        certs = f'{{"certs":{self._certs_json()},"coefexps":{_points_json(coefexps)}}}'
        verify_signature(key, f"certs_sig|{certs}", self.signatures[position])
        return coefexps


def _evaluate(coefficients: Sequence[Point], index: int) -> Point:
    """The image of the summed polynomial at `index`, by Horner's rule."""
    image = IDENTITY
    for coefficient in reversed(coefficients):
        image = image.mul(index).add(coefficient)
    return image


def lagrange(indices: Collection[int]) -> dict[int, int]:
    """The coefficients, modulo Q, that give a polynomial's value at 0 from those at `indices`."""
    coefficients = {}
    for index in indices:
        coefficient = 1
        for other in indices:
            if other != index:
                coefficient = coefficient * other * pow(other - index, -1, Q) % Q
        coefficients[index] = coefficient
    return coefficients
