"""Checking ballots: what a process of the pool does. A module of its own, since each loads it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from vote.election import ballot as ballots
from vote.election.election import Election, election_hash
from vote.election.errors import ProtocolError


class Task(NamedTuple):
    """Ballots of one election, whose exact bytes are given."""

    election: bytes
    ballots: tuple[bytes, ...]


class Verdict(NamedTuple):
    """Of one ballot: its credential in hexadecimal, or what is wrong (a code and a sentence)."""

    credential: str
    fault: tuple[str, str] | None


@lru_cache(maxsize=16)
def _election(data: bytes) -> tuple[Election, str]:
    return Election.parse(data), election_hash(data)


def check(task: Task) -> Sequence[Verdict]:
    """All proofs and the signature of each ballot."""
    election, fingerprint = _election(task.election)
    return [_verdict(election, fingerprint, data) for data in task.ballots]


def _verdict(election: Election, fingerprint: str, data: bytes) -> Verdict:
    try:
        ballot = ballots.parse(data)
        ballots.verify(election, fingerprint, ballot)
    except ProtocolError as error:
        return Verdict("", (error.code, error.message))
    return Verdict(ballot.credential.hex(), None)
