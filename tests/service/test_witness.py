"""Our own witness: what it cosigned it never contradicts, whatever happens to it."""

from __future__ import annotations

import http.client
import random
import shutil
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.service.witness_doubles import command, own_witness
from tests.tlog.makers import (
    LOG,
    NAMESAKE,
    OTHER_LOG,
    TREE,
    fork_root,
    raw_note,
)
from vote.cli.witness import command as witness_command
from vote.service import durable, witness_server
from vote.service.errors import Unreadable
from vote.service.witness import Witness, opened
from vote.tlog import misbehaviour
from vote.tlog.checkpoint import Checkpoint, sign_checkpoint
from vote.tlog.cosignature import require_quorum
from vote.tlog.merkle import Hash
from vote.tlog.note import Note, SigningKey
from vote.tlog.witness import AddCheckpoint, accept_cosignatures, parse_latest_size

LOGS = [LOG.verifier, OTHER_LOG.verifier]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def witness(state: Path) -> Iterator[Witness]:
    with opened(state, LOGS) as found:
        yield found


def signed(size: int, key: SigningKey = LOG, root: Hash | None = None) -> bytes:
    return sign_checkpoint(Checkpoint(key.name, size, root or TREE.root(size)), key)


def request(old: int, new: int, key: SigningKey = LOG) -> bytes:
    return AddCheckpoint(old, TREE.consistency_proof(old, new), signed(new, key)).encode()


def forked(size: int) -> bytes:
    return signed(size, root=Hash(bytes.fromhex(fork_root(size))))


def require_cosigned(found: Witness, size: int, line: bytes, key: SigningKey = LOG) -> None:
    note = accept_cosignatures(signed(size, key), line, [found.key])
    require_quorum(note, key.verifier, [found.key], 1)


def test_what_continues_is_cosigned(witness: Witness) -> None:
    for old, new in [(0, 3), (3, 3), (3, 8), (8, 21)]:
        reply = witness.add_checkpoint(request(old, new))
        assert reply.status == 200
        require_cosigned(witness, new, reply.body)


REFUSED = {
    "a rollback": (8, AddCheckpoint(8, (), signed(3)).encode(), 400),
    "a rollback from what it seems to hold": (8, request(3, 3), 409),
    "a fork of the same size": (8, AddCheckpoint(8, (), forked(8)).encode(), 422),
    "a fork that is longer": (
        8,
        AddCheckpoint(8, TREE.consistency_proof(8, 12), forked(12)).encode(),
        422,
    ),
    "a fork from the beginning": (8, AddCheckpoint(0, (), forked(12)).encode(), 409),
    "another log": (
        8,
        AddCheckpoint(0, (), raw_note(b"other.example/box\n1\nAA==\n", LOG)).encode(),
        404,
    ),
    "a namesake": (0, request(0, 3, NAMESAKE), 403),
    "nobody's signature": (0, request(0, 3).replace(b"\n3\n", b"\n4\n"), 403),
    "an empty body": (0, b"", 400),
    "rubbish": (0, bytes(range(256)) * 100, 400),
    "no checkpoint": (0, b"old 0\n\n", 400),
    "a proof of 64 lines": (0, b"old 0\n" + b"A" * 43 + b"=\n" * 64 + b"\n" + signed(3), 400),
    "an old size that is no number": (0, request(0, 3).replace(b"old 0", b"old x"), 400),
}


@pytest.mark.parametrize("defect", REFUSED)
def test_what_does_not_continue_is_refused(defect: str, witness: Witness, state: Path) -> None:
    held, body, status = REFUSED[defect]
    if held:
        assert witness.add_checkpoint(request(0, held)).status == 200
    before = {path.name: path.read_bytes() for path in state.iterdir()}
    reply = witness.add_checkpoint(body)
    assert reply.status == status
    if status == 409:
        assert parse_latest_size(reply.body) == held
    after = {path.name: path.read_bytes() for path in state.iterdir()}
    assert {name: after[name] for name in before} == before
    assert witness.add_checkpoint(request(held, 15)).status == 200


def test_two_trees_of_one_size_are_kept_as_proof_for_others(witness: Witness, state: Path) -> None:
    witness.add_checkpoint(request(0, 8))
    assert not list(state.glob("*.misbehaviour.json"))
    for old in (8, 0):
        witness.add_checkpoint(AddCheckpoint(old, (), forked(8)).encode())
        [proof] = state.glob("*.misbehaviour.json")
        assert misbehaviour.verify(proof.read_bytes(), LOG.verifier).code == "fork"
        proof.unlink()


