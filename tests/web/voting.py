"""Casting ballots in tests that are about what comes after."""

from __future__ import annotations

import base64
import json

from tests.small import Opened
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.service import casting, closing, overview, rehearse, tally
from vote.tlog.proof import TlogProof

FOR = ((1, 0, 0), (0, 1, 1, 0))
AGAINST = ((0, 1, 0), (1, 0, 0, 0))


def cast(opened: Opened, member: str, answers: tuple[tuple[int, ...], ...] = FOR) -> bytes:
    """The receipt of a member's ballot."""
    college = member.partition("-")[0]
    [election] = [
        each
        for each in overview.view(opened.house, opened.assembly).elections
        if each.college in (None, college)
    ]
    code = opened.codes[member]
    data = encrypt(overview.election_bytes(opened.house, election.uuid), code, answers)
    token = sign_in_token(opened.assembly, code)
    return casting.cast(opened.house, election.uuid, token, data)


def decide(opened: Opened) -> None:
    """Close, decrypt and decide."""
    closing.close(opened.house, opened.assembly)
    tally.advance(opened.house, opened.assembly)
    rehearse.decrypt(opened.house, opened.assembly, opened.bureau)
    tally.advance(opened.house, opened.assembly)


def digest(receipt: bytes) -> str:
    """The SHA-256 of the ballot that a receipt is for, in hexadecimal."""
    found: str = json.loads(TlogProof.parse(receipt).entry())["payload"]
    return found


def tracker(receipt: bytes) -> str:
    return base64.b64encode(bytes.fromhex(digest(receipt))).decode().rstrip("=")
