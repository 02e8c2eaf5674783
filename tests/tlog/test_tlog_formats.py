"""Receipts, notes, keys and tiles: the worked example, and that every changed byte is refused."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tlog.makers import ENTRIES, LOG, STRANGER, TREE, WITNESS, checkpoint, cosigned
from tests.tlog.shared import BIG, BIG_TREE, published
from vote.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from vote.tlog.cosignature import CosignerKey, CosignerSigningKey, add_signatures, require_quorum
from vote.tlog.errors import LogError
from vote.tlog.merkle import EMPTY_ROOT, Hash, leaf_hash
from vote.tlog.note import Note, SigningKey, VerifierKey, open_note, sign
from vote.tlog.proof import TlogProof
from vote.tlog.tiles import (
    Tile,
    decode_entries,
    encode_entries,
    parse_tile_path,
    tile_path,
    tile_reader,
    tiles_of,
    verify_tiles,
)

KEY = LOG.verifier
RECEIPT = TlogProof(ENTRIES[2], 2, TREE.inclusion_proof(2, 5), sign_checkpoint(checkpoint(), LOG))

SIGNATURE = (
    "3XC+61EZa15KgEX21cDsTSx/cFg+VS+1TxKBPrbzuvwq+6/P1Tf/WR2HWSmQafxbQa0C2N+bAK4qUsBL92BkdiOInQs="
)
WORKED_EXAMPLE = f"""\
c2sp.org/tlog-proof@v1
extra YmFsbG90IDIK
index 2
SA7FQC8KvfQMRrI9HkzZ8qnWKGNV8eEjt5b8UNaPn9M=
X2mYxxpbv+ECRPb2QkhJYkU+mU/c3928etQ8pIT7BYo=
Sm5mu53WA+hBJGH9jDFWYGtMVARkiu7fnQLkrvEGhJY=

vote.example/box1
5
uqm7iaUn/HkvbwwNKSy+MHgnWehSAmIicg7KN1vrfUM=

