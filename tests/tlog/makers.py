"""What the log's vectors and tests are made of: keys, entries, receipts, and ways to spoil them."""

import base64
from typing import Any

from vote.tlog.checkpoint import Checkpoint, sign_checkpoint
from vote.tlog.cosignature import CosignerSigningKey, add_signatures
from vote.tlog.merkle import Tree, leaf_hash
from vote.tlog.note import SigningKey
from vote.tlog.proof import TlogProof

LOG = SigningKey.from_seed("vote.example/box1", bytes(range(32)))
NAMESAKE = SigningKey.from_seed("vote.example/box1", b"\x55" * 32)
OTHER_LOG = SigningKey.from_seed("vote.example/box2", b"\x66" * 32)
OTHER_NAME = SigningKey.from_seed("vote.example/box2", bytes(range(32)))
WITNESS = CosignerSigningKey.from_seed("witness.example/w1", b"\x77" * 32)
STRANGER = CosignerSigningKey.from_seed("witness.example/w2", b"\x88" * 32)
ENTRIES = [b"ballot %d\n" % number for number in range(21)]
TREE = Tree(leaf_hash(entry) for entry in ENTRIES)
SIZE, INDEX = 5, 2  # the worked example
Json = dict[str, Any]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def replace(data: bytes, old: bytes, new: bytes) -> bytes:
    """`data` with its one `old` replaced: a defect that changes nothing would prove nothing."""
    assert data.count(old) == 1, (old, data)
    return data.replace(old, new)


def bump(data: bytes) -> bytes:
    """Another first letter of a base64 text: other bytes, still canonical."""
    return (b"B" if data[:1] == b"A" else b"A") + data[1:]


def trailing_bits(data: bytes) -> bytes:
    """The same bytes in base64 whose padding bits are not zero."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    kept = data.rstrip(b"=")
    assert kept != data
    return kept[:-1] + bytes([alphabet[alphabet.index(kept[-1]) + 1]]) + data[len(kept) :]


def raw_note(text: bytes, *keys: SigningKey) -> bytes:
    """A genuinely signed note of a text that `sign` would not sign."""
    lines = [
        f"— {key.name} {b64(key.verifier.key_id + key.private.sign(text))}\n".encode()
        for key in keys
    ]
    return text + b"\n" + b"".join(lines)


def fork_root(size: int) -> str:
    """The root of a log whose first entry is another."""
    return Tree(leaf_hash(entry) for entry in [b"fork\n", *ENTRIES[1:size]]).root().hex()


def checkpoint(size: int = SIZE) -> Checkpoint:
    return Checkpoint(LOG.name, size, TREE.root(size))


def cosigned() -> bytes:
    note = sign_checkpoint(checkpoint(), LOG)
    lines = [WITNESS.cosign(checkpoint(), 1_800_000_000), STRANGER.cosign(checkpoint(), 1)]
    return add_signatures(note, lines)


def proof(index: int = INDEX, size: int = SIZE, extra: bytes | None = None) -> TlogProof:
    note = sign_checkpoint(checkpoint(size), LOG)
    return TlogProof(extra, index, TREE.inclusion_proof(index, size), note)


def other_log_text() -> bytes:
    return Checkpoint(OTHER_LOG.name, SIZE, TREE.root(SIZE)).encode().encode()


def other_log_note() -> bytes:
    return raw_note(other_log_text(), OTHER_LOG)
