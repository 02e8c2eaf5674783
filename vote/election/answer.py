"""Encrypted answers to homomorphic questions (specification, "Homomorphic answers")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from vote.election import jsontext
from vote.election.election import Question
from vote.election.errors import ProtocolError
from vote.election.group import G, Point, Q, RandomScalar, mul_base
from vote.election.proofs import (
    Ciphertext,
    Opening,
    Proof,
    prove_disjunction,
    verify_disjunction,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's answer: a ciphertext per choice and the proofs that they are well formed."""

    choices: tuple[Ciphertext, ...]
    individual_proofs: tuple[tuple[Proof, ...], ...]
    overall_proof: tuple[Proof, ...]
    blank_proof: tuple[Proof, ...] | None

    @classmethod
    def from_json(cls, value: object) -> Answer:
        """Raises "json-…", "point-syntax", "number-syntax", "scalar-out-of-range"."""
        names = ("choices", "individual_proofs", "overall_proof", "blank_proof")
        found = jsontext.fields(value, names, optional=("blank_proof",))
        individual = jsontext.array(found["individual_proofs"])
        return cls(
            choices=tuple(Ciphertext.from_json(c) for c in jsontext.array(found["choices"])),
            individual_proofs=tuple(_proofs(proofs) for proofs in individual),
            overall_proof=_proofs(found["overall_proof"]),
            blank_proof=_proofs(found["blank_proof"]) if "blank_proof" in found else None,
        )

    def to_json(self) -> str:
        """The compact JSON of the specification."""
        choices = ",".join(choice.to_json() for choice in self.choices)
        individual = ",".join(_proofs_json(proofs) for proofs in self.individual_proofs)
        blank = ""
        if self.blank_proof is not None:
            blank = f',"blank_proof":{_proofs_json(self.blank_proof)}'
        return (
            f'{{"choices":[{choices}],"individual_proofs":[{individual}],'
            f'"overall_proof":{_proofs_json(self.overall_proof)}{blank}}}'
        )


def _proofs(value: object) -> tuple[Proof, ...]:
    return tuple(Proof.from_json(proof) for proof in jsontext.array(value))


def _proofs_json(proofs: Sequence[Proof]) -> str:
    return f"[{','.join(proof.to_json() for proof in proofs)}]"


@dataclass(frozen=True, slots=True)
class _Prover:
    key: Point
    random_scalar: RandomScalar

    def encrypts_zero(
        self, prefix: str, openings: Sequence[Opening], true: int
    ) -> tuple[Proof, ...]:
        return prove_disjunction(prefix, self.key, openings, true, self.random_scalar)


def prove(
    question: Question,
    key: Point,
    context: str,
    numbers: Sequence[int],
    random_scalar: RandomScalar,
) -> Answer:
    """Encrypt one voter's answer and prove it well formed.

    `numbers`: 0 or 1 for each ciphertext, the blank one first if the question has it. `context`:
    the specification's S_0. Random numbers are drawn in this order: the randomness of each
    ciphertext; each individual proof; the blank proof, if any; the overall proof.
    Raises "choice-not-allowed".
    """
    _check_choice(question, numbers)
    prover = _Prover(key, random_scalar)
    openings = [Opening(random_scalar(), number) for number in numbers]
    choices = tuple(_encrypt(key, opening) for opening in openings)
    individual = tuple(
        prover.encrypts_zero(
            f"prove|{context}|{choice.hashed()}|", [opening, opening.minus(1)], opening.number
        )
        for choice, opening in zip(choices, openings, strict=True)
    )
    statement = _statement(context, choices)
    if question.blank:
        blank_proof = _prove_blank(prover, statement, openings)
        overall = _prove_overall_or_blank(prover, question, statement, openings)
        return Answer(choices, individual, overall, blank_proof)
    prefix = f"prove|{statement}|{reduce(Ciphertext.add, choices).hashed()}|"
    overall = _prove_overall(prover, question, prefix, openings)
    return Answer(choices, individual, overall, None)


def _check_choice(question: Question, numbers: Sequence[int]) -> None:
    if len(numbers) != question.width or any(number not in (0, 1) for number in numbers):
        raise ProtocolError("choice-not-allowed", f"expected {question.width} zeros and ones")
    blank, chosen = (numbers[0], sum(numbers[1:])) if question.blank else (0, sum(numbers))
    if chosen != 0 if blank else not question.min <= chosen <= question.max:
        raise ProtocolError("choice-not-allowed", f"{chosen} choices are not allowed here")


