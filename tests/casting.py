"""Ballots of the small assembly, made and cast as members' browsers do."""

from __future__ import annotations

from collections.abc import Sequence

from tests.small import Opened
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.service import casting, overview, signing_in, turnout
from vote.store import log as log_store
from vote.tlog.proof import TlogProof

Answers = Sequence[Sequence[int]]

# [for, against, abstain], [blank, one, two, three]
FOR_ONE: Answers = ((1, 0, 0), (0, 1, 0, 0))
FOR_BOTH: Answers = ((1, 0, 0), (0, 1, 1, 0))
AGAINST_TWO: Answers = ((0, 1, 0), (0, 0, 1, 0))
AGAINST_BLANK: Answers = ((0, 1, 0), (1, 0, 0, 0))
ABSTAIN_BLANK: Answers = ((0, 0, 1), (1, 0, 0, 0))


def token_of(opened: Opened, member: str) -> str:
    return sign_in_token(opened.assembly, opened.codes[member])


def election_of(opened: Opened, member: str) -> str:
    """The election of the member's only ballot paper."""
    token = token_of(opened, member)
    [paper] = signing_in.sign_in(opened.house, opened.assembly, token).papers
    return paper.uuid


def ballot(opened: Opened, member: str, answers: Answers = FOR_ONE) -> bytes:
    uuid = election_of(opened, member)
    return encrypt(overview.election_bytes(opened.house, uuid), opened.codes[member], answers)


def cast(opened: Opened, member: str, data: bytes) -> TlogProof:
    """Cast a member's ballot; the receipt."""
    uuid, token = election_of(opened, member), token_of(opened, member)
    return TlogProof.parse(casting.cast(opened.house, uuid, token, data))


def stored(opened: Opened) -> tuple[int, int]:
    """Entries in the log, and members marked on the roll."""
    with opened.house.database.reading() as session:
        head = log_store.head(session, opened.assembly)
    assert head is not None
    [paper] = turnout.turnout(opened.house, opened.assembly)
    return head.size, paper.total.voters
