"""Our log's files read by golang.org/x/mod (sumdb/note, sumdb/tlog), and theirs by us."""

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.tlog.conftest import GoCheck
from tests.tlog.makers import ENTRIES, b64
from tests.tlog.shared import BIG, BIG_TREE, VECTORS, Case, cases, data, published
from vote.tlog.checkpoint import open_checkpoint
from vote.tlog.merkle import Hash, Tree, leaf_hash, verify_consistency
from vote.tlog.note import VerifierKey
from vote.tlog.proof import TlogProof

# What we refuse and they accept: a note or a key in another spelling, more signatures, a second
# and bad line of a key that has already signed, keys for which signatures can be made up.
THEY_ACCEPT_NOTES = {
    "one-good-one-bad-of-a-known-key",
    "trailing-bits",
    "seventeen-signatures",
}
THEY_ACCEPT_KEYS = {
    "upper-case-key-id",
    "final-newline",
    "identity",
    "small-order",
    "not-canonical",
    "not-on-the-curve",
}


def b64s(path: list[str]) -> list[str]:
    return [b64(bytes.fromhex(text)) for text in path]


@cases("notes", "accepted")
def test_they_open_our_notes(case: Case, go_check: GoCheck) -> None:
    answer = go_check({"op": "note", "keys": case["keys"], "note": case["note"]})
    assert answer == {"ok": True, "text": case["text"]}


@cases("notes", "refused")
def test_they_refuse_what_we_refuse(case: Case, go_check: GoCheck) -> None:
    answer = go_check({"op": "note", "keys": case["keys"], "note": case["note"]})
    assert answer["ok"] == (case["defect"] in THEY_ACCEPT_NOTES), answer


@cases("vkeys", "refused")
def test_they_refuse_the_keys_that_we_refuse(case: Case, go_check: GoCheck) -> None:
    note = VECTORS["notes"]["accepted"][0]["note"]
    answer = go_check({"op": "note", "keys": [case["vkey"]], "note": note})
    read = answer["ok"] or "no verifiable signatures" in answer["error"]
    assert read == (case["defect"] in THEY_ACCEPT_KEYS), answer


def test_they_check_our_proofs(go_check: GoCheck) -> None:
    merkle = VECTORS["merkle"]
    for case in merkle["inclusion"]:
        answer = go_check(
            {
                "op": "inclusion",
                "leaf": b64(bytes.fromhex(merkle["leaves"][case["index"]])),
                "index": case["index"],
                "size": case["size"],
                "root": b64(bytes.fromhex(merkle["roots"][case["size"]])),
                "path": b64s(case["path"]),
            }
        )
        assert answer == {"ok": True}, case
    for case in merkle["consistency"]:
        if case["old"] > 0:  # for them a proof from nothing does not exist
            answer = go_check(consistency(case, merkle["roots"]))
            assert answer == {"ok": True}, case


def consistency(case: Case, roots: list[str]) -> dict[str, Any]:
    old_root = case.get("old_root") or roots[case["old"]]
    new_root = case.get("new_root") or roots[case["new"]]
    return {
        "op": "consistency",
        "old": case["old"],
        "size": case["new"],
        "oldroot": b64(bytes.fromhex(old_root)),
        "root": b64(bytes.fromhex(new_root)),
        "path": b64s(case["path"]),
    }


@cases("merkle", "refused_inclusion")
def test_they_refuse_the_inclusion_too(case: Case, go_check: GoCheck) -> None:
    answer = go_check(
        {
            "op": "inclusion",
            "leaf": b64(bytes.fromhex(case["leaf"])),
            "index": case["index"],
            "size": case["size"],
            "root": b64(bytes.fromhex(case["root"])),
            "path": b64s(case["path"]),
        }
    )
    assert not answer["ok"]


@cases("merkle", "refused_consistency")
def test_they_refuse_the_consistency_too(case: Case, go_check: GoCheck) -> None:
    assert not go_check(consistency(case, []))["ok"]


@cases("proofs", "accepted")
def test_they_check_a_whole_receipt(case: Case, go_check: GoCheck) -> None:
    receipt = TlogProof.parse(data(case["proof"]))
    answer = go_check({"op": "note", "keys": [case["key"]], "note": b64(receipt.checkpoint)})
    origin, size, root = answer["text"].splitlines()
    assert origin == case["key"].partition("+")[0]
    answer = go_check(
        {
            "op": "inclusion",
            "leaf": b64(leaf_hash(data(case["entry"]))),
            "index": receipt.index,
            "size": int(size),
            "root": root,
            "path": [value.base64() for value in receipt.path],
        }
    )
    assert answer == {"ok": True}


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_they_prove_every_entry_from_our_tiles(
    size: int, go_check: GoCheck, tmp_path: Path
) -> None:
    for path, content in published(size).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    request = {
        "op": "tiles",
        "folder": str(tmp_path),
        "size": size,
        "root": b64(BIG_TREE.root(size)),
        "entries": [b64(entry) for entry in BIG[:size]],
    }
    assert go_check(request) == {"ok": True}
    tile = next(tmp_path.glob("tile/0/000*"))
    tile = tile if tile.is_file() else next(tile.iterdir())
    tile.write_bytes(b"\0" + tile.read_bytes()[1:])
    assert not go_check(request)["ok"]


def test_we_check_what_they_make(go_check: GoCheck) -> None:
    for size in (1, 2, 7, 21):
        entries = ENTRIES[:size]
        index, old = size // 2, (size + 1) // 2
        made = go_check(
            {
                "op": "make",
                "name": "go.example/log",
                "entries": [b64(entry) for entry in entries],
                "index": index,
                "old": old,
            }
        )
        key = VerifierKey.parse(made["key"])
        assert key.encode() == made["key"]
        note = base64.b64decode(made["note"])
        checkpoint = open_checkpoint(note, key)
        tree = Tree(leaf_hash(entry) for entry in entries)
        assert (checkpoint.size, checkpoint.root) == (size, tree.root())
        path = tuple(Hash(data(text)) for text in made.get("inclusion", []))
        assert path == tree.inclusion_proof(index)
        TlogProof(None, index, path, note).verify(entries[index], key)
        steps = [Hash(data(text)) for text in made.get("consistency", [])]
        verify_consistency(old, size, tree.root(old), tree.root(), steps)
