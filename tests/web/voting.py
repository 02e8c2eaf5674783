"""Casting ballots in tests that are about what comes after."""

from __future__ import annotations

import base64
import json

from tests import casting
from tests.casting import FOR_BOTH, Answers
from tests.small import Opened
from vote.tlog.proof import TlogProof


def cast(opened: Opened, member: str, answers: Answers = FOR_BOTH) -> bytes:
    """The receipt of a member's ballot."""
    return casting.cast(opened, member, casting.ballot(opened, member, answers)).encode()


def digest(receipt: bytes) -> str:
    """The SHA-256 of the ballot that a receipt is for, in hexadecimal."""
    found: str = json.loads(TlogProof.parse(receipt).entry())["payload"]
    return found


def tracker(receipt: bytes) -> str:
    return base64.b64encode(bytes.fromhex(digest(receipt))).decode().rstrip("=")
