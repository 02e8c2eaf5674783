"""What a trustee's computer refuses to decrypt, whatever a dishonest service hands over."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.finished import VOTES, cast
from tests.small import Opened, open_assembly
from vote.election import archive, trustee
from vote.election import ballot as ballots
from vote.election.archive import Event, Kind
from vote.election.setup import Setup, SetupData, encode_credentials
from vote.election.tally import Accumulator
from vote.service import box, bundle, closing, overview, tally, trustee_memory, trusting
from vote.service.contributing import Announced, contribute
from vote.service.errors import Refusal, Unreadable
from vote.service.trustee_board import Board, Head, check_board, read_board
from vote.service.trustee_memory import Memory
from vote.tlog.canonical import dump
from vote.tlog.checkpoint import Checkpoint, sign_checkpoint
from vote.tlog.merkle import Tree, leaf_hash
from vote.tlog.note import SigningKey

Items = list[tuple[Kind, bytes]]


@dataclass(frozen=True, slots=True)
class Closed:
    """An assembly whose voting has closed, and what its service hands over."""

    opened: Opened
    announced: Announced
    private_key: int
    files: dict[str, bytes]
    entries: tuple[bytes, ...]
    archive: bytes

    @property
    def uuid(self) -> str:
        return self.announced.uuid

    def read(self, path: str, limit: int) -> bytes | None:
        found = self.files.get(path)
        return None if found is None or len(found) > limit else found

    def listed(self) -> bytes:
        return self.files["/api/assemblies/trial/elections"]

    def board(self, entries: Sequence[bytes] | None = None) -> Board:
        return check_board("trial", entries or self.entries, self.listed(), self.read)

    def part(self, place: Path, data: bytes | None = None, **changed: object) -> object:
        """Contribute to an archive; `few` and `board` aside, `changed` is what is announced."""
        few = bool(changed.pop("few", False))
        board = changed.pop("board", None) or self.board()
        assert isinstance(board, Board)
        place.write_bytes(data or self.archive)
        announced = replace(self.announced, **changed)  # type: ignore[arg-type]
        return contribute(place, self.private_key, announced, board, few=few)


def hand_over(opened: Opened) -> Closed:
    closing.close(opened.house, "trial")
    tally.advance(opened.house, "trial")
    desk = trusting.desk(opened.house, "trial", opened.bureau.tokens[0])
    [task] = desk.elections
    assert task.event_hash is not None
    data = b"".join(bundle.stream_archive(opened.house, task.uuid))
    files = {f"/api/elections/{task.uuid}/objects/{sha256(c).hexdigest()}": c for _, c in of(data)}
    files["/api/assemblies/trial/elections"] = overview.elections_bytes(opened.house, "trial")
    house = opened.house
    files["/log/trial/key"] = f"{box.verifier_key(house, 'trial')}\n".encode()
    files["/log/trial/checkpoint"] = box.checkpoint(house, "trial")
    size = int(files["/log/trial/checkpoint"].split(b"\n")[1])
    for tile in (f"tile/0/000.p/{size}", f"tile/entries/000.p/{size}"):
        files[f"/log/trial/{tile}"] = box.tile(house, "trial", tile)
    announced = Announced(task.uuid, task.owner, task.event_hash, task.lot)
    entries = tuple(
        read_board("trial", lambda path, _: files.get(path)).contents.entries,
    )
    return Closed(opened, announced, opened.bureau.private_keys[0], files, entries, data)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    opened = open_assembly(tmp_path_factory.mktemp("closed"))
    cast(opened, VOTES)
    yield hand_over(opened)
    opened.house.close()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    """The same assembly elsewhere, with an election of its own, in which few voted."""
    opened = open_assembly(tmp_path_factory.mktemp("other"))
    cast(opened, dict(list(VOTES.items())[:3]))
    yield hand_over(opened)
    opened.house.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "archive.bel"


def of(data: bytes) -> Items:
    return [(kind, data) for kind, _, data in archive.read(io.BytesIO(data)) if kind != "header"]


def with_ballots(
    data: bytes, keep: Callable[[int], bool], credentials: int | None = None
) -> tuple[bytes, list[bytes], str]:
    """An archive that holds by itself, with some of the ballots, and on request of so many voters
    alone; its events, and the hash of its sum's."""
    parts = [content for kind, content in of(data) if kind == "data"]
    kept = [p for p in parts if p.startswith(b'{"election_uuid"')]
    kept = [content for number, content in enumerate(kept) if keep(number)]
    if credentials is not None:
        voters = {ballots.parse(content).credential for content in kept}
        assert len(voters) == credentials
        parts[2] = encode_credentials((voter, 1) for voter in voters)
        parts[3] = SetupData.of(*parts[:3]).encode()
    total = Accumulator(Setup.from_parts(*parts[:3]))
    event = Event(None, 0, "Setup", sha256(parts[3]).hexdigest())
    written: Items = [("data", part) for part in parts[:4]]
    written.append(("event", event.encode()))
    for content in kept:
        total.add(ballots.parse(content))
        event = event.next("Ballot", sha256(content).hexdigest())
        written += [("data", content), ("event", event.encode())]
    event = event.next("EndBallots", None)
    written.append(("event", event.encode()))
    sized = total.sized()
    event = event.next("EncryptedTally", sha256(sized).hexdigest())
    written += [("data", total.encrypted_tally()), ("data", sized), ("event", event.encode())]
    events = [content for kind, content in written if kind == "event"]
    return b"".join(archive.write(written, 0)), events, event.hash()


