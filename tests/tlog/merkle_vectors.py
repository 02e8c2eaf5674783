"""Vectors of trees, proofs and tiles."""

from collections.abc import Iterator

from tests.tlog.makers import ENTRIES, INDEX, SIZE, TREE, Json, b64, fork_root
from vote.tlog.merkle import Hash, leaf_hash
from vote.tlog.tiles import encode_entries, tile_hashes, tile_path, tiles_of


def merkle() -> Json:
    pairs = [(index, size) for size in (1, 2, 3, 5, 8, 21) for index in range(size)]
    steps = [(old, new) for new in (1, 2, 3, 5, 7, 8, 21) for old in range(new + 1)]
    return {
        "entries": [b64(entry) for entry in ENTRIES],
        "leaves": [leaf_hash(entry).hex() for entry in ENTRIES],
        "roots": [TREE.root(size).hex() for size in range(len(ENTRIES) + 1)],
        "inclusion": [
            {"index": index, "size": size, "path": hexes(TREE.inclusion_proof(index, size))}
            for index, size in pairs
        ],
        "consistency": [
            {"old": old, "new": new, "path": hexes(TREE.consistency_proof(old, new))}
            for old, new in steps
        ],
        "refused_inclusion": list(refused_inclusion()),
        "refused_consistency": list(refused_consistency()),
    }


def hexes(hashes: tuple[Hash, ...]) -> list[str]:
    return [value.hex() for value in hashes]


def refused_inclusion() -> Iterator[Json]:
    path = hexes(TREE.inclusion_proof(INDEX, SIZE))
    good: Json = {
        "leaf": leaf_hash(ENTRIES[INDEX]).hex(),
        "index": INDEX,
        "size": SIZE,
        "path": path,
        "root": TREE.root(SIZE).hex(),
    }
    for defect, change, error in [
        ("another-leaf", {"leaf": leaf_hash(ENTRIES[1]).hex()}, "root-mismatch"),
        ("wrong-index", {"index": 3}, "root-mismatch"),
        ("index-of-another-depth", {"index": 4}, "path-length"),
        ("index-equal-to-size", {"index": 5}, "index-out-of-range"),
        ("negative-index", {"index": -1}, "index-out-of-range"),
        ("empty-tree", {"index": 0, "size": 0}, "index-out-of-range"),
        ("another-size", {"size": 9}, "path-length"),
        ("another-root", {"root": TREE.root(6).hex()}, "root-mismatch"),
        ("shorter-path", {"path": path[:-1]}, "path-length"),
        ("longer-path", {"path": [*path, path[0]]}, "path-length"),
        ("no-path", {"path": []}, "path-length"),
        ("swapped-path", {"path": [path[1], path[0], path[2]]}, "root-mismatch"),
        ("node-as-leaf", {"index": 1, "size": 3, "path": path[1:]}, "root-mismatch"),
    ]:
        yield {"defect": defect, **good, **change, "error": error}


def refused_consistency() -> Iterator[Json]:
    def case(old: int, new: int) -> Json:
        return {
            "old": old,
            "new": new,
            "old_root": TREE.root(old).hex(),
            "new_root": TREE.root(new).hex(),
            "path": hexes(TREE.consistency_proof(old, new)),
        }

    odd, power, same = case(3, 7), case(4, 7), case(5, 5)
    other = leaf_hash(b"never logged").hex()
    for defect, good, change, error in [
        ("another-old-root", odd, {"old_root": other}, "root-mismatch"),
        ("another-new-root", odd, {"new_root": other}, "root-mismatch"),
        ("shorter-path", odd, {"path": odd["path"][:-1]}, "path-length"),
        ("longer-path", odd, {"path": [*odd["path"], other]}, "path-length"),
        (
            "path-of-another-size",
            odd,
            {"path": hexes(TREE.consistency_proof(5, 7))},
            "root-mismatch",
        ),
        ("tampered-start", odd, {"path": [other, *odd["path"][1:]]}, "root-mismatch"),
        ("tampered-end", odd, {"path": [*odd["path"][:-1], other]}, "root-mismatch"),
        ("another-old-root-of-a-power-of-two", power, {"old_root": other}, "root-mismatch"),
        ("fork", power, {"new_root": fork_root(7)}, "root-mismatch"),
        ("same-size-another-root", same, {"new_root": other}, "root-mismatch"),
        ("same-size-with-a-path", same, {"path": [other]}, "path-length"),
        ("from-nothing-with-a-path", case(0, 7), {"path": [other]}, "path-length"),
        ("from-nothing-another-root", case(0, 7), {"old_root": other}, "root-mismatch"),
        ("backwards", odd, {"old": 7, "new": 3}, "sizes-out-of-order"),
        ("negative-size", odd, {"old": -1}, "sizes-out-of-order"),
    ]:
        yield {"defect": defect, **good, **change, "error": error}


def tiles() -> Json:
    return {
        "paths": [
            {"level": level, "index": index, "width": width, "path": tile_path(level, index, width)}
            for level, index, width in [
                (0, 0, 256),
                (0, 0, 1),
                (1, 273, 255),
                ("entries", 1234067, 256),
                ("entries", 999, 112),
                (63, 1000, 17),
            ]
        ],
        "refused_paths": [
            "",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/001",
            "tile/0/x001/x234",
            "tile/0/001/234",
            "tile/00/001",
            "tile/64/001",
            "tile/-1/001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/05",
            "tile/0/001.p/",
            "tile/0/001/",
            "/tile/0/001",
            "tile/0/../001",
            "tile/0/001\n",
            "tile/0/٠٠١",
            "tile/data/001",
        ],
        "of_size": {
            str(size): [tile.path for tile in tiles_of(size)] for size in (0, 1, 5, 256, 257, 1025)
        },
        "hashes": b64(tile_hashes(next(tiles_of(21)), TREE.node)),
        "entries": b64(encode_entries(ENTRIES)),
    }
