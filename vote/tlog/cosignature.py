"""C2SP tlog-cosignature 1.0: what a witness adds to a checkpoint (Ed25519, "cosignature/v1").

A cosignature says: at this time, this was the largest tree of this log that I saw,
and it agreed with all that I had seen before. Its signature line holds

    key ID[4] || timestamp (big-endian uint64, POSIX seconds) || Ed25519 signature

over `cosignature/v1\\ntime TIMESTAMP\\n` and the checkpoint's text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from vote.tlog.checkpoint import Checkpoint
from vote.tlog.encoding import MAX_INTEGER
from vote.tlog.errors import LogError
from vote.tlog.note import (
    MAX_SIGNATURES,
    SIGNATURE_SIZE,
    Ed25519Key,
    Ed25519SigningKey,
    Note,
    Signature,
    VerifierKey,
    verified_signatures,
)

TIMESTAMP_SIZE = 8


@dataclass(frozen=True, slots=True)
class CosignerKey(Ed25519Key):
    """A witness' Ed25519 key: signature type 0x04."""

    TYPE: ClassVar[int] = 0x04

    def verify(self, text: str, signature: bytes) -> None:
        """Raise LogError unless `signature` is this witness' timestamped one over `text`."""
        self._check(_message(text, timestamp_of(signature)), signature[TIMESTAMP_SIZE:])


@dataclass(frozen=True, slots=True)
class CosignerSigningKey(Ed25519SigningKey):
    """The private half of a CosignerKey; never the same key as a log's or another witness'."""

    @property
    def verifier(self) -> CosignerKey:
        """The public half."""
        return CosignerKey(self.name, self._public_key())

    def cosign(self, checkpoint: Checkpoint, timestamp: int) -> Signature:
        """The signature line over `checkpoint` at `timestamp` (POSIX seconds, from 1).

        The caller has verified that the checkpoint is the log's and that it continues
        all that this witness cosigned before: see `vote.tlog.witness.decide`.
        """
        _require_timestamp(timestamp)
        signature = self.private.sign(_message(checkpoint.encode(), timestamp))
        stamped = timestamp.to_bytes(TIMESTAMP_SIZE, "big") + signature
        return Signature(self.name, self.verifier.key_id, stamped)


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A verified cosignature: whose, and when it says it was made (POSIX seconds)."""

    witness: CosignerKey
    timestamp: int


def timestamp_of(signature: bytes) -> int:
    """The timestamp inside a cosignature's bytes.

    Raises LogError `cosignature-malformed` for a wrong length or a time outside 1..2**63-1.
    """
    if len(signature) != TIMESTAMP_SIZE + SIGNATURE_SIZE:
        raise LogError("cosignature-malformed", "a cosignature is a time and 64 bytes")
    timestamp = int.from_bytes(signature[:TIMESTAMP_SIZE], "big")
    _require_timestamp(timestamp)
    return timestamp


def cosignatures(checkpoint: bytes, witnesses: Sequence[CosignerKey]) -> tuple[Cosignature, ...]:
    """The cosignatures of known witnesses on a signed checkpoint, all verified.

    Those of unknown witnesses are ignored. Raises LogError `signature-invalid` or
    `cosignature-malformed` for a bad line of a known one, and what `Note.parse` raises.
    """
    known = {(witness.name, witness.key_id): witness for witness in witnesses}
    lines = verified_signatures(Note.parse(checkpoint), witnesses)
    return tuple(
        Cosignature(known[line.name, line.key_id], timestamp_of(line.value)) for line in lines
    )


def require_quorum(
    checkpoint: bytes, log: VerifierKey, witnesses: Sequence[CosignerKey], quorum: int
) -> tuple[Cosignature, ...]:
    """Check that `quorum` different witnesses cosigned a signed checkpoint of `log`.

    Witnesses count by their public key, since an Ed25519 cosignature does not cover the
    witness' name; the log's own key, or a witness of the log's name, counts for nothing.
    Raises LogError `quorum` and those of `cosignatures`.
    """
    found = cosignatures(checkpoint, witnesses)
    keys = {
        cosignature.witness.public_key
        for cosignature in found
        if cosignature.witness.name != log.name
    } - {log.public_key}
    if len(keys) < quorum:
        raise LogError("quorum", f"{len(keys)} known witnesses cosigned, {quorum} are needed")
    return found


def add_signatures(checkpoint: bytes, lines: Iterable[Signature]) -> bytes:
    """The same note with more signature lines; a key that already signed is not added again.

    Raises LogError `too-many-signatures`.
    """
    note = Note.parse(checkpoint)
    signatures = {(line.name, line.key_id): line for line in note.signatures}
    added = []
    for line in lines:
        if signatures.setdefault((line.name, line.key_id), line) is line:
            added.append(line)
    if len(note.signatures) + len(added) > MAX_SIGNATURES:
        raise LogError("too-many-signatures", f"a note has at most {MAX_SIGNATURES} signatures")
    return Note(note.text, (*note.signatures, *added)).encode()


def _message(text: str, timestamp: int) -> bytes:
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def _require_timestamp(timestamp: int) -> None:
    # Zero would mean that no time is stated, which a cosignature of a whole checkpoint must do.
    if not 1 <= timestamp <= MAX_INTEGER:
        raise LogError("cosignature-malformed", "the time of a cosignature is not from 1 to 2^63-1")
