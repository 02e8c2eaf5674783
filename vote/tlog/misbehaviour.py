"""Proof that a log misbehaved: a small file that convinces whoever has the log's public key.

A proof is made of things that the log signed and that cannot all be honest:

- `fork`: two checkpoints, and the consistency proof that the newer tree has for the *true*
  head of its first entries, which is not what the older checkpoint says. (That a proof of
  consistency fails shows nothing: anyone can write a bad one.)
- `replaced`: a receipt for one entry, and a checkpoint with the path of another at its place.
- `left-out`: a receipt for a ballot, and a checkpoint of a tree that ends with the outcome
  before that ballot's place.

The file is canonical JSON (RFC 8785) with the notes and the receipt as the log wrote them,
so that each can be cut out and checked with any other log tool, and `says`: in English, what
it proves, and what it does not.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from vote.tlog import canonical, entry
from vote.tlog.canonical import Json
from vote.tlog.checkpoint import Checkpoint, open_checkpoint
from vote.tlog.errors import LogError
from vote.tlog.merkle import (
    Hash,
    NodeReader,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from vote.tlog.note import VerifierKey
from vote.tlog.proof import MAX_PROOF_SIZE, TlogProof

FORMAT = 1
MAX_FILE_SIZE = 3 * MAX_PROOF_SIZE

_DOUBT = (
    "It does not show which of the two is right, nor who at the service did it: whoever holds"
    " the log's key signed both."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a proof shows: a stable code, the sentence in English, and its facts for other words."""

    code: str
    message: str
    facts: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Fork:
    """The log signed two histories.

    `older` and `newer` are signed checkpoints, by size; `prefix` is the head that the
    newer tree has over as many entries as the older one, and `path` the proof of it.
    """

    KIND: ClassVar[str] = "fork"

    older: bytes
    newer: bytes
    prefix: Hash
    path: tuple[Hash, ...]

    def verify(self, key: VerifierKey) -> Finding:
        """What it proves against the log of `key`; else LogError, `no-contradiction` if nothing."""
        older, newer = open_checkpoint(self.older, key), open_checkpoint(self.newer, key)
        verify_consistency(older.size, newer.size, self.prefix, newer.root, self.path)
        if self.prefix == older.root:
            raise LogError("no-contradiction", "the newer checkpoint continues the older one")
        if older.size == newer.size:
            what = f"two different trees of {older.size} entries"
        else:
            what = (
                f"a tree of {older.size} entries and a tree of {newer.size} entries that does"
                f" not begin with those {older.size}"
            )
        return Finding(
            self.KIND,
            f"The log {key.name} signed {what}. An honest log only ever grows, so entries were"
            f" changed, removed or reordered, or people were shown different logs. {_DOUBT}",
            {"log": key.name, "older": older.size, "newer": newer.size},
        )

    def fields(self) -> dict[str, Json]:
        """Its part of the file."""
        return {
            "newer": self.newer.decode(),
            "older": self.older.decode(),
            "path": _encode_path(self.path),
            "prefix": self.prefix.base64(),
        }


