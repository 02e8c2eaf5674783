"""What the processes do: a module of its own, since each of them loads it."""

from __future__ import annotations

from typing import NamedTuple

from vote.election.check import Chunk, verify_chunk
from vote.election.errors import ProtocolError
from vote.election.sums import Sums


class Task(NamedTuple):
    """Some ballots of the archive in `file`, and the election that they are for."""

    file: str
    election: bytes
    chunk: Chunk


class Verified(NamedTuple):
    """How many ballots were in the task, and the sums of those that count, or what is wrong."""

    file: str
    ballots: int
    outcome: Sums | ProtocolError


def work(task: Task) -> Verified:
    """Verify the ballots of one task."""
    try:
        outcome: Sums | ProtocolError = verify_chunk(task.election, task.chunk)
    except ProtocolError as error:
        outcome = error
    except Exception as error:  # a check that breaks off, for whatever reason, has failed
        message = f"the check broke off: {type(error).__name__}"
        outcome = ProtocolError("unexpected", message, task.chunk.first)
    return Verified(task.file, len(task.chunk.ballots), outcome)
