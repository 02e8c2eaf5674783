"""C2SP tlog-checkpoint: the signed head of a log's tree.

    origin
    size
    BASE64 root

Our logs sign no extension lines and refuse them: nobody could audit what they say.
"""

from dataclasses import dataclass
from typing import Self

from vote.tlog.encoding import MAX_INTEGER, decode_decimal, require_printable
from vote.tlog.errors import LogError
from vote.tlog.merkle import EMPTY_ROOT, Hash
from vote.tlog.note import Note, SigningKey, VerifierKey, open_note, sign


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log commits to: its name, how many entries it has, and the tree's head."""

    origin: str
    size: int
    root: Hash

    def __post_init__(self) -> None:
        require_printable(self.origin, "the origin")
        if not self.origin or "\n" in self.origin:
            raise LogError("checkpoint-malformed", "the origin is not one line of text")
        if not 0 <= self.size <= MAX_INTEGER:
            raise LogError("size-out-of-range", f"{self.size} is not the size of a tree")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise LogError("empty-tree-root", "the root of an empty tree is SHA-256 of nothing")

    def encode(self) -> str:
        """The note's text: three lines."""
        return f"{self.origin}\n{self.size}\n{self.root.base64()}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a note's text.

        Raises LogError `no-final-newline`, `checkpoint-malformed`,
        `checkpoint-extension`, `decimal-not-canonical`, `base64-not-canonical`,
        `hash-length`, `empty-tree-root`.
        """
        if not text.endswith("\n"):
            raise LogError("no-final-newline", "the checkpoint does not end in a newline")
        lines = text[:-1].split("\n")
        if len(lines) < 3:
            raise LogError("checkpoint-malformed", "a checkpoint has three lines")
        if len(lines) > 3:
            raise LogError("checkpoint-extension", "a checkpoint of ours has only three lines")
        origin, size, root = lines
        return cls(origin, decode_decimal(size, "the tree's size"), Hash.from_base64(root))

    @classmethod
    def of_note(cls, data: bytes) -> Self:
        """What a note says, whoever signed it. Raises what `Note.parse` and `parse` raise."""
        return cls.parse(Note.parse(data).text)


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """The signed note. Raises LogError `origin-mismatch` unless the key bears the log's name."""
    _require_origin(checkpoint, key.name)
    return sign(checkpoint.encode(), [key])


def open_checkpoint(data: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint in a note that the log's own key signed.

    Raises what `open_note` and `Checkpoint.parse` raise, and `origin-mismatch`
    for a checkpoint that speaks of another log than the key's.
    """
    checkpoint = Checkpoint.parse(open_note(data, [key]))
    _require_origin(checkpoint, key.name)
    return checkpoint


def _require_origin(checkpoint: Checkpoint, name: str) -> None:
    if checkpoint.origin != name:
        raise LogError(
            "origin-mismatch", f"the checkpoint is of {checkpoint.origin}, the key of {name}"
        )
