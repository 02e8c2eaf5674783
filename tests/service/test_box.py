"""The signed log: what is published continues what was published, whatever happens in between."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.casting import ballot, cast, election_of
from tests.small import Opened
from vote.election.credential import sign_in_token
from vote.service import box, casting, closing, overview
from vote.service.errors import Refusal
from vote.service.house import House, Settings
from vote.tlog.checkpoint import Checkpoint, open_checkpoint
from vote.tlog.merkle import Tree, leaf_hash
from vote.tlog.note import VerifierKey
from vote.tlog.tiles import Tile, decode_entries, tile_path, verify_tiles


@pytest.fixture
def opened(embedded: Opened) -> Opened:
    return embedded


def store(opened: Opened, member: str) -> casting.Cast:
    token = sign_in_token(opened.assembly, opened.codes[member])
    data = ballot(opened, member)
    return casting.store(opened.house, election_of(opened, member), token, data)


def published(opened: Opened) -> Checkpoint:
    key = VerifierKey.parse(box.verifier_key(opened.house, opened.assembly))
    return open_checkpoint(box.checkpoint(opened.house, opened.assembly), key)


def test_the_published_tiles_are_the_signed_tree(opened: Opened) -> None:
    for member in opened.codes:
        store(opened, member)
    box.publish(opened.house, opened.assembly)
    head = published(opened)
    entries = verify_tiles(
        head.size, head.root, lambda path: box.tile(opened.house, opened.assembly, path)
    )
    assert Tree(leaf_hash(entry) for entry in entries).root() == head.root


def test_every_published_size_keeps_its_partial_tiles(opened: Opened) -> None:
    small = published(opened).size
    for member in list(opened.codes)[:3]:
        store(opened, member)
    box.publish(opened.house, opened.assembly)
    for width in range(small, published(opened).size + 1):
        path = tile_path("entries", 0, width)
        tile = box.tile(opened.house, opened.assembly, path)
        assert len(decode_entries(tile, width)) == width


def test_what_no_checkpoint_covers_is_not_served(opened: Opened) -> None:
    store(opened, "persons-1")
    path = Tile(0, 0, published(opened).size + 1).path
    with pytest.raises(Refusal, match="no tile"):
        box.tile(opened.house, opened.assembly, path)


@pytest.mark.parametrize("path", ["tile/0/000.p/0", "tile/0/../key", "tile/00/000", "tile/0/1"])
def test_a_path_that_is_no_tiles_is_refused(opened: Opened, path: str) -> None:
    with pytest.raises(Refusal, match="no tile"):
        box.tile(opened.house, opened.assembly, path)


def test_killed_between_storing_and_signing_the_ballot_gets_its_receipt_later(
    opened: Opened,
) -> None:
    data = ballot(opened, "persons-1")
    token = sign_in_token(opened.assembly, opened.codes["persons-1"])
    lost = casting.store(opened.house, election_of(opened, "persons-1"), token, data)
    again = House(opened.house.settings, opened.clock)
    receipt = box.receipt(again, opened.assembly, lost.log_index, lost.event)
    assert receipt.startswith(b"c2sp.org/tlog-proof@v1\n")
    assert cast(opened, "persons-1", data).index == lost.log_index
    again.close()


def test_killed_between_signing_and_publishing_the_same_tree_is_signed_again(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = store(opened, "persons-1")
    with monkeypatch.context() as broken:
        broken.setattr(box.store, "keep_checkpoint", _fail)
        with pytest.raises(OSError, match="disk full"):
            box.publish(opened.house, opened.assembly)
    signed = opened.house.vault.signed_head(opened.assembly)
    assert signed is not None
    box.publish(opened.house, opened.assembly)
    head = published(opened)
    assert (head.size, bytes(head.root)) == (signed.size, signed.root)
    assert head.size == stored.log_index + 1


def _fail(*_: object) -> None:
    raise OSError(28, "disk full")


def test_a_service_restored_from_an_old_backup_refuses_to_sign_and_to_record(
    opened: Opened, tmp_path: Path
) -> None:
    settings = opened.house.settings
    backup = tmp_path / "backup.sqlite"
    opened.house.database.close()
    shutil.copy(settings.data / "vote.sqlite", backup)
    cast(opened, "persons-1", ballot(opened, "persons-1"))
    before = published(opened)
    restored = Opened(
        House(Settings(f"sqlite:///{backup}", settings.data), opened.clock),
        opened.clock,
        opened.assembly,
        opened.codes,
        opened.bureau,
    )
    data = ballot(restored, "persons-2")
    with pytest.raises(Refusal) as caught:
        cast(restored, "persons-2", data)
    assert caught.value.code == "log-rolled-back"
    with pytest.raises(Refusal, match="restored"):
        box.publish(restored.house, restored.assembly)
    assert published(opened) == before
    restored.house.close()


@pytest.fixture
def restored(opened: Opened, tmp_path: Path) -> bytes:
    """persons-1's ballot: the database was restored, under the running service, from a copy that
    has this ballot and none of the two that were signed after it."""
    data = ballot(opened, "persons-1")
    cast(opened, "persons-1", data)
    copy, database = tmp_path / "copy.sqlite", opened.house.settings.data / "vote.sqlite"
    opened.house.database.close()
    shutil.copy(database, copy)
    for member in ("persons-2", "persons-3"):
        cast(opened, member, ballot(opened, member))
    opened.house.database.close()
    shutil.copy(copy, database)
    for left in ("vote.sqlite-wal", "vote.sqlite-shm"):
        database.with_name(left).unlink(missing_ok=True)
    return data


def test_what_a_restored_database_still_has_gets_its_receipt(
    opened: Opened, restored: bytes
) -> None:
    key = VerifierKey.parse(box.verifier_key(opened.house, opened.assembly))
    receipt = cast(opened, "persons-1", restored)
    receipt.verify(receipt.entry(), key)


def test_nothing_is_added_to_a_restored_database(opened: Opened, restored: bytes) -> None:
    key = VerifierKey.parse(box.verifier_key(opened.house, opened.assembly))
    for adding in (
        lambda: cast(opened, "persons-4", ballot(opened, "persons-4")),
        lambda: closing.close(opened.house, opened.assembly),
    ):
        with pytest.raises(Refusal) as caught:
            adding()
        assert caught.value.code == "log-rolled-back"
    assert overview.view(opened.house, opened.assembly).state == "open"
    receipt = cast(opened, "persons-1", restored)
    receipt.verify(receipt.entry(), key)


def test_a_database_whose_history_differs_is_not_signed(opened: Opened, tmp_path: Path) -> None:
    settings = opened.house.settings
    other = tmp_path / "other.sqlite"
    opened.house.database.close()
    shutil.copy(settings.data / "vote.sqlite", other)
    cast(opened, "persons-1", ballot(opened, "persons-1"))
    fork = Opened(
        House(Settings(f"sqlite:///{other}", tmp_path / "elsewhere"), opened.clock),
        opened.clock,
        opened.assembly,
        opened.codes,
        opened.bureau,
    )
    store(fork, "persons-2")
    store(fork, "persons-3")
    back = House(Settings(f"sqlite:///{other}", settings.data), opened.clock)
    with pytest.raises(Refusal) as caught:
        box.publish(back, opened.assembly)
    assert caught.value.code == "log-rolled-back"
    fork.house.close()
    back.close()
