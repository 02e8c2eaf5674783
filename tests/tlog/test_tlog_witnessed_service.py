"""A whole service, witnessed by litewitness and by our own witness; its receipts and tiles read by
programs that nobody here wrote."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import pytest
from proofbundle.tlogproof import verify_tlog_proof

from tests.casting import FOR_ONE
from tests.service.witness_doubles import command
from tests.small import Opened, open_assembly
from tests.tlog.litewitness import running
from tests.web.conftest import Service, start, stop
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.service import box
from vote.tlog.checkpoint import open_checkpoint
from vote.tlog.cosignature import CosignerKey, require_quorum
from vote.tlog.note import VerifierKey
from vote.tlog.proof import TlogProof


@dataclass(frozen=True)
class Witnessed:
    """A service on two processes, its log, its two witnesses, and a receipt for each member."""

    service: Service
    log: VerifierKey
    witnesses: list[CosignerKey]
    receipts: list[TlogProof]


@pytest.fixture(scope="module")
def witnessed(torchwood: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Witnessed]:
    folder = tmp_path_factory.mktemp("witnessed")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as environment:
        opened = open_assembly(folder / "data")
        stack.callback(opened.house.close)
        log = VerifierKey.parse(box.verifier_key(opened.house, opened.assembly))
        lite = stack.enter_context(running(torchwood, log))
        own = stack.enter_context(command(folder / "witness", log))
        environment.setenv(
            "VOTE_WITNESSES",
            f"{lite.address} {lite.key.encode()},http://127.0.0.1:{own.port} {own.key.encode()}",
        )
        environment.setenv("VOTE_WITNESS_QUORUM", "2")
        service = start(opened.house.settings, folder / "gunicorn.log")
        stack.callback(stop, service)
        yield Witnessed(service, log, [lite.key, own.key], list(vote(opened, service)))


def vote(opened: Opened, service: Service) -> Iterator[TlogProof]:
    """Everybody at once."""
    token = sign_in_token(opened.assembly, opened.codes["persons-1"])
    papers = json.loads(service.post("/api/assemblies/trial/sign-in", token).body)["papers"]
    path = f"/api/elections/{papers[0]['uuid']}"
    election = service.get(f"{path}/election").body
    ballots = {code: encrypt(election, code, FOR_ONE) for code in opened.codes.values()}

    def cast(code: str) -> TlogProof:
        answer = service.post(f"{path}/ballots", sign_in_token("trial", code), ballots[code])
        assert answer.status == 201, answer.body
        return TlogProof.parse(answer.body)

    with ThreadPoolExecutor(8) as threads:
        yield from threads.map(cast, ballots)


def test_every_receipt_bears_both_cosignatures(witnessed: Witnessed) -> None:
    assert len(witnessed.receipts) == 13
    for receipt in witnessed.receipts:
        receipt.verify(receipt.entry(), witnessed.log)
        require_quorum(receipt.checkpoint, witnessed.log, witnessed.witnesses, 2)


def test_the_published_checkpoint_does_too(witnessed: Witnessed) -> None:
    note = witnessed.service.get("/log/trial/checkpoint").body
    require_quorum(note, witnessed.log, witnessed.witnesses, 2)
    newest = max(receipt.index for receipt in witnessed.receipts)
    assert open_checkpoint(note, witnessed.log).size > newest
    listed = witnessed.service.get("/log/trial/witnesses").body.decode().splitlines()
    assert listed == [key.encode() for key in witnessed.witnesses]


def test_proofbundle_finds_the_quorum_in_the_receipts(witnessed: Witnessed) -> None:
    keys = [key.encode() for key in witnessed.witnesses]
    for receipt in witnessed.receipts[:3]:
        for quorum, wanted in ((2, True), (3, False)):
            verdict = verify_tlog_proof(
                receipt.encode().decode(),
                receipt.entry(),
                witnessed.log.encode(),
                expected_origin=witnessed.log.name,
                witness_vkeys=keys,
                threshold=quorum,
            )
            assert verdict["ok"] == wanted, verdict


def test_spicy_torchwood_accepts_the_receipts(
    witnessed: Witnessed, torchwood: Path, tmp_path: Path
) -> None:
    receipt = witnessed.receipts[0]
    (tmp_path / "ballot").write_bytes(receipt.entry())
    plain = replace(receipt, extra=None).encode().partition(b"\n")[2]
    (tmp_path / "ballot.spicy").write_bytes(plain)
    spicy = [torchwood / "spicy-torchwood", "-verify", witnessed.log.encode(), "ballot"]
    done = subprocess.run(spicy, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_aics_tlog_audits_the_tiles_and_counts_the_cosignatures(
    witnessed: Witnessed, aics_tlog: ModuleType
) -> None:
    service = witnessed.service
    note = aics_tlog.parse_note(service.get("/log/trial/checkpoint").body)
    log, *witnesses = (
        aics_tlog.parse_vkey(key.encode()) for key in (witnessed.log, *witnessed.witnesses)
    )
    head = aics_tlog.verify_checkpoint(note, log, witnesses, quorum=2)
    assert head.ok
    tiles = aics_tlog.HttpTileReader(f"{service.url}/log/trial", proxies={})
    assert aics_tlog.audit_tiles(tiles, head.size, head.root).bundles == 1
