"""Mailboxes: what one member's browser tells another's, through a service that cannot read it.

Every member has a key pair of libsodium's `crypto_box` (X25519), derived from their code. It is
not part of the Belenios protocol, and has nothing in common with the credentials: who knows the
public key, as the service does, learns nothing about which credential is the member's.

A message is sealed with `crypto_box_seal`: an ephemeral key, so that not even the sender can open
it afterwards, and XSalsa20-Poly1305, so that a changed message does not open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from nacl.bindings import (
    crypto_box_seal,
    crypto_box_seal_open,
    crypto_box_seed_keypair,
    crypto_scalarmult,
)
from nacl.exceptions import CryptoError

from vote.election.credential import parse_code
from vote.election.errors import ProtocolError

_HEX: Final = re.compile("[0-9a-f]{64}")
_DIGITS: Final = 25
_P: Final = 2**255 - 19
_ANY: Final = bytes(31) + b"\x40"  # a scalar, to try a key with


@dataclass(frozen=True, slots=True)
class MailboxKey:
    """The public key of a member's mailbox: 32 bytes."""

    raw: bytes

    @classmethod
    def parse(cls, text: str) -> MailboxKey:
        """64 lower-case hexadecimal digits.

        Raises "mailbox-key", also for the few points that would make any message readable.
        """
        if not _HEX.fullmatch(text):
            raise ProtocolError("mailbox-key", "a mailbox's key is 64 hexadecimal digits")
        raw = bytes.fromhex(text)
        if int.from_bytes(raw, "little") >= _P:
            raise ProtocolError("mailbox-key", "a mailbox's key in another form than its own")
        try:
            crypto_scalarmult(_ANY, raw)
        except (CryptoError, RuntimeError) as error:
            raise ProtocolError("mailbox-key", "a mailbox's key of small order") from error
        return cls(raw)

    def hex(self) -> str:
        return self.raw.hex()

    def number(self, assembly: str) -> str:
        """25 decimal digits that two people can compare, whatever language they speak.

        From SHA-256 of "mailbox-number|ASSEMBLY|KEY", as a number, modulo 10**25: to find another
        key with the same number takes some 2**83 attempts.
        """
        digest = sha256(f"mailbox-number|{assembly}|{self.hex()}".encode()).digest()
        return f"{int.from_bytes(digest, 'big') % 10**_DIGITS:0{_DIGITS}}"


def _key_pair(assembly: str, code: str) -> tuple[bytes, bytes]:
    """Public and secret key, from the seed SHA-256 of "mailbox|ASSEMBLY|CODE"."""
    seed = sha256(f"mailbox|{assembly}|{parse_code(code)}".encode()).digest()
    return crypto_box_seed_keypair(seed)


def mailbox_key(assembly: str, code: str) -> MailboxKey:
    """The key to which messages for the holder of `code` are sealed. Raises "code-syntax"."""
    return MailboxKey(_key_pair(assembly, code)[0])


def seal(key: MailboxKey, message: bytes) -> bytes:
    """The message, readable by the owner of the mailbox alone; 48 bytes longer."""
    return crypto_box_seal(message, key.raw)


def open_sealed(assembly: str, code: str, sealed: bytes) -> bytes:
    """What was sealed to the mailbox of the holder of `code`.

    Raises "sealed-message": it is for somebody else, or was changed; and "code-syntax".
    """
    public, secret = _key_pair(assembly, code)
    try:
        return crypto_box_seal_open(sealed, public, secret)
    except (CryptoError, ValueError, TypeError) as error:
        raise ProtocolError(
            "sealed-message", "the message is for another mailbox, or was changed"
        ) from error
