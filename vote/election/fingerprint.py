"""The hashes that name things: of files, in hexadecimal and in base64 without padding."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import Final

from vote.election.errors import ProtocolError

_HASH_HEX: Final = re.compile("[0-9a-f]{64}")


def hash_hex(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal: how events refer to each other and to their payloads."""
    return sha256(data).hexdigest()


def hash_base64(data: bytes) -> str:
    """SHA-256 in base64 without padding: election fingerprints and ballot trackers."""
    return _base64(sha256(data).digest())


def tracker_of(digest: str) -> str:
    """The tracker of the ballot with this SHA-256 in hexadecimal: base64 without padding."""
    return _base64(bytes.fromhex(digest))


def parse_hash(text: str) -> str:
    """64 lower-case hexadecimal digits. Raises "hash-syntax"."""
    if not _HASH_HEX.fullmatch(text):
        raise ProtocolError("hash-syntax", "a hash is 64 lower-case hexadecimal digits")
    return text


def _base64(digest: bytes) -> str:
    return b64encode(digest).decode().rstrip("=")
