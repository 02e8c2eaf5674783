"""The Merkle tree of a log: RFC 6962 section 2.1, read from stored nodes.

A *node* (level, index) is the root of the complete subtree of 2**level leaves
that begins at leaf index * 2**level. Once complete it never changes, so a log
stores its complete nodes and everything else here is computed from a few of them.
An odd subtree is never doubled: it joins its left neighbour as it is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Self

from vote.tlog.encoding import MAX_INTEGER, decode_base64, encode_base64
from vote.tlog.errors import LogError

HASH_SIZE = 32


class Hash(bytes):
    """A SHA-256 value: 32 bytes, checked on construction (LogError `hash-length`)."""

    __slots__ = ()

    def __new__(cls, value: bytes) -> Self:
        if len(value) != HASH_SIZE:
            raise LogError("hash-length", f"a hash has {HASH_SIZE} bytes, this one {len(value)}")
        return super().__new__(cls, value)

    @classmethod
    def from_base64(cls, text: str) -> Self:
        """The hash that `text` spells in canonical base64."""
        return cls(decode_base64(text, "a hash"))

    def base64(self) -> str:
        """Standard, padded base64: 44 characters."""
        return encode_base64(self)


NodeReader = Callable[[int, int], Hash]
"""Reads the complete node (level, index)."""

EMPTY_ROOT = Hash(sha256(b"").digest())


def leaf_hash(entry: bytes) -> Hash:
    """SHA-256(0x00 || entry), RFC 6962 section 2.1."""
    return Hash(sha256(b"\x00" + entry).digest())


def node_hash(left: Hash, right: Hash) -> Hash:
    """SHA-256(0x01 || left || right), RFC 6962 section 2.1."""
    return Hash(sha256(b"\x01" + left + right).digest())


def append(size: int, leaf: Hash, node: NodeReader) -> list[tuple[int, int, Hash]]:
    """The complete nodes that leaf number `size` adds to a tree of `size` leaves.

    Each as (level, index, hash), the leaf first; `node` reads nodes of the old tree.
    """
    _require_size(size + 1)
    added = [(0, size, leaf)]
    level, index, value = added[0]
    while index & 1:
        value = node_hash(node(level, index - 1), value)
        level, index = level + 1, index >> 1
        added.append((level, index, value))
    return added


def root(size: int, node: NodeReader) -> Hash:
    """The tree's head over the first `size` leaves."""
    _require_size(size)
    return _range_root(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: NodeReader) -> tuple[Hash, ...]:
    """PATH(index, D[size]) of RFC 6962 section 2.1.1, the leaf's sibling first.

    Raises LogError `index-out-of-range`.
    """
    _require_index(index, size)
    return tuple(_siblings(index, 0, size, node))


def verify_inclusion(leaf: Hash, index: int, size: int, path: Sequence[Hash], root: Hash) -> None:
    """Check that `leaf` (a leaf hash) is number `index` in the tree of `size` leaves under `root`.

    Raises LogError `index-out-of-range`, `path-length` or `root-mismatch`.
    """
    _require_index(index, size)
    inner, border = _path_shape(index, size)
    if len(path) != inner + border:
        raise LogError(
            "path-length",
            f"the path of leaf {index} in a tree of {size} has {inner + border} hashes,"
            f" not {len(path)}",
        )
    value = _climb(leaf, index, path[:inner])
    for left in path[inner:]:
        value = node_hash(left, value)
    if value != root:
        raise LogError("root-mismatch", f"the path of leaf {index} does not lead to the root")


def consistency_proof(old: int, new: int, node: NodeReader) -> tuple[Hash, ...]:
    """PROOF(old, D[new]) of RFC 6962 section 2.1.2; empty if `old` is 0 or equals `new`.

    Raises LogError `sizes-out-of-order` if `old` is greater than `new`.
    """
    _require_order(old, new)
    if old in (0, new):
        return ()
    level = _trailing_zeros(old)
    index = (old - 1) >> level
    # An old tree that is one complete subtree is its own starting point: the verifier has it.
    start = () if old == 1 << level else (node(level, index),)
    return (*start, *_siblings(index, level, new, node))


def verify_consistency(
    old: int, new: int, old_root: Hash, new_root: Hash, path: Sequence[Hash]
) -> None:
    """Check that the tree of `old` leaves is the beginning of the tree of `new` leaves.

    Raises LogError `sizes-out-of-order`, `path-length`, `root-mismatch` (the old
    root is not what the path begins from, or equal sizes have different roots, or
    the path does not lead to the new root).
    """
    _require_order(old, new)
    if old in (0, new):
        _require_path_length(old, new, 0, len(path))
        expected = EMPTY_ROOT if old == 0 else new_root
        if old_root != expected:
            raise LogError("root-mismatch", f"two roots are claimed for one tree of {old} leaves")
        return
    level = _trailing_zeros(old)
    index = (old - 1) >> level
    inner, border = _path_shape(old - 1, new)
    inner -= level
    given = 0 if old == 1 << level else 1
    _require_path_length(old, new, given + inner + border, len(path))
    start = path[0] if given else old_root
    before, after = _both_roots(start, index, path[given:], inner)
    if before != old_root:
        raise LogError("root-mismatch", f"the proof does not begin from the root of {old}")
    if after != new_root:
        raise LogError("root-mismatch", f"the proof does not lead to the root of {new}")


