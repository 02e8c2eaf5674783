"""Voters' credentials (specification, "Credentials") and the identifiers of elections."""

from __future__ import annotations

import re
import secrets
from hashlib import sha256
from typing import Final

from vote.election.errors import ProtocolError
from vote.election.group import Point, Q, mul_base

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_B: Final = f"[{BASE58}]"
_CODE: Final = re.compile(f"{_B}{{5}}-{_B}{{6}}-{_B}{{5}}-{_B}{{6}}")
_UUID: Final = re.compile(f"{_B}{{14,64}}")
_UUID_LENGTH: Final = 16


def _random_base58(length: int) -> str:
    return "".join(secrets.choice(BASE58) for _ in range(length))


def generate_code() -> str:
    """A new code for a member: 22 random Base58 characters as XXXXX-XXXXXX-XXXXX-XXXXXX."""
    raw = _random_base58(22)
    return f"{raw[:5]}-{raw[5:11]}-{raw[11:16]}-{raw[16:]}"


def parse_code(text: str) -> str:
    """The code, without the spaces that may stand around it. Raises "code-syntax"."""
    code = text.strip(" \t\r\n")
    if not _CODE.fullmatch(code):
        raise ProtocolError("code-syntax", "a code has the form XXXXX-XXXXXX-XXXXX-XXXXXX")
    return code


def generate_uuid() -> str:
    """A new identifier for an election: random Base58 characters."""
    return _random_base58(_UUID_LENGTH)


def parse_uuid(text: str) -> str:
    """An election's identifier: at least 14 Base58 characters. Raises "uuid-syntax"."""
    if not _UUID.fullmatch(text):
        raise ProtocolError(
            "uuid-syntax", "an election's identifier is 14 Base58 characters or more"
        )
    return text


def secret_key(code: str, uuid: str) -> int:
    """The number below Q that `code` stands for in the election `uuid`. Raises "code-syntax"."""
    code = parse_code(code)
    halves = (f"derive_credential|{uuid}|{i}|{code}" for i in range(2))
    return int("".join(sha256(half.encode()).hexdigest() for half in halves), 16) % Q


def public_key(code: str, uuid: str) -> Point:
    """The public credential of `code` in the election `uuid`. Raises "code-syntax"."""
    return mul_base(secret_key(code, uuid))


def sign_in_token(assembly: str, code: str) -> str:
    """What signs the holder of `code` in to `assembly`: 64 lower-case hexadecimal digits.

    One-way, so that whoever sees the token learns nothing of the credentials. Raises "code-syntax".
    """
    return sha256(f"voter|{assembly}|{parse_code(code)}".encode()).hexdigest()
