"""What a trustee's own computer does: keep a key, check an archive, decrypt the sums.

A trustee believes nothing: the archive is verified whole before anything is decrypted, so that a
dishonest service cannot pass a single ballot off as the sum of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vote.election import lot, tally
from vote.election.check import check_setup, verify_archive
from vote.election.errors import ProtocolError
from vote.election.setup import Setup
from vote.election.trustee import (
    generate_private_key,
    parse_private_key,
    private_key_json,
    public_key_json,
)
from vote.service.errors import Refusal


@dataclass(frozen=True, slots=True)
class Key:
    """A trustee's key as two files: the private one to keep, the public one to give away."""

    private: bytes
    public: bytes


@dataclass(frozen=True, slots=True)
class Contribution:
    """A trustee's part for one election; `lot_share` only where lots may be drawn."""

    partial_decryption: bytes
    lot_share: bytes | None


def make_key() -> Key:
    private_key = generate_private_key()
    return Key(private_key_json(private_key), public_key_json(private_key))


def read_key(data: bytes) -> int:
    """The private key in a trustee's file. Raises Refusal."""
    try:
        return parse_private_key(data)
    except ProtocolError as error:
        raise Refusal("bad-key-file", "This file is not a trustee's private key.") from error


def decrypt(
    setup: Setup, encrypted_tally: bytes, event_hash: str, private_key: int, *, lot_wanted: bool
) -> Contribution:
    """Decrypt sums that were checked. `event_hash` is that of the EncryptedTally event."""
    share = lot.lot_share(private_key, setup.fingerprint, event_hash) if lot_wanted else None
    return Contribution(tally.partial_decryption(setup, encrypted_tally, private_key), share)


def contribute(archive: Path, private_key: int, *, lot_wanted: bool) -> Contribution:
    """Verify an election's archive whole, then decrypt its sums. Raises Refusal."""
    try:
        found = verify_archive(lambda: archive.open("rb"))
        if found.tally is None or found.tally_event is None:
            raise Refusal("not-yet", "There is nothing to decrypt yet: voting is not closed.")
        setup = check_setup(found)
        return decrypt(setup, found.tally, found.tally_event, private_key, lot_wanted=lot_wanted)
    except ProtocolError as error:
        raise Refusal(
            "bad-archive",
            "This archive does not hold, so nothing was decrypted: {reason} Tell the bureau.",
            {"reason": error.message},
        ) from error
