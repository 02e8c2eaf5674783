"""Our receipts, tiles and checkpoints, read by three more programs that nobody here wrote:
proofbundle and aics-tlog (PyPI), spicy-torchwood and litewitness (Debian's torchwood)."""

import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from proofbundle.tlogproof import verify_tlog_proof

from tests.tlog.litewitness import Witness, running
from tests.tlog.makers import (
    ENTRIES,
    LOG,
    NAMESAKE,
    OTHER_LOG,
    STRANGER,
    TREE,
    WITNESS,
    checkpoint,
    cosigned,
    proof,
    raw_note,
)
from tests.tlog.shared import BIG, BIG_TREE, Case, cases, data, published
from vote.tlog.checkpoint import Checkpoint, sign_checkpoint
from vote.tlog.cosignature import require_quorum
from vote.tlog.merkle import Hash
from vote.tlog.proof import TlogProof
from vote.tlog.witness import (
    AddCheckpoint,
    RefusalError,
    accept_cosignatures,
    decide,
    parse_latest_size,
)

# --- proofbundle --------------------------------------------------------------------------

# What we refuse and it accepts: an extra line that is not the entry (to the format it is
# opaque), checkpoints with extension lines, more than sixteen signatures.
PROOFBUNDLE_ACCEPTS = {
    "flipped-byte-in-the-extra-line",
    "extra-of-another-entry",
    "empty-extra",
    "checkpoint-with-an-extension",
    "seventeen-signatures",
}


def asked(case: Case) -> dict[str, Any]:
    """What proofbundle says to a receipt; it takes text."""
    text = data(case["proof"]).decode("utf-8", "replace")
    origin = case["key"].partition("+")[0]
    verdict: dict[str, Any] = verify_tlog_proof(
        text, data(case["entry"]), case["key"], expected_origin=origin
    )
    return verdict


@cases("proofs", "accepted")
def test_proofbundle_accepts_our_receipts(case: Case) -> None:
    verdict = asked(case)
    assert verdict["ok"]
    assert verdict["log_ok"]
    assert verdict["inclusion_ok"]


@cases("proofs", "refused")
def test_proofbundle_refuses_tampered_receipts(case: Case) -> None:
    assert asked(case)["ok"] == (case["defect"] in PROOFBUNDLE_ACCEPTS)


