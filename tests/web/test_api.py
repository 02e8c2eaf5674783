"""The network interface, through gunicorn with several workers, on both databases."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.casting import FOR_ONE
from tests.small import open_assembly
from tests.web.conftest import Running, Service, start, stop
from vote.election.ballot import encrypt
from vote.election.credential import sign_in_token
from vote.service import closing, overview, rehearse, tally
from vote.tlog.checkpoint import open_checkpoint
from vote.tlog.note import VerifierKey
from vote.tlog.proof import TlogProof
from vote.tlog.tiles import verify_tiles


def token_of(running: Running, member: str) -> str:
    return sign_in_token(running.opened.assembly, running.opened.codes[member])


def sign_in(running: Running, member: str) -> dict[str, object]:
    answer = running.service.post("/api/assemblies/trial/sign-in", token_of(running, member))
    assert answer.status == 200
    signed_in: dict[str, object] = json.loads(answer.body)
    return signed_in


def uuid_of(running: Running) -> str:
    answer = running.service.post("/api/assemblies/trial/sign-in", token_of(running, "persons-1"))
    uuid: str = json.loads(answer.body)["papers"][0]["uuid"]
    return uuid


def test_a_member_signs_in_and_votes_and_the_receipt_holds(running_on_both: Running) -> None:
    running, service = running_on_both, running_on_both.service
    signed_in = sign_in(running, "persons-1")
    assert signed_in["name"] == "Member persons-1"
    assert signed_in["language"] == "fr"
    uuid = uuid_of(running)
    election = service.get(f"/api/elections/{uuid}/election").body
    definition = service.get("/api/assemblies/trial").body
    digest = sha256(definition).hexdigest()
    assert json.loads(election)["description"] == f"sha256:{digest}"
    data = encrypt(election, running.opened.codes["persons-1"], FOR_ONE)
    answer = service.post(f"/api/elections/{uuid}/ballots", token_of(running, "persons-1"), data)
    assert answer.status == 201
    key = VerifierKey.parse(service.get("/log/trial/key").body.decode().strip())
    receipt = TlogProof.parse(answer.body)
    receipt.verify(receipt.entry(), key)
    assert json.loads(receipt.entry())["payload"] == sha256(data).hexdigest()
    papers = sign_in(running, "persons-1")["papers"]
    assert isinstance(papers, list)
    assert papers[0]["voted"] is True


def test_the_log_is_served_as_tiles_that_lead_to_the_signed_root(running_on_both: Running) -> None:
    service = running_on_both.service
    key = VerifierKey.parse(service.get("/log/trial/key").body.decode().strip())
    answer = service.get("/log/trial/checkpoint")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    head = open_checkpoint(answer.body, key)
    entries = verify_tiles(
        head.size, head.root, lambda path: service.get(f"/log/trial/{path}").body
    )
    assert json.loads(entries[0])["type"] == "definition"


def test_tiles_are_cacheable_for_ever_and_checkpoints_are_not(running: Running) -> None:
    tile = running.service.get("/log/trial/tile/entries/000.p/1")
    assert "immutable" in tile.headers["Cache-Control"]
    assert "immutable" not in running.service.get("/log/trial/checkpoint").headers["Cache-Control"]


def test_a_ballot_made_by_belenios_tool_is_as_good(
    running: Running, belenios_tool: Path, tmp_path: Path
) -> None:
    uuid = uuid_of(running)
    member = "persons-2"
    pull(running.service, uuid, belenios_tool, tmp_path)
    (tmp_path / "code").write_text(running.opened.codes[member] + "\n")
    (tmp_path / "choice.json").write_text("[[0,1,0],[1,0,0,0]]")
    made = subprocess.run(
        [
            *(belenios_tool, "election", "generate-ballot"),
            *("--privcred", "code", "--choice", "choice.json"),
        ],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    answer = running.service.post(
        f"/api/elections/{uuid}/ballots", token_of(running, member), made.stdout
    )
    assert answer.status == 201, answer.body


def pull(service: Service, uuid: str, belenios_tool: Path, folder: Path) -> None:
    """Have belenios-tool fetch an election's archive from the running service."""
    pulled = subprocess.run(
        [belenios_tool, "archive", "pull", "--url", f"{service.url}/", "--uuid", uuid],
        capture_output=True,
        check=True,
    )
    assert pulled.stdout == service.get(f"/api/elections/{uuid}/archive").body
    (folder / f"{uuid}.bel").write_bytes(pulled.stdout)


