"""Who comes first among equals: the chain that was fixed before opening.

``seniority``: the earlier ``member_since`` first. ``age``: the earlier ``born`` first.
``lot``: the smaller SHA-256 first, of the text ``SEED|QUESTION|CANDIDATE`` in UTF-8, SEED being
the lot's seed in lower-case hexadecimal.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from itertools import groupby

from vote.assembly.errors import refuse
from vote.assembly.model import Candidate, Criterion, Election


@dataclass(frozen=True, slots=True)
class Tie:
    """Candidates with one score, in the order found; ``decided_by`` is the criterion that was
    needed in the end to tell them apart."""

    candidates: tuple[str, ...]
    decided_by: Criterion


@dataclass(frozen=True, slots=True)
class Ranking:
    """All the candidates, the first one first, and the ties on the way."""

    candidates: tuple[Candidate, ...]
    ties: tuple[Tie, ...]


def lot(seed: bytes, question: str, candidate: str) -> bytes:
    """A candidate's ticket: SHA-256 over the seed, the question and the candidate's id."""
    return sha256(f"{seed.hex()}|{question}|{candidate}".encode()).digest()


def rank(election: Election, scores: Mapping[str, Fraction], seed: bytes | None) -> Ranking:
    """Rank the candidates by score, equal scores by the election's chain.

    :param seed: the seed of the lot; only looked at if a lot is needed
    :raises DefinitionError: a lot is needed and there is no seed ("lot-seed-missing"), or the
        chain cannot tell two candidates apart ("tie-open"; never for a checked definition)
    """
    ordered = sorted(election.candidates, key=lambda one: scores[one.id], reverse=True)
    found: list[Candidate] = []
    ties: list[Tie] = []
    for _, group in groupby(ordered, key=lambda one: scores[one.id]):
        equals = list(group)
        if len(equals) > 1:
            equals, decided_by = _tell_apart(election, equals, seed)
            ties.append(Tie(tuple(one.id for one in equals), decided_by))
        found += equals
    return Ranking(tuple(found), tuple(ties))


def _tell_apart(
    election: Election, equals: Sequence[Candidate], seed: bytes | None
) -> tuple[list[Candidate], Criterion]:
    tickets: Mapping[str, tuple[object, ...]] = {one.id: () for one in equals}
    for criterion in election.tie_break:
        ticket = _ticket(criterion, election.id, seed)
        tickets = {one.id: (*tickets[one.id], ticket(one)) for one in equals}
        if len(set(tickets.values())) == len(equals):
            return sorted(equals, key=lambda one: tickets[one.id]), criterion
    raise refuse("tie-open", f"questions.{election.id}.tie_break", "the chain leaves a tie open.")


def _ticket(
    criterion: Criterion, question: str, seed: bytes | None
) -> Callable[[Candidate], object]:
    if criterion == "seniority":
        return lambda one: one.member_since
    if criterion == "age":
        return lambda one: one.born
    if seed is None:
        raise refuse(
            "lot-seed-missing",
            f"questions.{question}",
            "equal scores have to be decided by lot, and the lot has not been drawn.",
            question=question,
        )
    return lambda one: lot(seed, question, one.id)


def chain_leaves_open(election: Election) -> bool:
    """Whether two candidates could be equal in everything that the chain looks at."""
    if "lot" in election.tie_break:
        return False
    seen = [
        tuple(one.member_since if c == "seniority" else one.born for c in election.tie_break)
        for one in election.candidates
    ]
    return len(set(seen)) < len(seen)