def test_logs_are_kept_apart(witness: Witness) -> None:
    assert witness.add_checkpoint(request(0, 8)).status == 200
    reply = witness.add_checkpoint(request(0, 3, OTHER_LOG))
    assert reply.status == 200
    require_cosigned(witness, 3, reply.body, OTHER_LOG)
    assert parse_latest_size(witness.add_checkpoint(request(0, 9)).body) == 8
    assert parse_latest_size(witness.add_checkpoint(request(0, 9, OTHER_LOG)).body) == 3


def test_it_remembers(state: Path) -> None:
    with opened(state, LOGS) as first:
        first.add_checkpoint(request(0, 8))
    with opened(state, LOGS) as second:
        assert second.key == first.key
        assert parse_latest_size(second.add_checkpoint(request(0, 8)).body) == 8
        assert second.add_checkpoint(AddCheckpoint(8, (), forked(8)).encode()).status == 422


def test_a_log_that_is_named_again_later_is_still_remembered(state: Path) -> None:
    with opened(state, LOGS) as found:
        found.add_checkpoint(request(0, 8))
    with opened(state, [OTHER_LOG.verifier]) as found:
        assert found.add_checkpoint(request(0, 8)).status == 404
    with opened(state, LOGS) as found:
        assert found.add_checkpoint(request(0, 3)).status == 409


def test_nothing_is_cosigned_that_is_not_on_the_disk(
    witness: Witness, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness.add_checkpoint(request(0, 3))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "disk full")

    with monkeypatch.context() as broken:
        broken.setattr(durable, "write", full)
        with pytest.raises(OSError, match="disk full"):
            witness.add_checkpoint(request(3, 8))
    assert parse_latest_size(witness.add_checkpoint(request(0, 8)).body) == 3


def test_at_once_or_one_by_one_the_cosigned_trees_only_grow(witness: Witness) -> None:
    sizes = random.Random(5).sample(range(1, 22), 21)

    def submit(size: int) -> int:
        reply = witness.add_checkpoint(request(0, size))
        while reply.status == 409 and (held := parse_latest_size(reply.body)) <= size:
            reply = witness.add_checkpoint(request(held, size))
        return size if reply.status == 200 else 0

    with ThreadPoolExecutor(8) as threads:
        cosigned = max(threads.map(submit, sizes))
    assert cosigned == 21
    assert parse_latest_size(witness.add_checkpoint(request(0, 1)).body) == 21


def test_only_one_at_a_time_works_in_a_folder(witness: Witness, state: Path) -> None:
    with pytest.raises(Unreadable, match="at work"), opened(state, LOGS):
        pass


def test_a_damaged_memory_is_not_taken_for_none(state: Path) -> None:
    with opened(state, LOGS) as found:
        found.add_checkpoint(request(0, 8))
    [memory] = state.glob("*.checkpoint")
    good = memory.read_bytes()
    stranger = sign_checkpoint(Checkpoint(LOG.name, 3, TREE.root(3)), LOG)
    for bad in (b"", good[:-9], good.replace(b"\n8\n", b"\n7\n"), stranger):
        memory.write_bytes(bad)
        with pytest.raises(Unreadable, match="damaged"), opened(state, LOGS):
            pass


def test_a_key_that_others_can_read_is_not_used(state: Path) -> None:
    with opened(state, LOGS):
        assert (state / "witness.key").stat().st_mode & 0o777 == 0o600
    (state / "witness.key").chmod(0o644)
    with pytest.raises(Unreadable, match="Others can read"), opened(state, LOGS):
        pass


def test_a_damaged_key_is_not_replaced(state: Path) -> None:
    with opened(state, LOGS):
        pass
    (state / "witness.key").write_text("witness\n")
    with pytest.raises(Unreadable, match="damaged"), opened(state, LOGS):
        pass


def test_it_keeps_the_name_that_it_was_given(state: Path) -> None:
    with opened(state, LOGS, "witness.example/jane") as found:
        assert found.key.name == "witness.example/jane"
    with opened(state, LOGS) as found:
        assert found.key.name == "witness.example/jane"
    with pytest.raises(Unreadable, match="cannot be changed"), opened(state, LOGS, "another"):
        pass
    other = opened(state.with_name("other"), LOGS, "two words")
    with pytest.raises(Unreadable, match="cannot be a witness' name"), other:
        pass


# --- on the network -----------------------------------------------------------------------


def ask(address: str, path: str = "/", body: bytes | None = None) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address + path, body)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_it_serves_its_key_and_what_it_has_seen(state: Path) -> None:
    place = f"/{sha256(LOG.name.encode()).hexdigest()}/checkpoint"
    with own_witness(state, *LOGS) as found:
        status, words = ask(found.address)
        assert status == 200
        assert found.vkey in words.decode()
        assert LOG.verifier.encode() in words.decode()
        assert ask(found.address, place)[0] == 404
        assert ask(found.address, "/add-checkpoint", request(0, 8))[0] == 200
        status, note = ask(found.address, place)
        assert status == 200
        require_quorum(note, LOG.verifier, [found.key], 1)
        assert len(Note.parse(note).signatures) == 2
        for nowhere in (
            "/witness.key",
            "/../witness.key",
            f"/{'0' * 64}/checkpoint",
            "/checkpoint",
        ):
            assert ask(found.address, nowhere)[0] == 404
        assert ask(found.address, "/other", b"x")[0] == 404


