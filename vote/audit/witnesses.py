"""Who may cosign the log of a bundle: `log/witnesses`, a verifier key on each line.

The log's last entry names the file's hash, so that the list is as fixed as the outcome. The
checkpoint bears the log's signature and then, in the order of the list, those of the witnesses who
cosigned it; any other signature could be changed unseen, and is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vote.tlog.cosignature import CosignerKey
from vote.tlog.errors import LogError
from vote.tlog.note import MAX_SIGNATURES, Note, Signature, VerifierKey

WITNESSES: Final = "log/witnesses"


def encode_witnesses(witnesses: Sequence[CosignerKey]) -> bytes:
    """The file, for one witness at least."""
    return b"".join(witness.line() for witness in witnesses)


def parse_witnesses(data: bytes) -> tuple[CosignerKey, ...]:
    """The keys in the file.

    Raises LogError `no-final-newline` (for an empty file too), `too-many-signatures`,
    `witness-twice`, and what `CosignerKey.from_line` raises.
    """
    lines = data.splitlines(keepends=True)
    if len(lines) >= MAX_SIGNATURES:
        raise LogError("too-many-signatures", f"a log has fewer than {MAX_SIGNATURES} witnesses")
    witnesses = tuple(CosignerKey.from_line(line) for line in lines or [b""])
    if len({witness.public_key for witness in witnesses}) != len(witnesses):
        raise LogError("witness-twice", "the same key stands twice in the list of witnesses")
    return witnesses


def cosigners(checkpoint: bytes, witnesses: Sequence[CosignerKey]) -> tuple[CosignerKey, ...]:
    """Those of the witnesses whose names are on a checkpoint; says nothing of the signatures."""
    lines = {(line.name, line.key_id) for line in Note.parse(checkpoint).signatures}
    return tuple(each for each in witnesses if (each.name, each.key_id) in lines)


def in_order(checkpoint: bytes, log: VerifierKey, witnesses: Sequence[CosignerKey]) -> bytes:
    """A checkpoint as it stands in a bundle: the log's signature, then the witnesses'.

    Each signer's first line is kept, and no other signer's. Raises LogError `no-known-signature`.
    """
    note = Note.parse(checkpoint)
    found: dict[tuple[str, bytes], Signature] = {}
    for line in note.signatures:
        found.setdefault((line.name, line.key_id), line)
    if (log.name, log.key_id) not in found:
        raise LogError("no-known-signature", "the checkpoint is not signed by the log")
    signers = ((each.name, each.key_id) for each in (log, *witnesses))
    return Note(note.text, tuple(found[each] for each in signers if each in found)).encode()