— vote.example/box1 {SIGNATURE}
"""


def test_the_worked_example() -> None:
    assert leaf_hash(ENTRIES[2]).hex() == (
        "3bd8d8cee8a31f646d3d94270eb91b5ec3b2efcfc5c019152c24474906902399"
    )
    assert TREE.root(5).hex() == "baa9bb89a527fc792f6f0c0d292cbe30782759e852026222720eca375beb7d43"
    assert RECEIPT.encode().decode() == WORKED_EXAMPLE
    assert TlogProof.parse(WORKED_EXAMPLE.encode()).verify(b"ballot 2\n", KEY) == checkpoint()


def refuses(verify: Callable[[], object]) -> None:
    with pytest.raises(LogError) as raised:
        verify()
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", raised.value.code)


def mutations(data: bytes) -> st.SearchStrategy[bytes]:
    """`data` with one byte changed, removed, inserted or doubled, or cut short."""
    place = st.integers(0, len(data) - 1)
    byte = st.binary(min_size=1, max_size=1)
    return st.one_of(
        st.builds(lambda n, b: data[:n] + b + data[n + 1 :], place, byte),
        st.builds(lambda n: data[:n] + data[n + 1 :], place),
        st.builds(lambda n, b: data[:n] + b + data[n:], place, byte),
        st.builds(lambda n: data[:n], place),
        st.builds(lambda b: data + b, byte),
    ).filter(lambda changed: changed != data)


def test_every_changed_bit_of_a_receipt_is_refused() -> None:
    data = RECEIPT.encode()
    for place in range(len(data)):
        for bit in range(8):
            changed = data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]
            refuses(lambda changed=changed: TlogProof.parse(changed).verify(ENTRIES[2], KEY))


@given(mutations(RECEIPT.encode()))
def test_a_changed_receipt_is_refused(changed: bytes) -> None:
    refuses(lambda: TlogProof.parse(changed).verify(ENTRIES[2], KEY))


@given(mutations(RECEIPT.checkpoint))
def test_a_changed_checkpoint_is_refused(changed: bytes) -> None:
    refuses(lambda: open_checkpoint(changed, KEY))


@given(mutations(KEY.line()))
def test_a_changed_key_is_another_key_or_none(changed: bytes) -> None:
    # The name is not protected by itself: the key ID binds it, with 32 bits.
    refuses(lambda: VerifierKey.from_line(changed))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_words(data: bytes) -> None:
    refuses(lambda: TlogProof.parse(data).verify(b"", KEY))
    refuses(lambda: open_checkpoint(data, KEY))
    refuses(lambda: VerifierKey.from_line(data))


LETTERS = st.characters(exclude_categories=["Cs", "Cc"])


@given(st.text(LETTERS | st.just("\n")).map(lambda text: text + "\n"))
def test_what_is_signed_is_read_again(text: str) -> None:
    data = sign(text, [LOG])
    assert open_note(data, [KEY]) == text
    assert Note.parse(data).encode() == data


@given(st.integers(1, 21), st.data())
def test_what_is_issued_is_verified_and_encodes_to_the_same_bytes(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    extra = data.draw(st.sampled_from([None, ENTRIES[index]]))
    note = sign_checkpoint(checkpoint(size), LOG)
    receipt = TlogProof(extra, index, TREE.inclusion_proof(index, size), note)
    assert TlogProof.parse(receipt.encode()) == receipt
    assert receipt.verify(ENTRIES[index], KEY).size == size


def test_a_receipt_without_its_entry_says_so() -> None:
    with pytest.raises(LogError) as raised:
        TlogProof(None, 2, RECEIPT.path, RECEIPT.checkpoint).entry()
    assert raised.value.code == "extra-missing"
    assert RECEIPT.entry() == ENTRIES[2]


def test_the_private_key_is_not_shown() -> None:
    key = SigningKey.generate("vote.example/new")
    assert SigningKey.from_seed(key.name, key.seed()).verifier == key.verifier
    assert key.seed().hex() not in repr(key)
    with pytest.raises(LogError) as raised:
        SigningKey.from_seed(key.name, key.seed()[:31])
    assert raised.value.code == "seed-length"


@pytest.mark.parametrize(
    ("text", "signers", "code"),
    [
        ("no newline", [LOG], "no-final-newline"),
        ("a\ttab\n", [LOG], "control-character"),
        ("nobody\n", [], "no-signatures"),
        ("many\n", [LOG] * 17, "too-many-signatures"),
    ],
)
def test_what_could_not_be_read_is_not_signed(
    text: str, signers: list[SigningKey], code: str
) -> None:
    with pytest.raises(LogError) as raised:
        sign(text, signers)
    assert raised.value.code == code


def test_a_log_does_not_sign_for_another() -> None:
    with pytest.raises(LogError) as raised:
        sign_checkpoint(Checkpoint("vote.example/box2", 5, TREE.root(5)), LOG)
    assert raised.value.code == "origin-mismatch"


def test_too_large_files_are_refused_before_they_are_read() -> None:
    for code, parse in (("note-too-large", Note.parse), ("proof-too-large", TlogProof.parse)):
        with pytest.raises(LogError) as raised:
            parse(b"a" * 2_000_000)
        assert raised.value.code == code


# --- witnesses' lines on a checkpoint -----------------------------------------------------


def test_a_quorum_counts_different_witnesses() -> None:
    witness, stranger = WITNESS.verifier, STRANGER.verifier
    require_quorum(cosigned(), KEY, [witness, stranger], 2)
    renamed = CosignerKey("witness.example/alias", witness.public_key)
    twice = add_signatures(
        cosigned(), [CosignerSigningKey(renamed.name, WITNESS.private).cosign(checkpoint(), 7)]
    )
    own = CosignerSigningKey("not.the.log", LOG.private)
    self_witnessed = add_signatures(cosigned(), [own.cosign(checkpoint(), 7)])
    namesake = CosignerSigningKey(LOG.name, STRANGER.private)
    as_the_log = add_signatures(cosigned(), [namesake.cosign(checkpoint(), 7)])
    for note, known in [
        (cosigned(), [witness]),
        (twice, [witness, renamed]),
        (self_witnessed, [witness, own.verifier]),
        (as_the_log, [witness, namesake.verifier]),
    ]:
        with pytest.raises(LogError) as raised:
            require_quorum(note, KEY, known, 2)
        assert raised.value.code == "quorum"
        require_quorum(note, KEY, known, 1)


def test_a_key_signs_a_checkpoint_once() -> None:
    again = WITNESS.cosign(checkpoint(), 1_900_000_000)
    assert add_signatures(cosigned(), [again]) == cosigned()
    crowd = [
        CosignerSigningKey.generate(f"witness.example/{number}").cosign(checkpoint(), 1)
        for number in range(14)
    ]
    with pytest.raises(LogError) as raised:
        add_signatures(cosigned(), crowd)
    assert raised.value.code == "too-many-signatures"


# --- tiles --------------------------------------------------------------------------------


def test_the_tiles_of_the_specifications_example() -> None:
    tiles = list(tiles_of(70_000))
    level = [[tile for tile in tiles if tile.level == n] for n in (0, 1, 2, 3, "entries")]
    assert [len(part) for part in level] == [274, 2, 1, 0, 274]
    assert [part[-1].width for part in level if part] == [112, 17, 1, 112]
    assert [tile.path for tile in tiles_of(256)] == [
        "tile/0/000",
        "tile/1/000.p/1",
        "tile/entries/000",
    ]
    assert tile_path("entries", 1_234_067) == "tile/entries/x001/x234/067"
    assert tile_path("entries", 1_234_067, 5) == "tile/entries/x001/x234/067.p/5"


@given(st.integers(0, 140_000), st.integers(0, 600))
def test_tiles_since_are_those_that_the_older_tree_had_not(old: int, more: int) -> None:
    new = old + more
    since = set(tiles_of(new, old))
    if more:  # a partial tile that has not grown is the same file
        assert since == set(tiles_of(new)) - set(tiles_of(old))
    else:
        assert since == set()


@given(st.sampled_from([*range(4), 63, "entries"]), st.integers(0, 10**9), st.integers(1, 256))
def test_tile_paths_are_read_again(level: int | str, index: int, width: int) -> None:
    tile = Tile(level, index, width)  # type: ignore[arg-type]
    assert parse_tile_path(tile.path) == tile


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 600])
def test_published_tiles_give_every_entry_and_proof(size: int) -> None:
    files = published(size)
    assert list(verify_tiles(size, BIG_TREE.root(size), files.__getitem__)) == BIG[:size]
    rebuilt = tile_reader(size, lambda tile: files[tile.path])
    for index in {0, size // 2, size - 1} - {-1}:
        for level in range(10):
            if (index + 1) << level <= size:
                assert rebuilt(level, index) == BIG_TREE.node(level, index)
    with pytest.raises(LogError) as raised:
        rebuilt(0, size)
    assert raised.value.code == "node-missing"


@given(st.sampled_from(sorted(published(600))), st.data())
def test_a_changed_tile_is_refused_and_named(path: str, data: st.DataObject) -> None:
    files = published(600)
    files[path] = data.draw(mutations(files[path]))
    with pytest.raises(LogError) as raised:
        verify_tiles(600, BIG_TREE.root(600), files.__getitem__)
    assert raised.value.code in {"tile-mismatch", "entries-malformed"}
    assert "tile/" in raised.value.message


def test_tiles_of_another_log_are_refused() -> None:
    with pytest.raises(LogError) as raised:
        verify_tiles(600, EMPTY_ROOT, published(600).__getitem__)
    assert raised.value.code == "root-mismatch"


def test_a_tile_of_another_length_is_refused() -> None:
    reader = tile_reader(5, lambda _: bytes(31))
    with pytest.raises(LogError) as raised:
        reader(0, 0)
    assert raised.value.code == "tile-length"


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_entries_are_read_again(entries: list[bytes]) -> None:
    data = encode_entries(entries)
    assert list(decode_entries(data, len(entries))) == entries
    for width in {len(entries) - 1, len(entries) + 1} - {-1}:
        with pytest.raises(LogError) as raised:
            decode_entries(data, width)
        assert raised.value.code == "entries-malformed"


def test_the_longest_entry() -> None:
    longest = b"a" * 65_535
    assert decode_entries(encode_entries([longest]), 1) == (longest,)
    with pytest.raises(LogError) as raised:
        encode_entries([longest + b"a"])
    assert raised.value.code == "entry-too-large"


@pytest.mark.parametrize(
    ("level", "index", "width"), [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_tiles_that_do_not_exist(level: int, index: int, width: int) -> None:
    with pytest.raises(LogError) as raised:
        tile_path(level, index, width)
    assert raised.value.code == "tile-out-of-range"


def test_hashes_are_shown_in_base64() -> None:
    assert Hash.from_base64(TREE.root(5).base64()) == TREE.root(5)
