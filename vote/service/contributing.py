"""What a trustee's own computer does: keep a key, check an archive, decrypt the sums.

A trustee believes nothing: before anything is decrypted, the archive is verified whole and compared
with the signed log (`board`), so that a dishonest service cannot pass a single ballot, or some of
them, off as the sum of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vote.election import lot, tally
from vote.election.archive import EventType
from vote.election.check import Scan, check_setup, verify_archive
from vote.election.errors import ProtocolError
from vote.election.fingerprint import hash_hex
from vote.election.group import mul_base
from vote.election.setup import Setup, SetupData
from vote.election.trustee import (
    generate_private_key,
    parse_private_key,
    private_key_json,
    public_key_json,
)
from vote.service.errors import Refusal
from vote.service.trustee_board import Board, refused

FEW: Final = 5  # a sum of fewer ballots than this may show how somebody voted
_FOLLOW_THE_SUM: Final = ("EndShuffles", "PartialDecryption", "Result")
_FEW_WORDS: Final = (  # for the command alone, which speaks English
    "{uuid}: only {counted} ballots count, so the sum would show how people voted. Nothing was "
    "decrypted. Talk about it with the bureau; if it must be opened, run this again with --few."
)


@dataclass(frozen=True, slots=True)
class Announced:
    """What the service wants decrypted. `owner`: this trustee's place among the election's.

    `event_hash`: that of the EncryptedTally event. `lot`: whether lots may be drawn.
    """

    uuid: str
    owner: int
    event_hash: str
    lot: bool


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


def contribute(
    archive: Path, private_key: int, announced: Announced, board: Board, *, few: bool
) -> Contribution:
    """Verify an election's archive whole and against the board, then decrypt its sums.

    `few`: also where so few ballots count that their sum shows how people voted. Raises Refusal.
    """
    try:
        found = verify_archive(lambda: archive.open("rb"))
        if found.tally is None or found.tally_event is None:
            raise Refusal("not-yet", "There is nothing to decrypt yet: voting is not closed.")
        setup = check_setup(found)
        check_belongs(found, setup, announced, board)
        if setup.trustees.key_of(announced.owner) != mul_base(private_key):
            raise refused("trustee-unknown", "The election was not made with the key in your file.")
        check_enough(announced.uuid, len(found.last_ballot), few=few)
        return decrypt(setup, found.tally, found.tally_event, private_key, lot_wanted=announced.lot)
    except ProtocolError as error:
        raise Refusal(
            "bad-archive",
            "This archive does not hold, so nothing was decrypted: {reason} Tell the bureau.",
            {"reason": error.message},
        ) from error


def check_belongs(found: Scan, setup: Setup, announced: Announced, board: Board) -> None:
    """Check that a verified archive is the announced one and what the log has of its election.

    Events name the one before by its hash, and `board` holds no event that follows none or one
    that another follows: if the log has the archive's last event, it has them all, in order.
    Raises Refusal `other-tally`, `other-election`, `not-in-log`, `not-in-archive`.
    """
    if found.tally_event != announced.event_hash:
        raise refused("other-tally", "The archive's sum is not the one that was announced.")
    start = board.starts.get(announced.uuid)
    if start is None or setup.election.uuid != announced.uuid:
        raise refused("other-election", "The archive is of another election, or of none listed.")
    if setup.election.description != f"sha256:{board.definition.definition_sha256}":
        raise refused("other-election", "The archive is of another election or agenda.")
    if SetupData.of(found.election, found.trustees, found.credentials) != start:
        raise refused("not-in-log", "The archive begins otherwise than the log says.")
    after = _after(board, hash_hex(start.encode()), found.tally_event)
    if any(kind not in _FOLLOW_THE_SUM for kind in after):
        raise refused("not-in-archive", "The log holds an event that the archive leaves out.")


def _after(board: Board, setup_payload: str, event_hash: str) -> list[EventType]:
    """What follows an event of an election in the log."""
    chain = board.contents.chains.get(setup_payload)
    links = [
        item for item in board.contents.items if item.chain is not None and item.chain is chain
    ]
    for place, link in enumerate(links):
        if hash_hex(board.contents.entries[link.number]) == event_hash:
            return [each.event for each in links[place + 1 :] if each.event is not None]
    raise refused("not-in-log", "An event of the archive is not in the log.")


def check_enough(uuid: str, counted: int, *, few: bool) -> None:
    """Refuse to open a sum of few ballots, except on purpose. The sum of none says nothing."""
    if 0 < counted < FEW and not few:
        raise Refusal(
            "few-ballots",
            _FEW_WORDS,
            {"uuid": uuid, "counted": counted},
        )