@dataclass(frozen=True, slots=True)
class Replaced:
    """The log promised an entry a place, and signed a tree with another one there.

    `checkpoint` is the signed tree, `leaf` the leaf hash that it has at the receipt's index.
    """

    KIND: ClassVar[str] = "replaced"

    receipt: TlogProof
    checkpoint: bytes
    leaf: Hash
    path: tuple[Hash, ...]

    def verify(self, key: VerifierKey) -> Finding:
        """What it proves against the log of `key`; else LogError, `no-contradiction` if nothing."""
        promised = self.receipt.entry()
        before = self.receipt.verify(promised, key)
        tree = open_checkpoint(self.checkpoint, key)
        index = self.receipt.index
        verify_inclusion(self.leaf, index, tree.size, self.path, tree.root)
        if self.leaf == leaf_hash(promised):
            raise LogError("no-contradiction", "the entry is where its receipt says")
        digest = sha256(promised).hexdigest()
        return Finding(
            self.KIND,
            f"The log {key.name} signed a receipt for entry {index}, whose SHA-256 is {digest},"
            f" in its tree of {before.size} entries, and it signed a tree of {tree.size} entries"
            " with another entry at that place: the one that the receipt is for was changed,"
            f" moved or removed, or people were shown different logs. {_DOUBT}",
            {"log": key.name, "index": index, "sha256": digest, "size": tree.size},
        )

    def fields(self) -> dict[str, Json]:
        """Its part of the file."""
        return {
            "checkpoint": self.checkpoint.decode(),
            "leaf": self.leaf.base64(),
            "path": _encode_path(self.path),
            "receipt": self.receipt.encode().decode(),
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The log gave a receipt for a ballot, and declared its outcome without it.

    `checkpoint` is the signed tree, `outcome` its last entry; the ballot's place is after it.
    """

    KIND: ClassVar[str] = "left-out"

    receipt: TlogProof
    checkpoint: bytes
    outcome: bytes
    path: tuple[Hash, ...]

    def verify(self, key: VerifierKey) -> Finding:
        """What it proves against the log of `key`; else LogError, `no-contradiction` if nothing."""
        ballot = self.receipt.entry()
        self.receipt.verify(ballot, key)
        if not _is_ballot(ballot):
            raise LogError("no-contradiction", "the receipt is not for a ballot")
        tree = open_checkpoint(self.checkpoint, key)
        index, last = self.receipt.index, tree.size - 1
        verify_inclusion(leaf_hash(self.outcome), last, tree.size, self.path, tree.root)
        _require_outcome(self.outcome)
        if index <= last:
            raise LogError("no-contradiction", "the receipt is for an entry before the outcome")
        digest = sha256(ballot).hexdigest()
        return Finding(
            self.KIND,
            f"The log {key.name} signed a receipt for the ballot whose SHA-256 is {digest}, as"
            f" entry {index}, and it signed a tree of {tree.size} entries that ends with the"
            " outcome: the outcome was declared without a ballot that the log says it recorded."
            " It does not show why, nor who at the service did it.",
            {"log": key.name, "index": index, "sha256": digest, "size": tree.size},
        )

    def fields(self) -> dict[str, Json]:
        """Its part of the file."""
        return {
            "checkpoint": self.checkpoint.decode(),
            "outcome": self.outcome.decode(),
            "path": _encode_path(self.path),
            "receipt": self.receipt.encode().decode(),
        }


Misbehaviour = Fork | Replaced | LeftOut


def from_checkpoints(
    first: bytes, second: bytes, key: VerifierKey, node: NodeReader | None = None
) -> Fork:
    """The proof that two signed checkpoints contradict each other.

    `node` reads the tree of the larger one; for two of one size it is not needed. Raises
    LogError `no-contradiction` if one continues the other, `tree-needed`, and what
    `Fork.verify` raises if the nodes are not of that tree.
    """
    trees = [(open_checkpoint(note, key), note) for note in (first, second)]
    (older, older_note), (newer, newer_note) = sorted(trees, key=_size)
    if older.size == newer.size:
        proof = Fork(older_note, newer_note, newer.root, ())
    elif node is None:
        raise LogError("tree-needed", f"the entries of the tree of {newer.size} are needed")
    else:
        path = consistency_proof(older.size, newer.size, node)
        proof = Fork(older_note, newer_note, root(older.size, node), path)
    proof.verify(key)
    return proof


def from_receipt(
    receipt: TlogProof,
    checkpoint: bytes,
    key: VerifierKey,
    node: NodeReader,
    last: bytes,
) -> Misbehaviour:
    """The proof that a genuine receipt contradicts a signed checkpoint (a bundle's, say).

    `node` reads the checkpoint's tree and `last` is its last entry. Raises LogError
    `no-contradiction` if there is none: the entry is in the tree and the tree continues the
    receipt's, or the tree is merely older than the receipt. Raises what `TlogProof.verify`
    raises if the receipt is not genuine.
    """
    before = receipt.verify(receipt.entry(), key)
    tree = open_checkpoint(checkpoint, key)
    proof: Misbehaviour
    if receipt.index >= tree.size:
        _require_outcome(last)
        path = inclusion_proof(tree.size - 1, tree.size, node)
        proof = LeftOut(receipt, checkpoint, last, path)
    elif node(0, receipt.index) != leaf_hash(receipt.entry()):
        path = inclusion_proof(receipt.index, tree.size, node)
        proof = Replaced(receipt, checkpoint, node(0, receipt.index), path)
    elif before.size <= tree.size:
        return from_checkpoints(receipt.checkpoint, checkpoint, key, node)
    else:
        raise LogError("no-contradiction", "the entry is in the tree, which is older")
    proof.verify(key)
    return proof


def encode(proof: Misbehaviour, key: VerifierKey) -> bytes:
    """The file. Raises what `proof.verify` raises rather than write what proves nothing."""
    fields: dict[str, Json] = {
        "format": FORMAT,
        "type": "misbehaviour",
        "kind": proof.KIND,
        "key": key.encode(),
        "says": proof.verify(key).message,
    }
    return canonical.dump(fields | proof.fields(), "misbehaviour")


def verify(data: bytes, key: VerifierKey) -> Finding:
    """What a file proves about the log of `key`, a key that the reader has from elsewhere.

    Raises LogError `misbehaviour-too-large`, `misbehaviour-not-canonical`,
    `misbehaviour-field`, `another-key`, `no-contradiction`, and whatever the parts do
    not hold: their signatures, paths, roots.
    """
    fields = canonical.load(data, "misbehaviour", MAX_FILE_SIZE)
    if not isinstance(fields, dict) or fields.get("type") != "misbehaviour":
        raise LogError("misbehaviour-field", "this is not a proof of misbehaviour")
    kind = fields.get("kind")
    build = _KINDS.get(kind) if isinstance(kind, str) else None
    if build is None or fields.get("format") != FORMAT:
        raise LogError("misbehaviour-field", "this kind of proof is not known")
    if fields.get("key") != key.encode():
        raise LogError("another-key", "the proof is against a log with another key")
    try:
        proof = build(fields)
    except KeyError as error:
        raise LogError("misbehaviour-field", f"the proof has no {error}") from error
    finding = proof.verify(key)
    if encode(proof, key) != data:
        raise LogError("misbehaviour-field", "the file says other or more than what it proves")
    return finding


def _fork(fields: dict[str, Json]) -> Fork:
    return Fork(
        _bytes(fields, "older"), _bytes(fields, "newer"), _hash(fields["prefix"]), _path(fields)
    )


def _replaced(fields: dict[str, Json]) -> Replaced:
    receipt = TlogProof.parse(_bytes(fields, "receipt"))
    leaf = _hash(fields["leaf"])
    return Replaced(receipt, _bytes(fields, "checkpoint"), leaf, _path(fields))


def _left_out(fields: dict[str, Json]) -> LeftOut:
    receipt = TlogProof.parse(_bytes(fields, "receipt"))
    outcome = _bytes(fields, "outcome")
    return LeftOut(receipt, _bytes(fields, "checkpoint"), outcome, _path(fields))


_KINDS: Mapping[str, Callable[[dict[str, Json]], Misbehaviour]] = {
    Fork.KIND: _fork,
    Replaced.KIND: _replaced,
    LeftOut.KIND: _left_out,
}


def _size(signed: tuple[Checkpoint, bytes]) -> int:
    return signed[0].size


def _bytes(fields: dict[str, Json], name: str) -> bytes:
    return canonical.text(fields, name, "misbehaviour").encode()


def _hash(value: Json) -> Hash:
    if not isinstance(value, str):
        raise LogError("misbehaviour-field", "a hash is not a text")
    return Hash.from_base64(value)


def _path(fields: dict[str, Json]) -> tuple[Hash, ...]:
    path = fields["path"]
    if not isinstance(path, list):
        raise LogError("misbehaviour-field", "path is not a list")
    return tuple(_hash(value) for value in path)


def _encode_path(path: tuple[Hash, ...]) -> Json:
    return [value.base64() for value in path]


def _require_outcome(last: bytes) -> None:
    """A tree that does not end with the outcome may simply be from before the receipt."""
    if not entry.is_own(last) or not isinstance(entry.parse(last), entry.Outcome):
        raise LogError("no-contradiction", "the tree does not end with the outcome: it is older")


def _is_ballot(data: bytes) -> bool:
    """Whether an entry is an archive's event that adds a ballot."""
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(event, dict) and event.get("type") == "Ballot"
