"""The monitor's own copy of a log: every tile of the newest tree, checked before it is kept.

The files lie below a folder as in a bundle (`log/key`, `log/checkpoint`, `log/tile/…`). The
checkpoint is written last: what a crash leaves behind beyond its tree is written again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from vote.service import durable
from vote.service.errors import Unreadable
from vote.service.monitor.site import Site
from vote.tlog.checkpoint import Checkpoint, open_checkpoint
from vote.tlog.errors import LogError
from vote.tlog.merkle import EMPTY_ROOT, Hash, Tree, leaf_hash, root
from vote.tlog.note import VerifierKey
from vote.tlog.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    decode_entries,
    tile_reader,
    tiles_of,
)

CHECKPOINT: Final = "log/checkpoint"
KEY: Final = "log/key"
_CACHED: Final = 32  # tiles kept in memory


class AlteredError(Exception):
    """The service serves other entries than the tree that it signed. `code`, and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Edge:
    """The right edge of a growing tree: enough to append, to find the root, to write tiles."""

    def __init__(self) -> None:
        self.size = 0
        self._levels: list[list[Hash]] = []

    def copy(self) -> Edge:
        """Another one, to go on from here."""
        other = Edge()
        other.size = self.size
        other._levels = [list(hashes) for hashes in self._levels]
        return other

    def append(self, leaf: Hash) -> Iterator[tuple[Tile, bytes]]:
        """Append a leaf; the tiles of hashes that are full now."""
        self.size += 1
        level, value = 0, leaf
        while True:
            if level == len(self._levels):
                self._levels.append([])
            hashes = self._levels[level]
            hashes.append(value)
            if len(hashes) < TILE_WIDTH:
                return
            number = (self.size >> TILE_HEIGHT * level) // TILE_WIDTH - 1
            yield Tile(level, number), b"".join(hashes)
            value = Tree(hashes).root()
            hashes.clear()
            level += 1

    def partial(self) -> Iterator[tuple[Tile, bytes]]:
        """The tiles of hashes that are not full."""
        for level, hashes in enumerate(self._levels):
            if hashes:
                number = (self.size >> TILE_HEIGHT * level) // TILE_WIDTH
                yield Tile(level, number, len(hashes)), b"".join(hashes)

    def root(self) -> Hash:
        """The tree's head."""
        return root(self.size, self._node)

    def _node(self, level: int, index: int) -> Hash:
        tile_level, height = divmod(level, TILE_HEIGHT)
        count = self.size >> TILE_HEIGHT * tile_level
        first = (index << height) - count // TILE_WIDTH * TILE_WIDTH
        return Tree(self._levels[tile_level][first : first + (1 << height)]).root()