def one_ballot(number: int) -> bool:
    return number == 1


def refusal(code: str) -> pytest.RaisesExc[Refusal]:
    return pytest.raises(Refusal, check=lambda error: error.code == code)


def test_the_whole_archive_is_decrypted(closed: Closed, place: Path) -> None:
    assert closed.part(place)


def test_a_single_ballot_passed_off_as_the_sum(closed: Closed, place: Path) -> None:
    data, _, event_hash = with_ballots(closed.archive, one_ballot)
    with refusal("not-in-log"):
        closed.part(place, data, event_hash=event_hash, few=True)


def test_a_ballot_left_out(closed: Closed, place: Path) -> None:
    data, _, event_hash = with_ballots(closed.archive, lambda number: number != 2)
    with refusal("not-in-log"):
        closed.part(place, data, event_hash=event_hash, few=True)


def test_a_fork_of_the_chain_that_is_logged(closed: Closed) -> None:
    _, events, _ = with_ballots(closed.archive, one_ballot)
    with refusal("event-stray"):
        closed.board([*closed.entries, *events[1:]])


@pytest.mark.parametrize("credentials", [None, 1])
def test_a_second_chain_logged_beside(closed: Closed, credentials: int | None) -> None:
    _, events, _ = with_ballots(closed.archive, one_ballot, credentials)
    with refusal("setup-twice"):
        closed.board([*closed.entries, *events])


def test_a_second_chain_in_the_place_of_another_election(closed: Closed) -> None:
    data, events, _ = with_ballots(closed.archive, one_ballot, 1)
    listed = json.dumps([{"uuid": closed.uuid}, {"uuid": "AnotherEXection"}]).encode()
    first = {**json.loads(closed.entries[0]), "elections_sha256": sha256(listed).hexdigest()}
    entries = [dump(first, "entry"), *closed.entries[1:], *events]
    objects = {sha256(content).hexdigest(): content for _, content in of(data)}

    def read(path: str, limit: int) -> bytes | None:
        return closed.read(path, limit) or objects.get(path.rpartition("/")[2])

    with refusal("setup-twice"):
        check_board("trial", entries, listed, read)
    with refusal("setup-missing"):
        check_board("trial", entries[: len(closed.entries)], listed, read)


def test_a_ballot_after_the_sum(closed: Closed, place: Path) -> None:
    """The box was closed early, for one sum, and opened again."""
    *_, last = (e for e in closed.entries if b'"parent"' in e)
    late = Event.parse(last).next("Ballot", "0" * 64).encode()
    with refusal("not-in-archive"):
        closed.part(place, board=closed.board([*closed.entries, late]))


def test_another_elections_archive_under_this_uuid(
    closed: Closed, other: Closed, place: Path
) -> None:
    with refusal("other-election"):
        closed.part(place, other.archive, event_hash=other.announced.event_hash)


def test_an_election_that_is_not_listed(closed: Closed, other: Closed, place: Path) -> None:
    with refusal("other-election"):
        closed.part(place, other.archive, uuid=other.uuid, event_hash=other.announced.event_hash)


def test_another_sum_than_the_announced_one(closed: Closed, place: Path) -> None:
    with refusal("other-tally"):
        closed.part(place, event_hash="0" * 64)


def test_another_trustees_key(closed: Closed, place: Path) -> None:
    for owner in (1, 3):
        with refusal("trustee-unknown"):
            closed.part(place, owner=owner)
    with refusal("trustee-unknown"):
        replace(closed, private_key=trustee.generate_private_key()).part(place)


