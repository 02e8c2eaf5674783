"""A trustee's verification key with its proof of knowledge (specification, "Verification keys")."""

from __future__ import annotations

from dataclasses import dataclass

from vote.election import jsontext
from vote.election.errors import ProtocolError
from vote.election.group import GROUP, IDENTITY, Point, RandomScalar, mul_base
from vote.election.proofs import Proof, prove_knowledge, verify_knowledge


@dataclass(frozen=True, slots=True)
class TrusteePublicKey:
    """A public key X and the proof that its owner knows the private key.

    `signature` stands only in threshold groups (see `threshold`); `name` is an addition of the
    reference implementation to the specification.
    """

    pok: Proof
    public_key: Point
    signature: Proof | None = None
    name: str | None = None

    @classmethod
    def prove(cls, private_key: int, random_scalar: RandomScalar) -> TrusteePublicKey:
        """The public side of `private_key`."""
        public_key = mul_base(private_key)
        return cls(prove_knowledge(_pok_prefix(public_key), private_key, random_scalar), public_key)

    @classmethod
    def from_json(cls, value: object) -> TrusteePublicKey:
        """Raises "json-…", "point-…", "number-syntax", "scalar-out-of-range"."""
        names = ("pok", "public_key", "signature", "name")
        found = jsontext.fields(value, names, optional=("signature", "name"))
        return cls(
            pok=Proof.from_json(found["pok"]),
            public_key=Point.from_hex(jsontext.text(found["public_key"])),
            signature=Proof.from_json(found["signature"]) if "signature" in found else None,
            name=jsontext.text(found["name"]) if "name" in found else None,
        )

    def to_json(self) -> str:
        """The compact JSON of the specification."""
        signature = f',"signature":{self.signature.to_json()}' if self.signature else ""
        name = "" if self.name is None else f',"name":{jsontext.quote(self.name)}'
        return (
            f'{{"pok":{self.pok.to_json()},"public_key":"{self.public_key.hex()}"'
            f"{signature}{name}}}"
        )

    def verify(self) -> None:
        """Raises "trustee-proof"; "key-is-neutral" for the key that everybody knows."""
        if self.public_key == IDENTITY:
            raise ProtocolError("key-is-neutral", "a trustee's public key hides nothing")
        verify_knowledge("trustee-proof", _pok_prefix(self.public_key), self.public_key, self.pok)


def _pok_prefix(public_key: Point) -> str:
    return f"pok|{GROUP}|{public_key.hex()}|"