def test_belenios_tool_verifies_over_the_network(
    running_on_both: Running, belenios_tool: Path
) -> None:
    url = f"{running_on_both.url}/"
    verified = subprocess.run(
        [belenios_tool, "election", "verify", "--url", url, "--uuid", uuid_of(running_on_both)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stderr
    assert "all checks passed" in verified.stderr


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/assemblies/other", 404, "unknown-assembly"),
        ("/api/elections/nothing/election", 404, "unknown-election"),
        ("/api/elections/nothing/last-event", 404, "unknown-election"),
        ("/log/other/checkpoint", 404, "log-not-started"),
        ("/log/trial/tile/0/999", 404, "no-such-tile"),
        ("/log/trial/tile/..%2f..%2fkey", 404, "no-such-tile"),
        ("/api/assemblies/trial/trustee", 401, "sign-in-needed"),
    ],
)
def test_what_is_not_there_is_said(running: Running, path: str, status: int, code: str) -> None:
    answer = running.service.get(path)
    assert (answer.status, json.loads(answer.body)["error"]) == (status, code)


@pytest.mark.parametrize("token", [None, "", "0" * 64, "\xe9", "x" * 5000])
def test_a_wrong_token_is_refused(running: Running, token: str | None) -> None:
    answer = running.service.post("/api/assemblies/trial/sign-in", token)
    assert answer.status == 401
    assert json.loads(answer.body)["message"]


def test_a_ballot_that_is_too_large_is_refused(running: Running) -> None:
    answer = running.service.post(
        f"/api/elections/{uuid_of(running)}/ballots", token_of(running, "persons-1"), b"x" * 2**21
    )
    assert answer.status == 413


def test_errors_come_in_the_readers_language(running: Running) -> None:
    request = urllib.request.Request(
        f"{running.url}/api/assemblies/other", headers={"Accept-Language": "nl"}
    )
    with pytest.raises(HTTPError) as caught:
        urllib.request.urlopen(request)
    message = json.loads(caught.value.read())["message"]
    assert "vergadering" in message


@pytest.mark.parametrize(
    "path", ["/", "/a/trial/", "/a/trial/vote", "/console/sign-in", "/nothing"]
)
def test_every_page_is_protected(running: Running, path: str) -> None:
    headers = running.service.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")


def test_killed_at_any_moment_no_accepted_ballot_is_lost_and_none_counts_twice(
    tmp_path: Path,
) -> None:
    """Members vote while the service is killed again and again; each retries until answered."""
    opened = open_assembly(tmp_path / "data")
    log = tmp_path / "log"
    service = start(opened.house.settings, log)
    running = Running(service, opened)
    uuid = uuid_of(running)
    election = service.get(f"/api/elections/{uuid}/election").body
    ballots = {m: encrypt(election, code, FOR_ONE) for m, code in opened.codes.items()}
    receipts: dict[str, bytes] = {}
    for _ in range(3):
        with ThreadPoolExecutor(8) as threads:
            answers = [
                (member, threads.submit(_try_to_cast, running, uuid, member, data))
                for member, data in ballots.items()
                if member not in receipts
            ]
            _kill(service)
            receipts |= {m: a.result() for m, a in answers if a.result()}  # type: ignore[misc]
        service = start(opened.house.settings, log)
        running = Running(service, opened)
    for member, data in ballots.items():
        receipts[member] = _try_to_cast(running, uuid, member, data) or b""
    key = VerifierKey.parse(service.get("/log/trial/key").body.decode().strip())
    for receipt in map(TlogProof.parse, receipts.values()):
        receipt.verify(receipt.entry(), key)
    stop(service)
    closing.close(opened.house, "trial")
    tally.advance(opened.house, "trial")
    rehearse.decrypt(opened.house, "trial", opened.bureau)
    tally.advance(opened.house, "trial")
    outcome = json.loads(overview.view(opened.house, "trial").outcome or b"")
    assert outcome["ballots"]["main"]["voters"] == {"*": len(ballots)}
    assert outcome["questions"]["accounts"]["colleges"]["*"]["for"] == len(ballots)
    opened.house.close()


def _try_to_cast(running: Running, uuid: str, member: str, data: bytes) -> bytes | None:
    try:
        path = f"/api/elections/{uuid}/ballots"
        answer = running.service.post(path, token_of(running, member), data)
    except OSError:
        return None
    return answer.body if answer.status == 201 else None


def _kill(service: Service) -> None:
    """kill -9 for gunicorn and its workers, as a power cut would."""
    os.killpg(service.process.pid, signal.SIGKILL)
    service.process.wait()