def test_a_log_of_another_assembly_or_list(closed: Closed, other: Closed) -> None:
    with refusal("other-agenda"):
        check_board("autumn", closed.entries, closed.listed(), closed.read)
    with refusal("other-agenda"):
        closed.board(closed.entries[1:])
    with refusal("other-elections"):
        check_board("trial", closed.entries, other.listed(), closed.read)


def test_few_ballots_only_on_purpose(other: Closed, place: Path) -> None:
    with refusal("few-ballots"):
        other.part(place)
    assert other.part(place, few=True)


def test_entries_that_are_not_signed(closed: Closed) -> None:
    [path] = [path for path in closed.files if "tile/entries" in path]
    broken = closed.files[path][:-1] + bytes([closed.files[path][-1] ^ 1])
    files = {**closed.files, path: broken}
    with refusal("tile-mismatch"):
        read_board("trial", lambda path, _: files.get(path))
    del files[path]
    with refusal("not-served"):
        read_board("trial", lambda path, _: files.get(path))


def test_a_signed_size_out_of_all_proportion(closed: Closed) -> None:
    key = SigningKey.generate("here.example/log/trial")
    note = sign_checkpoint(Checkpoint(key.name, 2**62, Tree().root()), key)
    files = {"/log/trial/key": f"{key.verifier.encode()}\n".encode()}
    files["/log/trial/checkpoint"] = note
    with refusal("log-too-large"):
        read_board("trial", lambda path, _: files.get(path))


def test_a_log_shorter_than_before_or_another(closed: Closed) -> None:
    board = closed.board()
    size = board.head.size
    with refusal("log-shorter"):
        Memory(logs={"trial": Head(size + 1, board.head.root)}).seen(board)
    with refusal("log-changed"):
        Memory(logs={"trial": Head(size - 1, board.head.root)}).seen(board)
    before = Tree(leaf_hash(entry) for entry in closed.entries[:-1]).root().base64()
    memory = Memory(logs={"trial": Head(size - 1, before)}).seen(board)
    assert memory.seen(board).logs == {"trial": board.head}


def test_trustees_one_after_the_other_see_the_same_seal(closed: Closed) -> None:
    """What the first one hands in is in the log when the second one looks."""
    board = closed.board()
    *_, last = (entry for entry in closed.entries if b'"parent"' in entry)
    part = Event.parse(last).next("PartialDecryption", "0" * 64).encode()
    later = closed.board([*closed.entries, part])
    assert later.head.size == board.head.size + 1
    assert later.sums == board.sums
    place = 1 + next(n for n, e in enumerate(closed.entries) if b'"EncryptedTally"' in e)
    root = Tree(leaf_hash(entry) for entry in closed.entries[:place]).root().base64()
    assert board.sums == Head(place, root)


def test_a_log_forked_before_the_sum_has_another_seal(closed: Closed, place: Path) -> None:
    """It passes everything else: only comparing tells."""
    data, events, event_hash = with_ballots(closed.archive, lambda number: number != 2)
    forked = closed.board([closed.entries[0], *events])
    assert closed.part(place, data, event_hash=event_hash, board=forked, few=True)
    assert forked.sums != closed.board().sums


def test_a_log_without_a_sum(closed: Closed) -> None:
    place = next(n for n, e in enumerate(closed.entries) if b'"EncryptedTally"' in e)
    with refusal("not-tallied"):
        closed.board(closed.entries[:place])


def test_a_second_tally_of_the_same_election(closed: Closed, tmp_path: Path) -> None:
    place = trustee_memory.beside(tmp_path / "key.json")
    assert place.name == "key.json.decrypted"
    assert trustee_memory.recall(place) == Memory()
    memory = Memory().seen(closed.board()).with_tally(closed.uuid, closed.announced.event_hash)
    trustee_memory.keep(place, memory)
    assert place.stat().st_mode & 0o777 == 0o600
    found = trustee_memory.recall(place)
    assert found == memory
    assert found.with_tally(closed.uuid, closed.announced.event_hash) == memory
    with refusal("second-tally"):
        found.with_tally(closed.uuid, "0" * 64)


@pytest.mark.parametrize(
    "damaged", [b"", b"[]", b'{"decrypted":{}}', b'{"decrypted":[],"logs":{}}']
)
def test_a_damaged_memory_is_not_forgotten(damaged: bytes, tmp_path: Path) -> None:
    place = tmp_path / "key.json.decrypted"
    place.write_bytes(damaged)
    with pytest.raises(Unreadable):
        trustee_memory.recall(place)