def reads(compute: Callable[[NodeReader], object]) -> set[tuple[int, int]]:
    """The nodes (level, index) that `compute` reads, to fetch them all at once beforehand.

    Which nodes a root or a proof needs depends on sizes only, never on the hashes, so
    `compute` is run over hashes that mean nothing.
    """
    read = set()

    def node(level: int, index: int) -> Hash:
        read.add((level, index))
        return EMPTY_ROOT

    compute(node)
    return read


class Tree:
    """A whole tree in memory, for those who hold every entry (verifiers, tests)."""

    def __init__(self, leaves: Iterable[Hash] = ()) -> None:
        self._levels: list[list[Hash]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        """How many leaves it has."""
        return len(self._levels[0])

    def append(self, leaf: Hash) -> None:
        """Add a leaf hash at the right."""
        for level, _, value in append(self.size, leaf, self.node):
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(value)

    def node(self, level: int, index: int) -> Hash:
        """A NodeReader over this tree. Raises LogError `node-missing`."""
        try:
            return self._levels[level][index]
        except IndexError:
            raise LogError(
                "node-missing", f"the tree of {self.size} has no complete node {level}/{index}"
            ) from None

    def root(self, size: int | None = None) -> Hash:
        """The head over the first `size` leaves (default: all)."""
        return root(self._within(size), self.node)

    def inclusion_proof(self, index: int, size: int | None = None) -> tuple[Hash, ...]:
        """See `inclusion_proof`; in the tree of the first `size` leaves (default: all)."""
        return inclusion_proof(index, self._within(size), self.node)

    def consistency_proof(self, old: int, new: int | None = None) -> tuple[Hash, ...]:
        """See `consistency_proof`; to the tree of the first `new` leaves (default: all)."""
        return consistency_proof(old, self._within(new), self.node)

    def _within(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise LogError("size-out-of-range", f"the tree has {self.size} leaves, not {size}")
        return size


def _siblings(index: int, level: int, size: int, node: NodeReader) -> Iterator[Hash]:
    """Hashes beside the way up from node (level, index) to the head of `size` leaves."""
    while size > 1 << level:
        start = (index ^ 1) << level
        if start < size:  # else the node is the last one here and goes up as it is
            yield _range_root(start, min(start + (1 << level), size), node)
        level, index = level + 1, index >> 1


def _range_root(start: int, end: int, node: NodeReader) -> Hash:
    """The head over leaves start..end-1, where `start` is aligned to the subtree's own size."""
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(node(level, start >> level))
        start += 1 << level
    value = peaks.pop()
    while peaks:
        value = node_hash(peaks.pop(), value)
    return value


def _path_shape(index: int, size: int) -> tuple[int, int]:
    """How many siblings lie on either side below the last leaf's way up, and how many left of it.

    Up to `inner` levels the two ways differ and every node has a sibling; above,
    they are one, at the tree's right edge, where only left siblings exist.
    """
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _climb(value: Hash, index: int, path: Sequence[Hash]) -> Hash:
    """Join `value` at `index` with a sibling on each level."""
    for level, sibling in enumerate(path):
        value = node_hash(sibling, value) if index >> level & 1 else node_hash(value, sibling)
    return value


def _both_roots(start: Hash, index: int, path: Sequence[Hash], inner: int) -> tuple[Hash, Hash]:
    """The old root, from the left siblings alone, and the new one, from all of them."""
    before, after = start, _climb(start, index, path[:inner])
    for level, sibling in enumerate(path[:inner]):
        if index >> level & 1:
            before = node_hash(sibling, before)
    for left in path[inner:]:
        before, after = node_hash(left, before), node_hash(left, after)
    return before, after


def _trailing_zeros(number: int) -> int:
    return (number & -number).bit_length() - 1


def _require_size(size: int) -> None:
    if not 0 <= size <= MAX_INTEGER:
        raise LogError("size-out-of-range", f"{size} is not the size of a tree")


def _require_index(index: int, size: int) -> None:
    _require_size(size)
    if not 0 <= index < size:
        raise LogError("index-out-of-range", f"a tree of {size} leaves has no leaf {index}")


def _require_order(old: int, new: int) -> None:
    _require_size(new)
    if not 0 <= old <= new:
        raise LogError("sizes-out-of-order", f"a tree of {old} cannot come before one of {new}")


def _require_path_length(old: int, new: int, expected: int, length: int) -> None:
    if length != expected:
        raise LogError(
            "path-length",
            f"the proof from {old} to {new} has {expected} hashes, not {length}",
        )
