"""How the service recognises a bearer without keeping what they bear.

A member's token is 256 bits that only the holder of the code can compute. The roll keeps one hash
of it and each election another: without the token, nobody can tell which credential is whose.
"""

import hmac
import json
from hashlib import sha256


def roll_hash(assembly: str, token: str) -> str:
    """What the roll keeps: SHA-256 of "roll|ASSEMBLY|TOKEN", hexadecimal."""
    return _hash("roll", assembly, token)


def binding_hash(uuid: str, token: str) -> str:
    """What an election's credential keeps: SHA-256 of "credential|UUID|TOKEN", hexadecimal."""
    return _hash("credential", uuid, token)


def trustee_hash(assembly: str, token: str) -> str:
    """What is kept of a trustee's token: SHA-256 of "trustee|ASSEMBLY|TOKEN", hexadecimal."""
    return _hash("trustee", assembly, token)


def mandate_ticket(
    key: bytes, mandate: str, grantor: str, holder: str, *, uuid: str, credential: str
) -> str:
    """What lets the holder of a mandate cast the grantor's ballot in one election.

    HMAC-SHA-256, hexadecimal, over the compact JSON list of the other arguments. It is made while
    the grantor is signed in, which is when both the roll and the credential are known, and kept
    nowhere: `credential` (64 hexadecimal digits) is not found in it without `key`.
    """
    fields = json.dumps([mandate, grantor, holder, uuid, credential], separators=(",", ":"))
    return hmac.new(key, fields.encode(), sha256).hexdigest()


def _hash(*parts: str) -> str:
    return sha256("|".join(parts).encode()).hexdigest()
