"""Ballots: made, read and verified (specification, "Ballots" and "Signatures")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vote.election import answer as answers_
from vote.election import jsontext
from vote.election.answer import Answer
from vote.election.credential import secret_key
from vote.election.election import Election, election_hash
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_base64
from vote.election.group import Point, RandomScalar, mul_base, random_scalar
from vote.election.proofs import Proof, prove_knowledge, verify_knowledge
from vote.election.setup import Setup

MAX_BALLOT_BYTES: Final = 2**20


@dataclass(frozen=True, slots=True)
class Signature:
    """A Schnorr signature over the hash of the rest of the ballot."""

    hash: str
    proof: Proof

    @classmethod
    def from_json(cls, value: object) -> Signature:
        """Raises "json-…", "number-syntax", "scalar-out-of-range"."""
        found = jsontext.fields(value, ("hash", "proof"))
        return cls(jsontext.text(found["hash"]), Proof.from_json(found["proof"]))


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot as parsed. Until `verify` has returned, its points and proofs are mere claims."""

    election_uuid: str
    election_hash: str
    credential: Point
    answers: tuple[Answer, ...]
    signature: Signature

    @classmethod
    def from_json(cls, value: object) -> Ballot:
        """Raises "json-…", "point-…", "number-syntax", "scalar-out-of-range"."""
        names = ("election_uuid", "election_hash", "credential", "answers", "signature")
        found = jsontext.fields(value, names)
        return cls(
            election_uuid=jsontext.text(found["election_uuid"]),
            election_hash=jsontext.text(found["election_hash"]),
            credential=Point.from_hex(jsontext.text(found["credential"])),
            answers=tuple(Answer.from_json(answer) for answer in jsontext.array(found["answers"])),
            signature=Signature.from_json(found["signature"]),
        )

    def encode(self) -> bytes:
        """The ballot's bytes."""
        head = _unsigned(self.election_uuid, self.election_hash, self.credential, self.answers)
        return head[:-1] + jsontext.encode_text(
            f',"signature":{{"hash":{jsontext.quote(self.signature.hash)},'
            f'"proof":{self.signature.proof.to_json()}}}}}'
        )


def _unsigned(uuid: str, fingerprint: str, credential: Point, answers: Sequence[Answer]) -> bytes:
    """The bytes whose hash is signed: the ballot without its last field."""
    listed = ",".join(answer.to_json() for answer in answers)
    return jsontext.encode_text(
        f'{{"election_uuid":{jsontext.quote(uuid)},"election_hash":{jsontext.quote(fingerprint)},'
        f'"credential":"{credential.hex()}","answers":[{listed}]}}'
    )


def parse(data: bytes) -> Ballot:
    """Read a ballot in its one accepted form, without checking its proofs.

    Raises "too-large", "json-…", "point-…", "number-syntax", "scalar-out-of-range".
    """
    return jsontext.parse(data, MAX_BALLOT_BYTES, Ballot.from_json, Ballot.encode)


def tracker(data: bytes) -> str:
    """The smart ballot tracker: base64, without padding, of the SHA-256 of the ballot's bytes."""
    return hash_base64(data)


def verify(election: Election, fingerprint: str, ballot: Ballot) -> None:
    """Check that a ballot belongs to this election, its signature and all its proofs.

    Not checked: that its credential is on the election's list (see `Setup.weight_of`).
    Raises "other-election", "answer-shape", "signature", and what `answer.verify` raises.
    """
    if (ballot.election_uuid, ballot.election_hash) != (election.uuid, fingerprint):
        raise ProtocolError("other-election", "the ballot is for another election")
    if len(ballot.answers) != len(election.questions):
        raise ProtocolError("answer-shape", "there is not one answer for each question")
    paired = list(zip(election.questions, ballot.answers, strict=True))
    for question, answer in paired:
        answers_.check_shape(question, answer)
    _verify_signature(ballot)
    context = f"{fingerprint}|{ballot.credential.hex()}"
    for question, answer in paired:
        answers_.verify(question, election.public_key, context, answer)


def _verify_signature(ballot: Ballot) -> None:
    signature = ballot.signature
    signed = _unsigned(
        ballot.election_uuid, ballot.election_hash, ballot.credential, ballot.answers
    )
    if signature.hash != hash_base64(signed):
        raise ProtocolError("signature", "the signature is of another ballot")
    verify_knowledge("signature", f"sig|{signature.hash}|", ballot.credential, signature.proof)


def encrypt(
    election: Setup | bytes,
    code: str | int,
    answers: Sequence[Sequence[int]],
    random_scalar: RandomScalar = random_scalar,
) -> bytes:
    """Make the ballot of the holder of `code`, or of the secret key that stands for one.

    `answers`: for each question, 0 or 1 for each answer, preceded by the one for "blank" if the
    question has it. Random numbers are drawn for each question in turn (see `answer.prove`), then
    one for the signature. Raises "code-syntax", "choice-not-allowed", "answer-shape", and what
    `Election.parse` raises.
    """
    parsed, fingerprint = (
        (Election.parse(election), election_hash(election))
        if isinstance(election, bytes)
        else (election.election, election.fingerprint)
    )
    if len(answers) != len(parsed.questions):
        raise ProtocolError("answer-shape", "there is not one answer for each question")
    secret = code if isinstance(code, int) else secret_key(code, parsed.uuid)
    credential = mul_base(secret)
    context = f"{fingerprint}|{credential.hex()}"
    proved = tuple(
        answers_.prove(question, parsed.public_key, context, numbers, random_scalar)
        for question, numbers in zip(parsed.questions, answers, strict=True)
    )
    body_hash = hash_base64(_unsigned(parsed.uuid, fingerprint, credential, proved))
    proof = prove_knowledge(f"sig|{body_hash}|", secret, random_scalar)
    signature = Signature(body_hash, proof)
    return Ballot(parsed.uuid, fingerprint, credential, proved, signature).encode()
