"""Trees and proofs against a naive reading of RFC 6962, section 2.1."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vote.tlog.errors import LogError
from vote.tlog.merkle import (
    EMPTY_ROOT,
    Hash,
    Tree,
    append,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    reads,
    root,
    verify_consistency,
    verify_inclusion,
)

ENTRIES = [b"entry %d" % number for number in range(70)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
TREE = Tree(LEAVES)


def split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def mth(entries: list[bytes]) -> bytes:
    """MTH(D[n]), section 2.1, word by word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]), section 2.1.1."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def subproof(m: int, entries: list[bytes], *, complete: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b), section 2.1.2."""
    if m == len(entries):
        return [] if complete else [mth(entries)]
    k = split(len(entries))
    if m <= k:
        return [*subproof(m, entries[:k], complete=complete), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], complete=False), mth(entries[:k])]


def test_every_root_inclusion_and_consistency_up_to_33_entries() -> None:
    for size in range(34):
        entries = ENTRIES[:size]
        tree_root = TREE.root(size)
        assert tree_root == mth(entries)
        for index in range(size):
            proof = TREE.inclusion_proof(index, size)
            assert list(proof) == path(index, entries)
            verify_inclusion(LEAVES[index], index, size, proof, tree_root)
        for old in range(size + 1):
            proof = TREE.consistency_proof(old, size)
            assert list(proof) == ([] if old == 0 else subproof(old, entries, complete=True))
            verify_consistency(old, size, TREE.root(old), tree_root, proof)


@given(st.integers(1, 70), st.data())
def test_a_proof_shows_its_own_leaf_only(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(
        st.integers(0, size - 1).filter(lambda n: n != index) if size > 1 else st.just(-1)
    )
    proof = TREE.inclusion_proof(index, size)
    with pytest.raises(LogError):
        verify_inclusion(LEAVES[index], other, size, proof, TREE.root(size))
    if other >= 0:
        with pytest.raises(LogError):
            verify_inclusion(LEAVES[other], index, size, proof, TREE.root(size))


@given(st.integers(1, 70), st.data())
def test_a_flipped_bit_anywhere_refuses_an_inclusion(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    values = [LEAVES[index], *TREE.inclusion_proof(index, size), TREE.root(size)]
    leaf, *proof, tree_root = flipped(values, data)
    with pytest.raises(LogError) as raised:
        verify_inclusion(leaf, index, size, proof, tree_root)
    assert raised.value.code == "root-mismatch"


@given(st.integers(1, 70), st.data())
def test_a_flipped_bit_anywhere_refuses_a_consistency(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    values = [TREE.root(old), *TREE.consistency_proof(old, new), TREE.root(new)]
    old_root, *proof, new_root = flipped(values, data)
    with pytest.raises(LogError) as raised:
        verify_consistency(old, new, old_root, new_root, proof)
    assert raised.value.code == "root-mismatch"


@given(st.integers(2, 70), st.data())
def test_no_proof_joins_a_fork(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new - 1))
    changed = data.draw(st.integers(0, old - 1))
    fork = Tree(leaf_hash(b"fork") if n == changed else LEAVES[n] for n in range(new))
    for proof in (TREE.consistency_proof(old, new), fork.consistency_proof(old, new)):
        with pytest.raises(LogError) as raised:
            verify_consistency(old, new, TREE.root(old), fork.root(), proof)
        assert raised.value.code == "root-mismatch"


def flipped(values: list[Hash], data: st.DataObject) -> list[Hash]:
    place = data.draw(st.integers(0, len(values) - 1))
    bit = data.draw(st.integers(0, 255))
    number = int.from_bytes(values[place], "big") ^ (1 << bit)
    return [
        *values[:place],
        Hash(number.to_bytes(32, "big")),
        *values[place + 1 :],
    ]


def test_appending_reads_only_complete_nodes_that_were_given_before() -> None:
    stored: dict[tuple[int, int], Hash] = {}

    def node(level: int, index: int) -> Hash:
        return stored[level, index]

    for size, leaf in enumerate(LEAVES):
        for level, index, value in append(size, leaf, node):
            assert (level, index) not in stored  # a node never changes
            stored[level, index] = value
        assert root(size + 1, node) == mth(ENTRIES[: size + 1])
    assert list(inclusion_proof(3, 70, node)) == path(3, ENTRIES)
    assert list(consistency_proof(37, 70, node)) == subproof(37, ENTRIES, complete=True)


def test_an_odd_node_is_never_doubled() -> None:
    assert TREE.root(3) == node_hash(node_hash(LEAVES[0], LEAVES[1]), LEAVES[2])
    assert TREE.root(3) != Tree([*LEAVES[:3], LEAVES[2]]).root()


def test_the_empty_tree() -> None:
    assert Tree().root() == EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_hash_has_32_bytes(length: int) -> None:
    with pytest.raises(LogError) as raised:
        Hash(bytes(length))
    assert raised.value.code == "hash-length"


@pytest.mark.parametrize("size", [-1, 71, 2**63])
def test_sizes_that_the_tree_does_not_have(size: int) -> None:
    for call in (
        TREE.root,
        lambda n: TREE.inclusion_proof(0, n),
        lambda n: TREE.consistency_proof(0, n),
    ):
        with pytest.raises(LogError) as raised:
            call(size)
        assert raised.value.code == "size-out-of-range"


def test_sizes_of_two_to_the_63_and_more_are_refused() -> None:
    with pytest.raises(LogError) as raised:
        verify_inclusion(LEAVES[0], 0, 2**63, [LEAVES[1]] * 63, TREE.root())
    assert raised.value.code == "size-out-of-range"


@given(st.integers(1, 70), st.data())
def test_the_nodes_that_will_be_read_are_known_beforehand(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    for compute in (
        lambda node: root(size, node),
        lambda node: inclusion_proof(index, size, node),
        lambda node: consistency_proof(index, size, node),
        lambda node: append(index, LEAVES[index], node),
    ):
        fetched = {place: TREE.node(*place) for place in reads(compute)}
        assert compute(lambda level, n, known=fetched: known[level, n]) == compute(TREE.node)
        assert len(fetched) <= 14
