"""The witness protocol: each status of tlog-witness, and what the log does with the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tlog.makers import (
    LOG,
    NAMESAKE,
    OTHER_LOG,
    STRANGER,
    TREE,
    WITNESS,
    checkpoint,
    fork_root,
    raw_note,
)
from vote.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from vote.tlog.cosignature import cosignatures, require_quorum
from vote.tlog.errors import LogError
from vote.tlog.merkle import Hash
from vote.tlog.note import VerifierKey
from vote.tlog.witness import (
    AddCheckpoint,
    RefusalError,
    accept_cosignatures,
    decide,
    parse_latest_size,
)

LOGS: Mapping[str, Sequence[VerifierKey]] = {LOG.name: [LOG.verifier]}


def request(old: int, new: int) -> AddCheckpoint:
    path = TREE.consistency_proof(old, new)
    return AddCheckpoint(old, path, sign_checkpoint(checkpoint(new), LOG))


def answer(body: bytes, held: Checkpoint | None = None) -> Checkpoint:
    def latest(origin: str) -> Checkpoint | None:
        assert origin == LOG.name
        return held

    return decide(body, LOGS, latest)


@given(st.integers(0, 21), st.data())
def test_a_tree_that_only_grew_is_accepted(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, new))
    held = checkpoint(old) if old or data.draw(st.booleans()) else None
    body = request(old, new).encode()
    assert AddCheckpoint.parse(body) == request(old, new)
    assert answer(body, held) == checkpoint(new)


def refused(body: bytes, held: Checkpoint | None) -> RefusalError:
    with pytest.raises(RefusalError) as raised:
        answer(body, held)
    return raised.value


GOOD = request(3, 7)
FORK = Checkpoint(LOG.name, 7, Hash(bytes.fromhex(fork_root(7))))
HELD = checkpoint(3)


@pytest.mark.parametrize(
    ("defect", "body", "held", "status", "code"),
    [
        ("behind", GOOD.encode(), checkpoint(2), 409, "old-size"),
        ("ahead", GOOD.encode(), checkpoint(7), 409, "old-size"),
        ("never-seen", GOOD.encode(), None, 409, "old-size"),
        ("rollback", request(0, 2).encode(), HELD, 409, "old-size"),
        ("old-above-new", replace(GOOD, old=8).encode(), checkpoint(8), 400, "sizes-out-of-order"),
        (
            "fork",
            replace(GOOD, checkpoint=sign_checkpoint(FORK, LOG)).encode(),
            HELD,
            422,
            "root-mismatch",
        ),
        (
            "same-size-another-root",
            AddCheckpoint(7, (), sign_checkpoint(FORK, LOG)).encode(),
            checkpoint(7),
            422,
            "root-mismatch",
        ),
        (
            "same-size-with-a-proof",
            replace(request(7, 7), path=GOOD.path[:1]).encode(),
            checkpoint(7),
            422,
            "path-length",
        ),
        (
            "first-with-a-proof",
            replace(request(0, 7), path=GOOD.path[:1]).encode(),
            None,
            422,
            "path-length",
        ),
        ("shorter-proof", replace(GOOD, path=GOOD.path[1:]).encode(), HELD, 422, "path-length"),
        (
            "tampered-proof",
            replace(GOOD, path=GOOD.path[::-1]).encode(),
            HELD,
            422,
            "root-mismatch",
        ),
        (
            "another-held-root",
            GOOD.encode(),
            Checkpoint(LOG.name, 3, TREE.root(4)),
            422,
            "root-mismatch",
        ),
        (
            "empty-tree-with-a-root",
            AddCheckpoint(
                0,
                (),
                raw_note(b"vote.example/box1\n0\n" + TREE.root(1).base64().encode() + b"\n", LOG),
            ).encode(),
            None,
            422,
            "empty-tree-root",
        ),
        (
            "unknown-origin",
            AddCheckpoint(
                0, (), sign_checkpoint(Checkpoint(OTHER_LOG.name, 5, TREE.root(5)), OTHER_LOG)
            ).encode(),
            None,
            404,
            "unknown-log",
        ),
        (
            "signed-by-a-namesake",
            AddCheckpoint(0, (), sign_checkpoint(checkpoint(5), NAMESAKE)).encode(),
            None,
            403,
            "no-known-signature",
        ),
        (
            "bad-signature",
            GOOD.encode().replace(b"\n7\n", b"\n8\n"),
            HELD,
            403,
            "signature-invalid",
        ),
        (
            "extension-line",
            AddCheckpoint(
                0, (), raw_note(checkpoint(5).encode().encode() + b"more\n", LOG)
            ).encode(),
            None,
            400,
            "checkpoint-extension",
        ),
        ("no-old-line", GOOD.encode().partition(b"\n")[2], HELD, 400, "request-malformed"),
        ("no-empty-line", b"old 3\n", HELD, 400, "request-malformed"),
        (
            "old-with-a-leading-zero",
            GOOD.encode().replace(b"old 3", b"old 03"),
            HELD,
            400,
            "decimal-not-canonical",
        ),
        (
            "negative-old",
            GOOD.encode().replace(b"old 3", b"old -3"),
            HELD,
            400,
            "decimal-not-canonical",
        ),
        (
            "sixty-four-hashes",
            replace(GOOD, path=GOOD.path[:1] * 64).encode(),
            HELD,
            400,
            "path-length",
        ),
        (
            "hash-without-padding",
            GOOD.encode().replace(b"=\n", b"\n", 1),
            HELD,
            400,
            "base64-not-canonical",
        ),
        ("crlf", GOOD.encode().replace(b"\n", b"\r\n"), HELD, 400, "request-malformed"),
        ("no-checkpoint", replace(GOOD, checkpoint=b"").encode(), HELD, 400, "no-signatures"),
        ("missing-final-newline", GOOD.encode()[:-1], HELD, 400, "no-final-newline"),
        ("empty", b"", HELD, 400, "request-malformed"),
        ("too-large", b"old 3\n" + b"A" * 2_000_000, HELD, 400, "request-too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refusals(
    defect: str, body: bytes, held: Checkpoint | None, status: int, code: str
) -> None:
    refusal = refused(body, held)
    assert (refusal.status, refusal.code) == (status, code), defect
    assert (refusal.latest is None) == (status != 409)


def test_a_conflict_answers_with_the_size_that_the_witness_holds() -> None:
    refusal = refused(GOOD.encode(), checkpoint(2))
    assert (refusal.body, refusal.content_type) == (b"2\n", "text/x.tlog.size")
    assert parse_latest_size(refusal.body) == 2
    refusal = refused(b"", None)
    assert refusal.content_type.startswith("text/plain")
    assert refusal.body == f"{refusal.message}\n".encode()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"2", "no-final-newline"),
        (b"02\n", "decimal-not-canonical"),
        (b"\n", "decimal-not-canonical"),
        (b"2\n2\n", "decimal-not-canonical"),
        (b"2\r\n", "control-character"),
    ],
)
def test_a_conflict_in_other_words_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(LogError) as raised:
        parse_latest_size(body)
    assert raised.value.code == code


def cosigned_by(*lines: str) -> bytes:
    note = sign_checkpoint(checkpoint(7), LOG)
    return accept_cosignatures(note, "".join(lines).encode(), [WITNESS.verifier])


def test_the_log_publishes_good_cosignatures_of_known_witnesses_only() -> None:
    known = WITNESS.cosign(checkpoint(7), 1_800_000_000).encode()
    stranger = STRANGER.cosign(checkpoint(7), 1).encode()
    note = cosigned_by(stranger, known)
    assert open_checkpoint(note, LOG.verifier) == checkpoint(7)
    assert [found.timestamp for found in cosignatures(note, [WITNESS.verifier])] == [1_800_000_000]
    assert STRANGER.name not in note.decode()
    require_quorum(note, LOG.verifier, [WITNESS.verifier, STRANGER.verifier], 1)


@pytest.mark.parametrize(
    ("defect", "lines", "code"),
    [
        ("only-strangers", STRANGER.cosign(checkpoint(7), 1).encode(), "no-known-signature"),
        ("for-another-tree", WITNESS.cosign(checkpoint(6), 1).encode(), "signature-invalid"),
        (
            "missing-final-newline",
            WITNESS.cosign(checkpoint(7), 1).encode()[:-1],
            "no-final-newline",
        ),
        ("nothing", "", "no-final-newline"),
        ("words", "thank you\n", "signature-line-malformed"),
    ],
)
def test_a_bad_answer_adds_nothing(defect: str, lines: str, code: str) -> None:
    with pytest.raises(LogError) as raised:
        cosigned_by(lines)
    assert raised.value.code == code, defect


@pytest.mark.parametrize("timestamp", [0, -1, 2**63])
def test_a_witness_states_a_time(timestamp: int) -> None:
    with pytest.raises(LogError) as raised:
        WITNESS.cosign(checkpoint(7), timestamp)
    assert raised.value.code == "cosignature-malformed"
