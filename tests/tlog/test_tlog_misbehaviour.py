"""Proofs of misbehaviour: what a dishonest log signed, turned into a file for a third person."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tlog.makers import ENTRIES, LOG, NAMESAKE, OTHER_LOG, TREE, b64, checkpoint, proof
from vote.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from vote.tlog.entry import Closed, Outcome
from vote.tlog.errors import LogError
from vote.tlog.merkle import Tree, leaf_hash
from vote.tlog.misbehaviour import (
    Fork,
    LeftOut,
    Misbehaviour,
    Replaced,
    encode,
    from_checkpoints,
    from_receipt,
    verify,
)
from vote.tlog.note import VerifierKey
from vote.tlog.proof import TlogProof

KEY = LOG.verifier
BALLOT = b'{"parent":"%b","height":7,"type":"Ballot","payload":"%b"}' % (b"a" * 64, b"b" * 64)
OUTCOME = Outcome("c" * 64, {}).encode()


class Log:
    """A log that can be made to say anything."""

    def __init__(self, entries: list[bytes]) -> None:
        self.entries = entries
        self.tree = Tree(leaf_hash(entry) for entry in entries)

    def checkpoint(self, size: int | None = None) -> bytes:
        size = len(self.entries) if size is None else size
        return sign_checkpoint(Checkpoint(LOG.name, size, self.tree.root(size)), LOG)

    def receipt(self, index: int, size: int | None = None) -> TlogProof:
        path = self.tree.inclusion_proof(index, size)
        return TlogProof(self.entries[index], index, path, self.checkpoint(size))


SHOWN = Log([*ENTRIES[:6], BALLOT, *ENTRIES[7:10]])
REMOVED = Log([*ENTRIES[:6], *ENTRIES[7:14], OUTCOME])
ENDED = Log([*ENTRIES[:5], OUTCOME])


def replaced() -> Misbehaviour:
    return from_receipt(SHOWN.receipt(6), REMOVED.checkpoint(), KEY, REMOVED.tree.node, OUTCOME)


def left_out() -> Misbehaviour:
    return from_receipt(SHOWN.receipt(6), ENDED.checkpoint(), KEY, ENDED.tree.node, OUTCOME)


def fork() -> Misbehaviour:
    return from_checkpoints(SHOWN.checkpoint(8), REMOVED.checkpoint(), KEY, REMOVED.tree.node)


def split_view() -> Misbehaviour:
    return from_checkpoints(SHOWN.checkpoint(8), REMOVED.checkpoint(8), KEY)


PROOFS = [replaced, left_out, fork, split_view]


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (replaced, "replaced", "a receipt for entry 6"),
        (left_out, "left-out", "a tree of 6 entries that ends with the outcome"),
        (fork, "fork", "a tree of 8 entries and a tree of 14 entries that does not begin"),
        (split_view, "fork", "two different trees of 8 entries"),
    ],
)
def test_a_third_person_is_convinced_with_the_key_alone(make, code: str, words: str) -> None:
    data = encode(make(), KEY)
    finding = verify(data, VerifierKey.parse(KEY.encode()))
    assert finding.code == code
    assert words in finding.message
    assert finding.facts["log"] == LOG.name
    assert json.loads(data)["says"] == finding.message
    assert "does not show" in finding.message


def test_the_parts_can_be_cut_out_and_checked_with_any_log_tool() -> None:
    fields = json.loads(encode(replaced(), KEY))
    receipt = fields["receipt"].encode()
    assert TlogProof.parse(receipt).verify(BALLOT, KEY).size == 10
    assert open_checkpoint(fields["checkpoint"].encode(), KEY).size == 14
    older = json.loads(encode(fork(), KEY))["older"].encode()
    assert older == SHOWN.checkpoint(8)


@given(st.integers(1, 21), st.integers(1, 21), st.data())
def test_every_fork_after_any_entry_is_proved(first: int, second: int, data: st.DataObject) -> None:
    changed = data.draw(st.integers(0, min(first, second) - 1))
    entries = [*ENTRIES[:changed], b"forked", *ENTRIES[changed + 1 :]]
    honest, forked = Log(ENTRIES), Log(entries)
    larger = honest if first > second else forked
    made = from_checkpoints(
        honest.checkpoint(first), forked.checkpoint(second), KEY, larger.tree.node
    )
    assert verify(encode(made, KEY), KEY).code == "fork"
    promised = data.draw(st.sampled_from([honest, forked]))
    other = forked if promised is honest else honest
    size = first if promised is honest else second
    made = from_receipt(
        promised.receipt(changed, size),
        other.checkpoint(second if promised is honest else first),
        KEY,
        other.tree.node,
        b"",
    )
    assert verify(encode(made, KEY), KEY).code == "replaced"


@given(st.integers(1, 21), st.integers(1, 21))
def test_an_honest_log_cannot_be_accused(first: int, second: int) -> None:
    honest = Log(ENTRIES)
    for accuse in (
        lambda: from_checkpoints(
            honest.checkpoint(first), honest.checkpoint(second), KEY, honest.tree.node
        ),
        lambda: from_receipt(
            honest.receipt(first - 1, first),
            honest.checkpoint(second),
            KEY,
            honest.tree.node,
            honest.entries[second - 1],
        ),
    ):
        with pytest.raises(LogError) as raised:
            accuse()
        assert raised.value.code == "no-contradiction"


def test_a_fork_elsewhere_is_proved_from_a_receipt_whose_entry_is_there() -> None:
    moved = Log([b"forked", *SHOWN.entries[1:], *ENTRIES[10:]])
    made = from_receipt(SHOWN.receipt(6), moved.checkpoint(), KEY, moved.tree.node, b"")
    assert isinstance(made, Fork)


@pytest.mark.parametrize(
    ("defect", "accuse", "code"),
    [
        (
            "receipt-of-another-key",
            lambda: from_receipt(
                replace(
                    proof(), extra=ENTRIES[2], checkpoint=sign_checkpoint(checkpoint(), NAMESAKE)
                ),
                REMOVED.checkpoint(),
                KEY,
                REMOVED.tree.node,
                OUTCOME,
            ),
            "no-known-signature",
        ),
        (
            "forged-receipt",
            lambda: from_receipt(
                replace(SHOWN.receipt(6), extra=b"forged"),
                REMOVED.checkpoint(),
                KEY,
                REMOVED.tree.node,
                OUTCOME,
            ),
            "root-mismatch",
        ),
        (
            "receipt-without-its-entry",
            lambda: from_receipt(
                replace(SHOWN.receipt(6), extra=None),
                REMOVED.checkpoint(),
                KEY,
                REMOVED.tree.node,
                OUTCOME,
            ),
            "extra-missing",
        ),
        (
            "nodes-of-another-tree",
            lambda: from_receipt(
                SHOWN.receipt(6), REMOVED.checkpoint(), KEY, Log(ENTRIES).tree.node, OUTCOME
            ),
            "root-mismatch",
        ),
        (
            "checkpoints-without-the-larger-tree",
            lambda: from_checkpoints(SHOWN.checkpoint(8), REMOVED.checkpoint(), KEY),
            "tree-needed",
        ),
        (
            "checkpoint-of-another-log",
            lambda: from_checkpoints(
                SHOWN.checkpoint(8),
                sign_checkpoint(Checkpoint(OTHER_LOG.name, 5, TREE.root(5)), OTHER_LOG),
                KEY,
            ),
            "no-known-signature",
        ),
        (
            "older-tree-that-has-not-ended",
            lambda: from_receipt(
                SHOWN.receipt(6), SHOWN.checkpoint(5), KEY, SHOWN.tree.node, SHOWN.entries[4]
            ),
            "no-contradiction",
        ),
        (
            "empty-tree",
            lambda: from_receipt(SHOWN.receipt(6), SHOWN.checkpoint(0), KEY, SHOWN.tree.node, b""),
            "no-contradiction",
        ),
        (
            "outcome-that-is-not-the-last-entry",
            lambda: from_receipt(
                SHOWN.receipt(6), SHOWN.checkpoint(5), KEY, SHOWN.tree.node, OUTCOME
            ),
            "root-mismatch",
        ),
        (
            "not-a-ballot-after-the-outcome",
            lambda: from_receipt(
                SHOWN.receipt(7), ENDED.checkpoint(), KEY, ENDED.tree.node, OUTCOME
            ),
            "no-contradiction",
        ),
        (
            "ended-with-something-else",
            lambda: encode(
                LeftOut(SHOWN.receipt(6), SHOWN.checkpoint(5), Closed("a", "b").encode(), ()), KEY
            ),
            "path-length",
        ),
        (
            "the-entry-itself-as-another",
            lambda: encode(
                Replaced(
                    SHOWN.receipt(6),
                    SHOWN.checkpoint(9),
                    leaf_hash(BALLOT),
                    SHOWN.tree.inclusion_proof(6, 9),
                ),
                KEY,
            ),
            "no-contradiction",
        ),
        (
            "consistency-proof-that-only-fails",
            lambda: encode(
                Fork(
                    SHOWN.checkpoint(8),
                    SHOWN.checkpoint(),
                    leaf_hash(b"x"),
                    SHOWN.tree.consistency_proof(8),
                ),
                KEY,
            ),
            "root-mismatch",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_proves_nothing_is_not_written(defect: str, accuse, code: str) -> None:
    with pytest.raises(LogError) as raised:
        accuse()
    assert raised.value.code == code, defect


@pytest.mark.parametrize("make", PROOFS)
def test_every_changed_byte_is_refused(make) -> None:
    data = encode(make(), KEY)
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(LogError):
            verify(changed, KEY)


def changed(**fields: object) -> bytes:
    return json.dumps(
        {**json.loads(encode(fork(), KEY)), **fields},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


GOOD = encode(fork(), KEY)


@pytest.mark.parametrize(
    ("defect", "data", "code"),
    [
        ("empty", b"", "misbehaviour-not-canonical"),
        ("final-newline", GOOD + b"\n", "misbehaviour-not-canonical"),
        ("byte-order-mark", b"\xef\xbb\xbf" + GOOD, "misbehaviour-not-canonical"),
        ("too-large", b" " * 4_000_000, "misbehaviour-too-large"),
        ("a-list", b"[]", "misbehaviour-field"),
        ("no-kind", b'{"format":1,"type":"misbehaviour"}', "misbehaviour-field"),
        ("another-type", changed(type="closed"), "misbehaviour-field"),
        ("another-kind", changed(kind="gossip"), "misbehaviour-field"),
        ("kind-of-another-proof", changed(kind="replaced"), "misbehaviour-field"),
        ("another-format", changed(format=2), "misbehaviour-field"),
        ("format-true", changed(format=True), "misbehaviour-field"),
        ("says-more", changed(says="The president did it."), "misbehaviour-field"),
        ("surplus-field", changed(more=1), "misbehaviour-field"),
        ("note-not-a-text", changed(older=1), "misbehaviour-field"),
        ("path-not-a-list", changed(path="x"), "misbehaviour-field"),
        ("hash-not-a-text", changed(path=[1]), "misbehaviour-field"),
        ("hash-too-short", changed(prefix=b64(b"x")), "hash-length"),
        ("key-of-a-namesake", changed(key=NAMESAKE.verifier.encode()), "another-key"),
        ("shorter-path", changed(path=[]), "path-length"),
        (
            "the-same-checkpoint-twice",
            changed(
                older=SHOWN.checkpoint(10).decode(),
                newer=SHOWN.checkpoint(10).decode(),
                path=[],
                prefix=SHOWN.tree.root().base64(),
            ),
            "no-contradiction",
        ),
        (
            "checkpoints-exchanged",
            changed(older=json.loads(GOOD)["newer"], newer=json.loads(GOOD)["older"]),
            "sizes-out-of-order",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused_files(defect: str, data: bytes, code: str) -> None:
    with pytest.raises(LogError) as raised:
        verify(data, KEY)
    assert raised.value.code == code, defect


def test_a_file_against_another_log_is_not_one_against_this() -> None:
    with pytest.raises(LogError) as raised:
        verify(GOOD, NAMESAKE.verifier)
    assert raised.value.code == "another-key"


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(LogError):
        verify(data, KEY)


def test_the_file_is_small() -> None:
    assert all(len(encode(make(), KEY)) < 4000 for make in PROOFS)
