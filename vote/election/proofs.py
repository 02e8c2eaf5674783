"""Zero-knowledge proofs, made non-interactive by hashing (Fiat-Shamir).

Three shapes serve every proof of the specification:

- *knowledge* of the secret behind one public key: trustees' keys, ballots' signatures, messages;
- *equality* of two discrete logarithms: decryption factors;
- *disjunction*: at least one of several ciphertexts encrypts zero: "Proofs of interval membership"
  and "Proofs of possibly-blank votes".

Every hash starts with a word that names its use and covers the statement; the caller builds that
prefix. Verifying multiplies each point of the statement, which refuses strangers to the group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from vote.election import jsontext
from vote.election.errors import ProtocolError
from vote.election.group import Point, Q, RandomScalar, mul_base, parse_scalar


@dataclass(frozen=True, slots=True)
class Proof:
    """A challenge and a response, both below Q (specification, "Common structures")."""

    challenge: int
    response: int

    @classmethod
    def from_json(cls, value: object) -> Proof:
        """Raises "json-…", "number-syntax", "scalar-out-of-range"."""
        found = jsontext.fields(value, ("challenge", "response"))
        return cls(
            parse_scalar(jsontext.text(found["challenge"])),
            parse_scalar(jsontext.text(found["response"])),
        )

    def to_json(self) -> str:
        """The compact JSON of the specification."""
        return f'{{"challenge":"{self.challenge}","response":"{self.response}"}}'


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """An ElGamal pair: g^r and y^r g^m in the specification's writing."""

    alpha: Point
    beta: Point

    @classmethod
    def from_json(cls, value: object) -> Ciphertext:
        """Decode; the points are claims until a proof verifies. Raises "point-syntax"."""
        found = jsontext.fields(value, ("alpha", "beta"))
        return cls(
            Point.claim(jsontext.text(found["alpha"])), Point.claim(jsontext.text(found["beta"]))
        )

    def to_json(self) -> str:
        """The compact JSON of the specification."""
        return f'{{"alpha":"{self.alpha.hex()}","beta":"{self.beta.hex()}"}}'

    def hashed(self) -> str:
        """The form in which hashes take it."""
        return f"{self.alpha.hex()},{self.beta.hex()}"

    def add(self, other: Ciphertext) -> Ciphertext:
        """An encryption of the sum."""
        return Ciphertext(self.alpha.add(other.alpha), self.beta.add(other.beta))

    def minus(self, amount: Point) -> Ciphertext:
        """An encryption of what is left after taking the number whose multiple is `amount`."""
        return Ciphertext(self.alpha, self.beta.sub(amount))


class Opening(NamedTuple):
    """What the prover knows of a ciphertext: its randomness and the number it encrypts, mod Q."""

    randomness: int
    number: int

    def minus(self, amount: int) -> Opening:
        """The opening of the ciphertext after taking `amount` from what it encrypts."""
        return Opening(self.randomness, self.number - amount)


def hash_to_scalar(text: str) -> int:
    """SHA-256 as a big-endian number, modulo Q."""
    return int.from_bytes(sha256(text.encode()).digest(), "big") % Q


def _commitment(generator_multiple: Point, proof: Proof, image: Point) -> str:
    return generator_multiple.add(image.mul(proof.challenge)).hex()


def prove_knowledge(prefix: str, secret: int, random_scalar: RandomScalar) -> Proof:
    """Prove knowledge of `secret`; the hash is over `prefix` and the commitment."""
    nonce = random_scalar()
    challenge = hash_to_scalar(prefix + mul_base(nonce).hex())
    return Proof(challenge, (nonce - secret * challenge) % Q)


def verify_knowledge(code: str, prefix: str, public_key: Point, proof: Proof) -> None:
    """Raises `code` unless `proof` shows knowledge of the secret of `public_key`."""
    commitment = _commitment(mul_base(proof.response), proof, public_key)
    _check_challenge(code, prefix + commitment, proof.challenge)


def prove_equality(prefix: str, base: Point, secret: int, random_scalar: RandomScalar) -> Proof:
    """Prove that one `secret` gives both a public key and its multiple of `base`."""
    nonce = random_scalar()
    commitments = f"{mul_base(nonce).hex()},{base.mul(nonce).hex()}"
    challenge = hash_to_scalar(prefix + commitments)
    return Proof(challenge, (nonce - secret * challenge) % Q)


def verify_equality(
    code: str, prefix: str, public_key: Point, pair: tuple[Point, Point], proof: Proof
) -> None:
    """Raises `code` unless `public_key` is to the generator what the pair's second is to its first.

    Raises "point-not-in-subgroup" when a point of the pair is a stranger to the group.
    """
    base, image = pair
    first = _commitment(mul_base(proof.response), proof, public_key)
    second = _commitment(base.mul(proof.response), proof, image)
    _check_challenge(code, f"{prefix}{first},{second}", proof.challenge)


def prove_disjunction(
    prefix: str, key: Point, openings: Sequence[Opening], true: int, random_scalar: RandomScalar
) -> tuple[Proof, ...]:
    """Prove that one of the ciphertexts behind `openings` encrypts zero, without saying which.

    `true` is the position of one that does. Random numbers are drawn in this order: a challenge
    and a response for each other ciphertext as they come, then the nonce of the true one.
    """
    proofs: dict[int, Proof] = {}
    commitments: dict[int, str] = {}
    for index, opening in enumerate(openings):
        if index != true:
            proof = Proof(random_scalar(), random_scalar())
            proofs[index] = proof
            commitments[index] = _simulated(key, opening, proof)
    nonce = random_scalar()
    commitments[true] = f"{mul_base(nonce).hex()},{key.mul(nonce).hex()}"
    hashed = prefix + ",".join(commitments[index] for index in range(len(openings)))
    challenge = (hash_to_scalar(hashed) - sum(p.challenge for p in proofs.values())) % Q
    proofs[true] = Proof(challenge, (nonce - openings[true].randomness * challenge) % Q)
    return tuple(proofs[index] for index in range(len(openings)))


def _simulated(key: Point, opening: Opening, proof: Proof) -> str:
    """The commitments that the verifier will compute, from what the prover knows: cheaper."""
    exponent = (proof.response + opening.randomness * proof.challenge) % Q
    shift = mul_base(opening.number * proof.challenge % Q)
    return f"{mul_base(exponent).hex()},{key.mul(exponent).add(shift).hex()}"


def verify_disjunction(
    code: str, prefix: str, key: Point, branches: Sequence[Ciphertext], proofs: Sequence[Proof]
) -> None:
    """Raises `code` unless `proofs` shows that one of `branches` encrypts zero.

    Raises "point-not-in-subgroup" when a branch has a stranger to the group in it.
    """
    commitments = []
    for branch, proof in zip(branches, proofs, strict=True):
        commitments.append(_commitment(mul_base(proof.response), proof, branch.alpha))
        commitments.append(_commitment(key.mul(proof.response), proof, branch.beta))
    challenge = sum(proof.challenge for proof in proofs) % Q
    _check_challenge(code, prefix + ",".join(commitments), challenge)


def _check_challenge(code: str, hashed: str, challenge: int) -> None:
    if hash_to_scalar(hashed) != challenge:
        raise ProtocolError(code, "the proof does not hold for what it is about")