def _encrypt(key: Point, opening: Opening) -> Ciphertext:
    beta = key.mul(opening.randomness)
    return Ciphertext(mul_base(opening.randomness), beta.add(G) if opening.number else beta)


def _sum(openings: Sequence[Opening]) -> Opening:
    return Opening(sum(o.randomness for o in openings) % Q, sum(o.number for o in openings))


def _statement(context: str, choices: Sequence[Ciphertext]) -> str:
    """The specification's S."""
    return f"{context}|{','.join(choice.hashed() for choice in choices)}"


def _prove_overall(
    prover: _Prover, question: Question, prefix: str, openings: Sequence[Opening]
) -> tuple[Proof, ...]:
    total = _sum(openings)
    branches = [total.minus(count) for count in range(question.min, question.max + 1)]
    return prover.encrypts_zero(prefix, branches, total.number - question.min)


def _prove_blank(prover: _Prover, statement: str, openings: Sequence[Opening]) -> tuple[Proof, ...]:
    blank, *others = openings
    return prover.encrypts_zero(f"bproof0|{statement}|", [blank, _sum(others)], blank.number)


def _prove_overall_or_blank(
    prover: _Prover, question: Question, statement: str, openings: Sequence[Opening]
) -> tuple[Proof, ...]:
    blank, *others = openings
    total = _sum(others)
    branches = [total.minus(count) for count in range(question.min, question.max + 1)]
    true = 0 if blank.number else total.number - question.min + 1
    return prover.encrypts_zero(f"bproof1|{statement}|", [blank.minus(1), *branches], true)


def verify(question: Question, key: Point, context: str, answer: Answer) -> None:
    """Check every proof of an answer, and that its points belong to the group.

    Raises "answer-shape" (something is missing or surplus), "individual-proof", "overall-proof",
    "blank-proof", "point-not-in-subgroup".
    """
    check_shape(question, answer)
    for choice, proofs in zip(answer.choices, answer.individual_proofs, strict=True):
        prefix = f"prove|{context}|{choice.hashed()}|"
        verify_disjunction("individual-proof", prefix, key, [choice, choice.minus(G)], proofs)
    statement = _statement(context, answer.choices)
    if answer.blank_proof is None:
        _verify_overall(question, key, statement, answer)
    else:
        _verify_blank(question, key, statement, answer, answer.blank_proof)


def check_shape(question: Question, answer: Answer) -> None:
    """Raises "answer-shape" unless the answer has as many of everything as the question asks."""
    counts = question.max - question.min + 1
    if (
        len(answer.choices) != question.width
        or len(answer.individual_proofs) != question.width
        or any(len(proofs) != 2 for proofs in answer.individual_proofs)
        or len(answer.overall_proof) != counts + question.blank
        or (None if answer.blank_proof is None else len(answer.blank_proof))
        != (2 if question.blank else None)
    ):
        raise ProtocolError("answer-shape", "an answer does not fit its question")


def _counted(question: Question, total: Ciphertext) -> list[Ciphertext]:
    """One branch per allowed count: encrypts zero if `total` encrypts that count."""
    branches = [total.minus(mul_base(question.min)) if question.min else total]
    for _ in range(question.min, question.max):
        branches.append(branches[-1].minus(G))
    return branches


def _verify_overall(question: Question, key: Point, statement: str, answer: Answer) -> None:
    total = reduce(Ciphertext.add, answer.choices)
    prefix = f"prove|{statement}|{total.hashed()}|"
    branches = _counted(question, total)
    verify_disjunction("overall-proof", prefix, key, branches, answer.overall_proof)


def _verify_blank(
    question: Question, key: Point, statement: str, answer: Answer, blank_proof: tuple[Proof, ...]
) -> None:
    blank, *others = answer.choices
    total = reduce(Ciphertext.add, others)
    prefix = f"bproof0|{statement}|"
    verify_disjunction("blank-proof", prefix, key, [blank, total], blank_proof)
    prefix = f"bproof1|{statement}|"
    branches = [blank.minus(G), *_counted(question, total)]
    verify_disjunction("overall-proof", prefix, key, branches, answer.overall_proof)
