"""C2SP tlog-proof: a receipt that can be checked offline.

c2sp.org/tlog-proof@v1
extra BASE64           optional; in our receipts the entry's own bytes
index N
BASE64 hash            the inclusion path, the leaf's sibling first
(empty line)
the checkpoint, whole
"""

from dataclasses import dataclass
from typing import Self

from vote.tlog.checkpoint import Checkpoint, open_checkpoint
from vote.tlog.encoding import (
    MAX_INTEGER,
    decode_base64,
    decode_decimal,
    decode_text,
    encode_base64,
)
from vote.tlog.errors import LogError
from vote.tlog.merkle import Hash, leaf_hash, verify_inclusion
from vote.tlog.note import MAX_NOTE_SIZE, VerifierKey

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63
MAX_PROOF_SIZE = MAX_NOTE_SIZE + 100_000  # the longest entry in base64, a path and a note


@dataclass(frozen=True, slots=True)
class TlogProof:
    """A receipt: an entry's place in a log, the path to the root, and the signed checkpoint.

    `extra` is authenticated by nothing until `verify` found it equal to the entry.
    """

    extra: bytes | None
    index: int
    path: tuple[Hash, ...]
    checkpoint: bytes

    def __post_init__(self) -> None:
        if self.extra == b"":
            raise LogError("extra-empty", "an extra line without data is to be left out")
        if not 0 <= self.index <= MAX_INTEGER:
            raise LogError("index-out-of-range", f"{self.index} is not the number of a leaf")
        if len(self.path) > MAX_PATH:
            raise LogError("path-length", f"a path has at most {MAX_PATH} hashes")
        Checkpoint.of_note(self.checkpoint)

    def encode(self) -> bytes:
        """The file's bytes."""
        extra = [] if self.extra is None else [f"extra {encode_base64(self.extra)}"]
        path = [hash_.base64() for hash_ in self.path]
        lines = [HEADER, *extra, f"index {self.index}", *path, "", ""]
        return "\n".join(lines).encode() + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a file. Well-formed is all that this says: see `verify`.

        Raises LogError `proof-too-large`, `proof-malformed`, `proof-version`,
        `extra-empty`, `path-length`, `base64-not-canonical`, `decimal-not-canonical`,
        `hash-length`, and those of the checkpoint's note.
        """
        if len(data) > MAX_PROOF_SIZE:
            raise LogError("proof-too-large", f"the proof has more than {MAX_PROOF_SIZE} bytes")
        head, separator, checkpoint = data.partition(b"\n\n")
        if not separator:
            raise LogError("proof-malformed", "the proof has no empty line before a checkpoint")
        version, *lines = decode_text(head, "the proof").split("\n")
        if version != HEADER:
            raise LogError("proof-version", f"the proof does not begin with {HEADER}")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = decode_base64(lines.pop(0).removeprefix("extra "), "the extra line")
        if not lines or not lines[0].startswith("index "):
            raise LogError("proof-malformed", "the proof has no index line where it belongs")
        index = decode_decimal(lines.pop(0).removeprefix("index "), "the index")
        return cls(extra, index, tuple(Hash.from_base64(line) for line in lines), checkpoint)

    def verify(self, entry: bytes, key: VerifierKey) -> Checkpoint:
        """Check that `entry` is in the log of `key` where this receipt says; the tree it is in.

        Steps of tlog-proof, "Verifying a tlog proof": the leaf is that of `entry`
        itself, the checkpoint is the log's own and signed by it, the path leads from
        the one to the other. An `extra` that is not the entry is refused
        (LogError `extra-differs`): a reader must not be shown what was not logged.
        """
        if self.extra is not None and self.extra != entry:
            raise LogError("extra-differs", "the extra line is not the entry that is proved")
        checkpoint = open_checkpoint(self.checkpoint, key)
        verify_inclusion(leaf_hash(entry), self.index, checkpoint.size, self.path, checkpoint.root)
        return checkpoint

    def entry(self) -> bytes:
        """The entry's bytes that this receipt carries. Raises LogError `extra-missing`."""
        if self.extra is None:
            raise LogError("extra-missing", "the receipt does not carry its entry")
        return self.extra