def test_a_connection_is_kept_open(state: Path) -> None:
    with own_witness(state, *LOGS) as found:
        connection = http.client.HTTPConnection(found.address.removeprefix("http://"), timeout=5)
        connection.connect()
        first = connection.sock
        for old, new in [(0, 1), (1, 2), (2, 3)]:
            connection.request("POST", "/add-checkpoint", request(old, new))
            assert connection.getresponse().read().startswith("— ".encode())
        assert connection.sock is first
        connection.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: 70000", b"413"),
        (b"Content-Length: 99999999999999999999", b"413"),
        (b"Content-Length: -1", b"411"),
        (b"Transfer-Encoding: chunked", b"411"),
        (b"X: y", b"411"),
    ],
)
def test_a_body_of_no_honest_length_is_not_read(state: Path, head: bytes, status: bytes) -> None:
    with own_witness(state, *LOGS) as found, connect(found.address) as raw:
        raw.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
        answer = everything(raw)
        assert answer.split()[1] == status
        assert b"Connection: close" in answer


def test_garbage_and_idlers_do_not_keep_it_from_others(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_server, "LONGEST", 0.5)
    with own_witness(state, *LOGS) as found:
        crowd = [connect(found.address) for _ in range(witness_server.CONNECTIONS - 8)]
        for number, raw in enumerate(crowd):
            raw.sendall([b"\x16\x03\x01", b"POST /add-ch", b"GET / HTTP/1.1\r\nA: "][number % 3])
        assert ask(found.address, "/add-checkpoint", request(0, 8))[0] == 200
        crowd += [connect(found.address) for _ in range(16)]  # more than there are places
        start = time.monotonic()
        assert eventually(found.address)
        assert time.monotonic() - start < 5
        for raw in crowd:
            raw.close()


def eventually(address: str) -> bool:
    for _ in range(50):
        try:
            return ask(address)[0] == 200
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    return False


def connect(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=5)


def everything(raw: socket.socket) -> bytes:
    received = b""
    while piece := raw.recv(4096):
        received += piece
    return received


# --- the command --------------------------------------------------------------------------


def test_killed_at_any_moment_it_never_forgets_what_it_cosigned(state: Path) -> None:
    """Cosignatures are asked for while the witness is killed; none that was given is forgotten."""
    cosigned, port = 0, 0
    for turn in range(3):
        with command(state, LOG.verifier, port) as running, ThreadPoolExecutor(4) as threads:
            port = running.port
            held = parse_latest_size(ask(f"http://127.0.0.1:{port}", "/add-checkpoint", NEVER)[1])
            assert held >= cosigned
            answers = [
                threads.submit(_try, port, size)
                for size in range(held + 1, min(held + 7, TREE.size + 1))
            ]
            time.sleep(0.02 * turn)
            running.kill()
            cosigned = max([held, *(answer.result() for answer in answers)])
    with opened(state, LOGS) as found:
        held = parse_latest_size(found.add_checkpoint(NEVER).body)
    assert held >= cosigned


NEVER = AddCheckpoint(21, (), signed(21)).encode()  # from a size that it never holds: 409 says


def _try(port: int, size: int) -> int:
    """The size, if it was cosigned."""
    old = 0
    for _ in range(20):
        try:
            status, body = ask(f"http://127.0.0.1:{port}", "/add-checkpoint", request(old, size))
        except (OSError, http.client.HTTPException):
            return 0
        if status == 200:
            return size
        if status != 409 or (old := parse_latest_size(body)) > size:
            return 0
    return 0


def run(*arguments: object) -> Result:
    return CliRunner().invoke(witness_command, [str(each) for each in arguments])


def test_the_command_says_its_key_and_what_is_wrong(state: Path) -> None:
    shown = run("--state", state, "--show-key", "--name", "witness.example/jane")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("witness.example/jane+")
    assert shown.stdout == (state / "witness.vkey").read_text()
    assert "--log VKEY" in run("--state", state).stderr
    log = ["--log", LOG.verifier.encode()]
    for wrong in (["--log", "not-a-key"], [], [*log, "--listen", "x"], [*log, "--name", "other"]):
        assert run("--state", state, *wrong).exit_code == 2, wrong
    shutil.rmtree(state)
    state.write_text("a file")
    assert run("--state", state, *log).exit_code == 2