def run_proofbundle(command: Path, folder: Path, receipt: bytes, *more: str) -> int:
    (folder / "receipt.tlog-proof").write_bytes(receipt)
    (folder / "entry").write_bytes(ENTRIES[2])
    done = subprocess.run(
        [
            *[command, "verify-proof", "receipt.tlog-proof", "--payload-file", "entry"],
            *["--log-vkey", LOG.verifier.encode(), "--expected-origin", LOG.name, *more],
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert ("=> OK" in done.stdout) == (done.returncode == 0)
    return done.returncode


def test_the_command_proofbundle_verify_proof(proofbundle: Path, tmp_path: Path) -> None:
    receipt = proof(extra=ENTRIES[2])
    assert run_proofbundle(proofbundle, tmp_path, receipt.encode()) == 0
    moved = replace(receipt, index=3)
    assert run_proofbundle(proofbundle, tmp_path, moved.encode()) == 1
    witnessed = replace(receipt, checkpoint=cosigned()).encode()
    keys = ["--witness-vkey", WITNESS.verifier.encode(), "--witness-vkey"]
    quorum = [*keys, STRANGER.verifier.encode(), "--threshold"]
    assert run_proofbundle(proofbundle, tmp_path, witnessed, *quorum, "2") == 0
    assert run_proofbundle(proofbundle, tmp_path, receipt.encode(), *quorum, "1") == 1


# --- aics-tlog ----------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 256, 600])
def test_aics_tlog_audits_our_tiles(size: int, aics_tlog: ModuleType, tmp_path: Path) -> None:
    files = published(size)
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    note = sign_checkpoint(Checkpoint(LOG.name, size, BIG_TREE.root(size)), LOG)
    key = aics_tlog.parse_vkey(LOG.verifier.encode())
    verified = aics_tlog.verify_checkpoint(aics_tlog.parse_note(note), key)
    assert verified.ok
    reader = aics_tlog.FileSystemTileReader(tmp_path)
    audit = aics_tlog.audit_tiles(reader, verified.size, verified.root)
    assert audit.tiles + audit.bundles == len(files)
    tiles = aics_tlog.VerifiedTileReader(reader, verified.size, verified.root)
    assert tiles.entry(size - 1) == BIG[size - 1]
    theirs = aics_tlog.inclusion_proof_from_tiles(tiles, size // 2, size)
    assert tuple(theirs) == BIG_TREE.inclusion_proof(size // 2, size)
    for path, content in files.items():
        (tmp_path / path).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(aics_tlog.TileVerificationError):
            aics_tlog.audit_tiles(reader, verified.size, verified.root)
        (tmp_path / path).write_bytes(content)


def test_aics_tlog_counts_our_cosignatures(aics_tlog: ModuleType) -> None:
    keys = [aics_tlog.parse_vkey(key.verifier.encode()) for key in (LOG, WITNESS, STRANGER)]
    note = aics_tlog.parse_note(cosigned())
    assert aics_tlog.verify_checkpoint(note, keys[0], keys[1:], quorum=2).ok
    assert not aics_tlog.verify_checkpoint(note, keys[0], keys[1:2], quorum=2).ok


# --- spicy-torchwood ----------------------------------------------------------------------


def spicy(torchwood: Path, folder: Path, receipt: TlogProof, entry: bytes, vkey: str) -> bool:
    """Its files are ours without the first line and the extra line."""
    (folder / "ballot").write_bytes(entry)
    plain = replace(receipt, extra=None).encode().partition(b"\n")[2]
    (folder / "ballot.spicy").write_bytes(plain)
    done = subprocess.run(
        [torchwood / "spicy-torchwood", "-verify", vkey, "ballot"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("verified" in done.stderr) == (done.returncode == 0)
    return done.returncode == 0


def test_spicy_torchwood_accepts_our_receipts(torchwood: Path, tmp_path: Path) -> None:
    vkey = LOG.verifier.encode()
    for index, size in [(2, 5), (4, 5), (0, 1), (20, 21)]:
        assert spicy(torchwood, tmp_path, proof(index, size), ENTRIES[index], vkey)
    receipt = replace(proof(), checkpoint=cosigned())
    assert spicy(torchwood, tmp_path, receipt, ENTRIES[2], vkey)
    assert not spicy(torchwood, tmp_path, receipt, ENTRIES[3], vkey)
    assert not spicy(torchwood, tmp_path, receipt, ENTRIES[2], NAMESAKE.verifier.encode())
    assert not spicy(torchwood, tmp_path, replace(receipt, index=3), ENTRIES[2], vkey)
    assert not spicy(torchwood, tmp_path, replace(receipt, path=receipt.path[1:]), ENTRIES[2], vkey)


# --- litewitness --------------------------------------------------------------------------


@pytest.fixture
def litewitness(torchwood: Path) -> Iterator[Witness]:
    with running(torchwood, LOG.verifier) as witness:
        yield witness


def ask(old: int, new: int, **changes: Any) -> bytes:
    path = TREE.consistency_proof(old, new)
    request = AddCheckpoint(old, path, sign_checkpoint(checkpoint(new), LOG))
    return replace(request, **changes).encode()


def signed(size: int, root: Hash) -> bytes:
    return sign_checkpoint(Checkpoint(LOG.name, size, root), LOG)


def decided(body: bytes, held: Checkpoint | None) -> Checkpoint | RefusalError:
    """What our own witness makes of the request."""
    try:
        return decide(body, {LOG.name: [LOG.verifier]}, lambda _: held)
    except RefusalError as refusal:
        return refusal


def test_litewitness_cosigns_our_log_and_answers_as_our_own_witness_does(
    litewitness: Witness,
) -> None:
    fork = TREE.root(20)
    stranger = sign_checkpoint(Checkpoint(OTHER_LOG.name, 5, TREE.root(5)), OTHER_LOG)
    held: Checkpoint | None = None
    for name, body, expected in [
        ("first", ask(0, 3), 200),
        ("the same again", ask(3, 3), 200),
        ("grown", ask(3, 7), 200),
        ("behind", ask(3, 21), 409),
        ("never seen", ask(0, 21), 409),
        ("from what it holds", ask(7, 21), 200),
        ("rolled back", ask(7, 8), 409),
        ("forked", ask(21, 21, checkpoint=signed(21, fork)), 422),
        ("proof of another step", ask(21, 21, path=TREE.consistency_proof(7, 21)), 422),
        ("old above new", AddCheckpoint(21, (), signed(8, TREE.root(8))).encode(), 400),
        ("unknown log", AddCheckpoint(0, (), stranger).encode(), 404),
        ("namesake", ask(21, 21, checkpoint=sign_checkpoint(checkpoint(21), NAMESAKE)), 403),
        ("not a request", b"new 21\n\n", 400),
    ]:
        status, answer = litewitness.post(body)
        assert status == expected, (name, answer)
        ours = decided(body, held)
        if isinstance(ours, RefusalError):
            assert ours.status == status, name
            assert ours.latest == (parse_latest_size(answer) if status == 409 else None), name
            continue
        held = ours
        note = AddCheckpoint.parse(body).checkpoint
        cosigned_note = accept_cosignatures(note, answer, [litewitness.key])
        [found] = require_quorum(cosigned_note, LOG.verifier, [litewitness.key], 1)
        assert abs(found.timestamp - time.time()) < 60


def test_litewitness_refuses_what_the_log_did_not_sign(litewitness: Witness) -> None:
    text = checkpoint(5).encode().encode()
    for note in (raw_note(text, OTHER_LOG), raw_note(text, LOG).replace(b"\n5\n", b"\n6\n")):
        assert litewitness.post(AddCheckpoint(0, (), note).encode())[0] == 403
