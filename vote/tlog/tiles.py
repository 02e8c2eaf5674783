"""C2SP tlog-tiles: a log as files that never change.

`tile/LEVEL/N[.p/W]` holds up to 256 hashes of 32 bytes, each the root of 256**LEVEL
leaves; `tile/entries/N[.p/W]` the entries themselves, each after its length as a
big-endian uint16.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from vote.tlog.encoding import MAX_INTEGER
from vote.tlog.errors import LogError
from vote.tlog.merkle import HASH_SIZE, Hash, NodeReader, Tree, leaf_hash, node_hash

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_LEVEL = 63
MAX_ENTRY_SIZE = 0xFFFF

Level = int | Literal["entries"]
"""Of a tile: the height of its hashes in the tree divided by 8, or "entries"."""

_PATH = re.compile(
    r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([0-9]{1,3}))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a tile stands: its level, its index in the level and how many hashes it holds."""

    level: Level
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        if isinstance(self.level, int) and not 0 <= self.level <= MAX_LEVEL:
            raise LogError("tile-out-of-range", f"there is no tile level {self.level}")
        if not 0 <= self.index <= MAX_INTEGER >> TILE_HEIGHT:
            raise LogError("tile-out-of-range", f"there is no tile number {self.index}")
        if not 1 <= self.width <= TILE_WIDTH:
            raise LogError("tile-out-of-range", f"a tile of width {self.width} does not exist")

    @property
    def start(self) -> int:
        """The number, in its level, of its first hash (or entry)."""
        return self.index * TILE_WIDTH

    @property
    def path(self) -> str:
        """Its path below the log's prefix, as `tile_path` writes it."""
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/{'/'.join(groups)}{partial}"


def tile_path(level: Level, index: int, width: int = TILE_WIDTH) -> str:
    """For instance `tile/0/x001/x234/067.p/5`. Raises LogError `tile-out-of-range`."""
    return Tile(level, index, width).path


def parse_tile_path(path: str) -> Tile:
    """The tile that `path` names. Raises LogError `tile-path-malformed`, `tile-out-of-range`."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise LogError("tile-path-malformed", "this is not the path of a tile")
    level, index, width = match.groups()
    tile = Tile(
        "entries" if level == "entries" else int(level),
        int(index.replace("x", "").replace("/", "")),
        TILE_WIDTH if width is None else int(width),
    )
    if tile.path != path:
        raise LogError("tile-path-malformed", "the path of a tile is not in its shortest form")
    return tile


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles of a tree of `size` leaves that one of `since` leaves does not have.

    From level 0 up, each level from left to right, full before partial; the tiles of
    entries last. With `since` these are what a log publishes before a new checkpoint.
    """
    if not 0 <= since <= size <= MAX_INTEGER:
        raise LogError("sizes-out-of-order", f"a tree of {since} cannot come before one of {size}")
    level = 0
    while size >> TILE_HEIGHT * level:
        yield from _level_tiles(level, size >> TILE_HEIGHT * level, since >> TILE_HEIGHT * level)
        level += 1
    yield from _level_tiles("entries", size, since)


def _level_tiles(level: Level, count: int, since: int) -> Iterator[Tile]:
    """The tiles of one level with `count` hashes, without those complete at `since` hashes."""
    if count == since:
        return
    for index in range(since // TILE_WIDTH, count // TILE_WIDTH):
        yield Tile(level, index)
    if count % TILE_WIDTH:
        yield Tile(level, count // TILE_WIDTH, count % TILE_WIDTH)


def tile_hashes(tile: Tile, node: NodeReader) -> bytes:
    """The bytes of a tile of hashes, read from the tree's nodes."""
    if tile.level == "entries":
        raise LogError("tile-out-of-range", "a tile of entries does not hold hashes")
    level = tile.level * TILE_HEIGHT
    return b"".join(node(level, tile.start + offset) for offset in range(tile.width))


def decode_hashes(data: bytes, width: int) -> tuple[Hash, ...]:
    """The hashes of a tile of `width`. Raises LogError `tile-length`."""
    if len(data) != width * HASH_SIZE:
        raise LogError("tile-length", f"a tile of {width} hashes has {width * HASH_SIZE} bytes")
    return tuple(Hash(data[start : start + HASH_SIZE]) for start in range(0, len(data), HASH_SIZE))


def encode_entries(entries: Iterable[bytes]) -> bytes:
    """The bytes of a tile of entries. Raises LogError `entry-too-large` above 65,535 bytes."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_SIZE:
            raise LogError("entry-too-large", f"an entry has at most {MAX_ENTRY_SIZE} bytes")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def decode_entries(data: bytes, width: int) -> tuple[bytes, ...]:
    """The `width` entries of a tile. Raises LogError `entries-malformed`."""
    entries = []
    position = 0
    for _ in range(width):
        start = position + 2
        position = start + int.from_bytes(data[position:start], "big")
        if start > len(data) or position > len(data):
            raise LogError("entries-malformed", f"the tile ends before its {width} entries do")
        entries.append(data[start:position])
    if position != len(data):
        raise LogError("entries-malformed", f"the tile goes on after its {width} entries")
    return tuple(entries)


def tile_reader(size: int, read: Callable[[Tile], bytes]) -> NodeReader:
    """A NodeReader over the published tiles of a tree of `size` leaves.

    `read` gives a tile's bytes (it may keep them: one tile is asked for many times).
    What it gives is not authenticated until a proof made of it leads to a signed root.
    """

    def node(level: int, index: int) -> Hash:
        tile_level, height = divmod(level, TILE_HEIGHT)
        count = size >> TILE_HEIGHT * tile_level
        start = index << height
        if start + (1 << height) > count:
            raise LogError("node-missing", f"the tree of {size} has no node {level}/{index}")
        position = start // TILE_WIDTH
        width = min(TILE_WIDTH, count - position * TILE_WIDTH)
        hashes = decode_hashes(read(Tile(tile_level, position, width)), width)
        first = start % TILE_WIDTH
        return _join(list(hashes[first : first + (1 << height)]))

    return node


def _join(hashes: list[Hash]) -> Hash:
    """The root of a power of two of hashes."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [node_hash(left, right) for left, right in pairs]
    return hashes[0]


def verify_tiles(size: int, root: Hash, read: Callable[[str], bytes]) -> tuple[bytes, ...]:
    """All entries of a log of `size`, after checking every tile of it against `root`.

    `read` gives the bytes at a path below the log's prefix. The leaves are computed
    from the entries, every hash of every tile from the leaves, and the root from them.
    Raises LogError `entries-malformed`, `tile-mismatch` (with the path), `root-mismatch`.
    """
    entries: list[bytes] = []
    hash_tiles = []
    for tile in tiles_of(size):
        if tile.level == "entries":
            entries += _named(tile, read)
        else:
            hash_tiles.append(tile)
    tree = Tree(leaf_hash(entry) for entry in entries)
    for tile in hash_tiles:
        if read(tile.path) != tile_hashes(tile, tree.node):
            raise LogError("tile-mismatch", f"{tile.path} is not made of the log's entries")
    if tree.root() != root:
        raise LogError("root-mismatch", f"the {size} entries do not lead to the signed root")
    return tuple(entries)


def _named(tile: Tile, read: Callable[[str], bytes]) -> tuple[bytes, ...]:
    try:
        return decode_entries(read(tile.path), tile.width)
    except LogError as error:
        raise LogError(error.code, f"{tile.path}: {error.message}") from error
