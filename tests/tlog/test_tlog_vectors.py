"""The JSON vectors that Python and JavaScript share, each refused case named by its defect."""

from collections.abc import Callable

import pytest

from tests.tlog.shared import VECTORS, Case, cases, data, hashes
from tests.tlog.tlog_vectors import FILE, encoded
from vote.tlog.checkpoint import Checkpoint, open_checkpoint
from vote.tlog.cosignature import CosignerKey, cosignatures
from vote.tlog.errors import LogError
from vote.tlog.merkle import Hash, Tree, leaf_hash, verify_consistency, verify_inclusion
from vote.tlog.note import Note, SigningKey, VerifierKey, open_note
from vote.tlog.proof import TlogProof
from vote.tlog.tiles import (
    decode_entries,
    decode_hashes,
    encode_entries,
    parse_tile_path,
    tile_path,
    tiles_of,
)


def refuses(case: Case, verify: Callable[[], object]) -> None:
    with pytest.raises(LogError) as raised:
        verify()
    assert raised.value.code == case["error"]
    assert raised.value.message


def test_the_committed_file_is_what_the_script_makes() -> None:
    assert FILE.read_text("ascii") == encoded()


def test_the_key_of_the_worked_example() -> None:
    key = SigningKey.from_seed("vote.example/box1", bytes.fromhex(VECTORS["log"]["seed"]))
    assert key.verifier.encode() == VECTORS["log"]["vkey"]
    assert key.verifier.encode() == (
        "vote.example/box1+dd70beeb+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    )


def test_trees() -> None:
    merkle = VECTORS["merkle"]
    leaves = [leaf_hash(data(entry)) for entry in merkle["entries"]]
    assert [leaf.hex() for leaf in leaves] == merkle["leaves"]
    tree = Tree(leaves)
    roots = hashes(merkle["roots"])
    assert [tree.root(size) for size in range(len(roots))] == roots
    for case in merkle["inclusion"]:
        index, size, path = case["index"], case["size"], hashes(case["path"])
        assert list(tree.inclusion_proof(index, size)) == path
        verify_inclusion(leaves[index], index, size, path, roots[size])
    for case in merkle["consistency"]:
        old, new, path = case["old"], case["new"], hashes(case["path"])
        assert list(tree.consistency_proof(old, new)) == path
        verify_consistency(old, new, roots[old], roots[new], path)


@cases("merkle", "refused_inclusion")
def test_refused_inclusion(case: Case) -> None:
    leaf, root = hashes([case["leaf"], case["root"]])
    path = hashes(case["path"])
    refuses(case, lambda: verify_inclusion(leaf, case["index"], case["size"], path, root))


@cases("merkle", "refused_consistency")
def test_refused_consistency(case: Case) -> None:
    old_root, new_root = hashes([case["old_root"], case["new_root"]])
    path = hashes(case["path"])
    refuses(case, lambda: verify_consistency(case["old"], case["new"], old_root, new_root, path))


@pytest.mark.parametrize("vkey", VECTORS["vkeys"]["accepted"])
def test_accepted_vkey(vkey: str) -> None:
    assert VerifierKey.parse(vkey).encode() == vkey


@cases("vkeys", "refused")
def test_refused_vkey(case: Case) -> None:
    refuses(case, lambda: VerifierKey.parse(case["vkey"]))


@cases("notes", "accepted")
def test_accepted_note(case: Case) -> None:
    note = data(case["note"])
    assert open_note(note, [VerifierKey.parse(key) for key in case["keys"]]) == case["text"]
    assert Note.parse(note).encode() == note


@cases("notes", "refused")
def test_refused_note(case: Case) -> None:
    keys = [VerifierKey.parse(key) for key in case["keys"]]
    refuses(case, lambda: open_note(data(case["note"]), keys))


@cases("checkpoints", "accepted")
def test_accepted_checkpoint(case: Case) -> None:
    checkpoint = open_checkpoint(data(case["note"]), VerifierKey.parse(case["key"]))
    root = Hash(bytes.fromhex(case["root"]))
    assert checkpoint == Checkpoint(case["origin"], case["size"], root)
    assert Checkpoint.parse(checkpoint.encode()) == checkpoint


@cases("checkpoints", "refused")
def test_refused_checkpoint(case: Case) -> None:
    refuses(case, lambda: open_checkpoint(data(case["note"]), VerifierKey.parse(case["key"])))


@cases("proofs", "accepted")
def test_accepted_proof(case: Case) -> None:
    proof = TlogProof.parse(data(case["proof"]))
    assert proof.index == case["index"]
    proof.verify(data(case["entry"]), VerifierKey.parse(case["key"]))
    assert proof.encode() == data(case["proof"])


@cases("proofs", "refused")
def test_refused_proof(case: Case) -> None:
    key = VerifierKey.parse(case["key"])
    refuses(case, lambda: TlogProof.parse(data(case["proof"])).verify(data(case["entry"]), key))


@cases("cosignatures", "accepted")
def test_accepted_cosignatures(case: Case) -> None:
    witnesses = [CosignerKey.parse(key) for key in case["witnesses"]]
    found = cosignatures(data(case["note"]), witnesses)
    assert [cosignature.timestamp for cosignature in found] == case["timestamps"]
    assert [cosignature.witness for cosignature in found] == witnesses


@cases("cosignatures", "refused")
def test_refused_cosignature(case: Case) -> None:
    witnesses = [CosignerKey.parse(key) for key in case["witnesses"]]
    refuses(case, lambda: cosignatures(data(case["note"]), witnesses))


def test_tiles() -> None:
    tiles = VECTORS["tiles"]
    for case in tiles["paths"]:
        path = tile_path(case["level"], case["index"], case["width"])
        assert path == case["path"]
        tile = parse_tile_path(path)
        assert (tile.level, tile.index, tile.width) == (
            case["level"],
            case["index"],
            case["width"],
        )
    for size, paths in tiles["of_size"].items():
        assert [tile.path for tile in tiles_of(int(size))] == paths
    leaves, entries = VECTORS["merkle"]["leaves"], VECTORS["merkle"]["entries"]
    assert list(decode_hashes(data(tiles["hashes"]), 21)) == hashes(leaves)
    assert list(decode_entries(data(tiles["entries"]), 21)) == [data(entry) for entry in entries]
    assert encode_entries(data(entry) for entry in entries) == data(tiles["entries"])


@pytest.mark.parametrize("path", VECTORS["tiles"]["refused_paths"])
def test_refused_tile_path(path: str) -> None:
    with pytest.raises(LogError) as raised:
        parse_tile_path(path)
    assert raised.value.code in {"tile-path-malformed", "tile-out-of-range"}
