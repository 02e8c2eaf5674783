"""The shared vectors, ready for tests, and a log of 600 entries as published tiles."""

import base64
import json
from typing import Any

import pytest

from tests.tlog.tlog_vectors import FILE
from vote.tlog.merkle import Hash, Tree, leaf_hash
from vote.tlog.tiles import encode_entries, tile_hashes, tiles_of

Case = dict[str, Any]
VECTORS: Case = json.loads(FILE.read_text("ascii"))


def cases(*path: str) -> pytest.MarkDecorator:
    """Parametrise over the cases at `path`, with the defect (or name) as the test's id."""
    found = VECTORS
    for step in path:
        found = found[step]
    return pytest.mark.parametrize(
        "case", found, ids=[case.get("defect", case.get("name")) for case in found]
    )


def data(text: str) -> bytes:
    return base64.b64decode(text)


def hashes(path: list[str]) -> list[Hash]:
    return [Hash(bytes.fromhex(text)) for text in path]


BIG = [b"%d" % number for number in range(600)]
BIG_TREE = Tree(leaf_hash(entry) for entry in BIG)


def published(size: int) -> dict[str, bytes]:
    return {
        tile.path: encode_entries(BIG[tile.start : tile.start + tile.width])
        if tile.level == "entries"
        else tile_hashes(tile, BIG_TREE.node)
        for tile in tiles_of(size)
    }
