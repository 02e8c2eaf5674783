"""C2SP tlog-witness 1.0, `add-checkpoint`: the part that needs no network and no storage.

    old SIZE
    BASE64 hash            the consistency proof, at most 63 lines
    (empty line)
    the new checkpoint, signed by the log

The witness' side: `decide` accepts or raises a RefusalError with its HTTP status. The log's
side: `AddCheckpoint.encode`, `parse_latest_size` on 409, `accept_cosignatures` on 200.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from vote.tlog.checkpoint import Checkpoint
from vote.tlog.cosignature import CosignerKey, add_signatures
from vote.tlog.encoding import decode_decimal, decode_text
from vote.tlog.errors import LogError
from vote.tlog.merkle import EMPTY_ROOT, Hash, verify_consistency
from vote.tlog.note import (
    MAX_NOTE_SIZE,
    Note,
    VerifierKey,
    open_note,
    parse_signatures,
    verified_signatures,
)

MAX_PROOF_LINES = 63
MAX_REQUEST_SIZE = MAX_NOTE_SIZE + 5_000  # a note, 63 lines of 45 bytes and the old size
SIZE_CONTENT_TYPE = "text/x.tlog.size"


class RefusalError(LogError):
    """A witness' answer that is not a cosignature: the HTTP status, and why.

    `latest` is the size that the witness holds, on 409 only.
    """

    def __init__(self, status: int, error: LogError, latest: int | None = None) -> None:
        super().__init__(error.code, error.message)
        self.status = status
        self.latest = latest

    @property
    def body(self) -> bytes:
        """The response's body: the latest size on 409 (`text/x.tlog.size`), else the reason."""
        return f"{self.message if self.latest is None else self.latest}\n".encode()

    @property
    def content_type(self) -> str:
        """Of the body."""
        return "text/plain; charset=utf-8" if self.latest is None else SIZE_CONTENT_TYPE


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request: the size the witness is thought to hold, the proof from there, the checkpoint."""

    old: int
    path: tuple[Hash, ...]
    checkpoint: bytes

    def encode(self) -> bytes:
        """The request's body."""
        lines = [f"old {self.old}", *(hash_.base64() for hash_ in self.path), "", ""]
        return "\n".join(lines).encode() + self.checkpoint

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read a request's body; the checkpoint is not looked into.

        Raises LogError `request-too-large`, `request-malformed`, `path-length`,
        `decimal-not-canonical`, `base64-not-canonical`, `hash-length`.
        """
        if len(body) > MAX_REQUEST_SIZE:
            raise LogError("request-too-large", f"more than {MAX_REQUEST_SIZE} bytes")
        head, separator, checkpoint = body.partition(b"\n\n")
        if not separator or not head.startswith(b"old "):
            raise LogError("request-malformed", "a request is 'old SIZE', a proof, a checkpoint")
        old, *path = decode_text(head, "the request").removeprefix("old ").split("\n")
        if len(path) > MAX_PROOF_LINES:
            raise LogError("path-length", f"a proof has at most {MAX_PROOF_LINES} hashes")
        hashes = tuple(Hash.from_base64(line) for line in path)
        return cls(decode_decimal(old, "the old size"), hashes, checkpoint)


def decide(
    body: bytes,
    logs: Mapping[str, Sequence[VerifierKey]],
    latest: Callable[[str], Checkpoint | None],
) -> Checkpoint:
    """The checkpoint that a witness may cosign, or a RefusalError.

    `logs` gives the trusted keys of each known origin; `latest` the last checkpoint that
    this witness cosigned for an origin, None if it never did. From calling `latest` until
    the returned checkpoint is stored, durably, no other request for that origin may be
    decided; only then is it cosigned.

    Statuses of tlog-witness: 400 malformed, or the old size above the new; 404 unknown
    origin; 403 not signed by the log; 409 the old size is not the one held; 422 the tree
    does not continue the one held. Extension lines, which nobody audits, are malformed here.
    """
    with _refusing(400):
        request = AddCheckpoint.parse(body)
        note = Note.parse(request.checkpoint)
    origin = note.text.partition("\n")[0]
    keys = logs.get(origin)
    if keys is None:
        raise RefusalError(
            404, LogError("unknown-log", "the checkpoint's origin is not known here")
        )
    with _refusing(403):
        open_note(request.checkpoint, keys)
    checkpoint = _checkpoint(note.text)
    held = latest(origin)
    _require_old_size(request.old, checkpoint.size, 0 if held is None else held.size)
    old_root = EMPTY_ROOT if held is None else held.root
    with _refusing(422):
        verify_consistency(request.old, checkpoint.size, old_root, checkpoint.root, request.path)
    return checkpoint


def parse_latest_size(body: bytes) -> int:
    """The size in a 409 response. Raises LogError `no-final-newline`, `decimal-not-canonical`."""
    text = decode_text(body, "the witness' answer")
    if not text.endswith("\n"):
        raise LogError("no-final-newline", "the witness' answer does not end in a newline")
    return decode_decimal(text[:-1], "the witness' size")


def accept_cosignatures(
    checkpoint: bytes, response: bytes, witnesses: Sequence[CosignerKey]
) -> bytes:
    """The checkpoint with the good cosignatures of a 200 response added.

    Lines of unknown keys are left out. Raises LogError `no-known-signature` if none of the
    `witnesses` cosigned, `signature-invalid` … for a bad line of one of them.
    """
    lines = parse_signatures(decode_text(response, "the witness' answer"))
    verified = verified_signatures(Note(Note.parse(checkpoint).text, lines), witnesses)
    if not verified:
        raise LogError("no-known-signature", "the answer has no cosignature of a known witness")
    return add_signatures(checkpoint, verified)


def _checkpoint(text: str) -> Checkpoint:
    """The checkpoint in a signed text; an empty tree with another root is a tree that lies: 422."""
    try:
        return Checkpoint.parse(text)
    except LogError as error:
        raise RefusalError(422 if error.code == "empty-tree-root" else 400, error) from error


def _require_old_size(old: int, new: int, held: int) -> None:
    if old > new:
        raise RefusalError(
            400, LogError("sizes-out-of-order", f"a tree of {old} cannot come before one of {new}")
        )
    if old != held:
        raise RefusalError(
            409, LogError("old-size", f"this witness holds size {held}, not {old}"), latest=held
        )


@contextmanager
def _refusing(status: int) -> Iterator[None]:
    """Turn a LogError into the RefusalError with this status."""
    try:
        yield
    except LogError as error:
        raise RefusalError(status, error) from error