class LogCopy:
    """The log of `key` below `folder`, up to `head`, whose signed note is `note`."""

    def __init__(self, folder: Path, key: VerifierKey) -> None:
        self._folder = folder
        self.key = key
        self.note: bytes | None = None
        self.head = Checkpoint(key.name, 0, EMPTY_ROOT)
        self._edge = Edge()
        self._read_hashes = lru_cache(_CACHED)(self._read)
        if (folder / CHECKPOINT).exists():
            self._load()

    def _load(self) -> None:
        """Take the copy up again, after checking that it is still whole. Raises Unreadable."""
        try:
            self.note = (self._folder / CHECKPOINT).read_bytes()
            self.head = open_checkpoint(self.note, self.key)
            self._rebuild_edge()
        except (LogError, OSError) as error:
            raise Unreadable(
                "copy-damaged",
                "The copy in “{folder}” is damaged. Start again with another --state folder.",
                {"folder": str(self._folder)},
            ) from error

    def _rebuild_edge(self) -> None:
        for entry in self.entries(0):
            for _ in self._edge.append(leaf_hash(entry)):
                pass
        if self._edge.root() != self.head.root:
            raise LogError("root-mismatch", "the entries do not lead to the signed root")

    def entries(self, first: int) -> Iterator[bytes]:
        """The entries from number `first` on, read from the disk tile by tile."""
        for index in range(first // TILE_WIDTH, -(-self.head.size // TILE_WIDTH)):
            tile = _entries_tile(index, self.head.size)
            data = decode_entries(self._read(tile), tile.width)
            yield from islice(data, max(0, first - tile.start), None)

    def node(self, level: int, index: int) -> Hash:
        """A NodeReader over the tree."""
        return tile_reader(self.head.size, self._read_hashes)(level, index)

    def root(self, size: int) -> Hash:
        """The head over the first `size` entries."""
        return root(size, self.node)

    def extend(self, note: bytes, head: Checkpoint, site: Site) -> None:
        """Fetch what is new up to `head`, which `note` signs, check it and keep it.

        Raises AlteredError if the service does not serve the tree that it signed, or one that does
        not continue ours, and what `site` raises; then nothing is changed.
        """
        edge = self._edge.copy()
        for index in range(self.head.size // TILE_WIDTH, -(-head.size // TILE_WIDTH)):
            tile = _entries_tile(index, head.size)
            data = site.tile(tile)
            for entry in self._new_entries(tile, data):
                for full, hashes in edge.append(leaf_hash(entry)):
                    self._write(full, hashes)
            self._write(tile, data)
        if edge.root() != head.root:
            raise AlteredError(
                "root-mismatch", f"the {head.size} entries do not lead to the root that was signed"
            )
        for tile, hashes in edge.partial():
            self._write(tile, hashes)
        for tile in tiles_of(head.size, self.head.size):
            if tile.level != "entries" and site.tile(tile) != self._read(tile):
                raise AlteredError("tile-mismatch", f"{tile.path} is not made of the log's entries")
        durable.write(self._folder / CHECKPOINT, note)
        before, self.head, self.note, self._edge = self.head, head, note, edge
        self._read_hashes.cache_clear()
        self._remove_partial(before.size)

    def keep_note(self, note: bytes) -> None:
        """The same tree with more signatures."""
        durable.write(self._folder / CHECKPOINT, note)
        self.note = note

    def _new_entries(self, tile: Tile, data: bytes) -> Iterator[bytes]:
        try:
            entries = decode_entries(data, tile.width)
        except LogError as error:
            raise AlteredError(error.code, f"{tile.path}: {error.message}") from error
        known = max(0, self.head.size - tile.start)
        if known:
            ours = _entries_tile(tile.index, self.head.size)
            before = decode_entries(self._read(ours), ours.width)
            for number, (old, new) in enumerate(zip(before, entries, strict=False)):
                if old != new:
                    raise AlteredError(
                        "entry-altered", f"entry {tile.start + number} is not what it was before"
                    )
        return islice(entries, known, None)

    def _read(self, tile: Tile) -> bytes:
        return (self._folder / "log" / tile.path).read_bytes()

    def _write(self, tile: Tile, data: bytes) -> None:
        place = self._folder / "log" / tile.path
        place.parent.mkdir(parents=True, exist_ok=True)
        durable.write(place, data, mode=0o644)

    def _remove_partial(self, before: int) -> None:
        """Partial tiles of an earlier size: the newer ones say the same and more."""
        wanted = {tile.path for tile in tiles_of(self.head.size, before)}
        for tile in tiles_of(before):
            if tile.width < TILE_WIDTH and tile.path not in wanted and self._is_replaced(tile):
                place = self._folder / "log" / tile.path
                place.unlink(missing_ok=True)
                if not any(place.parent.iterdir()):
                    place.parent.rmdir()

    def _is_replaced(self, tile: Tile) -> bool:
        level = 0 if tile.level == "entries" else tile.level
        return self.head.size >> TILE_HEIGHT * level > tile.start + tile.width

    def files(self) -> set[str]:
        """The files of the tree's tiles, as a bundle names them."""
        return {f"log/{tile.path}" for tile in tiles_of(self.head.size)}

    def last_entry(self) -> bytes:
        """The last entry."""
        return next(self.entries(self.head.size - 1))


def _entries_tile(index: int, size: int) -> Tile:
    return Tile("entries", index, min(TILE_WIDTH, size - index * TILE_WIDTH))
