"""The audit bundle, written from the database: complete in itself, nothing secret in it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from vote.election import archive
from vote.service import box, privacy
from vote.service.errors import Refusal, unknown_election
from vote.service.house import House
from vote.service.prepare import get
from vote.store import log as log_store
from vote.store import people
from vote.store.archive import elections, find_event, find_object, records
from vote.store.models import Attachment, Election
from vote.tlog.tiles import tiles_of

Progress = Callable[[int, int], None]


class Place(Protocol):
    """Where a bundle is written: a folder or a zip."""

    def open(self, path: str) -> BinaryIO: ...


class Folder:
    """A bundle as a folder, which must not exist or be empty."""

    def __init__(self, root: Path) -> None:
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise Refusal(
                "not-empty", "“{folder}” is there already. Choose another.", {"folder": str(root)}
            )
        self._root = root

    def open(self, path: str) -> BinaryIO:
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target.open("xb")


class Zip:
    """A bundle as a zip, the same bytes every time."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def open(self, path: str) -> BinaryIO:
        info = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return self._archive.open(info, "w", force_zip64=True)  # type: ignore[return-value]


def write(house: House, assembly: str, place: Place, progress: Progress | None = None) -> None:
    """Write the bundle of a decided assembly. Raises Refusal before the decision."""
    checkpoint = box.last_checkpoint(house, assembly)
    with house.database.reading() as session:
        if get(session, assembly).outcome is None:
            raise Refusal(
                "not-decided",
                "The bundle is complete once the assembly has been decided. Until then, follow "
                "the ballot log and the elections' archives.",
                status=404,
            )
        files = list(_files(house, session, assembly, checkpoint))
        for done, (path, chunks) in enumerate(files, start=1):
            with place.open(path) as file:
                for chunk in chunks:
                    file.write(chunk)
            if progress:
                progress(done, len(files))


def _files(
    house: House, session: Session, assembly: str, checkpoint: bytes
) -> Iterator[tuple[str, Iterator[bytes]]]:
    row = get(session, assembly)
    yield "assembly.json", iter([row.definition])
    yield "elections.json", iter([row.elections_json or b""])
    yield "outcome.json", iter([row.outcome or b""])
    for election in elections(session, assembly):
        yield archive_path(election.uuid), archive_chunks(session, election.uuid)
    statement = select(Attachment).where(Attachment.assembly == assembly)
    for attachment in session.execute(statement.order_by(Attachment.path)).scalars():
        yield attachment.path, iter([attachment.content])
    head = log_store.head(session, assembly)
    yield "log/key", iter([f"{head.key if head else ''}\n".encode()])
    yield "log/checkpoint", iter([checkpoint])
    size = int(checkpoint.split(b"\n")[1])
    for tile in tiles_of(size):
        yield f"log/{tile.path}", iter([box.read_tile(session, assembly, tile)])


def archive_path(uuid: str) -> str:
    """Where an election's archive stands in the bundle."""
    return f"elections/{uuid}.bel"


def archive_chunks(session: Session, uuid: str) -> Iterator[bytes]:
    """An election's archive, `elections/UUID.bel`, piece by piece."""
    row = _opened(session, uuid)
    return archive.write(records(session, uuid), row.timestamp)


def stream_archive(house: House, uuid: str, *, entitled: bool = False) -> Iterator[bytes]:
    """The same, for whoever asks over the network, at any time after opening. Raises Refusal.

    Where the host withholds the figures of small colleges, it ends with the encrypted sums for
    all but those who are `entitled` to the results (the bureau and its officers).
    """
    with house.database.reading() as session:
        row = _opened(session, uuid)
        end = None if entitled else _withheld_from(house, session, row)
    return _stream(house, uuid, row.timestamp, end)


def _stream(house: House, uuid: str, timestamp: int, end: int | None) -> Iterator[bytes]:
    with house.database.reading() as session:
        yield from archive.write(records(session, uuid, end), timestamp)


def _withheld_from(house: House, session: Session, row: Election) -> int | None:
    """The first record of the archive that is not for everybody; None: it all is."""
    if privacy.results_are_public(house, row.assembly):
        return None
    sums = find_event(session, row.uuid, "EncryptedTally")
    return None if sums is None else sums.position + 1


def archive_header(house: House, uuid: str) -> bytes:
    """What Belenios serves as `archive-header`: the first file of the archive."""
    with house.database.reading() as session:
        return archive.Header(_opened(session, uuid).timestamp).encode()


def last_event(house: House, uuid: str) -> bytes:
    """What Belenios serves as `last-event`: height, hash and position of the newest event."""
    with house.database.reading() as session:
        row = _opened(session, uuid)
        newest = find_object(session, uuid, row.last_event or "")
        if newest is None:
            raise unknown_election(uuid)
        return archive.last_event(archive.Event.parse(newest.content), row.size)


def read_object(house: House, uuid: str, digest: str, *, entitled: bool = False) -> bytes:
    """A file of the archive by its SHA-256 in hexadecimal; see `stream_archive`."""
    with house.database.reading() as session:
        row = _opened(session, uuid)
        found = find_object(session, uuid, digest)
        end = None if entitled else _withheld_from(house, session, row)
    if found is None:
        raise Refusal("no-such-object", "The archive has no such file.", status=404)
    if end is not None and found.position >= end:
        raise Refusal(
            "withheld",
            "The figures of small colleges are withheld. The bureau shows the proofs to those "
            "who are entitled to them.",
            status=403,
        )
    return found.content


def _opened(session: Session, uuid: str) -> Election:
    row = people.election_by_uuid(session, uuid)
    if row is None or row.stage == "prepared":
        raise unknown_election(uuid)
    return row
